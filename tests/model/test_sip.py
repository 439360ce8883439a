"""sip.conf as chan_sip holds it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.files import Files
from cfglint.knowledge.versions import Targets
from cfglint.model.asterisk import Tree
from cfglint.model.sip import Sip, split_host
from tests.support import write_tree


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
