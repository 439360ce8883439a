"""A line in a section has no equals sign.

Why it matters: main/config.c:process_text_line ignores the line, so the option is missing: no `host`, no `secret`, no
`permit`. Often the equals sign was forgotten, or the line belongs to the one above it; there is no way to continue a
line. A remark or a ruler without a semicolon is harmless, and told as an information.

Client sees: the line was to be `host=dynamic` or `type`: REGISTER -> 401 -> 403

Log:
    No '=' (equal sign) in line ... of ...

RFC: 3261 section 22.1: a server that does not accept credentials may answer 403, which says nothing about why.

Verdict: spurious. The option that would let the phone in is missing.

Does not help: typing the password again.

Fix: write `name = value`, or begin the line with a semicolon if it is a comment.
"""

from collections.abc import Iterator
from functools import lru_cache

from cfglint.check import Check, Example
from cfglint.edits import SAFE, UNSAFE, Fix, insert, replace
from cfglint.findings import Defect
from cfglint.knowledge import asterisk
from cfglint.knowledge.versions import Targets
from cfglint.namedtuples import NamedTuple
from cfglint.resolve.asterisk import Config
from cfglint.source import Place, Span
from cfglint.syntax.asterisk import NO_EQUALS

EXAMPLES = [
    Example(
        bad="[1001]\ntype=friend\n«host dynamic»\nsecret=s3cret\n",
        good="[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
    ),
    Example(
        bad="[1001]\ntype=friend\n«host: dynamic»\n«-- the hall --»\n",
        good="[1001]\ntype=friend\nhost=dynamic\n; -- the hall --\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\n; -- the hall --\n",
    ),
    Example(
        bad="[1001]\ntype=friend\nallow=ulaw,\n   «alaw»\n",
        good="[1001]\ntype=friend\nallow=ulaw,alaw\n",
    ),
]

_FOREIGN = ("//", "/*", "*/", "--", "<!--", "'", "!", "%", "rem ", "REM ")


class _Forgotten(NamedTuple):
    """What stands between a name and its value in place of the equals sign."""

    gap: Place


def find(config: Config) -> Iterator[Defect]:
    for problem in config.problems:
        if problem.kind != NO_EQUALS or problem.place.text.startswith("\ufeff"):
            continue
        text = problem.place.text
        if text.startswith(_FOREIGN) or not any(c.isalnum() for c in text):
            message = "the line is ignored with a warning; comments begin with ';'"
            yield Defect(problem.place, message, (), problem.place, "info")
            continue
        name, gap = _name(text)
        if name and gap:
            start = problem.place.span.start + len(name)
            subject = _Forgotten(Place(problem.place.source, Span(start, start + len(gap))))
            yield Defect(problem.place, f"the line is ignored: '{name}' needs '=' before its value", (), subject)
        elif _line_above(problem.place).endswith((",", "\\", "&")):
            yield Defect(problem.place, "the line has no '=' and is ignored; it cannot go on with the line above")
        else:
            yield Defect(problem.place, "the line has no '=' and is ignored")


def _name(text: str) -> tuple[str, str]:
    """The known option that a line begins with, and the blanks or colon between it and a value."""
    name = text.split(None, 1)[0].partition(":")[0]
    rest = text[len(name) :]
    gap = rest[: len(rest) - len(rest.lstrip(": \t"))]
    if not gap or gap == rest or name.lower() not in _known():
        return "", ""
    prose = len(rest.split()) > 3
    return ("", "") if prose else (name, gap)


@lru_cache(maxsize=1)
def _known() -> frozenset[str]:
    """Every option of sip.conf and pjsip.conf."""
    branches = Targets().asterisk_branches
    sip, pjsip = asterisk.sip(branches), asterisk.pjsip(branches)
    return frozenset().union(sip.general, sip.peer, *(options.known for options in pjsip.types.values()))


def _line_above(place: Place) -> str:
    start = place.source.line_span(place.span.start).start
    return place.source.line_text(start - 1).partition(";")[0].strip() if start else ""


def fix(subject: Place | _Forgotten) -> Fix | None:
    if isinstance(subject, _Forgotten):
        return Fix("write the equals sign", (replace(subject.gap, "="),), UNSAFE)
    if ";" in subject.source.line_text(subject.span.start):
        return None
    return Fix("make it a comment", (insert(subject.source, subject.span.start, "; "),), SAFE)


CHECK = Check(find, level="warning", category="load", fix=fix)
