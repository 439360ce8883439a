"""One run of a real server and of its clients, in private namespaces: no packet leaves the machine.

    python -m tests.live.stage < task > outcome

The process gives itself network, mount and process namespaces of its own, with a second network for the clients, a pair
of virtual interfaces between the two, and every address on its side. Both are JSON. The task:

* ``tree``: the server's root directory, ``/`` for the machine's own;
* ``mounts``: pairs of a path of this machine and the path below the root where the server finds it;
* ``hosts``: name to address, all that resolves;
* ``server``: the server's command, which must stay in the foreground; ``ready``: one that succeeds when it is up;
* ``output``: the file that takes what the server prints;
* ``server_addresses``, ``client_addresses``;
* ``requests`` and ``peers``: what is sent, and who listens on the clients' side, see `sip_client`; ``listen``: how many
  seconds to wait afterwards for what the server itself sends.

The outcome: ``started``, ``answers`` (request to statuses), ``heard`` (what each peer was asked and what it answered).
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from tests.live import sip_client

INSIDE = "CFGLINT_LIVE_STAGE"
"""The environment variable that says on which side a process is."""

START = 40.0
"""Seconds that a server may take to start."""


def main() -> None:
    """Go into the namespaces, or, being there, do what the task says."""
    if not os.environ.get(INSIDE):
        os.environ[INSIDE] = "server"
        flags = ["--net", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "private"]
        os.execvp("unshare", ["unshare", *flags, sys.executable, "-m", "tests.live.stage"])
    task = json.load(sys.stdin)
    json.dump(sip_client.perform(task) if os.environ[INSIDE] == "clients" else _perform(task), sys.stdout)


def _run(*command: str) -> None:
    subprocess.run(command, check=True, capture_output=True)


def _perform(task: dict[str, Any]) -> dict[str, Any]:
    _connect(task["server_addresses"], task["client_addresses"])
    _mount(Path(task["tree"]), task)
    enter = [] if task["tree"] == "/" else ["chroot", task["tree"]]
    with open(task["output"], "wb") as output:
        server = subprocess.Popen(
            [*enter, *task["server"]], stdin=subprocess.DEVNULL, stdout=output, stderr=output, cwd="/"
        )
    try:
        started = _is_up(server, [*enter, *task["ready"]])
        played = _clients(task) if started else {"answers": {}, "heard": {}}
    finally:
        server.kill()
        server.wait()
    return {"started": started, **played}


def _connect(server: list[str], clients: list[str]) -> None:
    """Two networks with a wire between them, and every address on its side."""
    _run("mount", "-t", "tmpfs", "none", "/run")
    _run("ip", "netns", "add", "clients")
    _run("ip", "link", "add", "wire", "type", "veth", "peer", "name", "phones", "netns", "clients")
    for inside, device, addresses in (([], "wire", server), (["-n", "clients"], "phones", clients)):
        for name in ("lo", device):
            _run("ip", *inside, "link", "set", name, "up")
        for address in addresses:
            six = ":" in address
            more = ["nodad"] if six else []
            _run("ip", *inside, "addr", "add", f"{address}/{128 if six else 32}", "dev", device, *more)
        _run("ip", *inside, "route", "add", "default", "dev", device)
        _run("ip", *inside, "-6", "route", "add", "default", "dev", device)


def _mount(root: Path, task: dict[str, Any]) -> None:
    """What the server reads and writes, where it expects that."""
    for what, where in task["mounts"]:
        _run("mount", "--bind", what, f"{root}{where}")
    if root != Path("/"):
        _run("mount", "-t", "proc", "proc", f"{root}/proc")
    names = {"localhost": "127.0.0.1", **task["hosts"]}
    texts = {"hosts": "".join(f"{address} {name}\n" for name, address in names.items()), "resolv.conf": ""}
    for name, text in texts.items():
        there, mine = root / "etc" / name, Path("/run") / name
        mine.write_text(text)
        there.touch()
        _run("mount", "--bind", str(mine), str(there))


def _is_up(server: subprocess.Popen[bytes], ready: list[str]) -> bool:
    end = time.monotonic() + START
    while time.monotonic() < end and server.poll() is None:
        if subprocess.run(ready, capture_output=True, timeout=START, check=False).returncode == 0:
            return True
        time.sleep(0.05)
    return False


def _clients(task: dict[str, Any]) -> dict[str, Any]:
    """The requests, sent from the other network."""
    command = ["ip", "netns", "exec", "clients", sys.executable, "-m", "tests.live.stage"]
    environment = {**os.environ, INSIDE: "clients"}
    done = subprocess.run(command, input=json.dumps(task).encode(), stdout=subprocess.PIPE, env=environment, check=True)
    found: dict[str, Any] = json.loads(done.stdout)
    return found


if __name__ == "__main__":
    main()
