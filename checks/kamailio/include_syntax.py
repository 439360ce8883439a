"""The file name of an include is not written as the server needs it.

Why it matters: core/cfg.lex:sr_push_yy_state takes one word in double quotes, without blanks and shorter than 128
bytes, and refuses the configuration otherwise. A semicolon right behind it is taken for part of the name.

Client sees: any request -> connection refused; over UDP: any request -> no answer

Log:
    included file name must be between quotes: ...
    included file name too long: ...
    invalid included file name: ...

Verdict: spurious, for every phone there is: the server does not start.

Fix: write include_file "name", with nothing behind it.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.resolve.kamailio.problems import BAD_INCLUDE_NAME

from ._problems import of_kind

EXAMPLES = [
    Example(
        bad="include_file «'tls.inc'»\nrequest_route {\n    exit;\n}\n",
        good='import_file "tls.inc"\nrequest_route {\n    exit;\n}\n',
    ),
    Example(
        bad='import_file «"tls.inc";»\nrequest_route {\n    exit;\n}\n',
        good='import_file "tls.inc"\nrequest_route {\n    exit;\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for problem in of_kind(kamailio.config, BAD_INCLUDE_NAME):
        text = (
            "this name is too long"
            if problem.detail == "too long"
            else "a name in double quotes, and nothing behind it, is needed"
        )
        yield Defect(problem.place, text)


CHECK = Check(find, level="error", category="syntax")
