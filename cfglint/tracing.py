"""Plays requests against the server that a tree of configuration makes up."""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.engine import Request
from cfglint.errors import NoInput, UnreadableInput
from cfglint.files import Files
from cfglint.findings import Failure
from cfglint.model.asterisk import Tree
from cfglint.model.kamailio import KamailioTree
from cfglint.namedtuples import NamedTuple
from cfglint.secrets import conceal
from cfglint.simulate.answer import Answer, Step
from cfglint.simulate.client import Server, play
from cfglint.simulate.request import Request as SipRequest
from cfglint.simulate.request import World
from cfglint.source import Place
from cfglint.trees import trees


class Trace(NamedTuple):
    """What a server answers to requests."""

    target: str
    answers: list[Answer]


def trace(request: Request, files: Files, requests: list[SipRequest], world: World) -> Trace:
    """Play requests against the server that a tree of configuration makes up; of several the first. Raises
    `UnreadableInput`, `NoInput`."""
    failures: list[Failure] = []
    found = trees(
        request.roots, files, request.targets, request.installed_at, failures, request.database, world.defines
    )
    for tree in found:
        if isinstance(tree, Tree):
            server = server_for(tree, world)
            if server is not None:
                return Trace(server[1], list(map(concealed, play(requests, server[0]))))
        elif isinstance(tree, KamailioTree):
            kamailio, name = kamailio_for(tree, world)
            return Trace(name, list(map(concealed, play(requests, kamailio, KAMAILIO_ALGORITHMS))))
    if failures:
        raise UnreadableInput(failures[0].path, failures[0].message)
    raise NoInput("there is no sip.conf, pjsip.conf or kamailio.cfg to trace a request through")


def concealed(answer: Answer) -> Answer:
    """Without the secrets that stand in the lines it tells of."""
    places = [step.place for exchange in answer.exchanges for step in exchange.steps if step.place is not None]
    if answer.decided_by is not None:
        places.append(answer.decided_by)
    lines = dict.fromkeys(Place(place.source, place.source.line_span(place.span.start)) for place in places)
    exchanges = tuple(
        exchange._replace(
            steps=tuple(
                Step(conceal(step.text, [step.place] if step.place is not None else []), step.place)
                for step in exchange.steps
            )
        )
        for exchange in answer.exchanges
    )
    return answer._replace(exchanges=exchanges, unknowns=tuple(conceal(text, lines) for text in answer.unknowns))


KAMAILIO_ALGORITHMS = ("MD5", "SHA-256")
"""Kamailio offers one algorithm alone; a client that does not say which it knows is taken to know it."""


def server_for(tree: Tree, world: World) -> tuple[Server, str] | None:
    """The simulated Asterisk of a tree and its name with version, None where the tree makes none.

    Where both sip.conf and pjsip.conf exist, pjsip answers if it listens anywhere. Without a target the version is 20
    with sip.conf, else 22.
    """
    from cfglint.simulate.chan_sip import ChanSipServer
    from cfglint.simulate.pjsip import PjsipServer

    version = tree.targets.asterisk or ((20,) if tree.sip is not None else (22,))
    name = f"asterisk {'.'.join(map(str, version))}"
    if tree.pjsip is not None and (tree.sip is None or tree.pjsip.declared["transport"]):
        return PjsipServer(tree.pjsip, version, world), name
    return (ChanSipServer(tree.sip, world), name) if tree.sip is not None else None


def servers_for(tree: Tree, world: World) -> Iterator[tuple[str, str, Server]]:
    """Every Asterisk that a tree may make: channel driver (``sip``, ``pjsip``), version and server.

    Without a target one with the digest rules of old releases and one with the new ones.
    """
    from cfglint.simulate.chan_sip import ChanSipServer
    from cfglint.simulate.pjsip import PjsipServer

    if tree.sip is not None:
        yield "sip", "", ChanSipServer(tree.sip, world)
    for version in [tree.targets.asterisk] if tree.targets.asterisk else [(22,), (16,)]:
        if tree.pjsip is not None:
            yield "pjsip", str(version[0]), PjsipServer(tree.pjsip, version, world)


def kamailio_for(tree: KamailioTree, world: World) -> tuple[Server, str]:
    """The simulated Kamailio of a tree, and its name with version: without a target the newest that takes it."""
    from cfglint.simulate.kamailio.server import KamailioServer

    version = tree.targets.kamailio or tree.configs[0].target
    return KamailioServer(tree.kamailio, version, world), f"kamailio {'.'.join(map(str, version))}"
