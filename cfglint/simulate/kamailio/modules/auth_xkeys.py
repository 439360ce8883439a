"""auth_xkeys: a header that proves a shared key (modules/auth_xkeys/auth_xkeys.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.simulate.kamailio.values import Unknown, Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run

ALGORITHMS = ("sha256", "sha384", "sha512")


def _keys(run: Run, wanted: str) -> list[str]:
    """The keys of an id (``id=...;name=...;value=...;expires=...``)."""
    found = []
    for setting in run.setup.settings("auth_xkeys", "xkey"):
        pairs = (part.partition("=") for part in str(setting.value).split(";"))
        fields = {name.strip(): value.strip() for name, _, value in pairs}
        if fields.get("id", "").lower() == wanted.lower():
            found.append(fields.get("value", ""))
    return found


def check(run: Run, arguments: Arguments) -> Value:
    """Does a header hold the hash of a key, a colon and some data?"""
    header, key, algorithm, data = (arguments.text(at) for at in range(4))
    if isinstance(header, Unknown) or isinstance(key, Unknown) or isinstance(algorithm, Unknown):
        return Unknown("what auth_xkeys_check() is asked for")
    given = (run.message.header(header.lower()) or "").strip()
    if not given or algorithm.lower() not in ALGORITHMS:
        run.say(f"the request has no header {header}" if not given else f"there is no algorithm {algorithm}")
        return -1
    if isinstance(data, Unknown):
        return 1 if run.is_true(f"{header} holds a key of {key}") else -1
    from hashlib import new  # slow to import, rarely needed

    hashes = [
        new(algorithm.lower(), f"{value}:{data}".encode("utf-8", "surrogateescape")).hexdigest()
        for value in _keys(run, key)
    ]
    if given.lower() in hashes:
        return 1
    run.say(f"{header} holds none of the {len(hashes)} keys of {key}")
    return -1


FUNCTIONS = {"auth_xkeys_check": check, "auth_xkeys_add": lambda run, arguments: 1}
