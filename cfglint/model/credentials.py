"""What an auth of pjsip.conf lets somebody prove itself with (res_pjsip/config_auth.c)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from cfglint.resolve.asterisk import Option

if TYPE_CHECKING:
    from cfglint.model.pjsip.objects import Object

DIGEST_LENGTHS = {"MD5": 32, "SHA-256": 64, "SHA-512-256": 64}
"""Digits of a stored digest by algorithm."""


def digest_lines(auth: Object) -> list[tuple[str, str, Option]]:
    """Algorithm, digest and line of every stored digest; without an algorithm in front it is MD5."""
    found = []
    for option in auth.options:
        if option.name not in ("md5_cred", "password_digest"):
            continue
        for item in option.value.split(","):
            algorithm, colon, digest = item.partition(":")
            if item.strip():
                found.append(
                    (algorithm.strip().upper() if colon else "MD5", (digest if colon else item).strip(), option)
                )
    return found


def digests(auth: Object) -> dict[str, str]:
    """The stored digests by algorithm, as releases with several algorithms hold them."""
    return {algorithm: digest for algorithm, digest, _ in digest_lines(auth)}


def kind_of(auth: Object) -> str:
    """Its ``auth_type`` in lower case."""
    return auth.value("auth_type", "userpass").lower()


_TOKENS = ("refresh_token", "oauth_clientid", "oauth_secret")


def unusable(auth: Object, new_digest: bool, algorithms: Iterable[str]) -> str | None:
    """Why the server drops an auth that has all else it needs, or None; `algorithms` are those it must serve."""
    kind = kind_of(auth)
    if kind == "google_oauth":
        missing = next((name for name in _TOKENS if not auth.value(name)), None)
        return None if missing is None else f"is of type google_oauth and has no {missing}"
    if not new_digest:
        if kind == "digest":
            return "has a type that this version does not know"
        if kind == "md5" and len(auth.value("md5_cred")) != 32:
            return "is of type md5 and has no md5_cred of 32 digits"
        return None
    stored = digests(auth)
    for algorithm, digest in stored.items():
        if len(digest) != DIGEST_LENGTHS.get(algorithm, len(digest)):
            return f"has a digest that is not {DIGEST_LENGTHS[algorithm]} digits long"
    for algorithm in algorithms:
        if not auth.value("password") and algorithm.upper() not in stored:
            return f"has neither a password nor a digest for {algorithm}"
    return None
