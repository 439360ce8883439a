"""An endpoint that is recognised by its address is challenged for a password all the same.

Why it matters: `auth` on an endpoint makes Asterisk challenge what comes in
(res_pjsip_authenticator_digest.c:digest_requires_authentication), also where an `identify` section or the `line` of a
registration has recognised the caller. A provider has no password for us: its calls get 401 and are given up. What
Asterisk is to prove itself with at the provider is `outbound_auth`.

Two systems that log in at each other, with an `auth` and an `outbound_auth` of their own, are left alone, and so are
phones with a fixed address.

Client sees: INVITE -> 401

Log: A caller that does not answer the challenge leaves no line.

RFC: 3261 section 22.1: a server that does not accept credentials may challenge again, which is what chan_pjsip does;
the client must not send the same ones again.

Verdict: spurious. The provider has no password for us and needs none.

Does not help: the right password in `auth`: the other side does not know it.

Fix: write `outbound_auth` for `auth`, and `identify_by=ip`: the address alone lets in from then on, and a stranger who
puts the endpoint's name into From does not get in by that.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix
from cfglint.findings import Defect, Note
from cfglint.model.editing import remove_line, rename
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object
from cfglint.namedtuples import NamedTuple
from cfglint.resolve.asterisk import Option
from cfglint.source import Source

from ._phones import AOR, AUTH, found_by_name, inherited, only_by_address
from ._trunks import with_line

TRUNK = "[carrier]\ntype=endpoint\nallow=ulaw\n"
IDENTIFY = "[carrier-ip]\ntype=identify\nendpoint=carrier\nmatch=203.0.113.5\n"

EXAMPLES = [
    Example(
        bad=TRUNK + "«auth»=1001\n" + IDENTIFY + AUTH,
        good=TRUNK + "outbound_auth=1001\n" + IDENTIFY + AUTH,
        fixed=TRUNK + "outbound_auth=1001\nidentify_by=ip\n" + IDENTIFY + AUTH,
    ),
    Example(
        bad="[out](!)\ntype=endpoint\nallow=ulaw\n«auth»=1001\n[carrier](out)\n" + IDENTIFY + AUTH,
        good="[out](!)\ntype=endpoint\nallow=ulaw\n[carrier](out)\noutbound_auth=1001\n" + IDENTIFY + AUTH,
        fixed="[out](!)\ntype=endpoint\nallow=ulaw\noutbound_auth=1001\n[carrier](out)\nidentify_by=ip\n"
        + IDENTIFY
        + AUTH,
    ),
    Example(
        bad=TRUNK + "outbound_auth=1001\n«auth»=1001\n" + IDENTIFY + AUTH,
        good=TRUNK + "auth=1001\naors=1001\n" + IDENTIFY + AUTH + AOR,
        fixed=TRUNK + "outbound_auth=1001\nidentify_by=ip\n" + IDENTIFY + AUTH,
    ),
    Example(
        bad=TRUNK + "identify_by = ip,username\noutbound_auth = 1001\n«auth» = 1001\n" + IDENTIFY + AUTH,
        good=TRUNK + "identify_by = ip\noutbound_auth = 1001\n" + IDENTIFY + AUTH,
        fixed=TRUNK + "identify_by = ip\noutbound_auth = 1001\n" + IDENTIFY + AUTH,
    ),
]


class _Trunk(NamedTuple):
    """An endpoint that is challenged, and what recognises it."""

    endpoint: Object
    recogniser: Object


def find(pjsip: Pjsip) -> Iterator[Defect]:
    for trunks in _by_line(pjsip).values():
        sharing = [trunk.endpoint for trunk in trunks]
        for endpoint, recogniser in trunks:
            option, by = endpoint.get("auth"), "address" if recogniser.type == "identify" else "line"
            assert option is not None
            yield Defect(
                option.key_place,
                f"endpoint '{endpoint.name}' is recognised by its {by} and challenged all the same: a provider cannot"
                " answer that, and its calls get 401; outbound_auth is what Asterisk logs in with",
                (
                    Note(recogniser.place, f"{recogniser.type} '{recogniser.name}' recognises it"),
                    *inherited(endpoint, option),
                ),
                subject=sharing if endpoint is sharing[0] and _users(pjsip, option) == len(sharing) else None,
                # A peer that has the same password for both ways may well answer.
                level="info" if endpoint.value("outbound_auth") else None,
                answers=(401,),
            )


def _by_line(pjsip: Pjsip) -> dict[tuple[Source, int], list[_Trunk]]:
    """The trunks that are challenged, each once, by the line that says so, which may stand in a template."""
    lines, seen = with_line(pjsip), set()
    found: dict[tuple[Source, int], list[_Trunk]] = {}
    for recogniser in [*pjsip.objects["identify"].values(), *pjsip.objects["registration"].values()]:
        endpoint = pjsip.endpoints.get(recogniser.value("endpoint"))
        option = endpoint.get("auth") if endpoint is not None else None
        if endpoint is None or option is None or not option.value or endpoint.wizard or pjsip.registers(endpoint):
            continue
        if endpoint.name in seen or (recogniser.type == "registration" and endpoint.name not in lines):
            continue
        outbound = endpoint.value("outbound_auth")
        if outbound and outbound != option.value:
            continue
        seen.add(endpoint.name)
        found.setdefault((option.source, option.start), []).append(_Trunk(endpoint, recogniser))
    return found


def _users(pjsip: Pjsip, line: Option) -> int:
    """How many endpoints have a line, their own or a template's."""
    options = (endpoint.get("auth") for endpoint in pjsip.endpoints.values())
    return sum(o is not None and (o.source, o.start) == (line.source, line.start) for o in options)


def fix(endpoints: list[Object]) -> Fix | None:
    """Where the line stands in a template, all that inherit it are trunks, so that is the place."""
    option = endpoints[0].get("auth")
    if option is None:
        return None
    known = all(endpoint.get("outbound_auth") is not None for endpoint in endpoints)
    edits = [remove_line(option) if known else rename(option, "outbound_auth")]
    edits += [only_by_address(endpoint) for endpoint in endpoints if found_by_name(endpoint)]
    names = " and ".join(f"'{endpoint.name}'" for endpoint in endpoints)
    return Fix(f"do not challenge {names}, but log in there", tuple(edits))


CHECK = Check(find, level="warning", category="answer", fix=fix, request="INVITE")
