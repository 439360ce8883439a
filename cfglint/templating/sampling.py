"""What is put in for a value that nobody knows: something of the kind that fits where it stands, and in every rendering
something else, so that nothing is said of it that holds for one value alone."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

VARIANTS = 4

_ADDRESSES = ("192.0.2", "198.51.100", "203.0.113", "10.20.30")
_NETWORKS = ("0.0.0.0/0", "192.0.2.0/24", "10.0.0.0/8", "0.0.0.0/0")
_BARE_NETWORKS = ("0.0.0.0", "192.0.2.0", "10.0.0.0", "0.0.0.0")  # noqa: S104 - nothing is bound
_BITS = ("0", "24", "8", "0")
_WORDS = ("kQ7vX2mTz9", "wB4nR8sLd6", "hF3jY5pGc1", "80042617395")
_NUMBERS = ("1", "20", "600", "3600")

_SWITCH = ("yes", "no")

COMMON = frozenset((*_NETWORKS, *_BARE_NETWORKS, *_BITS, *_NUMBERS, *_SWITCH))
"""Values that may stand elsewhere, too."""

_KINDS = (
    ("mask", re.compile(r"mask|prefix_?len|bits")),
    ("port", re.compile(r"port\b|port_|_port|ports?$")),
    (
        "network",
        re.compile(r"cidr|subnet|networks?\b|\bnets?\b|_net\b|net$|localnet|permit|deny|acl|allowed_ips|range"),
    ),
    ("address", re.compile(r"\bip|ip\b|_ip|addr|bind|listen|ipv4|nic")),
    ("host", re.compile(r"host|fqdn|domain|realm|server|gateway|proxy|registrar|dns")),
    ("switch", re.compile(r"enable|disable|\buse_|\bis_|\bhas_|\bwith_|allow_|_allow|active|yes|^no_|encrypt|flag")),
    (
        "number",
        re.compile(
            r"num|count|children|workers|max|min|time|interval|expir|ttl|size|level|debug|memory|limit|retries"
            r"|qualify|freq|seconds|_ms\b|_id\b|priority|weight|length|start|end|call"
        ),
    ),
)

_KEY = re.compile(r"\s*([\w./-]+)\s*=>?\s*")


class Sampler:
    """Values for one rendering; the same for one label wherever it stands. `pinned` are those that something was
    assumed of."""

    def __init__(self, labels: Sequence[str], pinned: Mapping[int, str], variant: int) -> None:
        self._labels, self._pinned, self._variant = labels, pinned, variant % VARIANTS
        self._chosen: dict[int, str] = {}

    def label(self, number: int) -> str:
        """The name of an unknown value."""
        return self._labels[number] if number < len(self._labels) else "?"

    def value(self, number: int, before: str, after: str, is_script: bool) -> str:
        """What stands for an unknown value, `before` and `after` in its line some text; in a script of Kamailio's?"""
        if number in self._pinned:
            return self._pinned[number]
        if number not in self._chosen:
            self._chosen[number] = self._sample(number, before, after, is_script)
        return self._chosen[number]

    def _sample(self, number: int, before: str, after: str, is_script: bool) -> str:
        variant, other = self._variant, number % 200 + 11
        kind = _kind(self.label(number), before, after, is_script)
        if kind == "address":
            return f"{_ADDRESSES[variant]}.{other}"
        if kind == "network":
            return (_BARE_NETWORKS if after.startswith("/") else _NETWORKS)[variant]
        if kind == "mask":
            return _BITS[variant]
        if kind == "port":
            return str(5060 + 2 * number + 1000 * variant)
        if kind == "host":
            return f"h{other}{'abcd'[variant]}.example.net"
        if kind == "switch":
            return _SWITCH[variant % 2]
        if kind == "number":
            return _NUMBERS[variant]
        return f"{_WORDS[variant]}{number}"


def _kind(label: str, before: str, after: str, is_script: bool) -> str:
    """What is wanted: told by what stands beside it, else by its name, else by the option that it is for."""
    last = before.rstrip()[-1:]
    if last == "/" and re.search(r"[0-9.]{7,}/$", before):
        return "mask"
    if before.endswith("@") or (re.search(r"\bsips?:$", before) and "@" not in after):
        return "host"
    if re.search(r"\bsips?:$", before):
        return "word"
    if re.search(r"\b(?:udp|tcp|tls|sctp|ws|wss):$", before):
        return "address"
    if last == ":" and re.search(r"[\w.\]]:$", before) and not after[:1].isalnum():
        return "port"
    if after.startswith("/") and re.match(r"/(?:[0-9]|$|[^\w/])", after):
        return "network"
    named = _named(re.split(r"[.\[('\"]+", label)[-1].rstrip("])'\" "), label)
    if named is not None:
        return named
    key = _KEY.match(before)
    named = _named(key[1], key[1]) if key else None
    if named is not None:
        return named
    return "number" if is_script and _wants_number(before) else "word"


def _named(last: str, label: str) -> str | None:
    """The kind that a name tells; its last part goes before the rest."""
    for name in dict.fromkeys((last.lower(), label.lower())):
        for kind, pattern in _KINDS:
            if pattern.search(name):
                return kind
    return None


def _wants_number(before: str) -> bool:
    """Does a parameter of Kamailio's stand here outside of quotes?"""
    return before.count('"') % 2 == 0 and re.match(r"\s*(?:modparam\s*\(|\w+\s*=\s*$|#!define\s)", before) is not None
