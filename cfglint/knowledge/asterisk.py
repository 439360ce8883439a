"""What is known of Asterisk's options: the one loader of ``asterisk_pjsip.json`` and ``asterisk_sip.json``.

The data hold, per object type and option, variants: dictionaries with ``type`` (kind of value), ``values``,
``also_bool`` (true- and false-words too), ``range``, ``default``, ``multi``, ``ref`` and ``v``, the branches a variant
holds for (absent: all of them). They were read from the servers' sources and checked against running servers.
"""

from __future__ import annotations

import os
from functools import lru_cache
from typing import Any

from cfglint.knowledge import asterisk_changes
from cfglint.knowledge.versions import Version

Variant = dict[str, Any]

PJSIP_NAMES = {
    "aor": "aors",
    "auths": "auth",
    "callgroup": "call_group",
    "callingpres": "callerid_privacy",
    "directmedia": "direct_media",
    "canreinvite": "direct_media",
    "dtmfmode": "dtmf_mode",
    "fromdomain": "from_domain",
    "fromuser": "from_user",
    "maxcontacts": "max_contacts",
    "mailbox": "mailboxes",
    "namedcallgroup": "named_call_group",
    "namedpickupgroup": "named_pickup_group",
    "outboundproxy": "outbound_proxy",
    "pickupgroup": "pickup_group",
    "qualifyfreq": "qualify_frequency",
    "sendrpid": "send_rpid",
    "setvar": "set_var",
    "subscribecontext": "subscribe_context",
    "trustrpid": "trust_id_inbound",
    "useragent": "user_agent",
}
"""Names that people bring along from sip.conf or mistype, and the option of pjsip.conf that takes the same value."""


class Options:
    """The options of one object type in the versions in question; a name is known if one of the versions knows it."""

    def __init__(self, data: dict[str, list[Variant]], branches: frozenset[str]) -> None:
        self.known: dict[str, list[Variant]] = {}
        self.patterns: list[str] = []
        for name, variants in data.items():
            fitting = [v for v in variants if "v" not in v or branches.intersection(v["v"])]
            if not fitting:
                continue
            if name.startswith("^"):
                self.patterns.append(name[1:].lower())
            else:
                self.known[name] = fitting

    def get(self, name: str) -> list[Variant] | None:
        """The variants of an option (name in lower case), an empty list where any value will do, None if unknown."""
        found = self.known.get(name)
        if found is None and (name.startswith("@") or any(name.startswith(p) for p in self.patterns)):
            return []
        return found


class PjsipKnowledge:
    """Object types of pjsip.conf and their options."""

    def __init__(self, branches: tuple[int, ...], version: Version | None = None) -> None:
        data = _data("asterisk_pjsip.json")
        chosen = _known(branches, data["branches"])
        self.types = {name: Options(options, chosen) for name, options in data["objects"].items()}
        self.version = version
        self.newer: dict[tuple[str, str], str] = {}
        """Type and option that only releases newer than the one in question know, and the first that does."""
        for kind, options in data["objects"].items():
            for name, variants in options.items():
                first = asterisk_changes.OPTIONS.get(kind, {}).get(name)
                later = [int(b) for v in variants for b in v.get("v", ()) if int(b) > max(branches)]
                if first is not None and version is not None and asterisk_changes.predates(version, first):
                    self.types[kind].known.pop(name, None)
                    self.newer[kind, name] = asterisk_changes.shown(first)
                elif later and name not in self.types[kind].known:
                    self.newer[kind, name] = asterisk_changes.shown(first) if first is not None else str(min(later))
        self.single = frozenset(name for name, facts in data["sections"].items() if facts.get("single"))
        """Types of which only one object exists, named like the type."""
        self.required: dict[str, list[str]] = {n: f.get("required", []) for n, f in data["sections"].items()}
        self.wizard: dict[str, list[Variant]] = data["wizard"]["options"]


class SipKnowledge:
    """Options of sip.conf; `general`, `peer` and `both` tell where they have an effect."""

    def __init__(self, branches: tuple[int, ...]) -> None:
        data = _data("asterisk_sip.json")
        chosen = _known(branches, data["branches"])
        self.general: dict[str, list[Variant]] = {}
        self.peer: dict[str, list[Variant]] = {}
        for name, variants in data["options"]["*"].items():
            for variant in variants:
                if "v" in variant and not chosen.intersection(variant["v"]):
                    continue
                where = variant["where"]
                if where in ("general", "both"):
                    self.general.setdefault(name, []).append(variant)
                if where in ("peer", "both") or "peer" in where:
                    self.peer.setdefault(name, []).append(variant)


@lru_cache(maxsize=4)
def pjsip(branches: tuple[int, ...], version: Version | None = None) -> PjsipKnowledge:
    """Knowledge of pjsip.conf for the branches in question, or for one release."""
    return PjsipKnowledge(branches, version)


@lru_cache(maxsize=4)
def sip(branches: tuple[int, ...]) -> SipKnowledge:
    """Knowledge of sip.conf for the branches in question."""
    return SipKnowledge(branches)


def _known(branches: tuple[int, ...], described: list[str]) -> frozenset[str]:
    """The described branches that stand for those in question: an odd release counts as both its neighbours."""
    numbers = sorted(int(branch) for branch in described)
    chosen: set[str] = set()
    for branch in branches:
        below = [n for n in numbers if n <= branch]
        above = [n for n in numbers if n >= branch]
        chosen.update(str(n) for n in (*below[-1:], *above[:1]))
    return frozenset(chosen)


@lru_cache(maxsize=2)
def _data(name: str) -> dict[str, Any]:
    import json  # of no use to a run that asks for no options

    loader: Any = __spec__.loader  # so that it may lie in a zip archive
    folder = os.path.dirname(__file__)
    loaded: dict[str, Any] = json.loads(loader.get_data(os.path.join(folder, name)))
    return loaded
