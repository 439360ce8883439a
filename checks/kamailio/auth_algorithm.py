"""The digest algorithm is one that the server, its hashes or many phones do not know.

Why it matters: auth only knows MD5 (also written as nothing), SHA-256 and from 6.1 on SHA-512-256 and SHA-512, spelt
like that; with anything else it does not start (auth/auth_mod.c:mod_init). The algorithm holds for all: a phone that
only knows MD5 cannot answer, and hashes that are stored must have been made with it.

Client sees: a phone that does not know the algorithm: REGISTER -> 401

RFC: 8760 section 2.3: a server may challenge with several algorithms; this one offers a single one.

Verdict: deserved, if MD5 is not to be used any more; spurious for phones that know nothing else.

Does not help: another password.

Fix: take the line away, or use MD5. A known one that is spelt otherwise is written as the server spells it.
"""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.knowledge.kamailio_effects import DATABASE_CHECKS
from cfglint.model.kamailio import Kamailio
from cfglint.model.kamailio.editing import written
from cfglint.model.kamailio.parameters import Setting

EXAMPLES = [
    Example(
        bad='modparam("auth", "algorithm", «"SHA256"»)\nrequest_route {\n    exit;\n}\n',
        good='modparam("auth", "algorithm", "MD5")\nrequest_route {\n    exit;\n}\n',
    ),
    Example(
        bad='modparam("auth", "algorithm", «"md5"»)\nrequest_route {\n    exit;\n}\n',
        good='modparam("auth", "algorithm", "MD5")\nrequest_route {\n    exit;\n}\n',
        fixed='modparam("auth", "algorithm", "MD5")\nrequest_route {\n    exit;\n}\n',
    ),
    Example(
        bad='modparam("auth", "algorithm", «"SHA-256"»)\nrequest_route {\n    exit;\n}\n',
        good='modparam("auth", "algorithm", "")\nrequest_route {\n    exit;\n}\n',
    ),
    Example(
        bad='modparam("auth", "algorithm", «"SHA-512"»)\nrequest_route {\n    exit;\n}\n',
        good="request_route {\n    exit;\n}\n",
        targets=("kamailio=6.0",),
    ),
]

_NEWER = ("SHA-512-256", "SHA-512")


def find(kamailio: Kamailio) -> Iterator[Defect]:
    setting = kamailio.parameters.last("auth", "algorithm")
    name = setting.text if setting is not None else None
    if setting is None or name in (None, "", "MD5"):
        return
    known = name == "SHA-256" or (name in _NEWER and "6.1" in kamailio.releases)
    if not known:
        message = f"auth knows no algorithm '{name}', and the server does not start"
        yield Defect(setting.node.value.place, message, subject=setting, level="error", category="load")
        return
    stored = kamailio.calls_of(*DATABASE_CHECKS) and not kamailio.parameters.number("auth_db", "calculate_ha1", 0)
    hashes = ", and the stored hashes must be of this kind" if stored else ""
    yield Defect(setting.node.value.place, f"phones that only know MD5 cannot answer a challenge{hashes}")


def fix(setting: Setting) -> Fix | None:
    known = ("MD5", "SHA-256", *_NEWER)
    meant = next((name for name in known if _letters(name) == _letters(setting.text or "")), None)
    if meant is None or not written(setting.node.value):
        return None
    return Fix(f"write {meant}", (replace(setting.node.value.place, f'"{meant}"'),))


def _letters(name: str) -> str:
    return "".join(character for character in name.lower() if character.isalnum())


CHECK = Check(find, level="info", category="answer", request="REGISTER", fix=fix)
