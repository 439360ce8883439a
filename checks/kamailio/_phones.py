"""Telephones and scanners, by the names that they give themselves."""

from __future__ import annotations

from typing import Any

from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.conditions import pseudo_variable

PHONES = (
    "Yealink SIP-T46S 66.86.0.15",
    "Grandstream GXP2170 1.0.11.16",
    "PolycomVVX-VVX_411-UA/6.3.1.8427",
    "Cisco-CP8841-3PCC/12.0.1",
    "Linksys/SPA942-6.1.5(a)",
    "Sipura/SPA2000-3.1.5",
    "snomD785/10.1.64.14",
    "AVM FRITZ!Box 7590 154.07.29",
    "Gigaset N510 IP PRO/42.250.00.000.000",
    "Fanvil X4U 2.4.5",
    "Panasonic_KX-HDV230/08.103",
    "Mitel 6869i/5.1.0.1024",
    "Obihai/OBi202-3.2.2.8680",
    "Zoiper v2.10.19.8",
    "Linphone/5.2.0 (belle-sip/5.2.0)",
    "MicroSIP/3.21.3",
    "Bria 6 release 6.5.1",
    "baresip v1.1.0 (x86_64/linux)",
    "Telephone 1.5.2",
    "3CXPhone 6.0.26523.0",
    "Groundwire/22.0.6",
    "JsSIP 3.10.0",
)
"""What phones of different makers call themselves. One that is named alone may well be meant."""

SCANNERS = (
    "friendly-scanner",
    "sipvicious",
    "sipcli",
    "sip-scan",
    "sipsak",
    "pplsip",
    "VaxSIPUserAgent",
    "sundayddr",
    "iWar",
)
"""What scanners call themselves."""


def names_user_agents(kamailio: Kamailio) -> bool:
    """Is there a pattern for what clients call themselves?"""
    return any(test.operator == "=~" and is_user_agent(test.left) for test, _ in kamailio.comparisons)


def is_user_agent(operand: Any) -> bool:
    """Does an operand stand for what a client calls itself?"""
    variable = pseudo_variable(operand)
    if variable is None:
        return False
    header = variable.name == "hdr" and (variable.inner or "").lower() == "user-agent"
    return header or variable.name == "ua"
