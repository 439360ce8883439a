"""Answers of chan_pjsip that no check speaks of alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cfglint import registry
from cfglint.simulate import pjsip
from cfglint.simulate.answer import Status
from cfglint.simulate.client import play
from cfglint.simulate.pjsip import PjsipServer
from cfglint.simulate.request import World, read_requests
from tests.support import pjsip_of

TRANSPORT = "[udp]\ntype=transport\nbind=0.0.0.0\n"
PHONES = "".join(
    f"[{name}]\ntype=endpoint\nallow=ulaw\ncontext=phones\nauth={name}\n"
    f"[{name}]\ntype=auth\nusername={name}\npassword=x\n"
    for name in ("b", "c")
)
PUBLICATION = (
    "[state]\ntype=inbound-publication\nendpoint=b\nevent_asterisk-mwi=mwi\n[mwi]\ntype=asterisk-publication\n"
)


def answer(folder: Path, text: str, **fields: object) -> tuple[Status, ...]:
    request = {"method": "INVITE", "from": "b@192.0.2.1", "to": "600@192.0.2.1", "password": "x", **fields}
    requests, world = read_requests([request], "test")
    return play(requests, PjsipServer(pjsip_of(folder, TRANSPORT + text), (20, 20), world))[0].statuses


@pytest.mark.parametrize(
    ("user", "resource", "event", "expected"),
    [
        ("b", "state", "asterisk-mwi", (401, 200)),
        ("c", "state", "asterisk-mwi", (401, 403)),
        ("b", "other", "asterisk-mwi", (401, 404)),
        ("b", "state", "asterisk-devicestate", (401, 404)),
        ("b", "state", "presence", (401, 489)),
    ],
)
def test_publish(tmp_path: Path, user: str, resource: str, event: str, expected: tuple[int, ...]) -> None:
    fields: dict[str, object] = {
        "method": "PUBLISH",
        "from": f"{user}@h",
        "to": f"{resource}@h",
        "auth_user": user,
        "event": event,
    }
    assert answer(tmp_path, PHONES + PUBLICATION, **fields) == expected


@pytest.mark.parametrize("line", ["media_encryption=sdes", "webrtc=yes", "use_avpf=yes"])
def test_plain_calls_are_not_for_endpoints_that_encrypt(tmp_path: Path, line: str) -> None:
    assert answer(tmp_path, PHONES) == (401, 200)
    assert answer(tmp_path, f"{PHONES}[b](+)\n{line}\n") == (401, 488)


def test_messages_have_a_context_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "extensions.conf").write_text("[texts]\nexten => 600,1,Answer()\n[phones]\nexten => 700,1,Answer()\n")
    assert answer(tmp_path, PHONES, method="MESSAGE") == (401, 404)
    assert answer(tmp_path, f"{PHONES}[b](+)\nmessage_context=texts\n", method="MESSAGE") == (401, 202)


def test_an_excluded_address_is_not_the_trunk(tmp_path: Path) -> None:
    trunk = "[t]\ntype=endpoint\nallow=ulaw\n[t]\ntype=identify\nendpoint=t\nmatch=198.51.100.0/24,!198.51.100.7/32\n"
    assert answer(tmp_path, trunk, source="198.51.100.8") == (200,)
    assert answer(tmp_path, trunk, source="198.51.100.7") == (401, 401)


def test_two_global_sections_cancel_each_other(tmp_path: Path) -> None:
    one = "[global]\ntype=global\ndefault_realm=pbx\n"
    server = PjsipServer(pjsip_of(tmp_path, TRANSPORT + one), (20, 20), World())
    assert server.default_realm == "pbx"
    two = one + "[extra]\ntype=global\nuser_agent=x\n"
    assert PjsipServer(pjsip_of(tmp_path, TRANSPORT + two), (20, 20), World()).default_realm == "asterisk"


def test_the_checks_that_traces_name_exist() -> None:
    source = "".join(path.read_text() for path in Path(pjsip.__file__).parent.glob("*.py"))
    named = re.findall(r'"(pjsip-[a-z0-9-]+)"', source)
    assert named
    assert set(named) <= {check.id for check in registry.family("pjsip")}
