"""What was found when cfglint came to an old tree: accepted for the time being, and not told again.

A baseline names findings by their fingerprints, so it outlives edits elsewhere in a file, and counts those that are
named alike. Entries may say why, and until when.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from cfglint.edits import Edit, applied, delete, insert, insert_line_after, replace
from cfglint.engine import Report
from cfglint.errors import SettingsProblem
from cfglint.files import Files
from cfglint.findings import Finding, Note
from cfglint.fingerprint import kinds
from cfglint.knowledge.names import nearest
from cfglint.namedtuples import NamedTuple
from cfglint.notices import STALE_BASELINE_ENTRY
from cfglint.policy import Policy
from cfglint.source import Place, Source, Span
from cfglint.yamlfile import compose, entry, last_offset, line_of, parse_yaml, place_of, scalar

FORMAT = 1
"""The version of the file's format."""

HEADING = """\
# Findings that are known and not told again. 'cfglint check --write-baseline' takes out what no longer occurs and adds
# what does. An entry may have a reason, and a day up to which it counts: {reason: ..., expires: 2030-12-31}.
"""

_KEYS = ("version", "targets", "findings")
_ENTRY_KEYS = ("check", "path", "message", "fingerprint", "count", "reason", "expires")


class Entry(NamedTuple):
    """Findings that are named alike, and how many of them are accepted."""

    check: str
    path: str
    """Relative to the directory of the baseline."""
    fingerprint: str
    times: int
    reason: str
    expires: date | None
    """The last day on which it counts."""
    line: int
    """Where in the file it begins."""
    number: int
    """Its place in the list, from 0."""

    def over(self, today: date) -> bool:
        """Has it expired?"""
        return self.expires is not None and self.expires < today


class Baseline(NamedTuple):
    """A file of accepted findings."""

    source: Source
    targets: dict[str, str]
    """The versions in question when it was written."""
    entries: list[Entry]

    @property
    def directory(self) -> str:
        """What its paths are relative to."""
        return os.path.dirname(os.path.abspath(self.source.path))


class Match(NamedTuple):
    """Findings held against a baseline."""

    news: list[Finding]
    known: list[Finding]
    expired: list[tuple[Finding, Entry]]
    """What was accepted up to a day that is over."""
    left: list[int]
    """For each entry, how many findings more it would accept."""


def parse(source: Source) -> Baseline:
    """The baseline that a file holds. Raises `SettingsProblem` with path and line."""
    shown = source.path
    data = parse_yaml(source.text, shown, "rt")
    if not isinstance(data, dict) or "version" not in data:
        raise SettingsProblem(shown, 1, "is no baseline: it does not begin with 'version: 1'")
    if data["version"] != FORMAT:
        text = f"is a baseline of format {data['version']}, and this cfglint knows format {FORMAT} only"
        raise SettingsProblem(shown, line_of(data, "version"), text)
    _known_keys(data, _KEYS, shown)
    findings = data.get("findings") or []
    targets = data.get("targets") or {}
    if not isinstance(findings, list):
        raise SettingsProblem(shown, line_of(data, "findings"), "findings: expected a list")
    if not isinstance(targets, dict):
        raise SettingsProblem(shown, line_of(data, "targets"), "targets: expected products and versions")
    entries = [_entry(item, number, line_of(findings, number), shown) for number, item in enumerate(findings)]
    return Baseline(source, {str(k): str(v) for k, v in targets.items()}, entries)


def _known_keys(data: dict[Any, Any], known: Sequence[str], shown: str) -> None:
    for key in data:
        if key not in known:
            close = nearest(str(key), known)
            hint = f"did you mean {close}?" if close else f"known are {', '.join(known)}"
            raise SettingsProblem(shown, line_of(data, key), f"there is no key {str(key)!r} in a baseline; {hint}")


def _entry(item: Any, number: int, line: int, shown: str) -> Entry:
    if not isinstance(item, dict):
        raise SettingsProblem(shown, line, "expected an entry with check, path and fingerprint")
    _known_keys(item, _ENTRY_KEYS, shown)
    for key in ("check", "path", "fingerprint"):
        if not isinstance(item.get(key), str):
            raise SettingsProblem(shown, line_of(item, key) if key in item else line, f"{key}: expected text")
    count = item.get("count", 1)
    if not isinstance(count, int) or isinstance(count, bool) or count < 1:
        raise SettingsProblem(shown, line_of(item, "count"), "count: expected a number from 1 on")
    reason = item.get("reason")
    if reason is not None and not isinstance(reason, str):
        raise SettingsProblem(shown, line_of(item, "reason"), "reason: expected text")
    return Entry(
        str(item["check"]),
        str(item["path"]),
        str(item["fingerprint"]),
        int(count),
        str(reason or ""),
        _day(item, shown),
        line,
        number,
    )


def _day(item: dict[Any, Any], shown: str) -> date | None:
    value = item.get("expires")
    if value is None or (isinstance(value, date) and not hasattr(value, "hour")):
        return value
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        text = "expires: expected a day such as 2030-12-31"
        raise SettingsProblem(shown, line_of(item, "expires"), text) from None


# ------------------------------------------------------------------------------------------------------------- judging


def matched(baseline: Baseline, findings: list[Finding], today: date) -> Match:
    """Which findings a baseline accepts; of those that are named alike the first ones."""
    waiting: dict[str, list[Entry]] = {}
    for known in baseline.entries:
        waiting.setdefault(known.fingerprint, []).append(known)
    for entries in waiting.values():
        entries.sort(key=lambda known: known.over(today))
    match = Match([], [], [], [known.times for known in baseline.entries])
    for finding, kind in zip(findings, _kinds(findings, baseline.directory), strict=True):
        entries = waiting.get(kind, [])
        found = next((known for known in entries if match.left[known.number]), None)
        if found is None:
            match.news.append(finding)
            continue
        match.left[found.number] -= 1
        if found.over(today):
            match.expired.append((finding, found))
        else:
            match.known.append(finding)
    return match


def news(baseline: Baseline, report: Report, policy: Policy, files: Files, today: date) -> Report:
    """The report without what is accepted, and with the entries that are no longer needed."""
    match = matched(baseline, report.findings, today)
    found = [*match.news, *(_overdue(finding, known, baseline) for finding, known in match.expired)]
    same = baseline.targets in ({}, report.shown_targets())
    if same and STALE_BASELINE_ENTRY.id in report.heard:
        stale = _stale(baseline, match.left, report, files)
        found += policy.applied(_stale_finding(baseline, known, match.left[known.number]) for known in stale)
    found.sort(key=lambda finding: finding.sort_key)
    return report._replace(findings=found, known=report.known + len(match.known))


def _kinds(findings: list[Finding], directory: str) -> Iterator[str]:
    return kinds(findings, lambda path: os.path.relpath(path, directory))


def _overdue(finding: Finding, known: Entry, baseline: Baseline) -> Finding:
    reason = f": {known.reason}" if known.reason else ""
    note = Note(_place(baseline, known), f"the baseline accepted it up to {known.expires}{reason}")
    return finding._replace(notes=(*finding.notes, note))


def _stale(baseline: Baseline, left: list[int], report: Report, files: Files) -> Iterator[Entry]:
    """The entries that accept more than there is, as far as this run has judged their checks and files."""
    read = {os.path.relpath(source.path, baseline.directory) for source in report.sources}
    for known in baseline.entries:
        gone = not files.exists(os.path.normpath(os.path.join(baseline.directory, known.path)))
        if left[known.number] and (gone or (known.check in report.heard and known.path in read)):
            yield known


def _stale_finding(baseline: Baseline, known: Entry, left: int) -> Finding:
    much = "does not occur any more" if left == known.times else f"occurs {_times(known.times - left)} only"
    text = f"the baseline accepts '{known.check}' in {known.path} {_times(known.times)}, and it {much}"
    notice = STALE_BASELINE_ENTRY
    return Finding(notice.id, notice.level, notice.category, text, _place(baseline, known))


def _times(count: int) -> str:
    return "once" if count == 1 else f"{count} times"


def _place(baseline: Baseline, known: Entry) -> Place:
    """The first line of an entry."""
    source = baseline.source
    start, end = source.line_span(source.line_starts[known.line - 1])
    text = source.text[start:end]
    return Place(source, Span(start + len(text) - len(text.lstrip()), start + len(text.rstrip())))


# ------------------------------------------------------------------------------------------------------------- writing


def begun(path: str, report: Report) -> str:
    """The text of a new baseline, to be written to a path, that accepts all that a report holds."""
    directory = os.path.dirname(os.path.abspath(path))
    targets = "".join(f"  {product}: {scalar(version)}\n" for product, version in report.shown_targets().items())
    groups = _groups(report.findings, directory)
    blocks = [_block(group, kind, directory, "") for kind, group in groups.items()]
    return f"{HEADING}version: {FORMAT}\ntargets:\n{targets}findings:\n" + "".join(f"{b}\n" for b in blocks)


def updated(baseline: Baseline, report: Report, files: Files, today: date) -> str:
    """The text of a baseline that accepts all that a report holds.

    Comments, reasons, order and what was not judged stay as they are; so do entries that have expired, as a day that
    somebody has set is not to be moved by a program. Raises `SettingsProblem`.
    """
    match = matched(baseline, report.findings, today)
    counts = [known.times for known in baseline.entries]
    for known in _stale(baseline, match.left, report, files):
        counts[known.number] -= match.left[known.number]
    groups = _groups(match.news, baseline.directory)
    for known in baseline.entries:
        if not known.over(today):
            counts[known.number] += len(groups.pop(known.fingerprint, ()))
    edits = [*_changed(baseline, counts, groups), *_retargeted(baseline, report.shown_targets())]
    text = applied(baseline.source.text, edits)
    wanted = Counter({known.fingerprint: 0 for known in baseline.entries})
    for known in baseline.entries:
        wanted[known.fingerprint] += counts[known.number]
    wanted.update({fingerprint: len(group) for fingerprint, group in groups.items()})
    got = Counter[str]()
    for known in parse(Source(baseline.source.path, text)).entries:
        got[known.fingerprint] += known.times
    if +got != +wanted:
        raise SettingsProblem(baseline.source.path, 1, "is written in a way that cannot be edited; write it anew")
    return text


def _groups(findings: list[Finding], directory: str) -> dict[str, list[Finding]]:
    found: dict[str, list[Finding]] = {}
    for finding, kind in zip(findings, _kinds(findings, directory), strict=True):
        found.setdefault(kind, []).append(finding)
    return found


def _block(group: list[Finding], fingerprint: str, directory: str, indentation: str, newline: str = "\n") -> str:
    """The lines of an entry, without the last line's end."""
    first = group[0]
    values = {
        "check": first.check,
        "path": os.path.relpath(first.place.source.path, directory),
        "message": first.message,
        "fingerprint": fingerprint,
    }
    lines = [f"{key}: {scalar(value)}" for key, value in values.items()]
    if len(group) > 1:
        lines.append(f"count: {len(group)}")
    return newline.join(f"{indentation}{'  ' if number else '- '}{line}" for number, line in enumerate(lines))


def _changed(baseline: Baseline, counts: list[int], groups: dict[str, list[Finding]]) -> Iterator[Edit]:
    """What makes entries count so much (nothing: takes them out), and adds groups of findings."""
    source = baseline.source
    root = compose(source)
    found = entry(root, "findings")
    nodes = found.value.value if found is not None and not found.empty else []
    if nodes and found is not None and found.value.flow_style:
        raise SettingsProblem(
            source.path, found.key.start_mark.line + 1, "findings: write each entry on lines of its own"
        )
    for known, node, count in zip(baseline.entries, nodes, counts, strict=True):
        if not count:
            start = source.line_span(node.start_mark.index).start
            yield delete(Place(source, Span(start, source.line_span(last_offset(source, node)).end)))
        elif count != known.times:
            yield _recounted(source, node, count)
    indentation = " " * (found.value.start_mark.column if nodes and found is not None else 0)
    blocks = [_block(group, kind, baseline.directory, indentation, source.newline) for kind, group in groups.items()]
    block = source.newline.join(blocks)
    if not block:
        return
    if found is None:
        yield insert_line_after(source, last_offset(source, root), f"findings:{source.newline}{block}")
    elif nodes:
        yield insert_line_after(source, last_offset(source, found.value), block)
    else:
        if not found.empty:  # an empty list in brackets
            yield delete(place_of(source, found.value))
        yield insert_line_after(source, found.key.end_mark.index, block)


def _recounted(source: Source, node: Any, count: int) -> Edit:
    found = entry(node, "count")
    if found is not None:
        return replace(place_of(source, found.value), str(count))
    before = entry(node, "fingerprint")
    assert before is not None
    at = last_offset(source, before.value)
    if node.flow_style:
        return insert(source, at, f", count: {count}")
    return insert_line_after(source, at, f"{' ' * node.start_mark.column}count: {count}")


def _retargeted(baseline: Baseline, targets: dict[str, str]) -> Iterator[Edit]:
    found = entry(compose(baseline.source), "targets")
    for product, version in targets.items():
        old = entry(found.value, product) if found is not None and not found.empty else None
        if old is not None and baseline.targets[product] != version:
            yield replace(place_of(baseline.source, old.value), scalar(version))
