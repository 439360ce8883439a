"""An auth that offers no MD5, which many phones need.

Why it matters: `supported_algorithms_uas` says which algorithms the challenge offers
(res_pjsip_authenticator_digest.c:challenge). A phone that knows only MD5 finds none that it can answer and does not try
again, or gets 401 again and again. Right for phones that know SHA-256.

Client sees: a phone that knows only MD5: REGISTER -> 401

RFC: 8760 section 2.3: a server may challenge with several algorithms at once, the one it prefers first; a client takes
the first that it knows.

Verdict: deserved, if MD5 is not to be used any more; spurious for phones that know nothing else.

Does not help: another password or user name.

Fix: append `MD5`, unless every phone is known to do without.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, insert
from cfglint.findings import Defect
from cfglint.model.pjsip import Pjsip
from cfglint.resolve.asterisk import Option
from cfglint.source import Source

from ._phones import ENDPOINT, inherited

AUTH = "[1001]\ntype=auth\nusername=1001\npassword=s3cret\n"

EXAMPLES = [
    Example(
        bad=ENDPOINT + AUTH + "supported_algorithms_uas=«SHA-256»\n",
        good=ENDPOINT + AUTH + "supported_algorithms_uas=SHA-256,MD5\n",
        fixed=ENDPOINT + AUTH + "supported_algorithms_uas=SHA-256,MD5\n",
    ),
    Example(
        bad="[global]\ntype=global\ndefault_auth_algorithms_uas=«SHA-512-256»\n" + ENDPOINT + AUTH,
        good="[global]\ntype=global\ndefault_auth_algorithms_uas=SHA-512-256\n"
        + ENDPOINT
        + AUTH
        + "supported_algorithms_uas=md5\n",
        fixed="[global]\ntype=global\ndefault_auth_algorithms_uas=SHA-512-256,MD5\n" + ENDPOINT + AUTH,
    ),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    seen: set[tuple[Source, int]] = set()
    general = pjsip.settings.get("default_auth_algorithms_uas") if pjsip.settings else None
    for auth in pjsip.auths.values():
        own = auth.get("supported_algorithms_uas")
        option = own if own is not None and own.value else general
        if option is None or auth.name not in pjsip.inbound_auths or (option.source, option.start) in seen:
            continue
        offered = [name.upper() for name in pjsip.algorithms(auth)]
        if not offered or "MD5" in offered:
            continue
        seen.add((option.source, option.start))
        yield Defect(
            option.value_place,
            f"auth '{auth.name}' offers {', '.join(offered)} and no MD5: a phone that knows only MD5 cannot log in",
            inherited(auth, own) if option is own else (),
            subject=option,
            answers=(401,),
        )


def fix(option: Option) -> Fix:
    place = option.value_place
    return Fix("offer MD5, too", (insert(place.source, place.span.end, ",MD5"),))


CHECK = Check(find, level="info", category="answer", fix=fix, request="any request")
