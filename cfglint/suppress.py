"""``cfglint: ignore[id] reason`` comments, and the finding for one that ignores nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from cfglint.findings import Finding
from cfglint.source import Place, Source, Span

UNUSED = "unused-suppression"
"""The id of the finding for a comment that suppresses nothing."""

UNUSED_DOCUMENTATION = """A comment that suppresses a check does nothing.

Why it matters: the defect it once excused is gone or was never there; left standing, the comment will silence the next
one, which nobody has looked at.

Fix: delete the comment, or correct the id in it. `# cfglint: ignore[id] reason` (in Asterisk's files with `;`) counts
for its own line and, standing alone, for the next; `ignore-file[id]` for the whole file.
"""

_COMMENT = re.compile(r"(?:;|#|//)[^\n]*?\bcfglint:[ \t]*ignore(?P<all>-file)?\[(?P<ids>[^\]\n]*)\](?P<reason>[^\n]*)")


class Suppression(NamedTuple):
    """One comment. `line` is the 1-based line it counts for, 0 for the whole file."""

    place: Place
    checks: tuple[str, ...]
    line: int
    reason: str


def comments(source: Source) -> list[Suppression]:
    """The suppressions of a file."""
    if "cfglint:" not in source.text:
        return []
    found = []
    for match in _COMMENT.finditer(source.text):
        line = source.position(match.start()).line
        start = source.line_span(match.start()).start
        alone = not source.text[start : match.start()].strip()
        ids = tuple(name.strip() for name in match.group("ids").split(",") if name.strip())
        at = match.start() + match.group().index("cfglint:")
        place = Place(source, Span(at, match.end("ids") + 1))
        target = 0 if match.group("all") else line + 1 if alone else line
        found.append(Suppression(place, ids, target, match.group("reason").strip()))
    return found


def apply(findings: Iterable[Finding], sources: Sequence[Source]) -> tuple[list[Finding], list[Finding]]:
    """The findings that stay, and one for each suppression that did nothing."""
    kept = list(findings)
    unused = []
    for source in sources:
        for suppression in comments(source):
            for check in suppression.checks or ("",):
                hit = [f for f in kept if f.check == check and _covers(suppression, f)]
                if hit:
                    kept = [f for f in kept if not (f.check == check and _covers(suppression, f))]
                else:
                    name = f"'{check}'" if check else "nothing"
                    message = f"the comment ignores {name}, which does not occur here"
                    unused.append(Finding(UNUSED, "warning", "style", message, suppression.place))
    return kept, unused


def _covers(suppression: Suppression, finding: Finding) -> bool:
    return finding.place.source is suppression.place.source and suppression.line in (0, finding.place.start.line)
