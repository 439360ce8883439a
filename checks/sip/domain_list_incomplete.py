"""A domain list makes chan_sip refuse phones that register by any other name or address.

Why it matters: as soon as [general] has one `domain` line, channels/chan_sip.c:register_verify takes a REGISTER only if
the host of To is listed, whatever `allowexternaldomains` says. A phone that is given the server's address gets 401,
then 403 (404 with alwaysauthreject=no). Calls are not concerned.

An information, as it is right where all phones use the listed names.

Client sees: REGISTER -> 401 -> 403; with alwaysauthreject=no: REGISTER -> 404

Log:
    Registration from '...' failed for '...' - Not a local domain

RFC: 3261 section 10.3: a registrar that does not serve the domain of the request-URI passes the request on (step 1), or
says 404 (section 21.4.5).

Verdict: depends. Deserved for a foreign domain; spurious for the server's own address.

Does not help: typing the password again; `allowexternaldomains=yes`: it counts for calls.

Fix: add a `domain` line for each name and address that phones are given. Unsafe: it widens the list.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.addresses import parse_address
from cfglint.model.editing import add_option
from cfglint.model.sip import Sip
from cfglint.model.values import is_true
from cfglint.resolve.asterisk import Section

_PHONE = "[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n"
EXAMPLES = [
    Example(
        bad="[general]\nudpbindaddr=192.0.2.10:5060\n«domain=pbx.example.com»\n" + _PHONE,
        good="[general]\nudpbindaddr=192.0.2.10\ndomain=pbx.example.com\ndomain=192.0.2.10\n" + _PHONE,
        fixed="[general]\nudpbindaddr=192.0.2.10:5060\ndomain=pbx.example.com\ndomain=192.0.2.10\n" + _PHONE,
    ),
    Example(
        bad="[general]\n«domain=pbx.example.com»\n" + _PHONE,
        good="[general]\nbindport=5060\n" + _PHONE,
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    lines = sip.general_options("domain")
    if not lines or not sip.phones or is_true(sip.setting("autodomain", "no")):
        return
    reached = [name for name in _reached(sip) if name not in sip.domains]
    if not reached and any(not isinstance(parse_address(domain), str) for domain in sip.domains):
        return
    others = " and ".join(f"'{name}'" for name in reached) if reached else "the server's address"
    message = f"only the listed domains may register: a phone that is given {others} is refused"
    answers = (401, 403) if sip.hides_accounts else (404,)
    yield Defect(lines[-1].place, message, subject=(sip.general, reached) if reached else None, answers=answers)


def _reached(sip: Sip) -> Iterator[str]:
    """Names and addresses of the server that the configuration itself mentions."""
    for name in ("bindaddr", "externaddr", "externhost"):
        value = sip.setting(name).lower()
        host = value.partition(":")[0] if value.count(":") == 1 else value
        if host and host not in ("0.0.0.0", "::", "[::]"):  # noqa: S104 - compared, not bound
            yield host


def fix(subject: tuple[Section, list[str]]) -> Fix:
    section, names = subject
    return Fix("list them, too", (add_option(section, *(("domain", name) for name in names)),))


CHECK = Check(find, level="info", category="answer", fix=fix, request="REGISTER")
