"""The text does not follow the grammar of kamailio.cfg.

Why it matters: core/cfg.y refuses the whole file and the server does not start: no phone gets an answer. Up to 5.6
one mistake brings a row of messages, later versions stop at the first; both name the place where the parser gave up,
which is often the line below.

Client sees: any request -> connection refused; over UDP: any request -> no answer

Log:
    parse error in config file ..., line ..., column ...: ...
    parse error in config file ..., line ..., column ...-...: ...

Verdict: spurious, for every phone there is: the server does not start.

Fix: mend the place that is marked; where the server itself gives up is noted when that is somewhere else.
A parenthesis or bracket that is missing is put in, one too many taken away. Unsafe: another one may be wrong.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Edit, Fix, delete, insert
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.resolve.kamailio.problems import TOO_NEW, UNCLOSED_VARIABLE
from cfglint.syntax.kamailio.faults import (
    MISSING,
    OUTSIDE_ROUTE,
    TOO_DEEP,
    TOO_MANY,
    UNEXPECTED,
    UNFINISHED,
    UNQUOTED_WORD,
)

from ._languages import other_language
from ._problems import notes, of_kind, of_shape, sentence

EXAMPLES = [
    Example(
        bad='request_route {\n    if ($rU == "a")«)» exit;\n}\n',
        good='request_route {\n    if ($rU == "a") exit;\n}\n',
        fixed='request_route {\n    if ($rU == "a") exit;\n}\n',
    ),
    Example(
        bad='request_route {\n    if ($rU == «"a"» {\n        exit;\n    }\n}\n',
        good='request_route {\n    if ($rU == "a") {\n        exit;\n    }\n}\n',
        fixed='request_route {\n    if ($rU == "a") {\n        exit;\n    }\n}\n',
    ),
    Example(bad="port=«high»\nrequest_route {\n    exit;\n}\n", good="port=5060\nrequest_route {\n    exit;\n}\n"),
    Example(
        bad='modparam("usrloc", "db_url", «DBURL»)\nrequest_route {\n    exit;\n}\n',
        good='#!define DBURL "sqlite:///x"\nmodparam("usrloc", "db_url", DBURL)\nrequest_route {\n    exit;\n}\n',
    ),
    Example(
        bad='loadmodule«(»"pv.so")\nrequest_route {\n    exit;\n}\n',
        good='loadmodule "pv.so"\nrequest_route {\n    exit;\n}\n',
        targets=("kamailio=5.6",),
    ),
]


_SHAPES = (UNEXPECTED, UNFINISHED, UNQUOTED_WORD, OUTSIDE_ROUTE, TOO_DEEP, TOO_MANY)


_CLOSING = {"RPAREN": ")", "RBRACKET": "]"}


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for number, problem in enumerate(of_shape(kamailio.config, *_SHAPES)):
        language = other_language(kamailio) if number == 0 else None
        hint = f"; this looks like {language}" if language is not None else ""
        extra = (
            delete(problem.place) if problem.shape == UNEXPECTED and problem.place.text in _CLOSING.values() else None
        )
        yield Defect(problem.place, sentence(kamailio.config, problem) + hint, notes(problem), extra)
    for problem in of_shape(kamailio.config, MISSING):
        if problem.detail != "SEMICOLON":
            mark, place = _CLOSING.get(problem.detail), problem.place
            missing = insert(place.source, place.span.end, mark) if mark is not None else None
            yield Defect(place, f"{sentence(kamailio.config, problem)}, behind this", notes(problem), missing)
    for problem in of_kind(kamailio.config, TOO_NEW):
        construct, _, version = problem.detail.partition(": ")
        yield Defect(problem.place, f"{construct}: only known from {version} on")
    for problem in of_kind(kamailio.config, UNCLOSED_VARIABLE):
        text = f"the parenthesis behind '{problem.detail}' is not closed in this line"
        yield Defect(problem.place, text, notes(problem))


def fix(edit: Edit) -> Fix:
    title = f"put '{edit.replacement}' there" if edit.replacement else f"take '{edit.place.text}' away"
    return Fix(title, (edit,))


CHECK = Check(find, level="error", category="syntax", fix=fix)
