"""``nat=`` lines of sip.conf: they add up (channels/sip/config_parser.c:sip_parse_nat_option)."""

from __future__ import annotations

from collections.abc import Iterable

from cfglint.model.values import is_false

FORCE_RPORT, COMEDIA, AUTO_FORCE_RPORT, AUTO_COMEDIA = "force_rport", "comedia", "auto_force_rport", "auto_comedia"


def nat_flags(values: Iterable[str]) -> frozenset[str]:
    """What the lines of one section come to, in order: each adds to the ones before, only ``no`` and ``yes`` take away,
    and a plain flag has no effect while the automatic one is set."""
    flags: set[str] = set()
    for value in values:
        for word in value.lower().split(","):
            if is_false(word):
                flags = set()
                break
            if word == "yes":
                flags = {FORCE_RPORT, COMEDIA}
                break
            if word in (AUTO_FORCE_RPORT, AUTO_COMEDIA):
                flags.add(word)
                flags.discard(word.removeprefix("auto_"))
            elif word in (FORCE_RPORT, COMEDIA) and f"auto_{word}" not in flags:
                flags.add(word)
    return frozenset(flags)
