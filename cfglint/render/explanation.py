"""What a check, a status or a line of the log is about, as text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from textwrap import fill

from cfglint import demonstration
from cfglint.knowledge import proofs
from cfglint.notices import Notice
from cfglint.registry import Registered
from cfglint.symptoms import STATUSES, Explained, index

WIDTH = 110
"""A longer line of an example is cut, of a text is wrapped."""


def check(registered: Registered) -> Iterator[str]:
    """All that is known of a check."""
    about = registered.check
    kinds = " or ".join(demonstration.safety(registered)) if about.fix is not None else ""
    yield f"{registered.id} ({about.level}, {about.category}{f'; the fix is {kinds}' if kinds else ''})\n\n"
    yield registered.documentation.strip() + "\n"
    if about.fix is not None and (sentence := proofs.sentence(registered.id)):
        yield "\n" + fill(f"The fix is {sentence}.", WIDTH) + "\n"
    example = registered.examples[0]
    yield from _example("Bad", demonstration.files(registered, example.bad))
    yield from _example("Good", demonstration.files(registered, example.good))
    if example.fixed is not None and example.fixed != example.good:
        yield from _example("Fixed", demonstration.files(registered, example.fixed))


def notice(about: Notice) -> Iterator[str]:
    """All that is known of a finding that cfglint itself makes."""
    yield f"{about.id} ({about.level}, {about.category})\n\n{about.documentation}"


def _example(title: str, files: Mapping[str, str]) -> Iterator[str]:
    yield f"\n{title}:\n\n"
    for name, text in files.items():
        if len(files) > 1:
            yield f"    --- {name}\n"
        for line in text.splitlines():
            shown = line if len(line) <= WIDTH else f"{line[: WIDTH - 3]}..."
            yield f"    {shown}".rstrip() + "\n"


def status(code: int | str, checks: list[Explained]) -> Iterator[str]:
    """What a status means, and the checks that explain it."""
    meaning = STATUSES[code]
    title = f"{code} {meaning.name}" if isinstance(code, int) else meaning.name
    yield f"{title} (RFC 3261 section {meaning.section})\n\n{fill(meaning.text, WIDTH)}\n"
    for symptom, found in index(checks).items():
        if found[0][1].statuses[-1] != code:
            continue
        yield f"\n{symptom}:\n"
        rows = {check.registered: (check, seen.request) for check, seen in reversed(found)}
        yield from _rows([(check, request) for check, request in reversed(rows.values())])
    yield f"\n{FURTHER}\n"


def messages(found: Mapping[str, list[Explained]]) -> Iterator[str]:
    """Messages of the log, and the checks that explain each."""
    for message, checks in found.items():
        yield f"{message}\n"
        yield from _rows([(check, "") for check in checks])
        yield "\n"
    yield f"{FURTHER}\n"


FURTHER = "'cfglint explain ID' tells more of a check; 'cfglint check' says which of them it is."


def _rows(checks: list[tuple[Explained, str]]) -> Iterator[str]:
    width = max(len(check.registered.id) for check, _ in checks)
    for check, request in checks:
        kind = f"{request}: " if request else ""
        yield f"    {check.registered.id.ljust(width)}  {kind}{check.documentation.summary}\n"
