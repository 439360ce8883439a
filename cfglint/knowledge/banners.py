"""Versions of servers in what machines say of themselves: a list of packages, or how a server introduces itself.

Read are ``dpkg -l``, ``dpkg-query -W``, ``rpm -qa``, ``apk list``; ``asterisk -V``, ``core show version``,
``kamailio -v``, and the headers Server and User-Agent.
"""

from __future__ import annotations

import re

from cfglint.errors import UsageProblem
from cfglint.knowledge.versions import Targets, Version, supported

_NAMED = re.compile(
    r"(?:^|[\s/\"'(])(?P<product>asterisk|kamailio)\d*(?:-core)?(?::[a-z]\w*)?(?: pbx)?[\s(:/=-]+"
    r"(?:certified[/-]|git-|v)?(?:\d+:)?(?P<version>\d+(?:\.\d+)*)",
    re.IGNORECASE,
)
_DPKG = re.compile(r"[uihrp](?P<state>[ncHUFWti])[R ]?\s")
_INSTALLED = "iWt"
"""Installed; or so, waiting for the triggers of other packages."""


def targets_in(text: str, shown: str) -> Targets:
    """The versions that a text names; raises `UsageProblem` where it names none, or two of one product."""
    found: dict[str, tuple[Version, int]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        dpkg = _DPKG.match(line)
        if dpkg is not None and dpkg["state"] not in _INSTALLED:
            continue  # removed, its configuration is left
        for match in _NAMED.finditer(line):
            product, version = match["product"].lower(), tuple(map(int, match["version"].split(".")))
            known, at = found.get(product, ((), number))
            short, long = sorted((known, version), key=len)
            if long[: len(short)] != short:
                versions = f"{_text(known)} (line {at}) and {_text(version)} (line {number})"
                raise UsageProblem(f"{shown}: names {product} {versions}; say which with --target")
            found[product] = (long, at)
    if not found:
        raise UsageProblem(f"{shown}: names no version of asterisk or kamailio, as 'dpkg -l' or 'asterisk -V' do")
    for product, (version, at) in found.items():
        supported(product, version, f"{shown}:{at}")
    return Targets(**{product: version for product, (version, _) in found.items()})


def _text(version: Version) -> str:
    return ".".join(map(str, version))
