"""A section without a type, or with an unknown one, is no account.

Why it matters: channels/chan_sip.c:reload_config skips a section whose first `type` is not user, peer or friend (in any
case). The phone is an unknown account then: 401 and 403, or 404 with alwaysauthreject=no. Often the type stands in a
template that is not applied.

Client sees: REGISTER -> 401 -> 403; with alwaysauthreject=no: REGISTER -> 404

Log:
    Section '...' lacks type
    Unknown type '...' for '...' in ...
    Registration from '...' failed for '...' - Wrong password

RFC: 3261 section 10.3: an address-of-record that does not exist is answered with 404 (step 5). chan_sip hides that
behind a challenge and a 403, so that nobody can find out which accounts exist.

Verdict: spurious. The account stands in the file and does not exist.

Does not help: typing the password again, another transport, SIP ALG or NAT settings: there is no account to compare
them with.

Fix: add `type=friend` for a phone, `type=peer` for a trunk, or apply the template.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.knowledge.names import nearest
from cfglint.model.editing import add_option, set_value
from cfglint.model.sip import TYPES, Sip
from cfglint.resolve.asterisk import Section, folded

EXAMPLES = [
    Example(
        bad="[«1001»]\nhost=dynamic\nsecret=s3cret\n",
        good="[1001]\nhost=dynamic\nsecret=s3cret\ntype=friend\n",
        fixed="[1001]\nhost=dynamic\nsecret=s3cret\ntype=friend\n",
    ),
    Example(
        bad="[1001]\ntype=«freind»\nhost=dynamic\n",
        good="[1001]\ntype=Friend\nhost=dynamic\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\n",
    ),
    Example(
        bad="[«generel»]\nallowguest=no\nbindport=5060\n",
        good="[General]\nallowguest=no\nbindport=5060\n",
        fixed="[general]\nallowguest=no\nbindport=5060\n",
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    for section in sip.skipped:
        if section.incomplete or sip.config.incomplete or section.header.detached is not None:
            continue  # what is not here may set it; a template that is not applied is another check's
        option = section.first("type")
        known = folded(section.name) in sip.peers
        if option is not None:
            meant = nearest(option.value, TYPES)
            hint = f"; did you mean '{meant}'?" if meant else ""
            message = f"'{option.value}' is no type of chan_sip, so '{section.name}' is no account{hint}"
            place = option.value_place if option.value else option.place
            yield Defect(place, message, level="info" if known else None, subject=(section, meant))
        elif _is_general(section, sip):
            message = f"section '{section.name}' is neither [general] nor an account: its settings do not apply"
            meant = nearest(section.name, ["general"]) if sip.general is None else None
            yield Defect(section.name_place, message, subject=(section, meant))
        else:
            message = f"section '{section.name}' has no type, so it is no account"
            if known:
                message += "; the other section of that name is"
            account = any(o.name in ("host", "secret", "md5secret", "defaultuser", "username") for o in section.options)
            level = "info" if known or not section.options else "error" if account else "warning"
            yield Defect(section.name_place, message, level=level, subject=(section, None))


def _is_general(section: Section, sip: Sip) -> bool:
    """Do its options belong into [general]?"""
    only_general = set(sip.knowledge.general) - set(sip.knowledge.peer)
    return any(option.name in only_general for option in section.options)


def fix(subject: tuple[Section, str | None]) -> Fix | None:
    section, meant = subject
    option = section.first("type")
    if option is None and meant is not None:
        return Fix(f"name the section {meant}", (replace(section.name_place, meant),))
    if option is not None:
        return Fix(f"write type={meant}", (set_value(option, meant),)) if meant else None
    host = section.last("host")
    if host is None or host.value.lower() != "dynamic":
        return None
    return Fix(f"make '{section.name}' a phone's account", (add_option(section, ("type", "friend")),))


CHECK = Check(find, level="error", category="answer", fix=fix, request="REGISTER")
