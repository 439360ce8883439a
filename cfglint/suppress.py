"""``cfglint: ignore[id] reason`` comments, and the findings for one that ignores nothing or gives no reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from cfglint.findings import Finding
from cfglint.namedtuples import NamedTuple
from cfglint.notices import UNEXPLAINED_SUPPRESSION, UNUSED_SUPPRESSION, Notice
from cfglint.source import Place, Source, Span

_REQUEST = re.compile(r"\bcfglint:[ \t]*ignore(?P<all>-file)?\[(?P<ids>[^\]\n]*)\](?P<reason>[^\n]*)")

_MARKS = {
    "asterisk": re.compile(r"\\;|(?P<mark>;)"),
    "kamailio": re.compile(r"\"(?:[^\"\\]|\\.)*(?:\"|\Z)|'(?:[^'\\]|\\.)*(?:'|\Z)|(?P<mark>\#|//|/\*)", re.DOTALL),
}
"""How a comment begins, and what only looks so: behind a backslash in Asterisk's files, in quotes in Kamailio's."""

_ENDS = {";-": "--;", "/*": "*/"}
"""How a comment ends that need not go on to the end of its line."""

MAX_COMMENT = 4096
"""So many characters of a comment are looked at."""


class Suppression(NamedTuple):
    """One comment. `line` is the 1-based line it counts for, 0 for the whole file."""

    place: Place
    checks: tuple[str, ...]
    line: int
    reason: str


def comments(source: Source, language: str = "asterisk") -> Iterator[Suppression]:
    """The suppressions of a file: one per line at most."""
    text, mark = source.text, _MARKS[language]
    at = text.find("cfglint:")
    while at >= 0:
        start, end = source.line_span(at)
        line = text[start:end]
        opening = next((m.start() for m in mark.finditer(line) if m.lastgroup), len(line))
        match = _REQUEST.search(line[: opening + MAX_COMMENT], opening)
        if match is not None:
            ids = tuple(name.strip() for name in match["ids"].split(",") if name.strip())
            place = Place(source, Span(start + match.start(), start + match.end("ids") + 1))
            number = place.start.line
            reason, closed, behind = match["reason"].partition(_ENDS.get(line[opening : opening + 2], "\n"))
            alone = not line[:opening].strip() and not (closed and behind.strip())
            yield Suppression(place, ids, 0 if match["all"] else number + 1 if alone else number, reason.strip())
        at = text.find("cfglint:", end)


def apply(
    findings: Iterable[Finding],
    sources: Mapping[Source, str],
    judged: Callable[[Source, str], bool] = lambda source, check: True,
    *,
    require_reasons: bool = False,
) -> tuple[list[Finding], list[Finding]]:
    """The findings that stay, and one for each suppression that did nothing or, where that is asked for, says no
    reason.

    `sources` maps each file to its language. `judged` tells of a file and an id whether the check would have been heard
    there: of one that did not run nobody can say whether a suppression is needed.
    """
    kept = list(findings)
    wanted = [suppression for source, language in sources.items() for suppression in comments(source, language)]
    if not wanted:
        return kept, []
    by_line: dict[tuple[Source, str, int], list[int]] = {}
    for index, finding in enumerate(kept):
        for line in (0, finding.place.start.line):
            by_line.setdefault((finding.place.source, finding.check, line), []).append(index)
    hidden: set[int] = set()
    faults = []
    for suppression in wanted:
        for check in suppression.checks or ("nothing",):
            hit = by_line.get((suppression.place.source, check, suppression.line), [])
            if not hidden.issuperset(hit):
                hidden.update(hit)
            elif not suppression.checks or judged(suppression.place.source, check):
                name = f"'{check}'" if suppression.checks else check
                message = f"the comment ignores {name}, which does not occur here"
                faults.append(_fault(UNUSED_SUPPRESSION, message, suppression))
        if require_reasons and not any(map(str.isalnum, suppression.reason)):
            names = ", ".join(f"'{check}'" for check in suppression.checks) or "nothing"
            faults.append(
                _fault(UNEXPLAINED_SUPPRESSION, f"the comment ignores {names} and does not say why", suppression)
            )
    return [finding for index, finding in enumerate(kept) if index not in hidden], faults


def _fault(notice: Notice, message: str, suppression: Suppression) -> Finding:
    return Finding(notice.id, notice.level, notice.category, message, suppression.place)
