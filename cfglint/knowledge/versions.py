"""The server versions cfglint knows, and the ones a run is about."""

from __future__ import annotations

from cfglint.errors import UsageProblem
from cfglint.namedtuples import NamedTuple

Version = tuple[int, ...]
"""``(20, 20)`` for Asterisk 20.20, ``(5, 6)`` for Kamailio 5.6, ``(20,)`` where only the branch is named."""

ASTERISK: tuple[Version, ...] = tuple((major,) for major in range(16, 24))
KAMAILIO: tuple[Version, ...] = ((5, 4), (5, 5), (5, 6), (5, 7), (5, 8), (6, 0), (6, 1))
SUPPORTED = {"asterisk": ASTERISK, "kamailio": KAMAILIO}

CHAN_SIP_REMOVED: Version = (21,)
"""chan_sip is gone from Asterisk 21 on."""


class Targets(NamedTuple):
    """The versions a run is about; None: every supported one, and only what holds for all of them is reported."""

    asterisk: Version | None = None
    kamailio: Version | None = None

    @property
    def asterisk_branches(self) -> tuple[int, ...]:
        """The Asterisk branches in question, oldest first."""
        return (self.asterisk[0],) if self.asterisk else tuple(version[0] for version in ASTERISK)

    @property
    def has_chan_sip(self) -> bool:
        """Does any version in question read sip.conf?"""
        return self.asterisk is None or self.asterisk < CHAN_SIP_REMOVED

    def shown(self) -> dict[str, str]:
        """Product to version, for reports."""
        return {
            product: ".".join(map(str, version)) if version else "every supported version"
            for product, version in zip(self._fields, self, strict=True)
        }


def parse_targets(arguments: tuple[str, ...], option: str = "--target") -> Targets:
    """Targets from ``asterisk=20.20``, ``kamailio=5.6``, or with what a server says of itself in place of the version:
    ``asterisk=Asterisk 20.5.0 built by ...``. Raises `UsageProblem`, which names the `option` that they were given
    with."""
    chosen = Targets()
    for argument in arguments:
        product, equals, text = argument.partition("=")
        product = product.strip().lower()
        if not equals or product not in SUPPORTED:
            raise UsageProblem(f"{option} {argument}: expected asterisk=VERSION or kamailio=VERSION")
        chosen = chosen._replace(**{product: _version(product, text, f"{option} {argument}")})
    return chosen


def parse_version(product: str, text: str, shown: str) -> Version:
    """A version such as ``20.20``; raises `UsageProblem`, which begins with what is `shown`."""
    parts = text.strip().split(".")
    if not all(part.isascii() and part.isdigit() for part in parts):
        raise UsageProblem(f"{shown}: {text!r} is no version such as 20.20 or 5.6")
    return supported(product, tuple(map(int, parts)), shown)


def supported(product: str, version: Version, shown: str) -> Version:
    """The version, if cfglint knows it; raises `UsageProblem`, which begins with what is `shown`."""
    known = SUPPORTED[product]
    if version[: len(known[0])] not in known:
        first, last = (".".join(map(str, v)) for v in (known[0], known[-1]))
        raise UsageProblem(f"{shown}: cfglint knows {product} {first} to {last}")
    return version


def _version(product: str, text: str, shown: str) -> Version:
    if not any(name in text.lower() for name in SUPPORTED):
        return parse_version(product, text, shown)
    from cfglint.knowledge.banners import targets_in

    version: Version | None = getattr(targets_in(text, shown), product)
    if version is None:
        raise UsageProblem(f"{shown}: names no version of {product}")
    return version
