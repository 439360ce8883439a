"""The labels of a switch do not go together.

Why it matters: core/switch.c takes numbers, or strings and regular expressions, but not both in one switch, and one
default at most; the server refuses the file.

Client sees: as the server does not start: any request -> no answer

Log:
    type mismatch in case

Verdict: spurious, for every phone there is: the server does not start.

Fix: write all labels as the type that the subject has.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio
from cfglint.syntax.kamailio.nodes import Case, Switch
from cfglint.syntax.kamailio.tokens import Number, String

EXAMPLES = [
    Example(
        bad='request_route {\n    switch ($rc) {\n        case 1: exit;\n        case «"x"»: break;\n    }\n}\n',
        good="request_route {\n    switch ($rc) {\n        case 1: exit;\n        case 2: break;\n    }\n}\n",
    ),
    Example(
        bad="request_route {\n    switch ($rc) {\n        default: exit;\n        «default»: break;\n    }\n}\n",
        good="request_route {\n    switch ($rc) {\n        case 1: exit;\n        default: break;\n    }\n}\n",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for located in kamailio.nodes(Switch):
        yield from _labels(located.node)


def _labels(switch: Switch) -> Iterator[Defect]:
    first: Case | None = None
    default: Case | None = None
    for case in switch.cases:
        if case.label is None:
            if default is not None:
                notes = (Note(default.word.place, "the first default"),)
                yield Defect(case.word.place, "a switch has one default at most", notes)
            default = default or case
        elif isinstance(case.label, Number | String):
            first = first or case
            if isinstance(case.label, Number) != isinstance(first.label, Number):
                notes = (Note(first.label.place, "the first label"),)
                yield Defect(case.label.place, "numbers and strings cannot be mixed in one switch", notes)
                return


CHECK = Check(find, level="error", category="load")
