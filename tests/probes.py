"""Asks the simulated server behind a tree of configuration what ordinary clients ask: every account's telephone, the
trunks, strangers; over every transport, and from the addresses that the configuration speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from cfglint.discover import roots
from cfglint.files import Files
from cfglint.knowledge.versions import parse_targets
from cfglint.model.addresses import format_address
from cfglint.model.asterisk import Tree
from cfglint.model.kamailio import KamailioTree
from cfglint.settings import Settings
from cfglint.simulate.answer import Status
from cfglint.simulate.client import play
from cfglint.simulate.phone import Phone, accounts, phone_for
from cfglint.simulate.request import KNOWN, TRANSPORTS, Endpoint, Request, Uri, World
from cfglint.tracing import KAMAILIO_ALGORITHMS, kamailio_for, server_for
from cfglint.trees import asterisk_trees
from cfglint.trees import trees as trees_of

CODECS = ("ulaw", "alaw", "g722", "opus")
_PASSWORD = re.compile(r"^\s*(?:secret|password)\s*=>?\s*(\S+)", re.MULTILINE)
_PUBLICATION = re.compile(r"^\[(\w+)\]\ntype=inbound-publication\nevent_([\w-]+)=", re.MULTILINE)
_HOST = re.compile(r"(?:@|sip:|match=|host=)((?:[\w-]+\.)+[a-z]+)")
_ADDRESS = re.compile(r"\b\d+\.\d+\.\d+\.\d+\b")

DOMAINS = ("pbx.example", "192.0.2.1")

Answers = dict[tuple[str, str], tuple[Status, ...]]
"""Method and who asks to the final answers."""


def trees(folder: Path, targets: tuple[str, ...]) -> list[Tree]:
    """The trees in a folder."""
    files = Files()
    return asterisk_trees(roots((str(folder),), files, Settings()), files, parse_targets(targets), None, [])


def answers(folder: Path, good: Path, targets: tuple[str, ...]) -> Answers:
    """What the configuration in a folder answers to those whom the one in `good` serves."""
    found: Answers = {}
    served, known = trees(good, targets), trees(folder, targets)
    names = dict.fromkeys(name for tree in (*served, *known) for name in accounts(tree))
    phones = {
        name: phone
        for name in names
        for tree in (*known, *served)  # the good tree's telephone wins
        if (phone := phone_for(tree, name, DOMAINS[0])) is not None
    }
    texts = "\n".join(path.read_text() for where in (folder, good) for path in where.rglob("*.conf"))
    passwords = [
        text.replace("\\;", ";") for path in good.rglob("*.conf") for text in _PASSWORD.findall(path.read_text())
    ]
    sources = [*addresses(served), *(Endpoint(ip, 5060) for ip in _ADDRESS.findall(texts))]
    world = World({host: f"192.0.2.{number}" for number, host in enumerate(dict.fromkeys(_HOST.findall(texts)), 210)})
    sources += [Endpoint(address, 5060) for address in world.hosts.values()]
    for tree in trees(folder, targets):
        for request in requests(phones, sources, [KNOWN, *passwords], texts):
            again = (" again, from elsewhere", [_elsewhere(request), request])
            if request.method == "INVITE":
                again = (" while another call stands", [request._replace(hold=True), request])
            for name, played in (("", [request]), again):
                server = server_for(tree, world)
                if server is not None and (not name or request.method in ("REGISTER", "INVITE")):
                    key = (
                        f"{request.id} {request.transport} {request.source} {request.to.host} {request.password}{name}"
                    )
                    found[request.method, key] = play(played, server[0])[-1].statuses
    return found


def _elsewhere(request: Request) -> Request:
    return request._replace(id="before", source=Endpoint("192.0.2.201", 40000))


def kamailio_answers(folder: Path, targets: tuple[str, ...]) -> Answers:
    """What the Kamailio in a folder answers to a phone's requests, over UDP and TCP, from several addresses."""
    files, found = Files(), Answers()
    texts = "\n".join(path.read_text() for path in folder.rglob("*.cfg"))
    domains = dict.fromkeys((DOMAINS[0], *_NAME.findall(texts)))
    sources = dict.fromkeys(("192.0.2.77", *_ADDRESS.findall(texts)))
    chosen = roots((str(folder),), files, Settings())
    for tree in trees_of(chosen, files, parse_targets(targets), None, []):
        assert isinstance(tree, KamailioTree)
        for method, domain, source, transport in product(METHODS, domains, sources, ("udp", "tcp")):
            user, number = Uri("sip", "alice", domain, None), Uri("sip", "600", domain, None)
            to = user if method == "REGISTER" else number
            uri = Uri("sip", "", domain, None) if method == "REGISTER" else number
            sent = Request("x", method, user, to, uri, auth_user="alice", password=KNOWN, codecs=CODECS)
            sent = sent._replace(source=Endpoint(source, 5060), transport=transport, to_tag=method == "BYE")
            for scene, played in _scenes(sent, user, _SCRIPTED.findall(texts)):
                server, _ = kamailio_for(tree, World())
                key = f"{domain} {source} {transport}{scene}"
                found[method, key] = play(played, server, KAMAILIO_ALGORITHMS)[-1].statuses
    return found


def _scenes(sent: Request, user: Uri, passwords: list[str]) -> Iterator[tuple[str, list[Request]]]:
    """One request, with each password that the script holds; a registration after another one of the same user from
    elsewhere; and a call to somebody who is registered."""
    yield "", [sent]
    for password in passwords:
        known = sent._replace(password=password)
        yield f", with {password}", [known]
        if sent.method == "REGISTER":
            yield f" again, with {password}", [_elsewhere(known), known]
    registrar = user._replace(user="")
    register = sent._replace(method="REGISTER", to=user, request_uri=registrar)
    if sent.method == "INVITE":
        yield " to one who is registered", [register, sent._replace(to=user, request_uri=user)]


_SCRIPTED = re.compile(r"pv_\w+_authenticate\(\"[^\"]+\", \"([^\"]+)\"")
METHODS = ("REGISTER", "INVITE", "BYE", "OPTIONS")
_NAME = re.compile(r"[\w-]+\.(?:example|org|com|net)\b|[\w-]+\.example\.\w+")


def addresses(served: list[Tree]) -> Iterator[Endpoint]:
    """Near and far clients, and the first host of every network that a list names."""
    yield Endpoint("192.0.2.77", 5060)
    yield Endpoint("198.51.100.77", 5060)
    yield Endpoint("2001:db8::77", 5060)
    for tree in served:
        for access in tree.access_lists:
            for rule in access.rules:
                yield Endpoint(format_address(rule.family, rule.network + 1), 5060)


def requests(phones: dict[str, Phone], sources: list[Endpoint], passwords: list[str], texts: str) -> Iterator[Request]:
    """What telephones send, with the authentication user filled in or not, and a call from outside, from everywhere."""
    domains = dict.fromkeys((*DOMAINS, *re.findall(r"^domain\s*=>?\s*([\w.]+)", texts, re.MULTILINE)))
    numbers = dict.fromkeys(("600", *re.findall(r"^exten\s*=>?\s*(\w+)", texts, re.MULTILINE)))
    for source in dict.fromkeys(sources):
        for name, password, domain, transport in product(phones, dict.fromkeys(passwords), domains, TRANSPORTS):
            phone = phones[name]._replace(domain=domain, transport=transport)
            for auth_user in {phone.auth_id, phone.user_id}:
                sent = phone.register(source, None)
                sent = sent._replace(id=f"{name} as {auth_user}", auth_user=auth_user, password=password)
                yield sent
                if transport != "udp" or domain != DOMAINS[0]:
                    continue
                for number in numbers:
                    uri = Uri("sip", number, domain, None)
                    call = sent._replace(id=f"{sent.id} to {number}", to=uri, request_uri=uri, codecs=CODECS)
                    yield call._replace(method="INVITE")
                    yield call._replace(method="SUBSCRIBE", event="dialog")
                for resource, event in (*_PUBLICATION.findall(texts), (name, "presence")):
                    uri = Uri("sip", resource, domain, None)
                    yield sent._replace(
                        id=f"{sent.id} for {resource}", method="PUBLISH", event=event, to=uri, request_uri=uri
                    )
        for number, port in product(numbers, (5060, 5071)):
            caller, called = Uri("sip", "4930123456", "carrier.example", None), Uri("sip", number, DOMAINS[0], None)
            origin = source._replace(port=port)
            yield Request(f"a caller to {number}", "INVITE", caller, called, called, source=origin, codecs=CODECS)
