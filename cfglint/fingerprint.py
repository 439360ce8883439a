"""Names for findings that outlive edits elsewhere in the file, so that other programs know a finding again."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator
from hashlib import sha256

from cfglint.findings import Finding
from cfglint.secrets import mask
from cfglint.source import Place, Source


class Fingerprints:
    """Names for findings that come one after the other, file by file. See `fingerprints`."""

    def __init__(self, path_of: Callable[[str], str] = str) -> None:
        self._path_of = path_of
        self._seen: dict[str, int] = {}

    def of(self, findings: Iterable[Finding]) -> Iterator[str]:
        """The names of the next findings."""
        for name in _names(findings, self._path_of):
            ordinal = self._seen[name] = self._seen.get(name, 0) + 1
            yield _digest(name, ordinal)


def fingerprints(findings: Iterable[Finding], path_of: Callable[[str], str] = str) -> Iterator[str]:
    """A name for each finding made of its check, file, section and line's text (secrets masked), never of a number of
    a line; where all of that is the same, they are counted. `path_of` names a file."""
    return Fingerprints(path_of).of(findings)


def kinds(findings: list[Finding], path_of: Callable[[str], str] = str) -> Iterator[str]:
    """For each finding the name that `fingerprints` gives to the first of those that are like it."""
    for name in _names(findings, path_of):
        yield _digest(name, 1)


def _names(findings: Iterable[Finding], path_of: Callable[[str], str]) -> Iterator[str]:
    headers: dict[Source, list[int]] = {}
    for finding in findings:
        place = finding.place
        line = mask(place.source.line_text(place.span.start)).text.strip()
        yield "\0".join((finding.check, path_of(place.source.path), _section(place, headers), line))


def _digest(name: str, ordinal: int) -> str:
    return sha256(f"{name}\0{ordinal}".encode("utf-8", "surrogateescape")).hexdigest()[:20]


def _section(place: Place, headers: dict[Source, list[int]]) -> str:
    """The last line above that begins with a bracket, up to the closing one: a section's header in Asterisk's files.
    `headers` keeps where those lines begin."""
    source, (start, _) = place
    found = headers.get(source)
    if found is None:
        found = headers[source] = [match.start() for match in _HEADER.finditer(source.text)]
    at = bisect_left(found, start) - 1
    return source.line_text(found[at]).partition("]")[0] if at >= 0 else ""


_HEADER = re.compile(r"^\[", re.MULTILINE)
