from __future__ import annotations

import json
import os
from pathlib import Path

from tests.cli.support import run
from tests.support import write_tree

TREE = {
    "sip.conf": "[t](!)\ntype=friend\n[1001](t)\nsecret=geheim ; x\n#include d/*.conf\n",
    "d/a.conf": "host => dynamic\n",
}


def test_as_text(here: Path) -> None:
    write_tree(here, TREE)
    result = run("show", ".")
    assert (result.exit_code, result.stderr) == (0, "")
    lines = [" ".join(line.split()) for line in result.stdout.splitlines()]
    assert lines == [
        "[t](!)",
        "type = friend ; sip.conf:2",
        "",
        "[1001] ; from t",
        "type = friend ; sip.conf:2",
        "secret = ******** ; sip.conf:4",
        "host = dynamic ; d/a.conf:1",
        "",
    ]


def test_as_json(here: Path) -> None:
    write_tree(here, TREE)
    assert json.loads(run("show", "sip.conf", "-f", "json").stdout) == {
        "sections": [
            {
                "name": "t",
                "template": True,
                "bases": [],
                "options": [{"name": "type", "value": "friend", "path": "sip.conf", "line": 2}],
            },
            {
                "name": "1001",
                "template": False,
                "bases": ["t"],
                "options": [
                    {"name": "type", "value": "friend", "path": "sip.conf", "line": 2},
                    {"name": "secret", "value": "geheim", "path": "sip.conf", "line": 4},
                    {"name": "host", "value": "dynamic", "path": "d/a.conf", "line": 1},
                ],
            },
        ]
    }


def test_names_never_reach_the_terminal_raw(here: Path) -> None:
    write_tree(here, {"sip.conf": "[a\x1b[31m]\n\x1b=\udcff\n"})
    assert "\x1b" not in run("show", ".").stdout


def test_where_the_server_gives_up(here: Path) -> None:
    write_tree(here, {"sip.conf": "[a]\nx=1\n[b](nosuch)\ny=1\n"})
    result = run("show", ".")
    assert result.exit_code == 0
    assert result.stderr == "cfglint: sip.conf:3: the server rejects the whole file here\n"
    assert "y = 1" in result.stdout


def test_an_overlay(here: Path) -> None:
    write_tree(here, {**TREE, "new": "host=10.0.0.1\n"})
    assert "10.0.0.1" in run("show", ".", "--overlay", "d/b.conf=new").stdout


def test_several_roots(here: Path) -> None:
    write_tree(here, {"sip.conf": "[a]\n", "pjsip.conf": "[b]\n"})
    result = run("show", ".")
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == ("cfglint: show takes one root, and here are several; name one of pjsip.conf, sip.conf\n")


def test_a_root_that_another_includes_is_no_second_root(here: Path) -> None:
    write_tree(here, {"sip.conf": "[a]\n#include sub/sip.conf\n", "sub/sip.conf": "[b]\n"})
    result = run("show", ".")
    assert (result.exit_code, result.stderr) == (0, "")
    assert "[b]" in result.stdout


def test_what_cannot_be_read(here: Path) -> None:
    write_tree(here, {"empty/sip.conf": ""})
    (here / "fifo").mkdir()
    os.mkfifo("fifo/sip.conf")
    for path, message in (
        ("nosuch", "nosuch: there is no such file; check the path"),
        ("nosuch/sip.conf", "nosuch/sip.conf: there is no such file; check the path"),
        ("fifo", "fifo/sip.conf: is a FIFO, not a file; name a file or its directory"),
        ("empty", "empty/sip.conf:1: is empty: there is nothing to check"),
    ):
        result = run("show", path)
        assert (result.exit_code, result.stdout, result.stderr) == (2, "", f"cfglint: {message}\n")


def test_output_goes_to_a_file(here: Path) -> None:
    write_tree(here, TREE)
    assert run("show", ".", "-o", "out").output == ""
    assert (here / "out").read_text() == run("show", ".").stdout
