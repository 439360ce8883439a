"""What may run a route besides the calls in the script."""

from __future__ import annotations

import re

from cfglint.model.kamailio import Kamailio
from cfglint.syntax.kamailio.nodes import String

BY_TABLE = {"drouting", "prefix_route"}
"""Modules that take names of routes from a database (src/modules/drouting/dr_load.c, prefix_route/prefix_route.c)."""


def mentioned(kamailio: Kamailio) -> set[str]:
    """The words that could name a route: in strings, and in the parts that conditions leave out."""
    config = kamailio.config
    dead = [r.home.source.text[r.start : r.end] for r in config.regions if r.kind == "dead"]
    texts = [*dead, *(token.text for token in config.tokens if isinstance(token, String))]
    return {word for text in texts for word in re.findall(r"\w+", text)}
