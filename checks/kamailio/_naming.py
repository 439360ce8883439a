"""Changes that make a domain the server's own."""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.edits import Fix
from cfglint.model.kamailio.editing import add_line_below, written
from cfglint.simulate.kamailio.sockets import canonical
from cfglint.syntax.kamailio.items import Alias, Listen, LoadModule

from ._remedies import TurnedAway


def named(turned_away: TurnedAway) -> Iterator[Fix]:
    """An alias for the domain of the user who is refused."""
    kamailio, refusal = turned_away
    domain = refusal.request.from_.host
    if canonical(domain) is not None:  # an address
        return
    for kind in (Alias, Listen, LoadModule):
        lines = [item for item in kamailio.file.items if isinstance(item, kind) and written(item)]
        if lines:
            line = f'alias="{domain}"'
            yield Fix(f"take {domain} for the server's own domain", (add_line_below(lines[-1], line),))
            return
