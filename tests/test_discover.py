from __future__ import annotations

import os
from pathlib import Path

import pytest

from cfglint.discover import Root, language_of, overlays, roots
from cfglint.errors import NoInput, UnreadableInput, UsageProblem
from cfglint.files import Files
from cfglint.settings import Settings
from tests.support import write_tree


def found(*paths: Path | str, files: Files | None = None, settings: Settings | None = None) -> list[str]:
    return [root.path for root in roots(tuple(map(str, paths)), files or Files(), settings or Settings())]


def test_a_directory_is_searched(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = ["pjsip.conf", "sip.conf", "a/kamailio.cfg", "a/kamailio-edge.cfg", "b/c/sip.conf"]
    others = ["acl.conf", "xsip.conf", "sip.conf.bak", "a/other.cfg", ".git/sip.conf", "b/kamailio.cfg.old"]
    write_tree(tmp_path, dict.fromkeys([*names, *others], ""))
    monkeypatch.chdir(tmp_path)
    assert roots((".",), Files(), Settings()) == [
        Root("pjsip.conf", "asterisk", False),
        Root("sip.conf", "asterisk", False),
        Root("a/kamailio-edge.cfg", "kamailio", False),
        Root("a/kamailio.cfg", "kamailio", False),
        Root("b/c/sip.conf", "asterisk", False),
    ]


def test_a_file_is_a_root_whatever_its_name(tmp_path: Path) -> None:
    write_tree(tmp_path, {"x.txt": "[general]\n"})
    path = str(tmp_path / "x.txt")
    assert roots((path,), Files(), Settings()) == [Root(path, "asterisk", True)]
    assert roots((path,), Files(), Settings(), "kamailio") == [Root(path, "kamailio", True)]


def test_each_root_once_and_named_if_named(tmp_path: Path) -> None:
    write_tree(tmp_path, {"sip.conf": ""})
    (tmp_path / "pjsip.conf").symlink_to("sip.conf")
    assert found(tmp_path, tmp_path / "sip.conf", tmp_path / "." / "sip.conf") == [str(tmp_path / "sip.conf")]
    (root,) = roots((str(tmp_path), str(tmp_path / "sip.conf")), Files(), Settings())
    assert root.named


def test_links_to_directories_are_not_followed(tmp_path: Path) -> None:
    write_tree(tmp_path, {"a/sip.conf": ""})
    (tmp_path / "a" / "loop").symlink_to("..")
    (tmp_path / "b").symlink_to("a")
    assert found(tmp_path) == [str(tmp_path / "a" / "sip.conf")]
    assert found(tmp_path / "b") == [str(tmp_path / "b" / "sip.conf")]


def test_a_directory_called_like_a_root(tmp_path: Path) -> None:
    write_tree(tmp_path, {"sip.conf/pjsip.conf": ""})
    assert found(tmp_path) == [str(tmp_path / "sip.conf" / "pjsip.conf")]


def test_directories_below_directories_without_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sip.conf").write_text("")
    for _ in range(1100):
        os.mkdir("d")
        os.chdir("d")
    assert found(tmp_path) == [str(tmp_path / "sip.conf")]
    for _ in range(1100):  # pytest could not remove them either
        os.chdir("..")
        os.rmdir("d")


def test_excluded_paths(tmp_path: Path) -> None:
    write_tree(tmp_path, {"sip.conf": "", "old/sip.conf": "", "old/x/pjsip.conf": ""})
    settings = Settings(path=str(tmp_path / ".cfglint.yaml"), exclude=("old/*",))
    assert found(tmp_path, settings=settings) == [str(tmp_path / "sip.conf")]
    assert found(tmp_path / "old" / "sip.conf", settings=settings) == [str(tmp_path / "old" / "sip.conf")]


def test_roots_to_come(tmp_path: Path) -> None:
    files = Files({str(tmp_path / "new" / "sip.conf"): "[general]\n"})
    assert found(tmp_path, files=files) == [str(tmp_path / "new" / "sip.conf")]


def test_nothing_inside(tmp_path: Path) -> None:
    with pytest.raises(NoInput, match=r"holds no sip\.conf, pjsip\.conf or kamailio\*\.cfg; name a file"):
        found(tmp_path)


def test_paths_that_lead_nowhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableInput, match=r"nosuch: there is no such file; check the path"):
        found(tmp_path / "nosuch")
    with pytest.raises(UsageProblem, match="a path is empty"):
        found("")

    def refuse(path: str) -> None:
        raise PermissionError(13, "Permission denied", path)

    monkeypatch.setattr(os, "scandir", refuse)
    with pytest.raises(UnreadableInput, match="may not be read; run cfglint as a user who can read it"):
        found(tmp_path)


def test_a_directory_below_that_may_not_be_read_holds_no_roots(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(tmp_path, {"sip.conf": "", "keys/sip.conf": ""})
    listdir = os.listdir

    def refuse(path: str) -> list[str]:
        if path.endswith("keys"):
            raise PermissionError(13, "Permission denied", path)
        return listdir(path)

    monkeypatch.setattr(os, "listdir", refuse)
    assert found(tmp_path) == [str(tmp_path / "sip.conf")]


@pytest.mark.parametrize(
    ("name", "text", "language"),
    [
        ("sip.conf", "#!KAMAILIO\n", "asterisk"),
        ("SIP.CONF", "", "asterisk"),
        ("kamailio-x.cfg", "[general]\n", "kamailio"),
        ("phones.conf", "", "asterisk"),
        ("phones.conf", "1001\n", "asterisk"),
        ("x.conf", '#!KAMAILIO\nloadmodule "tm.so"\n', "kamailio"),
        ("x.cfg", "", "kamailio"),
        ("x.cfg", "[general]\nx=y\n", "asterisk"),
        ("x.cfg", "request_route {\n}\n", "kamailio"),
        ("x.cfg", "route[A] {\n[x]\n}\n", "kamailio"),
        ("x", 'loadmodule "tm.so"\n', "kamailio"),
        ("x", "; note\n[a](!)\n", "asterisk"),
        ("x", "\ufeff[a]\n", "asterisk"),
    ],
)
def test_language_by_name_else_by_content(tmp_path: Path, name: str, text: str, language: str) -> None:
    write_tree(tmp_path, {name: text})
    assert language_of(str(tmp_path / name), Files()) == language


@pytest.mark.parametrize("text", ["", "hello\n", "\0\1\2"])
def test_unknown_language(tmp_path: Path, text: str) -> None:
    write_tree(tmp_path, {"notes": text})
    with pytest.raises(UnreadableInput, match=r"notes: looks neither like Asterisk's .*; say which with --language"):
        language_of(str(tmp_path / "notes"), Files())


def test_overlays(tmp_path: Path) -> None:
    write_tree(tmp_path, {"new": "text", "a=b": "other"})
    assert overlays((f"sip.conf={tmp_path}/new", f"x={tmp_path}/a=b"), Files()) == {"sip.conf": "text", "x": "other"}


@pytest.mark.parametrize("argument", ["", "x", "=x", "x=", "="])
def test_overlays_that_do_not_fit(argument: str) -> None:
    with pytest.raises(UsageProblem, match="expected TREE_FILE=OTHER_FILE"):
        overlays((argument,), Files())
