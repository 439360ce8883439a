"""Changes of the files that say who may register which contact."""

from __future__ import annotations

import re
from collections.abc import Iterator

from cfglint.edits import Fix, replace
from cfglint.model.kamailio.script import constant
from cfglint.source import Place, Source, Span

from ._remedies import TurnedAway

FUNCTIONS = ("allow_register", "allow_register_include_port")
_DOMAIN_OF_TO = r'(?m)^[ \t]*"[^"\n]*@(?P<domain>[A-Za-z0-9-]+(?:\\?\.[A-Za-z0-9-]+)+)\$?"[ \t]*:'
"""A rule whose pattern for To names one domain."""


def registrable(turned_away: TurnedAway) -> Iterator[Fix]:
    """The domain of the phone in place of another one in a rule."""
    kamailio, refusal = turned_away
    suffix = kamailio.parameters.text("permissions", "allow_suffix", ".allow")
    for located in kamailio.calls_of(*FUNCTIONS):
        name = constant(located.call.arguments[0]) if located.call.arguments else None
        source = kamailio.data.file(name + suffix) if kamailio.data and name and suffix else None
        if source is not None:
            yield from _rules(source, refusal.request.to.host)


def _rules(source: Source, domain: str) -> Iterator[Fix]:
    for rule in re.finditer(_DOMAIN_OF_TO, source.text):
        if rule["domain"].replace("\\", "") != domain:
            place = Place(source, Span(*rule.span("domain")))
            yield Fix(f"let users of {domain} register", (replace(place, domain.replace(".", "\\.")),))
