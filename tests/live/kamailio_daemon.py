"""Real Kamailio servers: this machine's own, and one in each of several trees; and what they answer."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from cfglint.simulate.request import Request, World
from cfglint.source import encode
from tests.live import kamailio_server
from tests.live.bench import SERVER, Outcome, perform, why_not

PORT = 5060


class Server(NamedTuple):
    """A Kamailio of one version."""

    version: str
    suite: str | None
    """The tree's name: that of Debian's release; None for the machine's own server."""

    @property
    def missing(self) -> str | None:
        """Why it cannot be asked; None if it can."""
        why = why_not(self.suite, "usr/sbin/kamailio")
        if why is None and self.suite is None and not kamailio_server.version().startswith(f"{self.version}."):
            return f"the machine's Kamailio is {kamailio_server.version()}"
        return why


SERVERS = (Server("5.4", "bullseye"), Server("5.6", None), Server("6.0", "trixie"), Server("6.1", "sid"))


def ask(server: Server, files: Mapping[str, str], requests: Sequence[Request], world: World) -> Outcome:
    """Start a server with a configuration, send requests in order, and stop it."""
    with tempfile.TemporaryDirectory(prefix="cfglint-live-") as name:
        folder = Path(name)
        ports = {PORT, *(request.destination.port for request in requests if request.destination is not None)}
        (folder / "etc").mkdir()
        (folder / "run").mkdir(mode=0o777)
        for path, text in files.items():
            there = folder / "etc" / path
            there.parent.mkdir(parents=True, exist_ok=True)
            there.write_bytes(encode(text))
        run = {
            "mounts": [[str(folder / "etc"), "/etc/kamailio"], [str(folder), "/mnt"]],
            "server": [
                *("/usr/sbin/kamailio", "-DD", "-E", "-f", "/etc/kamailio/kamailio.cfg", "-m", "64", "-M", "8"),
                *("-P", "/mnt/run/pid", "-Y", "/mnt/run"),
            ],
            "ready": ["grep", "-qiE", f":({'|'.join(f'{port:04X}' for port in sorted(ports))}) ", "/proc/net/udp"],
            "output": str(folder / "output"),
        }
        return perform(server.suite, run, requests, world, [folder / "output"])


__all__ = ["SERVER", "SERVERS", "Server", "ask"]
