"""There is no request_route.

Why it matters: the server starts, and drops every request (core/receive.c:receive_msg).

Client sees: whatever is sent: any request -> no answer

Log:
    no request_route {...} and no other config routing engine registered

Verdict: spurious, for every phone there is.

Does not help: `kamailio -c`: a file without routes is no mistake to it.

Fix: write one, check that a comment or a condition did not swallow it, or name a cfgengine.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.kamailio import Kamailio

EXAMPLES = [
    Example(
        bad="«reply_route» {\n    exit;\n}\n",
        good="request_route {\n    exit;\n}\nreply_route {\n    exit;\n}\n",
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    if kamailio.whole and not kamailio.routes_requests:
        for route in kamailio.routes[:1]:
            yield Defect(route.word.place, "there is no request_route: every request is dropped")


CHECK = Check(find, level="warning", category="load")
