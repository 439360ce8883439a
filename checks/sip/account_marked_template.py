"""A section with a password is marked as a template that nothing uses, so there is no such account.

Why it matters: chan_sip passes over sections marked `(!)`; they exist only for others to inherit from
(channels/chan_sip.c:reload_config, main/config.c:ast_category_browse). A phone that logs in under the name of one is
unknown: 401 and 403, or 404 with alwaysauthreject=no.

A warning where the name has a digit or the section holds what belongs to one account only, such as `callerid`;
otherwise an information, as it may be a template that waits for its first use.

Client sees: REGISTER -> 401 -> 403; with alwaysauthreject=no: REGISTER -> 404

Log:
    Registration from '...' failed for '...' - Wrong password

RFC: 3261 section 10.3: an address-of-record that does not exist is answered with 404 (step 5). chan_sip hides that
behind a challenge and a 403, so that nobody can find out which accounts exist.

Verdict: spurious. The password may be right; nothing is there to compare it with.

Does not help: typing the password again, another transport, SIP ALG or NAT settings: there is no account to compare
them with.

Fix: take the `(!)` away if it is an account. Unsafe: the account comes into being.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, delete
from cfglint.findings import Defect
from cfglint.model.sip import TYPES, Sip
from cfglint.resolve.asterisk import Section, folded
from cfglint.source import Place, Span

EXAMPLES = [
    Example(
        bad="[«1001»](!)\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
        good="[phone](!)\ntype=friend\nsecret=s3cret\n[1001](phone)\nhost=dynamic\n[spare](!)\ntype=friend\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n",
    ),
]


_PERSONAL = ("callerid", "defaultuser", "username", "mailbox", "accountcode", "md5secret")
"""What one account has for itself; many that share a template often share a password, too."""


def find(sip: Sip) -> Iterator[Defect]:
    if sip.config.incomplete:
        return  # what is not here may use it
    used = {id(base) for section in sip.config.sections for base in section.bases}
    for section in sip.config.sections:
        if not section.template or id(section) in used or folded(section.name) in sip.peers:
            continue
        host, kind = section.last("host"), section.first("type")
        if host is None or kind is None or kind.value.lower() not in TYPES:
            continue
        if any(option.value for name in ("secret", "md5secret") for option in section.all(name)):
            named = any(c.isdigit() for c in section.name) or any(section.first(name) for name in _PERSONAL)
            message = f"'{section.name}' is marked as a template that nothing uses: there is no such account"
            yield Defect(
                section.name_place, message, subject=section, level=None if named else "info", answers=(401, 403)
            )


def fix(section: Section) -> Fix | None:
    source, end = section.source, section.name_place.span.end + 1
    mark = Place(source, Span(end, end + 3))
    return Fix("make it an account", (delete(mark),)) if mark.text == "(!)" else None


CHECK = Check(find, level="warning", category="answer", fix=fix, request="REGISTER")
