"""Where trunks lead: the hosts in contacts and in the URIs of registrations."""

from __future__ import annotations

from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object
from cfglint.namedtuples import NamedTuple
from cfglint.resolve.asterisk import Option
from cfglint.simulate.request import parse_uri


class Host(NamedTuple):
    """A host that requests go to, and the line that says so."""

    name: str
    option: Option


def host_of(uri: str) -> str:
    """The host of a SIP URI, in lower case."""
    return parse_uri(uri).host.lower()


def contact_hosts(pjsip: Pjsip, endpoint: Object) -> list[Host]:
    """The hosts of the static contacts of an endpoint's AORs."""
    found = []
    for name in endpoint.items("aors"):
        aor = pjsip.aors.get(name)
        for option in aor.all("contact") if aor is not None and aor.get("contact") is not None else ():
            found += [Host(host, option) for uri in option.value.split(",") if (host := host_of(uri))]
    return found


def registrations(pjsip: Pjsip) -> dict[str, list[Object]]:
    """The registrations that load, by the host they register with."""
    found: dict[str, list[Object]] = {}
    for item in pjsip.objects["registration"].values():
        found.setdefault(host_of(item.value("server_uri")), []).append(item)
    return found


def with_line(pjsip: Pjsip) -> set[str]:
    """Endpoints that a registration recognises by its ``line``."""
    return {item.value("endpoint") for item in pjsip.objects["registration"].values() if item.flag("line")}
