"""A report as SARIF 2.1.0, for code scanning, editors and whoever applies fixes by program.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from json import dumps
from typing import Any
from urllib.parse import quote

from cfglint import __version__, registry
from cfglint.edits import Fix
from cfglint.engine import Report
from cfglint.evidence import Evidence, evidence
from cfglint.findings import Failure, Finding, Note
from cfglint.fingerprint import fingerprints
from cfglint.notices import NOTICES, Notice
from cfglint.registry import Registered
from cfglint.render.checkout import Checkout
from cfglint.render.printable import printable
from cfglint.render.wording import answers, summary
from cfglint.secrets import reveals
from cfglint.source import Place

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

LEVELS = {"error": "error", "warning": "warning", "info": "note"}

SECURITY_SEVERITIES = {"error": "8.0", "warning": "5.0", "info": "2.0"}
"""As GitHub reads them: high, medium, low."""

MAX_DESCRIPTION = 1000
"""GitHub takes 1024 characters."""


def render(report: Report, *, color: bool = False, quiet: bool = False, fail_on: str = "warning") -> Iterator[str]:
    """The log with one run, as JSON."""
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [_run(report)]}
    yield dumps(log, ensure_ascii=True, indent=1) + "\n"


def _run(report: Report) -> dict[str, Any]:
    checkout = Checkout()
    names = sorted({finding.check for finding in report.findings})
    known: dict[str, Registered | Notice] = {registered.id: registered for registered in registry.every()}
    known |= {notice.id: notice for notice in NOTICES}
    return {
        "tool": {
            "driver": {
                "name": "cfglint",
                "semanticVersion": __version__,
                "rules": [_rule(known[name]) for name in names],
            }
        },
        "columnKind": "unicodeCodePoints",
        "invocations": [
            {
                "executionSuccessful": not report.failures,
                "toolExecutionNotifications": [_notification(failure, checkout) for failure in report.failures],
            }
        ],
        "properties": {"targets": report.shown_targets()},
        "results": [
            _result(finding, fingerprint, names.index(finding.check), shown, checkout)
            for finding, fingerprint, shown in zip(
                report.findings, fingerprints(report.findings, checkout.path), evidence(report), strict=True
            )
        ],
    }


def _rule(known: Registered | Notice) -> dict[str, Any]:
    """What is known of a check, or of a finding that cfglint makes itself."""
    judged = known.check if isinstance(known, Registered) else known
    level, category = judged.level, judged.category
    summary, _, rest = known.documentation.strip().partition("\n")
    reason = " ".join(rest.strip().partition("\n\n")[0].split()) or summary
    properties: dict[str, Any] = {"tags": [category], "precision": "high"}
    if category == "security":
        properties["security-severity"] = SECURITY_SEVERITIES[level]
    else:
        properties["problem.severity"] = "recommendation" if level == "info" else level
    return {
        "id": known.id,
        "shortDescription": {"text": summary},
        "fullDescription": {
            "text": reason if len(reason) <= MAX_DESCRIPTION else reason[: MAX_DESCRIPTION - 3] + "..."
        },
        "help": {"text": known.documentation.strip(), "markdown": known.documentation.strip()},
        "defaultConfiguration": {"level": LEVELS[level]},
        "properties": properties,
    }


def _notification(failure: Failure, checkout: Checkout) -> dict[str, Any]:
    found: dict[str, Any] = {"level": "error", "message": {"text": printable(failure.message)}}
    if failure.path:
        where: dict[str, Any] = {"artifactLocation": _artifact(failure.path, checkout)}
        if failure.line is not None:
            where["region"] = {"startLine": failure.line}
        found["locations"] = [{"physicalLocation": where}]
    return found


def _result(
    finding: Finding, fingerprint: str, index: int, shown: Evidence | None, checkout: Checkout
) -> dict[str, Any]:
    found: dict[str, Any] = {
        "ruleId": finding.check,
        "ruleIndex": index,
        "level": LEVELS[finding.level],
        "message": {"text": _message(finding)},
        "locations": [{"physicalLocation": _physical(finding.place, checkout)}],
        "partialFingerprints": {"cfglint/v1": fingerprint},
        "properties": {"category": finding.category},
    }
    if finding.notes:
        found["relatedLocations"] = [_related(i, note, checkout) for i, note in enumerate(finding.notes, start=1)]
    if shown is not None:
        locations = list(_flow(shown, checkout))
        if locations:
            told = f"simulated: {summary(shown)}"
            found["codeFlows"] = [{"message": {"text": _unlinked(told)}, "threadFlows": [{"locations": locations}]}]
    if finding.fix is not None and _can_be_told(finding.fix):
        found["fixes"] = [_fix(finding.fix, checkout)]
    return found


def _flow(shown: Evidence, checkout: Checkout) -> Iterator[dict[str, Any]]:
    """The server's steps (3.38). One without a line is told with the next that has one: viewers want a place."""
    waiting: list[str] = []
    place = None
    for step in shown.answer.steps:
        waiting.append(step.text)
        if step.place is not None:
            place = step.place
            yield _location("; ".join(waiting), place, place == shown.answer.decided_by, checkout)
            waiting = []
    if waiting and place is not None:
        yield _location("; ".join(waiting), place, True, checkout)


def _location(text: str, place: Place, decides: bool, checkout: Checkout) -> dict[str, Any]:
    where = {"physicalLocation": _physical(place, checkout), "message": {"text": _unlinked(text)}}
    return {"location": where, "importance": "essential" if decides else "important"}


def _message(finding: Finding) -> str:
    """The message, what the client sees, and a link to each note (3.11.6)."""
    sentences = [_unlinked(finding.message) + ("" if finding.message.endswith("?") else ".")]
    if finding.answers:
        sentences.append(f"The phone sees {answers(finding)}.")
    sentences += [
        f"Note: [{printable(note.text).translate(_BRACKETS)}]({i})." for i, note in enumerate(finding.notes, start=1)
    ]
    return " ".join(sentences)


_BRACKETS = str.maketrans({"\\": "\\\\", "[": "\\[", "]": "\\]"})


def _unlinked(text: str) -> str:
    """Text that holds no link, though it may hold brackets."""
    return printable(text).replace("](", "\\](")


def _related(number: int, note: Note, checkout: Checkout) -> dict[str, Any]:
    return {
        "id": number,
        "message": {"text": _unlinked(note.text)},
        "physicalLocation": _physical(note.place, checkout),
    }


def _can_be_told(fix: Fix) -> bool:
    """GitHub refuses a whole log for one fix without changes; secrets stay here, and what is not UTF-8 is no JSON."""
    texts = "".join(edit.replacement for edit in fix.edits)
    return bool(fix.edits) and not re.search("[\ud800-\udfff]", texts) and not any(map(reveals, fix.edits))


def _fix(fix: Fix, checkout: Checkout) -> dict[str, Any]:
    changes: dict[str, list[dict[str, Any]]] = {}
    for edit in fix.edits:
        replacement = {"deletedRegion": _region(edit.place), "insertedContent": {"text": edit.replacement}}
        changes.setdefault(edit.place.source.path, []).append(replacement)
    return {
        "description": {"text": f"{printable(fix.title)} ({fix.safety})"},
        "artifactChanges": [
            {"artifactLocation": _artifact(path, checkout), "replacements": replacements}
            for path, replacements in changes.items()
        ],
    }


def _physical(place: Place, checkout: Checkout) -> dict[str, Any]:
    return {"artifactLocation": _artifact(place.source.path, checkout), "region": _region(place)}


def _artifact(shown: str, checkout: Checkout) -> dict[str, str]:
    path = checkout.path(shown)
    uri = quote(path.encode("utf-8", "surrogateescape"))
    return {"uri": f"file://{uri}"} if path.startswith("/") else {"uri": uri, "uriBaseId": "%SRCROOT%"}


def _region(place: Place) -> dict[str, int]:
    start, end = place.start, place.end
    return {"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column}
