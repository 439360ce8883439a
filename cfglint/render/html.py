"""A report as one page of HTML that needs nothing else: the findings, and for every refused account the messages, the
server's steps and the lines of configuration that they follow."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from importlib.resources import files
from itertools import groupby

from cfglint import __version__, registry
from cfglint.documentation import Documentation, parse
from cfglint.engine import Report
from cfglint.evidence import MAX_EVIDENCE, Evidence, evidence
from cfglint.findings import LEVELS, Finding
from cfglint.notices import NOTICES
from cfglint.render.excerpt import excerpt
from cfglint.render.ladder import draw
from cfglint.render.printable import printable
from cfglint.render.wording import answers
from cfglint.simulate.answer import Answer
from cfglint.source import Place, Source

MAX_TRACES = 50
"""So many refused accounts are drawn."""
MAX_ROWS = 12
"""So many accounts that are refused for one reason have a row each."""
MAX_NAMES = 120
"""So many others are named."""
MAX_FINDINGS = 40
"""So many findings of one check are shown in full; of the others the lines."""

PARAGRAPH = "\n\n"

POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'"
"""The page fetches nothing, whatever stands in a configuration."""

HEAD = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="{policy}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>cfglint: {title}</title>
<style>
{style}</style>
</head>
<body>
"""

FOOT = """<footer>cfglint {version}. Secrets are masked. Answers are simulated from the configuration alone.</footer>
<script>
{script}</script>
</body>
</html>
"""


def render(report: Report, *, color: bool = False, quiet: bool = False, fail_on: str = "warning") -> Iterator[str]:
    """The page, piece by piece."""
    here = files("cfglint.render")
    style, script = (here.joinpath(name).read_text("utf-8") for name in ("report.css", "report.js"))
    counts = [(level, sum(f.level == level for f in report.findings)) for level in reversed(LEVELS)]
    title = ", ".join(f"{number} {_plural(level, number)}" for level, number in counts if number)
    yield HEAD.format(policy=POLICY, title=title or "nothing to report", style=style)
    yield from _summary(report, counts)
    refused = _refused(evidence(report), report)
    if refused:
        yield from _accounts(refused)
    if report.findings:
        yield from _findings(report)
    yield FOOT.format(version=__version__, script=script)


def _summary(report: Report, counts: list[tuple[str, int]]) -> Iterator[str]:
    yield "<header><h1>cfglint report</h1>\n"
    versions = "; ".join(f"{product}: {version}" for product, version in report.shown_targets().items())
    yield f'<p class="faint">{_text(versions)}</p>\n<ul class="counts">'
    for level, number in counts:
        if number:
            yield f'<li><span class="badge {level}">{number} {_plural(level, number)}</span></li>'
    yield f"<li>in {len(report.sources)} {_plural('file', len(report.sources))}</li>"
    for kind in ("safe", "unsafe"):
        fixes = sum(f.fix is not None and f.fix.safety == kind for f in report.findings)
        if fixes:
            yield f"<li>{fixes} {kind} {_plural('fix', fixes)}</li>"
    yield "</ul>\n"
    for failure in report.failures:
        where = f"{failure.path}:{failure.line or 1}: " if failure.path else ""
        yield f'<p class="error">could not be checked: {_text(where + failure.message)}</p>\n'
    if not report.findings:
        yield f'<p class="good">{"nothing to report" if report.sources else "nothing was checked"}</p>\n'
    yield "</header>\n"


# ------------------------------------------------------------------------------------------------------------- refusals

Refused = dict[tuple[str, str, str], tuple[Evidence, list[Finding]]]
"""Server, account and method to the request, and the findings that explain its answer."""


def _refused(shown: list[Evidence | None], report: Report) -> Refused:
    found: Refused = {}
    for one, finding in zip(shown, report.findings, strict=True):
        if one is not None and not one.answer.accepted:
            key = (one.server, one.who, one.request.method)
            found.setdefault(key, (one, []))[1].append(finding)
    return found


def _accounts(refused: Refused) -> Iterator[str]:
    """Those who are refused: a list by reason, then the drawings."""
    reasons: dict[tuple[str, ...], list[tuple[Evidence, list[Finding]]]] = {}
    for one, findings in refused.values():
        reason = (_arrows(one.answer), *dict.fromkeys(finding.check for finding in findings))
        reasons.setdefault(reason, []).append((one, findings))
    shown = [case for cases in reasons.values() for case in cases[: max(MAX_TRACES // len(reasons), 1)]][:MAX_TRACES]
    drawn = {id(one): number for number, (one, _) in enumerate(shown)}
    yield '<section><h2 id="refused">Who is refused</h2>\n<div class="table"><table><thead><tr><th>Who<th>Request'
    yield "<th>Answers<th>Decided by<th>Why</thead><tbody>\n"
    for (answer, *checks), cases in reasons.items():
        why = ", ".join(f'<a href="#{check}">{check}</a>' for check in checks)
        for one, _ in cases[:MAX_ROWS]:
            number = drawn.get(id(one))
            who = _text(one.who) if number is None else f'<a href="#trace-{number}">{_text(one.who)}</a>'
            place = one.answer.decided_by
            decided = _where(place) if place is not None else "no line"
            yield f"<tr><td>{who}<td>{one.request.method}<td class=error>{answer}<td>{decided}<td>{why}\n"
        more = cases[MAX_ROWS:]
        if more:
            names = ", ".join(_text(one.who) for one, _ in more[:MAX_NAMES])
            rest = f" and {len(more) - MAX_NAMES} more" if len(more) > MAX_NAMES else ""
            yield f'<tr><td colspan="5" class="wraps faint">for the same reason: {names}{rest}\n'
    yield "</tbody></table></div>\n"
    if len(refused) >= MAX_EVIDENCE:
        yield f'<p class="faint">No more than {MAX_EVIDENCE} are looked for; the others are among the findings.</p>\n'
    for number, (one, findings) in enumerate(shown):
        yield from _trace(number, one, findings, opened=number == 0)
    yield "</section>\n"


def _trace(number: int, one: Evidence, findings: list[Finding], opened: bool) -> Iterator[str]:
    answer = one.answer
    steps = [(step, exchange) for exchange in answer.exchanges for step in exchange.steps]
    yield (
        f'<details id="trace-{number}" class="shown-trace" data-steps="{len(steps)}"{" open" if opened else ""}>'
        f"<summary><h3>{_text(one.who)}: {one.request.method} "
        f'<span class="badge error">{_arrows(answer)}</span></h3></summary><div class="inside">\n'
    )
    for finding in findings:
        yield f'<p><a href="#{finding.check}">{_text(finding.message)}</a></p>\n'
    yield '<div class="player"><button class="back">◀</button><button class="next">next step ▶</button>'
    yield '<span class="counter faint"></span></div>\n<div class="trace"><div>'
    client = (one.who, f"{one.request.transport.upper()} from {one.request.source.host}")
    yield draw(client, _server(one.server), answer.exchanges)
    yield "</div><div>\n"
    yield from _steps(answer)
    for unknown in answer.unknowns:
        yield f'<p class="warning">not known: {_text(unknown)}</p>\n'
    yield from _lines(answer)
    yield "</div></div></div></details>\n"


def _server(name: str) -> tuple[str, str]:
    """Its name, and what it is besides."""
    first, _, rest = name.partition(", ")
    return first, rest or "registrar"


def _steps(answer: Answer) -> Iterator[str]:
    yield '<ol class="steps">'
    number = 0
    for exchange in answer.exchanges:
        yield f'<li class="message">{_text(exchange.sent)}</li>'
        for step in exchange.steps:
            number += 1
            where = f' <span class="faint">{_where(step.place)}</span>' if step.place is not None else ""
            yield f'<li value="{number}" data-at="{number}">{_text(step.text)}{where}</li>\n'
        yield f'<li class="message">{_text(str(exchange.status))}</li>'
    yield "</ol>\n"


def _lines(answer: Answer) -> Iterator[str]:
    """The lines that the steps follow, by file, each with the numbers of its steps."""
    steps = [step for exchange in answer.exchanges for step in exchange.steps]
    numbers: dict[tuple[str, int], list[int]] = {}
    places: dict[tuple[str, int], Place] = {}
    for number, step in enumerate(steps, start=1):
        if step.place is not None:
            key = (step.place.source.path, step.place.start.line)
            numbers.setdefault(key, []).append(number)
            places.setdefault(key, step.place)
    decisive = answer.decided_by
    if decisive is not None:
        key = (decisive.source.path, decisive.start.line)
        numbers.setdefault(key, [])
        places[key] = decisive
    for path, keys in groupby(sorted(numbers), key=lambda key: key[0]):
        yield f'<div class="code"><span class="file">{_text(path)}</span>'
        for key in keys:
            line = excerpt(places[key])
            at = " ".join(map(str, numbers[key]))
            chips = "".join(f'<span class="chip">{number}</span>' for number in numbers[key])
            kind = ' class="decides"' if decisive is not None and places[key] is decisive else ""
            marked = f"<mark>{escape(line.marked)}</mark>" if kind else escape(line.marked)
            text = f"{escape(line.before)}{marked}{escape(line.behind)}"
            yield f'<span class="number">{key[1]}</span><span data-at="{at}"{kind}>{chips}{text}</span>'
        yield "</div>\n"


# ------------------------------------------------------------------------------------------------------------- findings


def _findings(report: Report) -> Iterator[str]:
    yield '<section><h2 id="findings">Findings</h2>\n<div class="filter"><input type="search" placeholder="search">'
    for level in reversed(LEVELS):
        if any(finding.level == level for finding in report.findings):
            yield f'<label><input type="checkbox" value="{level}" checked> {level}</label>'
    yield "</div>\n"
    order = {level: rank for rank, level in enumerate(reversed(LEVELS))}
    by_check: dict[str, list[Finding]] = {}
    for finding in report.findings:
        by_check.setdefault(finding.check, []).append(finding)
    worst = {check: min(order[f.level] for f in found) for check, found in by_check.items()}
    known = {registered.id: registered.documentation for registered in registry.every()}
    known |= {notice.id: notice.documentation for notice in NOTICES}
    for check in sorted(by_check, key=lambda name: (worst[name], name)):
        yield from _group(check, parse(known[check]), by_check[check])
    yield "</section>\n"


def _group(check: str, about: Documentation, found: list[Finding]) -> Iterator[str]:
    level = max((finding.level for finding in found), key=LEVELS.index)
    yield (
        f'<details class="group" id="{check}" open><summary><h3><span class="badge {level}">{level}</span> '
        f'{_text(about.summary)}</h3> <span class="faint">{check}, {len(found)}×</span></summary><div class="inside">\n'
    )
    for label, text in (
        ("Why it matters", about.why),
        ("Verdict", about.verdict),
        ("Does not help", about.does_not_help),
        ("Fix", about.fix),
    ):
        yield f"<p><b>{label}:</b> {_prose(text.partition(PARAGRAPH)[0])}</p>\n" if text else ""
    for finding in found[:MAX_FINDINGS]:
        yield from _finding(finding)
    more = found[MAX_FINDINGS:]
    if more:
        yield f'<div class="finding" data-level="{level}"><b>{len(more)} more:</b>'
        for path, others in groupby(more, key=lambda finding: finding.place.source.path):
            lines = ", ".join(str(finding.place.start.line) for finding in others)
            yield f" <code>{_text(path)}</code>: {lines}"
        yield "</div>\n"
    yield "</div></details>\n"


def _finding(finding: Finding) -> Iterator[str]:
    yield f'<div class="finding" data-level="{finding.level}">'
    yield f'<b class="{finding.level}">{finding.level}:</b> {_text(finding.message)}'
    yield from _code(finding.place)
    for note in finding.notes:
        yield f"<p>{_text(note.text)}"
        other = note.place.source is not finding.place.source or note.place.start.line != finding.place.start.line
        yield "" if other else f' <span class="faint">{_where(note.place)}</span>'
        yield "</p>"
        if other:
            yield from _code(note.place)
    if finding.answers:
        yield f'<p>the client sees: <span class="error">{_text(answers(finding))}</span></p>'
    if finding.fix is not None:
        yield f"<p>{finding.fix.safety} fix: {_text(finding.fix.title)}</p>"
    yield "</div>\n"


def _code(place: Place) -> Iterator[str]:
    line = excerpt(place)
    yield (
        f'<div class="code"><span class="file">{_text(_position(place.source, line.number))}</span>'
        f'<span class="number">{line.number}</span>'
        f"<span>{escape(line.before)}<mark>{escape(line.marked)}</mark>{escape(line.behind)}</span></div>"
    )


# ---------------------------------------------------------------------------------------------------------------- words


def _prose(text: str) -> str:
    """Words in backquotes as code."""
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", _text(" ".join(text.split())))


def _where(place: Place) -> str:
    return f"<code>{_text(_position(place.source, place.start.line))}</code>"


def _position(source: Source, line: int) -> str:
    return f"{source.path}:{line}"


def _arrows(answer: Answer) -> str:
    return " → ".join(map(str, answer.statuses))


def _plural(word: str, number: int) -> str:
    if number == 1 or word == "info":
        return word
    return f"{word}es" if word == "fix" else f"{word}s"


def _text(text: str) -> str:
    return escape(printable(text))
