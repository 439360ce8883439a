"""What all real servers have in common: where their trees are, and how a run on the `stage` is asked for."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from cfglint.simulate.answer import Status
from cfglint.simulate.request import Request, World

VARIABLE = "CFGLINT_SERVERS"
"""The environment variable that names the directory of the trees; ``tests/live/install`` makes them."""

ROOT = Path(__file__).resolve().parent.parent.parent
SERVER = "192.0.2.10"
"""Where the server is, unless a request says otherwise."""

LIMIT = 180
"""Seconds for one run, beside those that it is told to wait."""


class Outcome(NamedTuple):
    """What a server said to each request; nothing if it did not start."""

    started: bool
    statuses: dict[str, tuple[Status, ...]]
    heard: dict[str, list[tuple[str, Status]]]
    """Address of a peer to the requests that it got, and its answers."""
    output: str
    """What the server printed and logged."""


def tree(suite: str) -> Path:
    """Where the packages of a Debian release are installed."""
    return Path(os.environ.get(VARIABLE, "/nonexistent")) / suite


def why_not(suite: str | None, program: str) -> str | None:
    """Why a server cannot be asked; None if it can. Without a suite it is the machine's own."""
    if os.geteuid() != 0 or not _has_namespaces():
        return "only root makes namespaces, with unshare and ip, and where the system lets him"
    if suite is None:
        return None if Path("/", program).exists() else f"there is no /{program}"
    if not os.environ.get(VARIABLE):
        return f"${VARIABLE} names no directory of servers; tests/live/install makes one"
    if not (tree(suite) / program).exists():
        return f"there is no {program} in {tree(suite)}; tests/live/install puts one there"
    return None


@cache
def _has_namespaces() -> bool:
    if not (shutil.which("unshare") and shutil.which("ip")):
        return False
    command = ["unshare", "--net", "--mount", "--pid", "--fork", "--mount-proc", "ip", "link", "set", "lo", "up"]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def perform(
    suite: str | None,
    run: Mapping[str, Any],
    requests: Sequence[Request],
    world: World,
    output: Sequence[Path],
    listen: float = 0,
) -> Outcome:
    """One run; `run` holds the task's mounts, server, ready and output, and `output` the files to show afterwards.

    `listen`: seconds to wait at most, at the end, for what the server sends to peers on its own account.
    """
    sent = [_as_data(request) for request in requests]
    peers: list[dict[str, Any]] = [{"at": [*peer.at], "answers": peer.answers} for peer in world.peers]
    servers = {SERVER, *(request["destination"][0] for request in sent)}
    clients = {*(request["source"][0] for request in sent), *(peer["at"][0] for peer in peers), *world.hosts.values()}
    task = {
        "tree": "/" if suite is None else str(tree(suite)),
        "hosts": {name: address for name, address in world.hosts.items() if name != address},
        "requests": sent,
        "peers": peers,
        "listen": listen,
        "server_addresses": sorted(servers),
        "client_addresses": sorted(clients - servers),
        **run,
    }
    done = subprocess.run(
        [sys.executable, "-m", "tests.live.stage"],
        input=json.dumps(task).encode("utf-8", "surrogateescape"),
        capture_output=True,
        cwd=ROOT,
        timeout=LIMIT + listen + sum(request.wait for request in requests),
        check=False,
    )
    if done.returncode:
        raise RuntimeError(done.stderr.decode(errors="replace"))
    found = json.loads(done.stdout)
    said = "".join(path.read_text(errors="replace") for path in output if path.exists())
    statuses = {name: tuple(answers) for name, answers in found["answers"].items()}
    heard = {at: [(method, status) for method, status in asked] for at, asked in found["heard"].items()}
    return Outcome(found["started"], statuses, heard, said)


def _as_data(request: Request) -> dict[str, Any]:
    destination = request.destination
    return {
        "id": request.id,
        "method": request.method,
        "from": str(request.from_),
        "user": request.from_.user,
        "to": str(request.to),
        "request_uri": str(request.request_uri),
        "auth_user": request.auth_user,
        "password": request.password,
        "realm": request.realm,
        "algorithms": [algorithm.upper() for algorithm in request.algorithms or ("MD5",)],
        "source": [request.source.host, 0 if request.ephemeral else request.source.port],
        "destination": [destination.host, destination.port] if destination is not None else [SERVER, 5060],
        "transport": request.transport,
        "contact": str(request.contact) if request.contact is not None else None,
        "expires": request.expires,
        "event": request.event,
        "codecs": list(request.codecs),
        "headers": dict(request.headers),
        "body": request.body,
        "content_type": request.content_type,
        "max_forwards": request.max_forwards,
        "times": request.times,
        "wait": request.wait,
        "nonce": request.nonce,
        "to_tag": request.to_tag,
        "route": request.route,
        "hold": request.hold,
        "in_dialog": list(request.in_dialog),
    }
