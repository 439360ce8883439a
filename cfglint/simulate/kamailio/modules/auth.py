"""auth: challenges, and passwords that the script knows (modules/auth/auth_mod.c, api.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.simulate.kamailio import digest
from cfglint.simulate.kamailio.values import Unknown, Value
from cfglint.simulate.request import WRONG

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run

PASSWORD_IS_HA1 = 1
CHECK_IDENTITY, SKIP_FROM = 1, 2


def www_challenge(run: Run, arguments: Arguments) -> Value:
    """401."""
    return digest.challenge(run, arguments.single(0), arguments.number(1), proxy=False)


def proxy_challenge(run: Run, arguments: Arguments) -> Value:
    """407."""
    return digest.challenge(run, arguments.single(0), arguments.number(1), proxy=True)


def auth_challenge(run: Run, arguments: Arguments) -> Value:
    """401 for REGISTER, else 407; nothing for ACK and CANCEL."""
    if run.message.method in ("ACK", "CANCEL"):
        return 1
    return digest.challenge(run, arguments.single(0), arguments.number(1), proxy=run.message.method != "REGISTER")


def _verify(run: Run, arguments: Arguments, method: str | Unknown, *, proxy: bool) -> Value:
    """Compare with a password that the script gives (auth_mod.c:pv_authenticate)."""
    realm, password, flags = arguments.text(0), arguments.text(1), arguments.number(2)
    if isinstance(realm, Unknown) or realm == "":
        run.say("the realm is empty or not known")
        return digest.ERROR
    if not password:
        run.say("the password is empty")
        return digest.ERROR
    realm = digest.stripped(run, realm)
    found = digest.credentials_for(run, realm, proxy=proxy)
    if isinstance(found, int):
        return found
    if isinstance(password, Unknown) and found.password == WRONG:
        return digest.WRONG_PASSWORD
    if isinstance(password, Unknown):
        taken = run.choose(f"{password.name}, the password", "it is the client's", "it is another")
        return digest.WRONG_PASSWORD if taken else digest.OK
    if digest.of_other_method(run, found, method):
        return digest.WRONG_PASSWORD
    if isinstance(flags, int) and flags & PASSWORD_IS_HA1:
        return digest.compare(run, found, password, None)
    ha1 = digest.hashed(digest.algorithm(run), f"{found.user}:{realm}:{password}")
    return _told(run, digest.compare(run, found, ha1, password))


def _told(run: Run, code: int) -> int:
    run.say(digest.IN_WORDS[code])
    return code


def pv_www(run: Run, arguments: Arguments) -> Value:
    """By Authorization."""
    return _verify(run, arguments, arguments.text(3, run.message.method), proxy=False)


def pv_proxy(run: Run, arguments: Arguments) -> Value:
    """By Proxy-Authorization."""
    return _verify(run, arguments, run.message.method, proxy=True)


def pv_check(run: Run, arguments: Arguments) -> Value:
    """By Authorization for REGISTER, else by Proxy-Authorization; perhaps with a check of the identity."""
    proxy = run.message.method != "REGISTER"
    code = _verify(run, arguments, run.message.method, proxy=proxy)
    checks = arguments.number(3)
    if code == digest.OK and isinstance(checks, int) and checks & CHECK_IDENTITY:
        found = run.message.proxy_authorization if proxy else run.message.authorization
        if found is None:
            return digest.OK if run.message.method in digest.NO_CHALLENGE else digest.ERROR
        use_domain = bool(run.setup.number("auth", "use_domain", 0))
        return digest.identity(run, found, skip_from=False, use_domain=use_domain)
    return code


def consume_credentials(run: Run, arguments: Arguments) -> Value:
    """Take the header that was verified out of the message that is sent on; the script goes on seeing it."""
    return 1 if run.message.credentials is not None else -1


def has_credentials(run: Run, arguments: Arguments) -> Value:
    """Are there credentials for a realm in either header?"""
    realm = arguments.text(0)
    found = run.message.credentials
    if isinstance(realm, Unknown):
        return 1 if run.is_true(f"there are credentials for {realm.name}") else -1
    return 1 if found is not None and found.realm.lower() == realm.lower() else -1


FUNCTIONS = {
    "www_challenge": www_challenge,
    "proxy_challenge": proxy_challenge,
    "auth_challenge": auth_challenge,
    "pv_www_authenticate": pv_www,
    "pv_www_authorize": pv_www,
    "pv_proxy_authenticate": pv_proxy,
    "pv_proxy_authorize": pv_proxy,
    "pv_auth_check": pv_check,
    "consume_credentials": consume_credentials,
    "has_credentials": has_credentials,
}
