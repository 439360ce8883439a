"""A stored digest that no password can ever fit: of a wrong length, or with capital or other letters.

Why it matters: res_pjsip/config_auth.c drops an auth whose digest is not 32 digits long (64 for SHA-256), and every
request of its endpoints gets 500. A digest of the right length is hashed as the text it is, and what the phone computes
has small letters: one capital letter, and the phone gets 401 again and again with the right password.

Client sees: of a wrong length: REGISTER -> 500; with a capital letter: REGISTER -> 401 -> 401

Log:
    'md5' authentication requires digest of size '...', but digest is '...' in size for auth '...'
    ...: password_digest algorithm '...' length (...) must be ...
    Request '...' from '...' failed for '...' (callid: ...) - Failed to authenticate

Verdict: spurious. No password fits.

Does not help: another password in the phone.

Fix: write small letters. A wrong length means that something was lost: compute the digest again, MD5 of
`username:realm:password`.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.credentials import DIGEST_LENGTHS, digest_lines, kind_of
from cfglint.model.editing import set_value
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object
from cfglint.resolve.asterisk import Option

from ._phones import inherited

EXAMPLES = [
    Example(
        bad="[1001]\ntype=auth\nauth_type=md5\nusername=1001\nmd5_cred=«5EBE2294ECD0E0F08EAB7690D2A6EE69»\n",
        good="[1001]\ntype=auth\nauth_type=md5\nusername=1001\nmd5_cred=5ebe2294ecd0e0f08eab7690d2a6ee69\n",
        fixed="[1001]\ntype=auth\nauth_type=md5\nusername=1001\nmd5_cred=5ebe2294ecd0e0f08eab7690d2a6ee69\n",
    ),
    Example(
        bad="[1001]\ntype=auth\nauth_type=md5\nusername=1001\nmd5_cred=«5ebe2294ecd0e0f08eab7690d2a6»\n",
        good="[1001]\ntype=auth\nusername=1001\npassword=s3cret\nmd5_cred=5ebe2294ecd0e0f08eab7690d2a6\n",
    ),
    Example(
        bad="[1001]\ntype=auth\nusername=1001\npassword_digest=«SHA-256:5ebe2294ecd0e0f08eab7690d2a6ee69»\n",
        good="[1001]\ntype=auth\nusername=1001\npassword_digest=MD5:5ebe2294ecd0e0f08eab7690d2a6ee69\n",
        targets=("asterisk=22.2",),
    ),
]

DIGITS = frozenset("0123456789abcdef")


def find(pjsip: Pjsip) -> Iterator[Defect]:
    for auth in pjsip.auths.values():
        for algorithm, digest, option in digest_lines(auth):
            if not digest or not all(_used(auth, option, new) for new in pjsip.digest_rules):
                continue
            wanted = DIGEST_LENGTHS.get(algorithm, len(digest))
            if len(digest) != wanted:
                text = f"is {len(digest)} characters long, not {wanted}: it is dropped, and every request gets 500"
                answers: tuple[int, ...] = (500,)
            elif set(digest) <= DIGITS:
                continue
            elif set(digest.lower()) <= DIGITS:
                text = "has capital letters, and no password fits it: a phone gets 401 again and again"
                answers = (401, 401)
            else:
                text = "holds more than hexadecimal digits, and no password fits it: a phone gets 401 again and again"
                answers = (401, 401)
            yield Defect(
                option.value_place,
                f"the digest of auth '{auth.name}' {text}",
                inherited(auth, option),
                subject=option if answers == (401, 401) and set(digest.lower()) <= DIGITS else None,
                answers=answers,
            )


def _used(auth: Object, option: Option, new_digest: bool) -> bool:
    """Does a kind of release read the line at all? Old ones only for ``auth_type=md5``, new ones always."""
    return new_digest or (option.name == "md5_cred" and kind_of(auth) == "md5")


def fix(option: Option) -> Fix:
    algorithm, colon, digest = option.value.rpartition(":")
    return Fix("write the digest in small letters", (set_value(option, algorithm + colon + digest.lower()),))


CHECK = Check(find, level="error", category="answer", fix=fix, request="any request")
