"""Pseudo-variables in strings."""

from __future__ import annotations

import re

from cfglint.model.kamailio import Kamailio
from cfglint.syntax.kamailio.pv import PseudoVariable

EVALUATED = frozenset(
    "T_inv T_req T_rpl _s avp hdr hdrc hfl hflc msgbuf sht shtcn shtcv shtdec shtex shtinc x_hdr".split(),
)
"""Classes in whose parentheses pseudo-variables are looked up, too; in others a dollar sign is part of a name, as in
$var($x) (tried with 5.6.3)."""


def runs_on(kamailio: Kamailio, variable: PseudoVariable) -> str | None:
    """The known name that a longer one begins with, where the rest is punctuation and what follows it: ``si`` of
    ``$si.``. In a string a dot and a question mark are part of a name (src/core/pvapi.c:is_pv_valid_char)."""
    match = re.match(r"\w+(?=[.?])", variable.name)
    everything = len(kamailio.exports.names)
    if match is None or variable.inner is not None or kamailio.exports.lacks_variable(match[0], everything):
        return None
    return match[0]
