"""sip.conf as reload_config and build_peer read it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.files import Files
from cfglint.knowledge.versions import Targets, parse_targets
from cfglint.model.asterisk import Tree
from cfglint.model.sip import Peer, Sip, split_host
from tests.support import write_tree


def read(tmp_path: Path, text: str, targets: tuple[str, ...] = (), **others: str) -> Sip:
    write_tree(tmp_path, {"sip.conf": text, **{name.replace("__", "."): content for name, content in others.items()}})
    sip = Tree([str(tmp_path / "sip.conf")], Files(), parse_targets(targets)).sip
    assert sip is not None
    return sip


def only(sip: Sip) -> Peer:
    (peer,) = sip.peers.values()
    return peer


@pytest.mark.parametrize(
    ("types", "roles"),
    [
        ("type=friend\n", "up"),
        ("type=peer\n", "p"),
        ("type=user\n", "u"),
        ("type=FRIEND\n", "up"),
        ("type=user\ntype=peer\n", "up"),
        ("type=friend\ntype=peer\n", "up"),
        ("type=peer\ntype=nonsense\n", "p"),
    ],
)
def test_type_lines_add_up(tmp_path: Path, types: str, roles: str) -> None:
    peer = only(read(tmp_path, f"[1001]\n{types}"))
    assert peer.roles == roles
    assert peer.registers == ("p" in roles)


def test_a_template_cannot_be_narrowed(tmp_path: Path) -> None:
    assert only(read(tmp_path, "[t](!)\ntype=friend\n[1001](t)\ntype=peer\n")).roles == "up"


@pytest.mark.parametrize("lines", ["", "host=dynamic\n", "type=phone\ntype=friend\n", "type=\n"])
def test_sections_that_become_no_peer(tmp_path: Path, lines: str) -> None:
    sip = read(tmp_path, f"[1001]\n{lines}")
    assert sip.peers == {}
    assert [section.name for section in sip.skipped] == ["1001"]


def test_general_is_the_first_section_of_that_name(tmp_path: Path) -> None:
    sip = read(
        tmp_path, "[General]\nrealm=one\nrealm=two\nexternip=1.2.3.4\n[general]\nrealm=three\n[authentication]\n"
    )
    assert sip.setting("realm") == "two"
    assert sip.setting("externaddr") == "1.2.3.4"
    assert sip.setting("nosuch", "default") == "default"
    assert [option.value for option in sip.general_options("realm")] == ["one", "two"]
    assert sip.peer_sections == []
    assert read(tmp_path, "[1001]\n").general_options("realm") == []


def test_peers_of_one_name_are_one_whatever_its_case(tmp_path: Path) -> None:
    sip = read(
        tmp_path,
        "[bob]\ntype=peer\nsecret=one\ntransport=tcp\nhost=10.0.0.1\n[BOB]\ntype=friend\nsecret=two\nhost=dynamic\n",
    )
    peer = only(sip)
    assert (peer.name, peer.section.name) == ("BOB", "bob")
    assert peer.value("secret") == "two"
    assert peer.get("transport") is None, "the first section's list is lost"
    assert peer.dynamic
    assert peer.roles == "up"
    assert [section.name for section in peer.sections] == ["bob", "BOB"]
    assert [option.value for option in peer.type_options] == ["peer", "friend"]


def test_lookup_of_options(tmp_path: Path) -> None:
    peer = only(read(tmp_path, "[t](!)\nhost=10.0.0.1\n[1001](t)\ntype=friend\nhost=DYNAMIC\nusername=x\n"))
    assert peer.dynamic
    assert peer.value("defaultuser") == "x"
    assert peer.value("nosuch", "default") == "default"
    assert not only(read(tmp_path, "[1001]\ntype=friend\n")).dynamic


@pytest.mark.parametrize(
    ("lines", "value"),
    [
        ("secret=a\n", "a"),
        ("secret=a\nmd5secret=b\n", "b"),
        ("md5secret=b\nsecret=a\n", "b"),
        ("secret=a\nmd5secret=\n", "a"),
        ("secret=a\nsecret=c\n", "c"),
        ("secret=\n", None),
        ("", None),
    ],
)
def test_what_the_digest_is_made_from(tmp_path: Path, lines: str, value: str | None) -> None:
    secret = only(read(tmp_path, f"[1001]\ntype=friend\n{lines}")).secret
    assert (secret.value if secret is not None else None) == value


@pytest.mark.parametrize(
    ("general", "own", "expected"),
    [
        ("", "", ["udp"]),
        ("", "transport=tcp\n", ["udp"]),
        ("tcpenable=yes\n", "transport=tcp\n", ["tcp"]),
        ("tcpenable=nonsense\n", "transport=tcp\n", ["tcp"]),
        ("tcpenable=no\n", "transport=tcp,udp\n", ["udp"]),
        ("tlsenable=yes\n", "transport=tls, wss\n", ["tls", "wss"]),
        ("tlsenable=nonsense\n", "transport=tls\n", ["udp"]),
        ("tcpenable=yes\ntransport=tcp,udp\n", "", ["tcp", "udp"]),
        ("tcpenable=yes\ntransport=tcp\n", "transport=tls\n", ["tcp"]),
        ("transport=sctp\n", "transport=\n", ["udp"]),
        ("", "transport=udp6\n", ["udp"]),
    ],
)
def test_transports(tmp_path: Path, general: str, own: str, expected: list[str]) -> None:
    sip = read(tmp_path, f"[general]\n{general}[1001]\ntype=friend\n{own}")
    assert sip.transports(only(sip)) == expected


def test_transports_of_everybody(tmp_path: Path) -> None:
    assert read(tmp_path, "[general]\ntcpenable=yes\ntransport=tcp\n").transports(None) == ["tcp"]


def test_switches_of_general(tmp_path: Path) -> None:
    assert read(tmp_path, "[general]\n").hides_accounts
    assert not read(tmp_path, "[general]\nalwaysauthreject=no\n").hides_accounts


def test_users_conf(tmp_path: Path) -> None:
    users = "[general]\nhassip=yes\n[A]\n[b]\nhassip=no\n[t](!)\n[c](t)\nhassip=yes\n[authentication]\n"
    assert read(tmp_path, "[general]\n", users__conf=users).users == {"a", "c"}
    assert read(tmp_path, "[general]\n", users__conf="[a]\n[b]\nhassip=on\n").users == {"b"}


def test_what_no_file_shows(tmp_path: Path) -> None:
    assert not read(tmp_path, "[general]\n").external
    assert read(tmp_path, "[general]\n#include nosuch.conf\n").external
    assert read(tmp_path, "[general]\n", extconfig__conf="[settings]\nsippeers => mysql,asterisk\n").external


def test_access_lists(tmp_path: Path) -> None:
    sip = read(
        tmp_path,
        "[general]\ncontactdeny=0.0.0.0/0\npermit=10.0.0.0/8\n"
        "[1001]\ntype=friend\ndeny=0.0.0.0/0\ncontactpermit=10.0.0.0/8\ndirectmediaacl=media\n[1002]\ntype=friend\n",
    )
    assert [(found.purpose, found.name) for found in sip.access_lists()] == [
        ("source", "1001"),
        ("contact", "1001"),
        ("media", "1001"),
        ("contact", "general"),
    ]


def sip_of(folder: Path, text: str) -> Sip:
    write_tree(folder, {"sip.conf": text})
    sip = Tree([str(folder / "sip.conf")], Files(), Targets()).sip
    assert sip is not None
    return sip


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("port,invite", {"port", "invite"}),
        ("Invite", {"invite"}),
        ("very", set()),
        ("port, invite", {"port"}),
        ("no", set()),
        ("", set()),
    ],
)
def test_insecure(tmp_path: Path, value: str, words: set[str]) -> None:
    sip = sip_of(tmp_path, f"[carrier]\ntype=peer\nhost=192.0.2.9\ninsecure={value}\n")
    assert sip.peers["carrier"].insecure == words


def test_the_first_general_that_is_no_template_counts(tmp_path: Path) -> None:
    sip = sip_of(tmp_path, "[general](!)\nrealm=a\n[general]\nrealm=b\n[General]\nrealm=c\n")
    assert sip.setting("realm") == "b"
    assert [section.name for section in sip.unread] == ["general", "General"]


@pytest.mark.parametrize(
    ("hosts", "deleted"),
    [
        (["dynamic"], False),
        ([""], True),
        (["", "192.0.2.9"], False),
        (["192.0.2.9", ""], True),
        (["", "dynamic"], True),
    ],
)
def test_an_empty_host_deletes(tmp_path: Path, hosts: list[str], deleted: bool) -> None:
    lines = "".join(f"host={host}\n" for host in hosts)
    peer = sip_of(tmp_path, f"[1001]\ntype=friend\n{lines}").peers["1001"]
    assert (peer.empty_host is not None) is deleted


def test_domains(tmp_path: Path) -> None:
    sip = sip_of(tmp_path, "[general]\ndomain=PBX.example.com,phones\ndomain=192.0.2.7\n")
    assert sip.domains == {"pbx.example.com", "192.0.2.7"}
    assert not sip_of(tmp_path, "[general]\nautodomain=no\n").domains
    assert "192.0.2.7" in sip_of(tmp_path, "[general]\nautodomain=yes\nbindaddr=192.0.2.7:5060\n").domains
    assert sip_of(tmp_path, "[general]\nautodomain=yes\nbindaddr=0.0.0.0\n").domains


def test_nat_of_a_peer_replaces_that_of_general(tmp_path: Path) -> None:
    sip = sip_of(tmp_path, "[general]\nnat=comedia\n[1]\ntype=peer\nnat=force_rport\n[2]\ntype=peer\n")
    assert sip.nat(sip.peers["1"]) == {"force_rport"}
    assert sip.nat(sip.peers["2"]) == {"comedia"}
    assert sip_of(tmp_path, "[general]\n").nat(None) == {"auto_force_rport"}


@pytest.mark.parametrize(
    ("value", "parts"),
    [
        ("192.0.2.9", None),
        ("sip.example.net", None),
        ("2001:db8::9", None),
        ("192.0.2.9:5080", ("192.0.2.9", "5080")),
        ("[2001:db8::9]:5080", ("2001:db8::9", "5080")),
        ("sip:sip.example.net", ("sip.example.net", "")),
    ],
)
def test_hosts_with_more_than_a_host(value: str, parts: tuple[str, str] | None) -> None:
    assert split_host(value) == parts
