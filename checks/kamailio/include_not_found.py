"""An included file does not exist.

Why it matters: include_file of a missing file stops the server; import_file ignores it. A relative name is looked for
from the directory the server was started in, then beside the including file.

Client sees: any request -> connection refused; over UDP: any request -> no answer

Log:
    cannot open included file: ... (...)
    cannot open included file: ...

Verdict: spurious, for every phone there is: the server does not start.

Fix: correct the name, or use import_file where the file may be missing. Unsafe: what stands in that file comes into
force.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio
from cfglint.resolve.kamailio.problems import INCLUDE_NOT_FOUND, INCLUDE_UNREADABLE
from cfglint.source import Place

from ._files import meant
from ._problems import of_kind

EXAMPLES = [
    Example(
        bad='include_file «"missing.cfg"»\nrequest_route {\n    exit;\n}\n',
        good='import_file "missing.cfg"\nrequest_route {\n    exit;\n}\n',
    ),
    Example(
        bad={
            "kamailio.cfg": 'include_file «"/etc/kamailio/route.cfg"»\nrequest_route {\n    exit;\n}\n',
            "routes.cfg": "route[A] {\n    return;\n}\n",
        },
        good={
            "kamailio.cfg": 'include_file "/etc/kamailio/routes.cfg"\nrequest_route {\n    exit;\n}\n',
            "routes.cfg": "route[A] {\n    return;\n}\n",
        },
        fixed={
            "kamailio.cfg": 'include_file "/etc/kamailio/routes.cfg"\nrequest_route {\n    exit;\n}\n',
            "routes.cfg": "route[A] {\n    return;\n}\n",
        },
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    used = {include.name.rpartition("/")[2] for include in kamailio.config.includes}
    for problem in of_kind(kamailio.config, INCLUDE_NOT_FOUND):
        other = meant(kamailio, problem.detail, used)
        hint = f"; did you mean '{other}'?" if other is not None else ""
        text = f"there is no file '{problem.detail}', and the server does not start without it{hint}"
        yield Defect(problem.place, text, subject=(problem.place, problem.detail, other) if other is not None else None)
    for problem in of_kind(kamailio.config, INCLUDE_UNREADABLE):
        yield Defect(problem.place, f"the included file {problem.detail}", level="warning")


def fix(subject: tuple[Place, str, str]) -> Fix | None:
    place, name, other = subject
    if place.text.count(name) != 1:
        return None
    return Fix("the file that is there", (replace(place, place.text.replace(name, other)),))


CHECK = Check(find, level="error", category="load", fix=fix)
