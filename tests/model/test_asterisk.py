"""Which files of a directory are read, and as what."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.files import Files
from cfglint.knowledge.versions import parse_targets
from cfglint.model.asterisk import Tree, kind_of
from cfglint.resolve.asterisk.loading import load
from tests.support import write_tree


def tree(tmp_path: Path, files: dict[str, str], *roots: str, targets: tuple[str, ...] = ()) -> Tree:
    write_tree(tmp_path, files)
    return Tree([str(tmp_path / name) for name in roots], Files(), parse_targets(targets))


def judged(found: Tree) -> list[str]:
    return [Path(config.path).name for config in found.configs]


ALL = dict.fromkeys(
    ("sip.conf", "pjsip.conf", "acl.conf", "users.conf", "pjsip_wizard.conf", "extensions.conf"), "[x]\n"
)


def test_what_is_judged_with_a_root(tmp_path: Path) -> None:
    found = tree(tmp_path, ALL, "sip.conf", "pjsip.conf")
    assert judged(found)[:2] == ["sip.conf", "pjsip.conf"]
    assert sorted(judged(found)[2:]) == ["acl.conf", "pjsip_wizard.conf", "users.conf"]


def test_a_file_on_its_own_has_no_companions(tmp_path: Path) -> None:
    assert judged(tree(tmp_path, ALL, "extensions.conf")) == ["extensions.conf"]
    assert judged(tree(tmp_path, ALL, "acl.conf")) == ["acl.conf"]


def test_a_companion_that_is_a_root_is_read_once(tmp_path: Path) -> None:
    found = tree(tmp_path, ALL, "sip.conf", "acl.conf")
    assert judged(found).count("acl.conf") == 1
    assert found.companion("acl.conf") is found.roots[str(tmp_path / "acl.conf")]
    assert found.companion("nosuch.conf") is None


def test_a_companion_that_cannot_be_read(tmp_path: Path) -> None:
    write_tree(tmp_path, {"sip.conf": "[general]\n"})
    with open(tmp_path / "acl.conf", "wb") as stream:
        stream.truncate(2**40)
    found = tree(tmp_path, {}, "sip.conf")
    assert judged(found) == ["sip.conf"]
    assert [error.reason.partition(";")[0] for error in found.failures] == ["is larger than 64 MiB"]


def test_a_root_left_out(tmp_path: Path) -> None:
    found = tree(tmp_path, {"sip.conf": "[x]\n", "pjsip.conf": "[x]\n"}, "sip.conf", "pjsip.conf")
    found.leave_out(str(tmp_path / "sip.conf"))
    assert judged(found) == ["pjsip.conf"]
    assert found.sip is None
    assert found.pjsip is not None


@pytest.mark.parametrize(("target", "read"), [("16", True), ("20.20", True), ("21", False), ("23", False)])
def test_chan_sip_is_gone_from_21_on(tmp_path: Path, target: str, read: bool) -> None:
    found = tree(tmp_path, {"sip.conf": "[general]\n"}, "sip.conf", targets=(f"asterisk={target}",))
    assert (found.sip is not None) is read


@pytest.mark.parametrize(
    ("name", "text", "kind"),
    [
        ("sip.conf", "[a]\ntype=endpoint\n", "sip"),
        ("pjsip.conf", "", "pjsip"),
        ("pjsip.conf.sample", "", "pjsip"),
        ("PJSIP.conf", "", "pjsip"),
        ("acl.conf", "", "acl"),
        ("pjsip_wizard.conf", "", "wizard"),
        ("users.conf", "[a]\ntype=friend\nhost=x\n", "conf"),
        ("sip_notify.conf", "[a]\ntype=friend\nhost=x\n", "conf"),
        ("phones.conf", "[a]\ntype=endpoint\n", "pjsip"),
        ("phones.conf", "[a]\ntype=Friend\nhost=dynamic\n", "sip"),
        ("phones.conf", "[a]\nx=y\n", "conf"),
        ("phones.conf", "", "conf"),
    ],
)
def test_kinds(tmp_path: Path, name: str, text: str, kind: str) -> None:
    write_tree(tmp_path, {name: text})
    path = str(tmp_path / name)
    assert kind_of(path, load(path, Files())) == kind


@pytest.mark.parametrize(
    ("line", "allowed"), [("execincludes=yes", True), ("execincludes=no", False), ("x=yes", False)]
)
def test_exec_includes(tmp_path: Path, line: str, allowed: bool) -> None:
    found = tree(tmp_path, {"asterisk.conf": f"[options]\n{line}\n", "sip.conf": "[a]\n#exec x\n"}, "sip.conf")
    assert found.exec_includes is allowed
    assert found.configs[0].incomplete is allowed


def test_realtime(tmp_path: Path) -> None:
    files = {
        "sip.conf": "[a]\n",
        "extconfig.conf": "[settings]\nsippeers => odbc,x\nqueues => odbc,x\n",
        "sorcery.conf": "[res_pjsip]\nendpoint=realtime,ps\naor/cache=memory\nauth = config,pjsip.conf\n",
    }
    assert tree(tmp_path, files, "sip.conf").realtime == {"sip:peer", "pjsip:endpoint"}


def test_access_lists_of_all_files(tmp_path: Path) -> None:
    files = {
        "sip.conf": "[1001]\ntype=friend\nacl=office\n",
        "pjsip.conf": "[a]\ntype=acl\ndeny=0.0.0.0/0\n",
        "acl.conf": "[office]\npermit=10.0.0.0/8\n",
    }
    found = tree(tmp_path, files, "sip.conf", "pjsip.conf")
    assert [item.shown for item in found.access_lists] == ["peer '1001'", "acl object 'a'", "named acl 'office'"]
