"""Real Asterisk servers, each in a tree of its own, and what they answer."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import NamedTuple

from cfglint.simulate.request import Request, World
from cfglint.source import encode
from tests.live.bench import Outcome, perform, tree, why_not

MODULES = """
res_sorcery_config res_sorcery_memory res_sorcery_astdb res_pjproject res_crypto res_http_websocket res_security_log
pbx_config res_rtp_asterisk codec_ulaw codec_alaw app_verbose func_callerid app_dial res_timing_timerfd bridge_simple
""".split()
PJSIP = """
res_pjsip res_pjsip_session res_pjsip_pubsub res_pjsip_authenticator_digest res_pjsip_outbound_authenticator_digest
res_pjsip_endpoint_identifier_ip res_pjsip_endpoint_identifier_user res_pjsip_endpoint_identifier_anonymous
res_pjsip_acl res_pjsip_registrar res_pjsip_sdp_rtp res_pjsip_nat res_pjsip_dlg_options res_pjsip_caller_id
res_pjsip_exten_state res_pjsip_mwi res_pjsip_pidf_body_generator res_pjsip_dialog_info_body_generator
res_pjsip_mwi_body_generator res_pjsip_messaging res_pjsip_outbound_registration res_pjsip_outbound_publish
res_pjsip_refer res_pjsip_path res_pjsip_publish_asterisk res_pjsip_config_wizard res_pjsip_empty_info
res_pjsip_rfc3326 chan_pjsip
""".split()


class Server(NamedTuple):
    """An Asterisk of one version."""

    version: str
    suite: str
    """The tree's name: that of Debian's release."""
    modules: str
    chan_sip: bool

    @property
    def missing(self) -> str | None:
        """Why it cannot be asked; None if it can."""
        reason = why_not(self.suite, "usr/sbin/asterisk")
        if reason is None and not (said := _banner(self.suite)).startswith(f"Asterisk {self.version}."):
            reason = f"{tree(self.suite)} holds {said or 'a server that does not start'}, not Asterisk {self.version}"
        return reason


@cache
def _banner(suite: str) -> str:
    command = ["chroot", str(tree(suite)), "/usr/sbin/asterisk", "-V"]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout.strip()


SERVERS = (
    Server("16.28", "bullseye", "/usr/lib/asterisk/modules", True),
    Server("22.10", "sid", "/usr/lib/x86_64-linux-gnu/asterisk/modules", False),
)

_PLACES = {"varlib": "/var/lib/asterisk", "key": "/var/lib/asterisk", "data": "/usr/share/asterisk"}
REGISTERS_WITHIN = 12.0
"""Seconds: chan_pjsip sends its first REGISTER at a random time in the first ten of them
(res_pjsip_outbound_registration.c)."""

_WRITTEN = ("log", "run", "db", "spool")


def ask(
    server: Server, files: Mapping[str, str], requests: Sequence[Request], world: World, listen: float = 0
) -> Outcome:
    """Start a server with a configuration, send requests in order, and stop it; `listen` as in `perform`."""
    with tempfile.TemporaryDirectory(prefix="cfglint-live-") as name:
        folder = Path(name)
        _furnish(folder, server, files)
        asterisk = ["/usr/sbin/asterisk", "-C", "/mnt/asterisk.conf"]
        run = {
            "mounts": [[str(folder), "/mnt"], [str(folder / "etc"), "/etc/asterisk"]],
            "server": [*asterisk, "-f"],
            "ready": [*asterisk, "-rx", "core waitfullybooted"],
            "output": str(folder / "output"),
        }
        return perform(server.suite, run, requests, world, [folder / "output", folder / "log" / "messages"], listen)


def _furnish(folder: Path, server: Server, files: Mapping[str, str]) -> None:
    """The server's directories, and its configuration in them."""
    for name in ("etc", *_WRITTEN):
        (folder / name).mkdir()
    given = {
        "modules.conf": _modules(server, files),
        "logger.conf": "[logfiles]\nmessages => notice,warning,error\n",
        **files,
    }
    for name, text in given.items():
        path = folder / "etc" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(encode(text))
    places = {"etc": "/etc/asterisk", "mod": server.modules, **_PLACES, **{name: f"/mnt/{name}" for name in _WRITTEN}}
    lines = [f"ast{name}dir => {path}" for name, path in places.items()]
    options = ["[options]", "entityid = 02:00:00:00:00:01", "verbose = 0", "debug = 0"]
    (folder / "asterisk.conf").write_text("\n".join(["[directories]", *lines, *options, ""]))


def _modules(server: Server, files: Mapping[str, str]) -> str:
    """No more than what a test needs, of what the release has: so the server starts in a second."""
    wanted = [*MODULES, *(PJSIP if "pjsip.conf" in files else ()), *(["chan_sip"] if "sip.conf" in files else ())]
    there = {path.stem for path in Path(f"{tree(server.suite)}{server.modules}").glob("*.so")}
    return "\n".join(["[modules]", "autoload = no", *(f"load = {name}.so" for name in wanted if name in there), ""])
