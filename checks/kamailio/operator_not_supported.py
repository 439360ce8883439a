"""An operator of other languages is used.

Why it matters: kamailio.cfg has no !~, ++, --, += (a token without a rule), === or ?:, and the server refuses the
file.

Client sees: any request -> connection refused; over UDP: any request -> no answer

Log:
    parse error in config file ..., line ..., column ...: ...
    parse error in config file ..., line ..., column ...-...: ...

Verdict: spurious, for every phone there is: the server does not start.

Fix: write it out: !($x =~ "re"), $x = $x + 1, or an if for each case.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.syntax.kamailio.faults import BAD_OPERATOR

from ._problems import notes, of_shape, sentence

EXAMPLES = [
    Example(
        bad='request_route {\n    if ($ua «!~» "sip") exit;\n}\n',
        good='request_route {\n    if (!($ua =~ "sip")) exit;\n}\n',
    ),
    Example(
        bad="request_route {\n    $var(i)«++»;\n    exit;\n}\n",
        good="request_route {\n    $var(i) = $var(i) + 1;\n    exit;\n}\n",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_shape(kamailio.config, BAD_OPERATOR):
        yield Defect(problem.place, sentence(kamailio.config, problem), notes(problem))


CHECK = Check(find, level="error", category="syntax")
