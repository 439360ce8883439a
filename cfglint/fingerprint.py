"""Names for findings that outlive edits elsewhere in the file, so that other programs know a finding again."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256

from cfglint.findings import Finding
from cfglint.secrets import mask
from cfglint.source import Place


def fingerprints(findings: list[Finding], path_of: Callable[[str], str] = str) -> Iterator[str]:
    """A name for each finding made of its check, file, section and line's text (secrets masked), never of a number of
    a line; where all of that is the same, they are counted. `path_of` names a file."""
    seen: dict[str, int] = {}
    for finding in findings:
        name = _name(finding, path_of)
        ordinal = seen[name] = seen.get(name, 0) + 1
        yield _digest(name, ordinal)


def kind(finding: Finding, path_of: Callable[[str], str] = str) -> str:
    """The name that `fingerprints` gives to the first of the findings that are named alike."""
    return _digest(_name(finding, path_of), 1)


def _name(finding: Finding, path_of: Callable[[str], str]) -> str:
    place = finding.place
    line = mask(place.source.line_text(place.span.start)).text.strip()
    return "\0".join((finding.check, path_of(place.source.path), _section(place), line))


def _digest(name: str, ordinal: int) -> str:
    return sha256(f"{name}\0{ordinal}".encode("utf-8", "surrogateescape")).hexdigest()[:20]


def _section(place: Place) -> str:
    """The last line above that begins with a bracket, up to the closing one: a section's header in Asterisk's files."""
    source, (start, _) = place
    at = source.text.rfind("\n[", 0, start) + 1
    return source.line_text(at).partition("]")[0] if source.text.startswith("[", at) else ""
