"""Which endpoint a request is taken for (res_pjsip.c:ast_sip_identify_endpoint): the identifiers in their order."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property
from math import isqrt

from cfglint.knowledge import asterisk_changes
from cfglint.knowledge.versions import Version
from cfglint.model.identify import Match, matches, taken_by
from cfglint.model.modules import kept_out
from cfglint.model.pjsip import Pjsip
from cfglint.model.pjsip.objects import Object, identify_by
from cfglint.namedtuples import NamedTuple
from cfglint.resolve.asterisk import Config
from cfglint.simulate.answer import Step
from cfglint.simulate.client import Message
from cfglint.simulate.request import Request, World
from cfglint.source import encode

IDENTIFIERS = {
    "ip": "res_pjsip_endpoint_identifier_ip",
    "header": "res_pjsip_endpoint_identifier_ip",
    "request_uri": "res_pjsip_endpoint_identifier_ip",
    "username": "res_pjsip_endpoint_identifier_user",
    "auth_username": "res_pjsip_endpoint_identifier_user",
    "anonymous": "res_pjsip_endpoint_identifier_anonymous",
}
"""Identifier to the module that it is in."""


class Identified(NamedTuple):
    """The endpoint, and the step that tells how it was found."""

    endpoint: Object
    step: Step


class Identification:
    """The identifiers that are loaded."""

    def __init__(self, pjsip: Pjsip, version: Version, modules: Config | None, world: World) -> None:
        self.order = pjsip.order
        self.loaded = {kind: pjsip.loaded(kind) for kind in ("identify", "endpoint", "domain_alias", "transport")}
        self.modules = modules
        self.world = world
        self.loaded["identify"] = _in_order(pjsip, asterisk_changes.has(version, asterisk_changes.SORTED_MATCHES))
        if world.complete:
            self.loaded["identify"] = {n: i for n, i in self.loaded["identify"].items() if self._resolves(i)}

    def find(self, message: Message, steps: list[Step]) -> Identified | None:
        """The endpoint of the first identifier that finds one; the steps that led nowhere are noted."""
        for name in self.order:
            noload = kept_out(self.modules, IDENTIFIERS[name])
            if noload is not None:
                steps.append(Step(f"nobody is looked up by {name}: {IDENTIFIERS[name]} is not loaded", noload.place))
                continue
            found = getattr(self, f"_by_{name}")(message, steps)
            if found is not None:
                match: Identified = found
                return match
        return None

    def _resolves(self, identify: Object) -> bool:
        """Is there an address to every name? Otherwise the whole object is dropped
        (res_pjsip_endpoint_identifier_ip.c:ip_identify_apply)."""
        return all(match.name in self.world.hosts for match in matches(identify) if match.name)

    @cached_property
    def _identifies(self) -> list[tuple[Object, list[Match]]]:
        """The objects that know callers by their address, with their entries, in the order in which they count."""
        return [(identify, matches(identify)) for identify in self.loaded["identify"].values()]

    def _by_ip(self, message: Message, steps: list[Step]) -> Identified | None:
        source = message.request.source
        for identify, entries in self._identifies:
            match = taken_by(entries, *source.number, source.port, self.world.hosts)
            if match is None:
                continue
            endpoint = self.loaded["endpoint"].get(identify.value("endpoint"))
            if endpoint is None:
                text = f"identify '{identify.name}' matches, but its endpoint does not exist"
                steps.append(Step(text, match.option.place))
                return None
            text = f"identify '{identify.name}' takes it for endpoint '{endpoint.name}', by its address"
            return Identified(endpoint, Step(text, match.option.place))
        return None

    def _by_header(self, message: Message, steps: list[Step]) -> Identified | None:
        for identify in self.loaded["identify"].values():
            option = identify.get("match_header")
            if option is None:
                continue
            name, _, wanted = (part.strip() for part in option.value.partition(":"))
            value = _header(message.request, name.lower())
            if value is None or not _header_matches(wanted, value):
                continue
            endpoint = self.loaded["endpoint"].get(identify.value("endpoint"))
            if endpoint is not None:
                text = f"identify '{identify.name}' takes it for endpoint '{endpoint.name}', by its header {name}"
                return Identified(endpoint, Step(text, option.place))
        return None

    def _by_request_uri(self, message: Message, steps: list[Step]) -> Identified | None:
        for identify in self.loaded["identify"].values():
            option = identify.get("match_request_uri")
            endpoint = self.loaded["endpoint"].get(identify.value("endpoint"))
            if option is None or endpoint is None:
                continue
            if _header_matches(option.value, str(message.request.request_uri)):
                text = f"identify '{identify.name}' takes it for endpoint '{endpoint.name}', by its request-URI"
                return Identified(endpoint, Step(text, option.place))
        return None

    def _by_username(self, message: Message, steps: list[Step]) -> Identified | None:
        """From user, with its domain first; the endpoint must list `username` in identify_by."""
        from_ = message.request.from_
        return self._named(from_.user, from_.host, "username", f"the From user '{from_.user}'")

    def _by_auth_username(self, message: Message, steps: list[Step]) -> Identified | None:
        credentials = message.credentials
        if credentials is None:
            return None
        user, realm = credentials.user, credentials.realm
        return self._named(user, realm, "auth_username", f"the digest user '{user}'")

    def _by_anonymous(self, message: Message, steps: list[Step]) -> Identified | None:
        for name in self._with_domain("anonymous", message.request.from_.host):
            endpoint = self.loaded["endpoint"].get(name)
            if endpoint is not None:
                text = f"endpoint '{name}' takes everybody whom no other identifier has claimed"
                return Identified(endpoint, Step(text, endpoint.place))
        return None

    def _named(self, user: str, domain: str, method: str, what: str) -> Identified | None:
        for name in self._with_domain(user, domain):
            endpoint = self.loaded["endpoint"].get(name)
            if endpoint is None or name == "anonymous":
                continue
            if method not in identify_by(endpoint):
                return None
            return Identified(endpoint, Step(f"endpoint '{name}' is found by {what}", endpoint.place))
        return None

    def _with_domain(self, user: str, domain: str) -> Iterator[str]:
        """Names under which an object is looked up: with the domain, with what an alias makes of it, and bare."""
        yield from in_domain(user, domain, self.loaded["domain_alias"])
        for transport in self.loaded["transport"].values():
            if transport.value("domain"):
                yield f"{user}@{transport.value('domain')}"
        yield user


def _in_order(pjsip: Pjsip, by_name: bool) -> dict[str, Object]:
    """The identify objects as the server goes through them: by name, or as they lie in its hash table, which has as
    many places as there are sections, or the next prime below (res_sorcery_config.c:sorcery_config_internal_load)."""
    loaded = list(pjsip.loaded("identify").values())
    places = sum(not item.wizard for item in pjsip.declared["identify"])
    while places > 1 and any(places % divisor == 0 for divisor in range(2, isqrt(places) + 1)):
        places -= 1
    if by_name:
        loaded.sort(key=lambda item: item.name)
    else:
        loaded.sort(key=lambda item: (item.wizard, _hash(item.name) % max(places, 1)))
    return {item.name: item for item in loaded}


def _hash(name: str) -> int:
    """include/asterisk/strings.h:ast_str_hash."""
    found = 5381
    for byte in encode(name):
        found = (found * 33 & 0xFFFFFFFF) ^ byte
    return found & 0x7FFFFFFF


def in_domain(user: str, domain: str, aliases: Mapping[str, Object]) -> Iterator[str]:
    """``user@domain``, then with the domain that a domain_alias makes of it."""
    yield f"{user}@{domain}"
    alias = aliases.get(domain)
    if alias is not None:
        yield f"{user}@{alias.value('domain')}"


def _header(request: Request, name: str) -> str | None:
    """The value of a header: one that the request names, or the part that is known of those that every request has."""
    uris = {"from": str(request.from_), "to": str(request.to), "contact": request.sent_contact}
    if name not in request.headers and name in uris:
        return f"<{uris[name]}>"
    return request.headers.get(name)


def _header_matches(wanted: str, value: str) -> bool:
    """Equal, or a match of ``/regular expression/`` (res_pjsip_endpoint_identifier_ip.c)."""
    if len(wanted) > 1 and wanted[0] == wanted[-1] == "/":
        try:
            return re.search(wanted[1:-1], value[:1000]) is not None
        except re.error:
            return False
    return wanted == value
