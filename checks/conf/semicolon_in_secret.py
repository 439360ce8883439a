"""A semicolon in a password starts a comment, and the password ends before it.

Why it matters: a semicolon that is not escaped by a backslash begins a comment, with or without a blank before it
(main/config.c:config_text_file_load). The server then knows a shorter password than the phone, and every digest fails.
Reported where what follows looks like the rest of a password; a single plain word, which may be a comment as well, is
only told as an information, and several words are taken for a comment.

Client sees: REGISTER -> 401 -> 403; in pjsip.conf: REGISTER -> 401 -> 401

Log:
    Registration from '...' failed for '...' - Wrong password
    Request '...' from '...' failed for '...' (callid: ...) - Failed to authenticate

RFC: 3261 section 22.1: a server that does not accept credentials may answer 403, as chan_sip does, or challenge again,
as chan_pjsip does; the client must not send the same ones again.

Verdict: spurious. The phone has the whole password.

Does not help: typing the password again; quotes around it: they become part of it.

Fix: write `\\;`, or leave semicolons out of passwords. A comment is better set off by a blank.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, insert
from cfglint.findings import Defect
from cfglint.resolve.asterisk import Config, Option
from cfglint.source import Place, Span

EXAMPLES = [
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic\nsecret=ab«;»cd9\n",
        good="[1001]\ntype=friend\nhost=dynamic\nsecret=ab\\;cd9\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\nsecret=ab\\;cd9\n",
    ),
    Example(
        bad={"pjsip.conf": "[1001]\ntype=auth\npassword = x9«;»K-2 ; kitchen\nusername=1001\n"},
        good={"pjsip.conf": "[1001]\ntype=auth\npassword = x9;the old one\nusername=1001\n"},
        fixed={"pjsip.conf": "[1001]\ntype=auth\npassword = x9\\;K-2 ; kitchen\nusername=1001\n"},
    ),
    Example(
        bad="[general]\nregister => 4711:ab«;»cd9@sip.example.net/4711\n",
        good="[general]\nregister => 4711:abcd9@sip.example.net/4711;trunk2\n",
        fixed="[general]\nregister => 4711:ab\\;cd9@sip.example.net/4711\n",
    ),
    Example(bad="[1001]\ntype=friend\nsecret=abc«;»kitchen\n", good="[1001]\ntype=friend\nsecret=abc ; kitchen\n"),
]

_SECRETS = frozenset(
    ("secret", "remotesecret", "password", "inbound_auth/password", "outbound_auth/password", "refresh_token")
) | {"oauth_secret", "priv_key_password", "tlsprivatekey_password"}
_DIGESTS = frozenset(("md5secret", "md5_cred", "password_digest"))
_LOGINS = frozenset(("register", "auth"))
_NAMES = _SECRETS | _DIGESTS | _LOGINS


def find(config: Config) -> Iterator[Defect]:
    for section in config.sections if any(_adjoins(source.text) for source in config.files) else ():
        for option in section.options:
            if option.name not in _NAMES or option.home is not section:
                continue
            level = _level(option, _tail(option))
            if level is not None:
                source, (_, end) = option.value_place
                place = Place(source, Span(end, end + 1))
                text = f"the semicolon ends '{option.key}' here and makes the rest of it a comment; a '\\;' would not"
                subject = place if level == "warning" else None
                request = None if option.name == "register" else "REGISTER"
                yield Defect(place, text, (), subject, level, request=request)


def _adjoins(text: str) -> bool:
    """Does a semicolon stand between two characters anywhere? In most files none does."""
    at = text.find(";")
    while at >= 0:
        if at and text[at - 1] not in " \t\n;\\" and text[at + 1 : at + 2] > " ":
            return True
        at = text.find(";", at + 1)
    return False


def _tail(option: Option) -> str:
    """What stands behind a semicolon that adjoins the value, up to the next one; empty where none does."""
    source, end = option.source, option.start + option.assignment.value_span.end
    if source.text[end : end + 1] != ";":
        return ""
    line = source.text[end : source.line_span(end).end]
    if line[1:2] <= " " or line.startswith((";;", ";--", ";#", ";//")):
        return ""
    return line[1:].partition(";")[0].strip()


def _level(option: Option, tail: str) -> str | None:
    """How much it looks like the rest of a password."""
    if not tail or any(c.isspace() for c in tail):
        return None
    if option.name in _LOGINS:
        return "warning" if ":" in option.value and "@" not in option.value and "@" in tail else None
    if option.name in _DIGESTS and len(option.value.rpartition(":")[2]) == 32:
        return None
    if "=" in tail.strip("="):
        return None  # another option, commented out
    return "info" if tail.rstrip(".!?,").isalpha() else "warning"


def fix(place: Place) -> Fix:
    return Fix("escape the semicolon", (insert(place.source, place.span.start, "\\"),))


CHECK = Check(find, level="warning", category="load", fix=fix)
