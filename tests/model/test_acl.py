"""Whose address lists there are, and what holds for acl.conf as a whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.errors import UnreadableInput
from cfglint.files import Files
from cfglint.knowledge.versions import Targets
from cfglint.model.acl import ALIEN, ENTRY, GENERAL, SYNTAX
from cfglint.model.asterisk import Tree
from cfglint.source import Source
from tests.support import write_tree

OFFICE = "[office]\ndeny=0.0.0.0/0\npermit=10.0.0.0/8\n"


def tree_of(folder: Path, files: dict[str, str]) -> Tree:
    write_tree(folder, files)
    roots = [str(folder / name) for name in ("sip.conf", "pjsip.conf") if name in files]
    return Tree(roots or [str(folder / "acl.conf")], Files(), Targets())


def test_the_lists_of_peers(tmp_path: Path) -> None:
    tree = tree_of(
        tmp_path,
        {
            "sip.conf": "[general]\ncontactdeny=10.0.0.1\n"
            "[phone](!)\ntype=friend\ndeny=0.0.0.0/0\n"
            "[1001](phone)\npermit=10.0.0.0/8\nacl=office, home\ndirectmediadeny=10.9.9.9\n"
            "[1002]\ntype=friend\npermit=\nsecret=x\n"
        },
    )
    found = [(acl.shown, acl.purpose, len(acl.rules), [r.name for r in acl.references]) for acl in tree.access_lists]
    assert found == [
        ("peer '1001'", "source", 2, ["office", "home"]),
        ("peer '1001'", "media", 1, []),
        ("section 'general'", "contact", 1, []),
    ]


def test_the_lists_of_endpoints_and_acl_objects(tmp_path: Path) -> None:
    tree = tree_of(
        tmp_path,
        {
            "pjsip.conf": "[1001]\ntype=endpoint\ndeny=0.0.0.0/0\ncontact_permit=10.0.0.1\nacl=\n"
            "[lan]\ntype=acl\nacl=office \n[old](!)\ntype=acl\ndeny=0.0.0.0/0\n"
        },
    )
    assert [(acl.shown, acl.purpose) for acl in tree.access_lists] == [
        ("endpoint '1001'", "source"),
        ("endpoint '1001'", "contact"),
        ("acl object 'lan'", "source"),
    ]


@pytest.mark.parametrize(("kind", "dropped"), [("endpoint", False), ("acl", True)])
def test_a_line_without_value_is_skipped_in_endpoints_only(tmp_path: Path, kind: str, dropped: bool) -> None:
    tree = tree_of(tmp_path, {"pjsip.conf": f"[x]\ntype={kind}\npermit=\n"})
    assert tree.pjsip is not None
    assert (tree.pjsip.declared[kind][0].drop is not None) is dropped
    assert bool([fault for acl in tree.access_lists for fault in acl.faults]) is dropped


def test_names_keep_the_blank_behind_them(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, {"pjsip.conf": "[lan]\ntype=acl\nacl=a , b,\n"})
    references = tree.access_lists[0].references
    assert [reference.name for reference in references] == ["a ", "b", ""]
    assert [reference.place.text for reference in references] == ["a ", "b", ""]


def test_sections_of_one_name_are_one_list_and_names_have_case(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, {"acl.conf": OFFICE + "[Office]\n[office]\npermit=192.0.2.1\n[t](!)\npermit=x\n"})
    assert {name: len(acl.rules) for name, acl in tree.acls.lists.items()} == {"office": 3, "Office": 0}
    assert tree.acls.available


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        (OFFICE, []),
        ("", []),
        (OFFICE + "[General]\n", [GENERAL]),
        ("[general](!)\n" + OFFICE, []),
        (OFFICE + "type=acl\n", [ALIEN]),
        (OFFICE + "permit=\n", [ENTRY]),
        (OFFICE + "permit=10.0.0.0/33\nallow=x\n", [ALIEN, ENTRY]),
        (OFFICE + "[home\n", [SYNTAX]),
    ],
)
def test_what_rejects_the_whole_file(tmp_path: Path, text: str, kinds: list[str]) -> None:
    acls = tree_of(tmp_path, {"acl.conf": text, "sip.conf": "[1001]\ntype=friend\nacl=office\n"}).acls
    assert [failure.kind for failure in acls.failures] == kinds
    assert acls.available is not bool(kinds)


def test_without_the_file_there_is_no_table(tmp_path: Path) -> None:
    assert not tree_of(tmp_path, {"sip.conf": "[1001]\ntype=friend\nacl=office\n"}).acls.available


def test_whose_packets_a_list_judges(tmp_path: Path) -> None:
    tree = tree_of(
        tmp_path,
        {
            "acl.conf": OFFICE + "[unused]\ndeny=0.0.0.0/0\n",
            "sip.conf": "[1001]\ntype=friend\nacl=office\n[1002]\ntype=friend\npermit=x\n",
            "pjsip.conf": "[lan]\ntype=acl\nacl=office\n[bad]\ntype=acl\ndeny=0.0.0.0/0\nwrong=1\n",
        },
    )
    users = {acl.shown: [user.shown for user in tree.users(acl)] for acl in tree.access_lists}
    assert users == {
        "peer '1001'": ["peer '1001'"],
        "peer '1002'": [],
        "acl object 'lan'": ["acl object 'lan'"],
        "acl object 'bad'": [],
        "named acl 'office'": ["peer '1001'", "acl object 'lan'"],
        "named acl 'unused'": [],
    }


def test_lists_with_the_same_text_are_alike(tmp_path: Path) -> None:
    phones = "".join(f"[{name}]\ntype=friend\ndeny=0.0.0.0/0\npermit=10.0.0.0/{8 + name % 2}\n" for name in range(4))
    groups = [[acl.name for acl in group] for group in tree_of(tmp_path, {"sip.conf": phones}).alike]
    assert groups == [["0", "2"], ["1", "3"]]


@pytest.mark.parametrize(
    ("general", "families"),
    [
        ("", {4}),
        ("bindaddr=::", {4, 6}),
        ("udpbindaddr=10.0.0.1", {4}),
        ("bindaddr=0.0.0.0\ntlsbindaddr=[::1]", {4, 6}),
    ],
)
def test_families_of_chan_sip(tmp_path: Path, general: str, families: set[int]) -> None:
    tree = tree_of(tmp_path, {"sip.conf": f"[general]\n{general}\n[1001]\ntype=friend\ndeny=10.0.0.1\n"})
    assert tree.families(tree.access_lists[0]) == families


def test_families_of_pjsip_and_of_who_uses_a_named_list(tmp_path: Path) -> None:
    tree = tree_of(
        tmp_path,
        {
            "acl.conf": OFFICE,
            "pjsip.conf": "[t4]\ntype=transport\nbind=0.0.0.0\n[t6]\ntype=transport\nbind=[2001:db8::1]:5060\n"
            "[lan]\ntype=acl\nacl=office\n",
        },
    )
    assert [tree.families(acl) for acl in tree.access_lists] == [{4, 6}, {4, 6}]


@pytest.mark.parametrize(
    ("general", "refusals"), [("", [(401, 403), (401, 603)]), ("alwaysauthreject=no", [(404,), (401, 603)])]
)
def test_statuses_of_chan_sip(tmp_path: Path, general: str, refusals: list[tuple[int, ...]]) -> None:
    tree = tree_of(
        tmp_path, {"sip.conf": f"[general]\n{general}\n[1]\ntype=friend\ndeny=10.1.1.1\ncontactdeny=10.1.1.1\n"}
    )
    assert [tree.refusal(acl) for acl in tree.access_lists] == refusals
    assert tree.loss(tree.access_lists[0]) == refusals[0]


def test_statuses_of_pjsip(tmp_path: Path) -> None:
    tree = tree_of(tmp_path, {"pjsip.conf": "[1]\ntype=endpoint\ndeny=10.1.1.1\n[lan]\ntype=acl\ndeny=10.1.1.1\n"})
    assert [tree.refusal(acl) for acl in tree.access_lists] == [(401, 401), (403,)]
    assert [tree.loss(acl) for acl in tree.access_lists] == [(401, 401), ()]


@pytest.mark.parametrize(
    ("lines", "inbound"),
    [
        ("type=friend\nhost=dynamic", True),
        ("type=user", True),
        ("type=peer\nhost=192.0.2.1", False),
        ("type=peer\nhost=192.0.2.1\ninsecure=invite", True),
    ],
)
def test_peers_that_somebody_comes_in_by(tmp_path: Path, lines: str, inbound: bool) -> None:
    tree = tree_of(tmp_path, {"sip.conf": f"[1001]\n{lines}\n"})
    assert tree.sip is not None
    assert tree.sip.peers["1001"].inbound is inbound


@pytest.mark.parametrize(
    ("text", "inbound"),
    [
        ("[x]\ntype=endpoint\nauth=x\n", True),
        ("[x]\ntype=endpoint\noutbound_auth=x\n", False),
        ("[x]\ntype=endpoint\n[y]\ntype=identify\nendpoint=x\nmatch=192.0.2.1\n", True),
        ("[anonymous]\ntype=endpoint\n", True),
    ],
)
def test_endpoints_that_somebody_comes_in_by(tmp_path: Path, text: str, inbound: bool) -> None:
    pjsip = tree_of(tmp_path, {"pjsip.conf": text}).pjsip
    assert pjsip is not None
    assert pjsip.inbound(pjsip.declared["endpoint"][0]) is inbound


def test_an_acl_conf_kept_in_a_database_is_realtime(tmp_path: Path) -> None:
    files = {"sip.conf": "[1]\ntype=friend\n", "extconfig.conf": "[settings]\nacl.conf => odbc,asterisk,ast_config\n"}
    assert "acl" in tree_of(tmp_path, files).realtime


def test_a_companion_that_cannot_be_read_is_hidden_not_missing(tmp_path: Path) -> None:
    class Locked(Files):
        def read(self, path: str) -> Source:
            if path.endswith("acl.conf"):
                raise UnreadableInput(path, "may not be read")
            return super().read(path)

    write_tree(tmp_path, {"sip.conf": "[1]\ntype=friend\nacl=x\n", "acl.conf": OFFICE})
    tree = Tree([str(tmp_path / "sip.conf")], Locked(), Targets())
    assert tree.hidden("acl.conf")
    assert not tree.hidden("users.conf")
