"""An endpoint with a domain in its name is found only where From has that domain.

Why it matters: `[1001@pbx.example.com]` is looked up with user and domain of From
(res_pjsip_endpoint_identifier_user.c:username_identify). A phone that has the server's address as its domain is not
recognised and gets 401 again and again. A section `type=domain_alias` makes other domains stand for it.

Client sees: with another domain in From: REGISTER -> 401 -> 401

Log:
    Request '...' from '...' failed for '...' (callid: ...) - No matching endpoint found

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again, which is what chan_pjsip does;
the client must not send the same ones again.

Verdict: depends. Right where every phone uses the domain; a phone with the server's address is not wrong either.

Does not help: typing the password again; another name in To: From decides.

Fix: nothing, if every phone uses the domain. Else add a `domain_alias`, or name the endpoint without the domain.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.pjsip import Pjsip

from ._phones import AOR, AUTH, PHONE

NAMED = "type=endpoint\naors=1001\nauth=1001\n" + AUTH + AOR

EXAMPLES = [
    Example(
        bad="[«1001@pbx.example.com»]\n" + NAMED,
        good="[1001@pbx.example.com]\n" + NAMED + "[192.0.2.1]\ntype=domain_alias\ndomain=pbx.example.com\n",
    ),
    Example(bad="[«1001@pbx.example.com»]\n" + NAMED, good=PHONE),
]


def find(pjsip: Pjsip) -> Iterator[Defect]:
    aliased = {item.value("domain") for item in pjsip.declared["domain_alias"]}
    for endpoint in pjsip.phones:
        user, _, domain = endpoint.name.partition("@")
        if not domain or domain in aliased or endpoint.wizard or pjsip.find("endpoint", user) is not None:
            continue
        yield Defect(
            endpoint.place,
            f"endpoint '{endpoint.name}' is found only by phones that have '{domain}' as their domain",
            answers=(401, 401),
        )


CHECK = Check(find, level="info", category="answer", request="any request")
