"""Who stands in the lists that a script asks, and what the probes make of it."""

from __future__ import annotations

from pathlib import Path

from cfglint.files import Files
from cfglint.knowledge.versions import Targets
from cfglint.model.kamailio import KamailioTree
from cfglint.scope import Scope
from cfglint.simulate.kamailio.listings import gateways, listed
from cfglint.simulate.kamailio.probes import Probes, probes
from cfglint.simulate.kamailio.server import KamailioServer
from cfglint.simulate.request import Endpoint, World

HEAD = "#!KAMAILIO\nlisten=udp:192.0.2.10:5060\n" + "".join(
    f'loadmodule "{name}.so"\n' for name in ("sl", "tm", "textops", "permissions", "dispatcher")
)
ADDRESSES = 'modparam("permissions", "address_file", "/etc/kamailio/address.list")\n'
DESTINATIONS = 'modparam("dispatcher", "list_file", "/etc/kamailio/dispatcher.list")\n'
GATE = 'request_route {\n    if (!%s) {\n        sl_send_reply("403", "No");\n        exit;\n    }\n    t_relay();\n}\n'


def tree(folder: Path, script: str, **files: str) -> KamailioTree:
    (folder / "kamailio.cfg").write_text(HEAD + script)
    for name, text in files.items():
        (folder / f"{name}.list").write_text(text)
    path = str(folder / "kamailio.cfg")
    return KamailioTree(path, Files(scope=Scope([str(folder)])), Targets(None, (6, 1)))


def asked(folder: Path, script: str, **files: str) -> Probes:
    return probes(tree(folder, script, **files).kamailio)


def server(folder: Path, script: str, **files: str) -> KamailioServer:
    return KamailioServer(tree(folder, script, **files).kamailio, (6, 1), World())


def test_a_peer_calls_from_the_port_that_is_listed(tmp_path: Path) -> None:
    script = ADDRESSES + GATE % 'allow_source_address("1")'
    lines = "1 198.51.100.20 32 5070\n1 203.0.113.0 24\n1 gateway.example\n"
    assert listed(server(tmp_path, script, address=lines)) == [
        Endpoint("198.51.100.20", 5070),
        Endpoint("203.0.113.1", 5060),
    ]
    assert asked(tmp_path, script, address="1 198.51.100.20 32 5070\n").peer_call is None


def test_gateways_are_those_of_the_sets_that_are_asked(tmp_path: Path) -> None:
    lines = "1 sip:192.0.2.30\n2 sip:198.51.100.20:5070\n2 sip:gateway.example\n"
    script = DESTINATIONS + GATE % 'ds_is_from_list("2")'
    assert gateways(server(tmp_path, script, dispatcher=lines)) == [Endpoint("198.51.100.20", 5070)]
    every = gateways(server(tmp_path, DESTINATIONS + GATE % "ds_is_from_list()", dispatcher=lines))
    assert every == [Endpoint("192.0.2.30", 5060), Endpoint("198.51.100.20", 5070)]
    assert gateways(server(tmp_path, DESTINATIONS + "request_route { t_relay(); }\n", dispatcher=lines)) == []


def test_a_gateway_in_the_set_is_let_in(tmp_path: Path) -> None:
    found = asked(tmp_path, DESTINATIONS + GATE % 'ds_is_from_list("2")', dispatcher="2 sip:198.51.100.20:5070\n")
    assert found.gateway_call is None
    assert found.emptiness == {}


def test_a_gateway_that_another_condition_refuses(tmp_path: Path) -> None:
    script = DESTINATIONS + GATE % '(ds_is_from_list("2") && $ua =~ "Cisco")'
    refusal = asked(tmp_path, script, dispatcher="2 sip:198.51.100.20:5070\n").gateway_call
    assert refusal is not None
    assert (refusal.statuses, refusal.request.source.host) == ((403,), "198.51.100.20")


def test_lists_that_hold_nobody(tmp_path: Path) -> None:
    script = DESTINATIONS + GATE % 'ds_is_from_list("2")'
    assert asked(tmp_path, script, dispatcher="1 sip:192.0.2.30\n").emptiness == {
        "ds_is_from_list": "dispatcher has no destination in set 2"
    }
    script = ADDRESSES + GATE % 'allow_source_address("1")'
    assert asked(tmp_path, script, address="# nobody yet\n").emptiness["allow_source_address"] == (
        "the address file is empty"
    )


def test_what_is_not_at_hand_is_not_empty(tmp_path: Path) -> None:
    assert asked(tmp_path, DESTINATIONS + GATE % 'ds_is_from_list("2")').emptiness == {}
    assert asked(tmp_path, ADDRESSES + GATE % 'allow_source_address("1")').emptiness == {}
    assert asked(tmp_path, GATE % "allow_trusted()").emptiness == {}


OWN_ONLY = """alias="example.com"
request_route {
    if (from_uri != myself) {
        sl_send_reply("403", "No");
        exit;
    }
%s    t_relay();
}
"""


def test_a_list_for_those_who_call_by_an_own_domain(tmp_path: Path) -> None:
    """Without the list nobody could call so: who is listed gains by it, and is not refused."""
    gate = '    if (!allow_source_address("1")) {\n        sl_send_reply("403", "No");\n        exit;\n    }\n'
    assert asked(tmp_path, ADDRESSES + OWN_ONLY % gate, address="1 198.51.100.20\n").peer_call is None


def test_a_list_that_only_opens_the_first_of_two_doors(tmp_path: Path) -> None:
    """Who calls by an own domain is let in from anywhere, so the list is there for those who do not."""
    script = """alias="example.com"
request_route {
    if (!allow_source_address("1") && from_uri != myself) {
        sl_send_reply("403", "Not relaying");
        exit;
    }
    if (from_uri != myself) {
        sl_send_reply("403", "Not allowed");
        exit;
    }
    t_relay();
}
"""
    refusal = asked(tmp_path, ADDRESSES + script, address="1 198.51.100.20\n").peer_call
    assert refusal is not None
    assert refusal.place is not None
    assert refusal.place.text == "(from_uri != myself)"


def test_a_list_that_opens_no_door(tmp_path: Path) -> None:
    """Peers have to call by an own domain, as everybody has to."""
    note = '    if (allow_source_address("1")) {\n        xlog("a peer");\n    }\n'
    assert asked(tmp_path, ADDRESSES + OWN_ONLY % note, address="1 198.51.100.20\n").peer_call is None
