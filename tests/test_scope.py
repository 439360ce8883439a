"""What is read and changed outside of what was named."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cfglint.errors import UnreadableInput
from cfglint.files import PRIVATE, Files
from cfglint.scope import Scope
from tests.cli.support import run

PEER = "[1001]\ntype=friend\nhost=dynamic\nsecert=x\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A directory among others; pytest closes its own to other users."""
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == os.getuid() and folder.name:
            folder.chmod(folder.stat().st_mode | 0o005)
    (tmp_path / "tree").mkdir()
    (tmp_path / "beside").mkdir()
    return tmp_path / "tree"


def put(path: Path, text: str, mode: int = 0o644) -> Path:
    path.write_text(text)
    path.chmod(mode)
    return path


def test_what_was_named_and_lies_below_is_in_it(tree: Path) -> None:
    put(tree / "sip.conf", "")
    for named in (tree, tree / "sip.conf"):
        scope = Scope([str(named)])
        assert scope.holds(str(tree / "sip.conf"))
        assert scope.holds(str(tree / "phones" / "hall.conf"))
        assert not scope.holds(str(tree.parent / "beside" / "a.conf"))
        assert not scope.holds(str(tree.parent / "tree2.conf"))


def test_a_named_link_is_in_it_and_where_it_leads(tree: Path) -> None:
    put(tree.parent / "beside" / "real.conf", "")
    (tree / "sip.conf").symlink_to("../beside/real.conf")
    scope = Scope([str(tree / "sip.conf")])
    assert scope.holds(str(tree / "acl.conf"))
    assert scope.holds(str(tree.parent / "beside" / "real.conf"))
    assert not scope.holds(str(tree.parent / "beside" / "other.conf"))
    assert not Scope([str(tree)]).holds(str(tree.parent / "beside" / "real.conf"))


@pytest.mark.parametrize("owner", [0, 1000])
def test_a_checkout_of_git_is_in_it_unless_it_is_roots(tree: Path, monkeypatch: pytest.MonkeyPatch, owner: int) -> None:
    (tree.parent / ".git").mkdir()
    stat = os.stat

    def owned(path: str, **options: bool) -> os.stat_result:
        fields = list(stat(path, **options))
        fields[4] = owner
        return os.stat_result(fields)

    monkeypatch.setattr(os, "stat", owned)
    assert Scope([str(tree)]).holds(str(tree.parent / "beside" / "a.conf")) == bool(owner)


def test_a_home_directory_under_version_control_is_no_checkout(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tree.parent / ".git").mkdir()
    monkeypatch.setenv("HOME", str(tree.parent))
    assert not Scope([str(tree)]).holds(str(tree.parent / "beside" / "a.conf"))


@pytest.mark.parametrize(
    ("mode", "folder_mode", "may"), [(0o644, 0o755, True), (0o640, 0o755, False), (0o644, 0o750, False)]
)
def test_elsewhere_only_what_everybody_may_read_is_read(tree: Path, mode: int, folder_mode: int, may: bool) -> None:
    beside = tree.parent / "beside"
    put(beside / "a.conf", "text", mode)
    beside.chmod(folder_mode)
    files = Files(scope=Scope([str(tree)]))
    for path in (beside / "a.conf", tree / ".." / "beside" / "a.conf"):
        if may:
            assert files.read(str(path)).foreign
        else:
            with pytest.raises(UnreadableInput) as caught:
                files.read(str(path))
            assert caught.value.reason == PRIVATE
    assert files.names(str(beside)) == (["a.conf"] if folder_mode == 0o755 else [])


@pytest.mark.parametrize(("user", "group", "may"), [(0, 1000, True), (0, 1001, False), (1000, 1000, False)])
def test_the_servers_group_counts_for_root(
    tree: Path, monkeypatch: pytest.MonkeyPatch, user: int, group: int, may: bool
) -> None:
    path = put(tree.parent / "beside" / "a.conf", "text", 0o640)
    stat = os.stat

    def grouped(name: str, **options: bool) -> os.stat_result:
        fields = list(stat(name, **options))
        fields[5] = {str(tree): 1000, str(path): group}.get(str(name), 0)
        return os.stat_result(fields)

    monkeypatch.setattr(os, "stat", grouped)
    monkeypatch.setattr(os, "geteuid", lambda: user)
    assert Scope([str(tree)]).may_read(str(path)) == may


def test_what_the_user_trusts_is_in_it(tree: Path) -> None:
    path = put(tree.parent / "beside" / "a.conf", "text", 0o600)
    source = Files(scope=Scope([str(tree)], [str(tree.parent / "beside")])).read(str(path))
    assert (source.text, source.foreign) == ("text", False)


def test_a_link_in_the_tree_opens_nothing(tree: Path) -> None:
    put(tree.parent / "beside" / "private.conf", "text", 0o600)
    (tree / "a.conf").symlink_to("../beside/private.conf")
    (tree / "folder").symlink_to("../beside")
    for path in ("a.conf", "folder/private.conf"):
        with pytest.raises(UnreadableInput):
            Files(scope=Scope([str(tree)])).read(str(tree / path))


def test_processes_are_not_read(tree: Path) -> None:
    with pytest.raises(UnreadableInput):
        Files(scope=Scope([str(tree)])).read("/proc/self/cmdline")


def test_in_the_tree_modes_do_not_matter(tree: Path) -> None:
    put(tree / "sip.conf", "text", 0o600)
    tree.chmod(0o700)
    source = Files(scope=Scope([str(tree)])).read(str(tree / "sip.conf"))
    assert (source.text, source.foreign) == ("text", False)


def test_a_link_that_comes_after_the_look_is_not_followed(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody exchanges a directory for a link between the two."""
    put(tree.parent / "beside" / "a.conf", "private", 0o600)
    (tree / "folder").mkdir()
    put(tree / "folder" / "a.conf", "mine")
    files = Files(scope=Scope([str(tree)]))
    real = files.real(str(tree / "folder" / "a.conf"))
    (tree / "folder" / "a.conf").unlink()
    (tree / "folder").rmdir()
    (tree / "folder").symlink_to("../beside")
    monkeypatch.setattr(files, "real", lambda path: real)
    with pytest.raises(UnreadableInput, match="exchanged"):
        files.read(str(tree / "folder" / "a.conf"))


def test_nothing_elsewhere_is_changed_or_offered_to_be(tree: Path) -> None:
    (tree / "linked.conf").symlink_to("../beside/b.conf")
    outside = [put(tree.parent / "beside" / name, PEER.replace("1001", name)) for name in ("a.conf", "b.conf")]
    put(tree / "sip.conf", f"[general]\n#include {outside[0]}\n#include linked.conf\n#include own.conf\n")
    own = put(tree / "own.conf", PEER)
    patch = run("fix", "--unsafe", str(tree))
    assert "own.conf" in patch.stdout
    assert "a.conf" not in patch.stdout
    assert "linked.conf" not in patch.stdout
    assert '"fix": {' in run("check", "-f", "json", "--select", "sip-unknown-option", str(tree)).stdout
    run("fix", "--unsafe", "--write", str(tree))
    assert own.read_text() == PEER.replace("secert", "secret")
    assert [path.read_text() for path in outside] == [PEER.replace("1001", "a.conf"), PEER.replace("1001", "b.conf")]


def test_private_text_never_reaches_a_report(tree: Path) -> None:
    put(tree.parent / "beside" / "private.conf", "canary = 1\n", 0o600)
    put(tree / "sip.conf", "[general]\n#include ../beside/private.conf\n")
    for form in ("text", "json", "sarif"):
        found = run("check", "-f", form, str(tree))
        assert "canary" not in found.stdout + found.stderr
        assert "--trust" in found.stdout
    assert "canary" in run("check", "--trust", str(tree.parent / "beside"), str(tree)).stdout


@pytest.mark.parametrize("link", [False, True])
def test_a_settings_file_above_counts_unless_it_is_a_link_to_something_private(tree: Path, link: bool) -> None:
    put(tree / "sip.conf", "[general]\n")
    text = put(tree.parent / "beside" / "settings", "canary: 1\n", 0o600)
    settings = tree.parent / ".cfglint.yaml"
    if link:
        settings.symlink_to("beside/settings")
    else:
        text.rename(settings)
    found = run("check", str(tree))
    assert found.exit_code == 2
    assert ("canary" in found.stderr) != link
