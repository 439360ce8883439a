"""Kamailio's language at the command line: bad input, ``show``, suppressions, versions."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from tests.cli.support import run
from tests.support import write_tree

END = "request_route {\n    exit;\n}\n"


def told(text: str, *options: str, code: int = 1) -> list[str]:
    """Line, level, check and message of all that is said of a kamailio.cfg; its end is never a failure."""
    Path("kamailio.cfg").write_bytes(text.encode("utf-8", "surrogateescape"))
    result = run("check", "kamailio.cfg", "--no-config", "--format", "json", *options)
    assert (result.exit_code, result.stderr) == (code, "")
    return [
        f"{f['start']['line']}: {f['level']}: {f['check'].removeprefix('kamailio-')}: {f['message']}"
        for f in json.loads(result.stdout)["findings"]
    ]


# ----------------------------------------------------------------------------------------------------------- bad input


@pytest.mark.parametrize("name", ["/dev/zero", "fifo.cfg", "folder.cfg", "missing.cfg"])
def test_an_include_that_is_no_file(here: Path, name: str) -> None:
    os.mkfifo(here / "fifo.cfg")
    (here / "folder.cfg").mkdir()
    assert told(f'include_file "{name}"\n{END}') == [
        f"1: error: include-not-found: there is no file '{name}', and the server does not start without it"
    ]


def test_a_file_that_includes_itself(here: Path) -> None:
    assert "2: error: include-cycle: 'kamailio.cfg' is being read already: this never ends" in told(
        f'#!KAMAILIO\ninclude_file "kamailio.cfg"\n{END}'
    )


def test_ten_thousand_includes(here: Path) -> None:
    write_tree(here, {f"d/{n}.cfg": f'#!trydef A{n} "x"\n' for n in range(20)})
    text = "".join(f'include_file "d/{n % 20}.cfg"\n' for n in range(10_000))
    result = run("check", "--no-config", "--stdin-filename", "kamailio.cfg", "-", stdin=f"{text}{END}".encode())
    assert result.exit_code == 2
    assert "more files are included than cfglint follows; not everything was checked" in result.stderr


def test_defines_that_expand_for_ever(here: Path) -> None:
    assert told("#!define A B\n#!define B A\nrequest_route {\n    A;\n}\n")[0] == (
        "4: error: expansion-loop: the value of 'A' leads back to itself"
    )
    powers = "".join(f"#!define A{n + 1} A{n} A{n} A{n} A{n}\n" for n in range(30))
    found = told(f"#!define A0 exit;\n{powers}request_route {{ A30 }}\n")
    assert any("multiplies beyond all measure" in finding for finding in found)


@pytest.mark.parametrize(("depth", "code"), [(512, 0), (513, 1)])
def test_nested_conditions(here: Path, depth: int, code: int) -> None:
    """MAX_IFDEFS of src/core/ppcfg.c is 512."""
    found = told("#!ifndef X\n" * depth + END + "#!endif\n" * depth, code=code)
    deep = [finding for finding in found if "conditions nest deeper than the server follows" in finding]
    assert [finding.split(":")[0] for finding in deep] == ([] if depth == 512 else ["513"])


@pytest.mark.parametrize("text", ["if ($rU) { " * 20_000 + "exit;" + "}" * 20_000, f"if {'(' * 50_000}1"])
def test_what_is_nested_without_end(here: Path, text: str) -> None:
    assert any("nested too deeply to be looked at" in f for f in told(f"request_route {{\n{text}\n}}\n"))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("[general]\nallowguest=no\n\n[1001]\ntype=friend\n", "a configuration of Asterisk"),
        ("function ksr_request_route()\n    KSR.info('x')\nend\n", "Lua"),
        ("import KSR as KSR\n\ndef mod_init():\n    return kamailio()\n", "Python"),
        ('{"jsonrpc": "2.0", "id": [1, 2]}\n', "JSON"),
        ('<?xml version="1.0"?>\n<a><b/></a>\n', "XML"),
        ("kamailio:\n  - listen: 5060\n", "YAML"),
        ("#!/bin/sh\nset -e\nkamailio -c\n", "a shell script"),
    ],
)
def test_another_language(here: Path, text: str, language: str) -> None:
    errors = [finding for finding in told(text * 500) if "syntax-error" in finding]
    assert len(errors) == 1
    assert errors[0].endswith(f"; this looks like {language}")


def test_a_mistake_in_a_script_is_no_other_language(here: Path) -> None:
    (error,) = told(f"[general]\n{END}")
    assert "this looks like" not in error


def test_a_binary_file(here: Path) -> None:
    (here / "kamailio.cfg").write_bytes(b"\x7fELF\0\1\2\0\0?\0`\0" * 100)
    result = run("check", "kamailio.cfg", "--no-config")
    assert result.exit_code == 2
    assert "kamailio.cfg:1: holds a NUL byte" in result.stderr
    assert "dropped" not in result.stdout


def test_a_script_in_another_language_routes(here: Path) -> None:
    text = 'loadmodule "app_lua.so"\ncfgengine "lua"\n'
    assert told(text, code=0) == ["2: info: kemi-engine: the lua script routes the requests: cfglint does not read it"]
    result = run("trace", "kamailio.cfg", "--no-config", "--register", "1001@example.org", "--format", "json")
    (request,) = json.loads(result.stdout)["requests"]
    assert not request["certain"]
    assert request["unknowns"] == ["what the lua script answers"]


# ------------------------------------------------------------------------------------------------------ the other ways


def test_show(here: Path) -> None:
    write_tree(
        here,
        {
            "kamailio.cfg": '#!define URL "mysql://u:geheim@localhost/k"\n#!substdef "!MY!192.0.2.1!g"\n'
            'loadmodule "usrloc.so"\nmodparam("usrloc", "db_url", URL)\n#!ifdef NO\nloadmodule "tls.so"\n#!endif\n'
            'import_file "none.cfg"\ninclude_file "r.cfg"\nevent_route[tm:local-request] {\n    exit;\n}\n',
            "r.cfg": "request_route {\n    exit;\n}\nroute[A] {\n    exit;\n}\n",
        },
    )
    result = run("show", "kamailio.cfg", "--no-config")
    assert (result.exit_code, result.stderr) == (0, "")
    assert [" ".join(line.split()) for line in result.stdout.splitlines()] == [
        'define URL "mysql://u:********@localhost/k" # kamailio.cfg:1',
        "define MY 192.0.2.1 # kamailio.cfg:2",
        "module usrloc # kamailio.cfg:3",
        "parameter usrloc db_url = mysql://u:********@localhost/k # kamailio.cfg:4",
        "request_route # r.cfg:1",
        "route[A] # r.cfg:4",
        "event_route[tm:local-request] # kamailio.cfg:10",
        "include none.cfg (not found) # kamailio.cfg:8",
        "include r.cfg # kamailio.cfg:9",
    ]
    shown = json.loads(run("show", "kamailio.cfg", "--no-config", "--format", "json").stdout)
    assert list(shown) == ["defines", "modules", "parameters", "routes", "includes"]
    assert shown["modules"] == [{"name": "usrloc", "path": "kamailio.cfg", "line": 3}]
    assert shown["routes"][1] == {"kind": "route", "name": "A", "path": "r.cfg", "line": 4}


@pytest.mark.parametrize("comment", ["# {}", "// {}", "/* {} */"])
def test_suppressions(here: Path, comment: str) -> None:
    ignore = comment.format("cfglint: ignore[kamailio-unknown-function] our own module")
    assert told(f"request_route {{\n    f(); {ignore}\n}}\n", code=0) == []
    assert told(f"request_route {{\n    {ignore}\n    f();\n}}\n", code=0) == []
    (unused,) = told(f"request_route {{\n    exit; {ignore}\n}}\n")
    assert "unused-suppression" in unused


@pytest.mark.parametrize(("version", "refused"), [("5.4", True), ("5.6", True), ("5.7", False), ("6.1", False)])
def test_targets(here: Path, version: str, refused: bool) -> None:
    """Parentheses behind loadmodule came with 5.7 (src/core/cfg.y)."""
    found = told(f'loadmodule("pv.so")\n{END}', "--target", f"kamailio={version}", code=int(refused))
    text = "parentheses behind loadmodule: only known from Kamailio 5.7 on"
    assert found == ([f"1: error: syntax-error: {text}"] if refused else [])


def test_without_a_target_only_what_all_versions_refuse_is_said(here: Path) -> None:
    assert told(f'loadmodule("pv.so")\n{END}', code=0) == []
