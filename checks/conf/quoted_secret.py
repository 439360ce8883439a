"""A password or name is in quotes, and the quotes belong to it.

Why it matters: main/config.c:process_text_line takes everything behind the equals sign, quotes included. The server
then knows another password than the phone, and every digest fails. A user name, realm or host in quotes matches nothing
either. Only in names for display, as in `callerid`, are quotes meant.

Client sees: REGISTER -> 401 -> 403; in pjsip.conf: REGISTER -> 401 -> 401

Log:
    Registration from '...' failed for '...' - Wrong password
    Request '...' from '...' failed for '...' (callid: ...) - Failed to authenticate

RFC: 3261 section 22.1: a server that does not accept credentials may answer 403, as chan_sip does, or challenge again,
as chan_pjsip does; the client must not send the same ones again.

Verdict: spurious. The phone has the password that stands between the quotes.

Does not help: typing the password again, another transport, SIP ALG or NAT settings.

Fix: take the quotes away. Unsafe: a password may really have them.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.editing import set_value
from cfglint.resolve.asterisk import Config, Option

EXAMPLES = [
    Example(
        bad='[1001]\ntype=friend\nhost=dynamic\nsecret=«"s3cret"»\n',
        good='[1001]\ntype=friend\nhost=dynamic\nsecret=s3"cret\ncallerid="Desk" <1001>\n',
        fixed="[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
    ),
    Example(
        bad={"pjsip.conf": "[1001]\ntype=auth\nusername=1001\npassword=«“s3cret”»\nrealm=«'pbx'»\n"},
        good={"pjsip.conf": "[1001]\ntype=auth\nusername=1001\npassword=s3cret\nrealm=pbx\n"},
        fixed={"pjsip.conf": "[1001]\ntype=auth\nusername=1001\npassword=s3cret\nrealm=pbx\n"},
    ),
]

_SECRETS = frozenset(("secret", "remotesecret", "password"))
_NAMES = frozenset(
    ("username", "defaultuser", "fromuser", "fromdomain", "from_user", "from_domain", "realm", "host", "domain")
)
_PREFIXES = ("inbound_auth/", "outbound_auth/", "endpoint/")
_PAIRS = ('""', "''", "“”", "„“", "””", "‘’", "«»")


_OPENING = frozenset(pair[0] for pair in _PAIRS)


def find(config: Config) -> Iterator[Defect]:
    for section in config.sections:
        for option in section.options:
            value = option.value
            if value[:1] not in _OPENING or len(value) < 2 or option.home is not section or not _counts(option):
                continue
            if value[0] + value[-1] in _PAIRS:
                secret = option.name.rpartition("/")[2] in _SECRETS
                what = "the password" if secret else f"the value of '{option.key}'"
                text = f"the quotes belong to {what}" + (
                    ": a phone that has it without them is refused" if secret else ""
                )
                yield Defect(option.value_place, text, (), option, request="REGISTER" if secret else None)


def _counts(option: Option) -> bool:
    name = option.name
    if name.startswith(_PREFIXES):
        name = name.partition("/")[2]
    return name in _SECRETS or name in _NAMES


def fix(option: Option) -> Fix:
    return Fix("take the quotes away", (set_value(option, option.value[1:-1]),))


CHECK = Check(find, level="warning", category="load", fix=fix)
