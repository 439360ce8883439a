"""autodomain turns on the domain list, but the address that phones use may be missing from it.

Why it matters: `autodomain=yes` makes channels/chan_sip.c:register_verify refuse every REGISTER whose To host is not
listed. What it lists by itself is the address the server is bound to, `externaddr`, `externhost` and its host name.
Bound to all addresses, it takes the one that its own host name resolves to, often 127.0.1.1; or none. A phone that
registers by the real address gets 401, then 403.

An information where `externaddr` is listed: phones on the far side of the router use that one.

Client sees: REGISTER -> 401 -> 403; with alwaysauthreject=no: REGISTER -> 404

Log:
    Registration from '...' failed for '...' - Not a local domain
    Can't add wildcard IP address to domain list

RFC: 3261 section 10.3: a registrar that does not serve the domain of the request-URI passes the request on (step 1), or
says 404 (section 21.4.5).

Verdict: spurious. The address is the server's own.

Does not help: typing the password again; `allowexternaldomains=yes`: it counts for calls.

Fix: a `domain` line with the server's address, or `bindaddr` with that address. Which one, only you know; the edit
takes the list away, so that any name and address will do, where nothing else depends on it.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect
from cfglint.model.addresses import parse_address
from cfglint.model.editing import remove_line
from cfglint.model.sip import Sip
from cfglint.model.values import is_true

_PHONE = "[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n"
EXAMPLES = [
    Example(
        bad="[general]\n«autodomain=yes»\n" + _PHONE,
        good="[general]\nautodomain=yes\ndomain=192.0.2.10\n" + _PHONE,
        fixed="[general]\n" + _PHONE,
    ),
    Example(
        bad="[general]\nbindaddr=0.0.0.0\ndomain=pbx.example.com\n«autodomain=yes»\n" + _PHONE,
        good="[general]\nbindaddr=192.0.2.10\ndomain=pbx.example.com\nautodomain=yes\n" + _PHONE,
        fixed="[general]\nbindaddr=0.0.0.0\n" + _PHONE,
    ),
    Example(
        bad="[general]\ndomain=pbx.example.com,office\n«autodomain=yes»\n" + _PHONE,
        good="[general]\nbindaddr=192.0.2.10\ndomain=pbx.example.com,office\nautodomain=yes\n" + _PHONE,
    ),
]


def find(sip: Sip) -> Iterator[Defect]:
    option = sip.general_option("autodomain")
    if option is None or not is_true(option.value) or not sip.phones:
        return
    addresses = {name for name in sip.domains if not isinstance(parse_address(name), str)}
    external = sip.setting("externaddr").partition(":")[0]
    if addresses - {external}:
        return
    if addresses:
        message = f"autodomain lists no address but '{external}': phones on the near side that use another one get 403"
        yield Defect(option.place, message, level="info", answers=(401, 403) if sip.hides_accounts else (404,))
        return
    message = "autodomain lists no address here, as the server is bound to all: phones that register by address get 403"
    yield Defect(option.place, message, subject=sip, answers=(401, 403) if sip.hides_accounts else (404,))


def fix(sip: Sip) -> Fix | None:
    """Not where a domain chooses a context or the realm, or where calls to other domains are refused."""
    lines = [*sip.general_options("domain"), *sip.general_options("autodomain")]
    if any("," in line.value or line.home is not sip.general for line in lines):
        return None
    if is_true(sip.setting("domainsasrealm")) or not is_true(sip.setting("allowexternaldomains", "yes")):
        return None
    return Fix("take REGISTER for any name and address of the server", tuple(map(remove_line, lines)))


CHECK = Check(find, level="warning", category="answer", fix=fix, request="REGISTER")
