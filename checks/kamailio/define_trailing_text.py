"""A comment behind the value of a define takes the rest of each line that uses it.

Why it matters: the value of #!define is all that stands behind the name, comments, too (core/cfg.lex, DEFINE_DATA), and
it is put where the name is used. A # in it makes a comment of what follows there, a closing parenthesis or a semicolon,
say; the server complains about the next line. A name that is only asked for with #!ifdef is not concerned.

Client sees: any request -> connection refused; over UDP: any request -> no answer

Log:
    parse error in config file ..., line ..., column ...: ...
    parse error in config file ..., line ..., column ...-...: ...

Verdict: spurious, for every phone there is: the server does not start.

Fix: put the comment into a line of its own. Safe: the lines that use the name mean what they say.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import SAFE, Fix, delete
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio
from cfglint.source import Place
from cfglint.syntax.kamailio.tokens import Token

EXAMPLES = [
    Example(
        bad="#!define LIMIT 5 «# failures»\nrequest_route {\n    if ($var(n) > LIMIT) { exit; }\n    exit;\n}\n",
        good="#!define LIMIT 5\n#!define WITH_NAT # for phones at home\nrequest_route {\n"
        "    if ($var(n) > LIMIT) { exit; }\n    exit;\n}\n",
        fixed="#!define LIMIT 5\nrequest_route {\n    if ($var(n) > LIMIT) { exit; }\n    exit;\n}\n",
    ),
    Example(
        bad='#!define URL "mysql://a:b@c/d" «// the database»\nmodparam("usrloc", "db_url", URL)\n'
        "request_route {\n    exit;\n}\n",
        good="#!define PORT 5070 # of the office\nport=PORT\nport=PORT # again\nrequest_route {\n    exit;\n}\n",
        fixed='#!define URL "mysql://a:b@c/d"\nmodparam("usrloc", "db_url", URL)\nrequest_route {\n    exit;\n}\n',
    ),
]

_CODE = r"""(?s)(?:[^"'#/]|/(?!/)|"(?:[^"\\]|\\.)*"|'[^']*')*"""
"""What stands in front of a comment."""


def find(kamailio: Kamailio) -> Iterator[Defect]:
    comments = {id(d): spans for d in kamailio.config.definitions if d.value and (spans := _comment(d.value))}
    for token in kamailio.config.tokens if comments else ():
        expansion = token.home.expansion
        spans = comments.get(id(expansion.definition)) if expansion is not None else None
        if expansion is None or spans is None or not _swallows(token):
            continue
        begin, start, end = spans
        place = expansion.definition.part(start, end)
        if place is not None:
            del comments[id(expansion.definition)]
            note = Note(token.place, "the rest of this line is part of the comment")
            blanks = expansion.definition.part(begin, start) if begin < start else None
            message = f"this becomes part of the value of '{expansion.definition.name}'"
            yield Defect(place, message, (note,), (blanks, place))


def _comment(value: str) -> tuple[int, int, int] | None:
    """Where the blanks in front of a comment begin, where it begins itself, and where it ends."""
    code = re.match(_CODE, value)
    start = code.end() if code is not None else 0
    if not value.startswith(("#", "//"), start):
        return None
    return len(value[:start].rstrip()), start, len(value.rstrip())


def _swallows(token: Token) -> bool:
    """Does more than a comment stand behind the use of a name?"""
    source = token.home.source
    rest = source.text[token.end : source.line_span(token.end).end].strip()
    return bool(rest) and not rest.startswith(("#", "//"))


def fix(places: tuple[Place | None, Place]) -> Fix | None:
    return Fix("leave the comment out", tuple(delete(place) for place in places if place is not None), SAFE)


CHECK = Check(find, level="warning", category="load", fix=fix)
