"""The bench itself, on an account that is right: who is right gets in, nobody else does."""

from __future__ import annotations

import pytest

from cfglint.simulate.request import read_requests
from tests.live.asterisk_server import REGISTERS_WITHIN, SERVERS, Server, ask

SIP = """\
[general]
allowguest=no

[6001]
type=friend
host=dynamic
secret=s3cret
context=phones
deny=0.0.0.0/0
permit=198.51.100.0/24
"""
PJSIP = """\
[udp]
type=transport
protocol=udp
bind=0.0.0.0

[6001]
type=endpoint
context=phones
disallow=all
allow=ulaw
aors=6001
auth=6001
deny=0.0.0.0/0
permit=198.51.100.0/24

[6001]
type=aor
max_contacts=1

[6001]
type=auth
auth_type=userpass
username=6001
password=s3cret

[provider]
type=registration
transport=udp
outbound_auth=provider
server_uri=sip:203.0.113.5
client_uri=sip:4930@203.0.113.5

[provider]
type=auth
auth_type=userpass
username=4930
password=other
"""
DIALPLAN = "[phones]\nexten => 600,1,Answer()\n same => n,Wait(1)\n"
PHONE = {"from": "6001@192.0.2.10", "to": "6001@192.0.2.10", "source": "198.51.100.7:5060", "password": "s3cret"}
REQUESTS = {
    "requests": [
        {"id": "right", **PHONE},
        {"id": "wrong password", **PHONE, "password": "guess"},
        {"id": "unknown user", **PHONE, "from": "6009@192.0.2.10", "to": "6009@192.0.2.10"},
        {"id": "foreign address", **PHONE, "source": "203.0.113.77:5060"},
        {"id": "call", **PHONE, "method": "INVITE", "to": "600@192.0.2.10"},
        {"id": "nobody listens", **PHONE, "transport": "tcp"},
    ],
    "peers": [{"at": "203.0.113.5:5060", "answers": {"REGISTER": [401, 200]}}],
}
MAYBE_SIP = [server for server in SERVERS if server.chan_sip]


def name(server: Server) -> str:
    return server.version


def skip_without(server: Server) -> None:
    if server.missing:
        pytest.skip(server.missing)


@pytest.mark.parametrize("server", SERVERS, ids=name)
def test_chan_pjsip_lets_in_who_is_right_and_asks_its_provider(server: Server) -> None:
    skip_without(server)
    files = {"pjsip.conf": PJSIP, "extensions.conf": DIALPLAN}
    outcome = ask(server, files, *read_requests(REQUESTS, "requests"), REGISTERS_WITHIN)
    assert outcome.started, outcome.output
    assert outcome.statuses == {
        "right": (401, 200),
        "wrong password": (401, 401),
        "unknown user": (401, 401),
        "foreign address": (401, 401),
        "call": (401, 200),
        "nobody listens": ("refused",),
    }
    assert outcome.heard == {"203.0.113.5:5060": [("REGISTER", 401), ("REGISTER", 200)]}


@pytest.mark.parametrize("server", MAYBE_SIP, ids=name)
def test_chan_sip_lets_in_who_is_right(server: Server) -> None:
    skip_without(server)
    outcome = ask(server, {"sip.conf": SIP, "extensions.conf": DIALPLAN}, *read_requests(REQUESTS, "requests"))
    assert outcome.started, outcome.output
    assert outcome.statuses == {
        "right": (401, 200),
        "wrong password": (401, 403),
        "unknown user": (401, 403),
        "foreign address": (401, 403),
        "call": (401, 200),
        "nobody listens": ("refused",),
    }


@pytest.mark.parametrize("server", SERVERS, ids=name)
def test_a_server_that_takes_no_configuration_at_all_answers_nothing(server: Server) -> None:
    skip_without(server)
    outcome = ask(server, {"pjsip.conf": "type=endpoint\n"}, *read_requests([{"id": "right", **PHONE}], "requests"))
    assert outcome.statuses == {"right": ("timeout",)}
