"""Digest authentication: challenges, nonces, and what credentials prove (modules/auth/api.c, nonce.c, challenge.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.simulate.answer import Challenge
from cfglint.simulate.client import FOREIGN, STALE, Credentials
from cfglint.simulate.kamailio.state import Nonce
from cfglint.simulate.kamailio.values import Unknown, Value
from cfglint.simulate.request import KNOWN

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.run import Run

OK, ERROR, WRONG_PASSWORD, UNKNOWN_USER, STALE_NONCE, NO_CREDENTIALS, REUSED, EXPIRED_USER, MISMATCH = (
    1, -1, -2, -3, -4, -5, -6, -7, -8,
)  # fmt: skip
"""Return codes (modules/auth/api.h:auth_cfg_result)."""

IN_WORDS = {
    OK: "the credentials are right",
    ERROR: "an error",
    WRONG_PASSWORD: "the password is wrong",
    UNKNOWN_USER: "there is no such user",
    STALE_NONCE: "the nonce is stale",
    NO_CREDENTIALS: "there are no credentials for this realm in the header that is looked at",
    REUSED: "the nonce was used before",
    EXPIRED_USER: "the user name has expired",
    MISMATCH: "the digest user is not the user of From or To",
}

SHA256_LENGTH, SHA512_LENGTH, MD5_LENGTH = 64, 128, 32
NO_CHALLENGE = ("ACK", "CANCEL", "PRACK")
"""Methods that count as authenticated: they cannot be challenged."""

BIND_URI, BIND_CALL_ID, BIND_FROM_TAG, BIND_SOURCE = 1, 2, 4, 8
"""Bits of the auth_checks parameters: what a nonce is bound to."""


def algorithm(run: Run) -> str:
    """The algorithm of challenges."""
    return run.setup.text("auth", "algorithm", "") or "MD5"


def length_of(name: str) -> int:
    """Hexadecimal digits of a hash."""
    upper = name.upper()
    if upper.startswith("SHA-512") and not upper.startswith("SHA-512-256"):
        return SHA512_LENGTH
    return SHA256_LENGTH if upper.startswith("SHA") else MD5_LENGTH


def hashed(name: str, text: str) -> str:
    """The hash of a text, by an algorithm's name."""
    from hashlib import new  # slow to import, rarely needed

    kind = {MD5_LENGTH: "md5", SHA256_LENGTH: "sha256", SHA512_LENGTH: "sha512"}[length_of(name)]
    if name.upper().startswith("SHA-512-256"):
        kind = "sha512_256"
    return new(kind, text.encode("utf-8", "surrogateescape"), usedforsecurity=False).hexdigest()


def stripped(run: Run, realm: str) -> str:
    """A realm without the prefix that realm_prefix takes away."""
    return realm.removeprefix(run.setup.text("auth", "realm_prefix", ""))


def challenge(run: Run, realm: Value, flags: Value, *, proxy: bool) -> Value:
    """Ask for credentials: 401, or 407 for a proxy. Flag 16 says that the nonce was stale, 1 and 2 offer qop."""
    if not isinstance(realm, str) or not realm or not isinstance(flags, int):
        run.say("no challenge can be made: the realm is empty or not known")
        run.reply(500, "Internal Server Error")
        return -1
    shown = stripped(run, realm)
    message = run.message
    nonce = f"nonce{len(run.memory.nonces) + 1}"
    issued = Nonce(message.now, run.memory.starts, message.uri, message.call_id, message.from_tag, message.source.host)
    run.memory.nonces[nonce] = issued
    offered = Challenge(shown, (algorithm(run),), nonce, qop=bool(flags & 3))
    status, text = (407, "Proxy Authentication Required") if proxy else (401, "Unauthorized")
    run.reply(status, f"{text} (realm {shown})", challenges=(offered,), stale=bool(flags & 16))
    return 1


def credentials_for(run: Run, realm: str, *, proxy: bool) -> Credentials | int:
    """The credentials for a realm in one of the two headers, or the code that stands for what is wrong with them
    (api.c:pre_auth)."""
    message = run.message
    if message.method in NO_CHALLENGE:
        run.say(f"{message.method} counts as authenticated")
        return OK
    found = message.proxy_authorization if proxy else message.authorization
    wanted = stripped(run, realm)
    if found is None or stripped(run, found.realm).lower() != wanted.lower():
        name = "Proxy-Authorization" if proxy else "Authorization"
        why = "the request has none" if found is None else f"the client gives realm {found.realm}"
        run.say(f"no credentials for realm {wanted} in {name}: {why}")
        return NO_CREDENTIALS
    run.authorized = found
    return _checked(run, found)


def _checked(run: Run, credentials: Credentials) -> Credentials | int:
    """Credentials whose nonce is good, or what is wrong with it (nonce.c:check_nonce)."""
    memory, setup, now = run.memory, run.setup, run.message.now
    if credentials.nonce == STALE:
        run.say("the nonce is stale")
        return STALE_NONCE
    nonce = memory.nonces.get(credentials.nonce)
    if nonce is None or credentials.nonce == FOREIGN:
        run.say("the nonce is none of this server's")
        return ERROR
    if nonce.start < memory.starts:
        run.say("the nonce is older than the server's start, so it counts as stale whatever the secret is")
        return STALE_NONCE
    counted = bool(setup.number("auth", "nonce_count", 0)) and credentials.qop
    once = bool(setup.number("auth", "one_time_nonce", 0))
    used = memory.used_nonces.get(credentials.nonce, 0)
    if counted and credentials.uses <= used:
        run.say("the nonce count was used before")
        return STALE_NONCE
    if once and not counted and used:
        setting = setup.setting("auth", "one_time_nonce")
        run.say("the nonce was used before, and each may be used once", setting.place if setting else None)
        return REUSED
    memory.used_nonces[credentials.nonce] = max(credentials.uses, used + 1)
    if not counted:
        broken = _broken_binding(run, nonce)
        if broken is not None:
            run.say(f"the nonce was given to another {broken}")
            return STALE_NONCE
    lifetime = setup.number("auth", "nonce_expire", 300)
    if now - nonce.issued > lifetime:
        setting = setup.setting("auth", "nonce_expire")
        run.say(f"the nonce has expired after {lifetime} s", setting.place if setting else None)
        return STALE_NONCE
    return credentials


def _broken_binding(run: Run, nonce: Nonce) -> str | None:
    """What of the request is not as it was when the nonce was given, as far as the checks ask for it."""
    message = run.message
    if message.method == "REGISTER":
        name = "auth_checks_register"
    else:
        name = "auth_checks_in_dlg" if message.to_tag else "auth_checks_no_dlg"
    checks = run.setup.number("auth", name, 0)
    bound = (
        (BIND_URI, nonce.uri, message.uri, "request-URI"),
        (BIND_CALL_ID, nonce.call_id, message.call_id, "Call-ID"),
        (BIND_FROM_TAG, nonce.from_tag, message.from_tag, "From tag"),
        (BIND_SOURCE, nonce.source, message.source.host, "source address"),
    )
    return next((words for bit, then, now, words in bound if checks & bit and then != now), None)


def client_ha1(credentials: Credentials, password: str) -> str:
    """What the client makes of its own data."""
    return hashed(credentials.algorithm, f"{credentials.user}:{credentials.realm}:{password}")


def compare(run: Run, credentials: Credentials, ha1: str, password: str | None) -> int:
    """Is the response that of a HA1? `password` is the right one in plain text, where it is known."""
    if length_of(credentials.algorithm) != length_of(algorithm(run)):
        run.say(f"the response is not as long as one by {algorithm(run)}")
        return ERROR
    typed = credentials.password if credentials.password != KNOWN else password
    if typed is None:  # right, whatever it is: then only its form can be wrong
        good = len(ha1) == length_of(algorithm(run)) and ha1 == ha1.lower()
    else:
        good = client_ha1(credentials, typed) == ha1
    return OK if good else WRONG_PASSWORD


def of_other_method(run: Run, credentials: Credentials, method: str | Unknown) -> bool:
    """Is a response compared with that of another method than the request has? Then it never fits."""
    if isinstance(method, Unknown) or method == run.message.method:
        return False
    run.say(f"the response is compared with one for {method or 'no method'}, but the client makes it for the request's")
    return True


def identity(run: Run, credentials: Credentials, *, skip_from: bool, use_domain: bool) -> int:
    """Is the digest user the one in From, or in To for REGISTER and PUBLISH? (auth_db/authorize.c:auth_check)"""
    message = run.message
    user = credentials.user.partition("@")[0]
    registering = message.method in ("REGISTER", "PUBLISH")
    expected = message.to_uri if registering else message.from_uri
    skipped = skip_from and message.method in ("INVITE", "BYE", "PRACK", "UPDATE", "MESSAGE")
    if not skipped and user != expected.user:
        run.say(f"the digest user '{user}' is not '{expected.user}', the user of {'To' if registering else 'From'}")
        return MISMATCH
    if registering:
        one, other = message.from_uri, message.to_uri
        if one.user != other.user or (use_domain and one.host != other.host):
            run.say(f"From {one} and To {other} differ")
            return MISMATCH
    return OK
