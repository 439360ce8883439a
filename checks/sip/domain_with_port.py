"""An entry of the domain list has a port, a scheme or a user, and never matches.

Why it matters: channels/chan_sip.c:check_sip_domain compares the whole entry with the bare host of a request, from
which port and scheme were taken. The entry fits nothing, and yet it turns the list on: with no other entry every
REGISTER is refused with 401 and 403 (404 with alwaysauthreject=no).

Client sees: REGISTER -> 401 -> 403; with alwaysauthreject=no: REGISTER -> 404

Log:
    Registration from '...' failed for '...' - Not a local domain

RFC: 3261 section 10.3: a registrar has to know the domains that it serves; a port does not belong to a domain.

Verdict: spurious. The host is the one that was meant to be listed.

Does not help: typing the password again; the port in the phone: it is taken off before the comparison.

Fix: write the host alone. Unsafe: accounts may register by that name then.
"""

import re
from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.model.sip import Sip
from cfglint.resolve.asterisk import Option

_PHONE = "[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n"
EXAMPLES = [
    Example(
        bad="[general]\ndomain=«pbx.example.com:5060»\n" + _PHONE,
        good="[general]\ndomain=pbx.example.com\ndomain=2001:db8::7\n" + _PHONE,
        fixed="[general]\ndomain=pbx.example.com\n" + _PHONE,
    ),
    Example(
        bad="[general]\ndomain=pbx.example.com\ndomain=«sip:192.0.2.7»,phones\n" + _PHONE,
        good="[general]\ndomain=pbx.example.com\ndomain=192.0.2.7,phones\n" + _PHONE,
        fixed="[general]\ndomain=pbx.example.com\ndomain=192.0.2.7,phones\n" + _PHONE,
    ),
]

_MORE = re.compile(r"(?P<before>(?:sips?:(?://)?)?(?:[^@:]*@)?)(?P<host>[A-Za-z0-9._-]+)(?P<port>:[0-9]*)?", re.I)


def find(sip: Sip) -> Iterator[Defect]:
    lines = sip.general_options("domain")
    dead = [option for option in lines if _bare(option)]
    refused = len(dead) == len(lines) and len(sip.domains) == len(dead) and sip.phones
    for option in dead:
        entry = option.value.partition(",")[0]
        message = f"'{entry.strip()}' never matches: an entry is a host without scheme and port"
        if refused:
            message += ", and no other entry lets phones register"
        place = option.part_place(0, len(entry.rstrip()))
        if refused:
            answers = (401, 403) if sip.hides_accounts else (404,)
            yield Defect(place, message, (), option, "error", "answer", answers=answers)
        else:
            yield Defect(place, message, (), option)


def _bare(option: Option) -> str:
    """The host of an entry that holds more than that; empty where it is fit as it is."""
    found = _MORE.fullmatch(option.value.partition(",")[0].strip())
    return found["host"] if found is not None and (found["before"] or found["port"]) else ""


def fix(option: Option) -> Fix:
    place = option.part_place(0, len(option.value.partition(",")[0].rstrip()))
    return Fix("list the host alone", (replace(place, _bare(option)),))


CHECK = Check(find, level="warning", category="load", fix=fix, request="REGISTER")
