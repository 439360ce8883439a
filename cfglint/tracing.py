"""Plays requests against the server that a tree of configuration makes up."""

from __future__ import annotations

from typing import NamedTuple

from cfglint.engine import Request, trees
from cfglint.errors import NoInput, UnreadableInput
from cfglint.files import Files
from cfglint.findings import Failure
from cfglint.simulate.answer import Answer
from cfglint.simulate.chan_sip import ChanSipServer
from cfglint.simulate.client import Server, play
from cfglint.simulate.pjsip import PjsipServer
from cfglint.simulate.request import Request as SipRequest
from cfglint.simulate.request import World


class Trace(NamedTuple):
    """What a server answers to requests."""

    target: str
    answers: list[Answer]


def trace(request: Request, files: Files, requests: list[SipRequest], world: World) -> Trace:
    """Play requests against the server that a tree of configuration makes up. Raises `UnreadableInput`, `NoInput`."""
    failures: list[Failure] = []
    for tree in trees(request, files, failures):
        version = request.targets.asterisk or ((20,) if tree.sip is not None else (22,))
        server: Server
        if tree.pjsip is not None and (tree.sip is None or tree.pjsip.declared["transport"]):
            server = PjsipServer(tree.pjsip, version, world)
        elif tree.sip is not None:
            server = ChanSipServer(tree.sip, world)
        else:
            continue
        return Trace(f"asterisk {'.'.join(map(str, version))}", play(requests, server))
    if failures:
        raise UnreadableInput(failures[0].path, failures[0].message)
    raise NoInput("there is no sip.conf or pjsip.conf to trace a request through")
