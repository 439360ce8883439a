"""There are several blocks of a kind that has no name.

Why it matters: two blocks of the same name are refused, but core/cfg.y appends a second request_route or reply_route to
the first. Its statements only run where the first block does not end with exit.

Log: Nothing.

Fix: join them, or make the second one a route[NAME] and call it.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect, Note
from cfglint.model.kamailio import Kamailio

EXAMPLES = [
    Example(
        bad="request_route {\n    setflag(1);\n}\n«route» {\n    drop;\n}\n",
        good="request_route {\n    setflag(1);\n    drop;\n}\n",
    ),
    Example(
        bad="onreply_route {\n    setflag(1);\n}\n«reply_route» {\n    drop;\n}\n",
        good='onreply_route["A"] {\n    setflag(1);\n}\nreply_route {\n    drop;\n}\n',
    ),
]


def find(kamailio: Kamailio) -> Iterator[Defect]:
    for (kind, name), routes in kamailio.named_routes.items():
        if name is None:
            for route in routes[1:]:
                notes = (Note(routes[0].word.place, "the first one"),)
                yield Defect(route.word.place, f"this is not a new {kind}: it is appended to the first", notes)


CHECK = Check(find, level="warning", category="load")
