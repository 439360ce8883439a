"""A name is defined, and nothing asks for it.

Why it matters: WITH_AUTH and its like only switch parts of the configuration on with #!ifdef. A name that is
misspelled, that is defined below the place where it is asked for, or that is only asked for inside of another part that
is left out (in the stock kamailio.cfg, WITH_IPAUTH within WITH_AUTH) switches nothing on, and the server says nothing.

Log: Nothing.

Does not help: `kamailio -c`: a name that nobody asks for is no mistake to it.

Fix: correct the name, move the line up, or define the other name, too. Unsafe: what asks for it comes into force.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, delete, insert, replace
from cfglint.findings import Defect, Note
from cfglint.knowledge.names import nearest
from cfglint.model.kamailio import Kamailio
from cfglint.namedtuples import NamedTuple
from cfglint.source import Place, Span, place

EXAMPLES = [
    Example(
        bad="#!define «WITH_IPAUTH»\n#!ifdef WITH_AUTH\n#!ifdef WITH_IPAUTH\nport=5070\n#!endif\n#!endif\n"
        "request_route {\n    exit;\n}\n",
        good="#!define WITH_AUTH\n#!define WITH_IPAUTH\n#!ifdef WITH_AUTH\n#!ifdef WITH_IPAUTH\nport=5070\n#!endif\n"
        "#!endif\nrequest_route {\n    exit;\n}\n",
    ),
    Example(
        bad="#!define «WITH_MYSQ»\n#!ifdef WITH_MYSQL\nport=5070\n#!endif\nrequest_route {\n    exit;\n}\n",
        good="#!define WITH_OTHER\n#!ifdef WITH_MYSQL\nport=5070\n#!endif\nrequest_route {\n    exit;\n}\n",
        fixed="#!define WITH_MYSQL\n#!ifdef WITH_MYSQL\nport=5070\n#!endif\nrequest_route {\n    exit;\n}\n",
    ),
    Example(
        bad="#!ifdef WITH_NAT\nport=5070\n#!endif\n#!define «WITH_NAT»\nrequest_route {\n    exit;\n}\n",
        good="#!ifndef GUARD\n#!define GUARD\n#!endif\n#!define WITH_NAT\n#!ifdef WITH_NAT\nport=5070\n#!endif\n"
        "request_route {\n    exit;\n}\n",
        fixed="#!define WITH_NAT\n#!ifdef WITH_NAT\nport=5070\n#!endif\nrequest_route {\n    exit;\n}\n",
    ),
]

_CONDITION = re.compile(r"[#!]!(ifdef|ifndef|ifexp|else|endif)\b[ \t]*(\w*)")


class Late(NamedTuple):
    """A line that comes too late, and what it should stand above."""

    line: Place
    above: Place


class Slip(NamedTuple):
    """A name, and the one that is meant."""

    place: Place
    meant: str


class Question(NamedTuple):
    """An ``#!ifdef``: its number among the directives, and the condition around it that does not hold."""

    number: int
    place: Place
    without: Place | None


def find(kamailio: Kamailio) -> Iterator[Defect]:
    config = kamailio.config
    if not kamailio.whole:
        return
    numbers = {(r.home.source, r.start): n for n, r in enumerate(config.regions) if r.kind == "directive"}
    questions, others = _questions(kamailio)
    for definition in config.definitions:
        name, where = definition.name, definition.place
        if where is None or definition.value or definition.kind != "define" or name in others:
            continue
        start = where.source.text.rfind("#", 0, where.span.start)
        number = numbers.get((where.source, start))
        asked = questions.get(name, [])
        if number is None or any(question.number > number and question.without is None for question in asked):
            continue
        yield from _defect(name, where, asked, set(questions) - set(config.defines), not _is_inside(kamailio, number))


def _defect(name: str, where: Place, asked: list[Question], unknown: set[str], plain: bool) -> Iterator[Defect]:
    """`plain`: it stands in no condition itself."""
    for question in asked:
        if question.without is None:
            note = Note(question.place, "asked for here")
            late = (
                Late(_line(where), _line(question.place)) if plain and question.place.source is where.source else None
            )
            yield Defect(where, f"'{name}' is only asked for further up: this comes too late", (note,), late)
            return
    if asked and asked[0].without is not None:
        notes = (Note(asked[0].place, "asked for here"), Note(asked[0].without, "this part is left out"))
        yield Defect(where, f"'{name}' is only asked for in a part that is left out: it has no effect", notes)
    elif not asked:
        other = nearest(name, unknown)
        if other is not None:
            yield Defect(where, f"nothing asks for '{name}'; did you mean '{other}'?", subject=Slip(where, other))


def _is_inside(kamailio: Kamailio, number: int) -> bool:
    """Does a directive stand in a condition?"""
    depth = 0
    for region in kamailio.config.regions[:number]:
        match = _CONDITION.match(region.home.source.text, region.start) if region.kind == "directive" else None
        word = match[1] if match is not None else ""
        depth += {"ifdef": 1, "ifndef": 1, "ifexp": 1, "endif": -1}.get(word, 0)
    return depth > 0


def _line(where: Place) -> Place:
    source, (start, end) = where
    return Place(source, Span(source.line_span(start).start, source.line_span(end).end))


def _questions(kamailio: Kamailio) -> tuple[dict[str, list[Question]], set[str]]:
    """The questions for names by name, and the names that are asked for in other ways."""
    found: dict[str, list[Question]] = {}
    others: set[str] = set()
    opened: list[tuple[Place, bool]] = []
    for number, region in enumerate(kamailio.config.regions):
        source = region.home.source
        match = _CONDITION.match(source.text, region.start) if region.kind == "directive" else None
        if match is None:
            continue
        word, name = match.groups()
        here = place(source, region.start, match.end())
        if word == "ifexp":
            others.update(re.findall(r"\w+", source.text[region.start : region.end]))
            opened.append((here, True))
        elif word in ("ifdef", "ifndef"):
            without = next((outer for outer, live in opened if not live), None)
            found.setdefault(name, []).append(Question(number, here, without))
            if word == "ifndef":
                others.add(name)
            opened.append((here, (name in kamailio.config.defines) == (word == "ifdef")))
        elif opened and word == "else":
            opened[-1] = (opened[-1][0], not opened[-1][1])
        elif opened:
            opened.pop()
    return found, others


def fix(subject: Late | Slip) -> Fix | None:
    if isinstance(subject, Slip):
        return Fix(f"define {subject.meant}", (replace(subject.place, subject.meant),))
    line, above = subject
    if not line.text.endswith("\n"):
        return None
    return Fix("define it before it is asked for", (insert(above.source, above.span.start, line.text), delete(line)))


CHECK = Check(find, level="warning", category="load", fix=fix)
