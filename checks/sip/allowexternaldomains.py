"""Calls to other domains than the listed ones are refused, or are meant to be and are not.

Why it matters: with `allowexternaldomains=no` channels/chan_sip.c:get_destination answers 403 to an INVITE whose
request-URI names a host that is not listed: also to one that names the server's own address. With no domain listed the
option is switched back with a warning in the log and refuses nothing.

An information: it is right where the list is complete.

Client sees: a call to the server's own address: INVITE -> 403; with a secret: INVITE -> 401 -> 403

Log:
    To disallow external domains, you need to configure local SIP domains.

RFC: 3261 section 21.4.5: for a domain that the server does not serve there is 404.

Verdict: depends. Deserved for foreign domains; spurious for the server's own names and addresses.

Does not help: another password; `allowguest=yes`: the caller was recognised.

Fix: list every name and address that phones use for the server.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.addresses import parse_address
from cfglint.model.sip import Sip
from cfglint.model.values import is_true

EXAMPLES = [
    Example(
        bad="[general]\n«allowexternaldomains=no»\ndomain=pbx.example.com\n",
        good="[general]\nallowexternaldomains=no\ndomain=pbx.example.com\ndomain=192.0.2.10\n",
    ),
    Example(bad="[general]\n«allowexternaldomains=no»\n", good="[general]\nallowexternaldomains=yes\n"),
]


def find(sip: Sip) -> Iterator[Defect]:
    option = sip.general_option("allowexternaldomains")
    if option is None or is_true(option.value):
        return
    if not sip.domains:
        yield Defect(option.place, "no domain is listed, so calls to other domains are not refused", category="load")
    elif all(isinstance(parse_address(name), str) for name in sip.domains):
        message = "no address is listed: calls to the server's own address are refused as external"
        yield Defect(option.place, message, answers=(403,))


CHECK = Check(find, level="info", category="answer", request="INVITE")
