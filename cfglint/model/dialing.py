"""Which devices the dialplan and the queues name, so that who renames one can rename it there, too."""

from __future__ import annotations

import re
from collections.abc import Iterable

from cfglint.resolve.asterisk import Config
from cfglint.source import Place

FILES = ("extensions.conf", "queues.conf")
"""Files of the directory that name devices as ``TECHNOLOGY/name``."""

_DEVICE = re.compile(
    r"(?<![\w/])(?P<technology>PJSIP|SIP)/(?:[^\s@/&,|]*@)?(?P<name>[^\s@/&,|)\]{}$:;]+)", re.IGNORECASE
)
"""A device in a dial string: the endpoint stands behind an ``@`` if there is one (channels/chan_pjsip.c:request,
channels/chan_sip.c:sip_request_call)."""


def devices(configs: Iterable[Config | None]) -> dict[tuple[str, str], list[Place]]:
    """Where devices are named, by technology (in capitals) and name; only places that can be edited."""
    found: dict[tuple[str, str], list[Place]] = {}
    seen = set()
    for config in configs:
        for section in config.sections if config is not None else ():
            for option in section.options:
                if "sip/" not in option.value.lower() or (option.source, option.start) in seen:
                    continue
                seen.add((option.source, option.start))
                for match in _DEVICE.finditer(option.value):
                    name = match["name"]
                    place = option.part_place(*match.span("name"))
                    if place.text == name:
                        found.setdefault((match["technology"].upper(), name), []).append(place)
    return found
