"""A line sets a core parameter that this version does not have.

Why it matters: a word that core/cfg.lex does not know is an ordinary name, and name = value is no statement: the
server refuses the file. Often the name is that of another version, as dst_blacklist became dst_blocklist in 5.5.

Client sees: any request -> connection refused; over UDP: any request -> no answer

Log:
    parse error in config file ..., line ..., column ...: ...
    parse error in config file ..., line ..., column ...-...: ...

Verdict: spurious, for every phone there is: the server does not start.

Fix: use the name that the version knows, or guard the line by #!ifdef KAMAILIO_5_7 and the like.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.source import Place
from cfglint.syntax.kamailio.faults import UNKNOWN_PARAMETER, meant

from ._problems import notes, of_shape, parameters, sentence

EXAMPLES = [
    Example(
        bad="«childs»=4\nrequest_route {\n    exit;\n}\n",
        good="children=4\nrequest_route {\n    exit;\n}\n",
    ),
    Example(
        bad="«use_dst_blacklist»=no\nrequest_route {\n    exit;\n}\n",
        good="use_dst_blocklist=no\nrequest_route {\n    exit;\n}\n",
        fixed="use_dst_blocklist=no\nrequest_route {\n    exit;\n}\n",
        targets=("kamailio=5.6",),
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_shape(kamailio.config, UNKNOWN_PARAMETER):
        other = meant(problem.detail, parameters(kamailio.config))
        subject = (problem.place, other) if other is not None else None
        yield Defect(problem.place, sentence(kamailio.config, problem), notes(problem), subject)


def fix(subject: tuple[Place, str]) -> Fix | None:
    place, other = subject
    return Fix(f"write {other}", (replace(place, other),))


CHECK = Check(find, level="error", category="syntax", fix=fix)
