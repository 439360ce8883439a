"""What cannot be done is told in one clear message, and is exit code 2."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.support import GOOD, ONLY, one_message, run, start
from tests.support import write_tree


def bad_inputs(here: Path) -> dict[str, tuple[list[str], str]]:
    """What is given, and the one line that is said."""
    write_tree(
        here,
        {
            "empty/sip.conf": "",
            "binary/sip.conf": "[a]\n\x00\x01\x02\udcff\n",
            "utf16/sip.conf": "\udcff\udcfe[\0a\0]\0\n\0",
            "notes": "hello\n",
            "none/readme.txt": "",
            "new\nline\x1b.conf": "",
        },
    )
    for name in ("fifo", "large", "dangling", "loop", "folder"):
        (here / name).mkdir()
    os.mkfifo(here / "fifo" / "sip.conf")
    with open(here / "large" / "sip.conf", "wb") as stream:
        stream.truncate(100 * 1024 * 1024)
    (here / "dangling" / "sip.conf").symlink_to("nowhere")
    (here / "loop" / "sip.conf").symlink_to("sip.conf")
    (here / "loop" / "loop").symlink_to(".")
    (here / "folder" / "sip.conf").mkdir()
    return {
        "missing directory": (["nosuch"], "nosuch: there is no such file; check the path"),
        "missing file": (["nosuch/sip.conf"], "nosuch/sip.conf: there is no such file; check the path"),
        "empty path": ([""], "a path is empty; name a directory or a file"),
        "name with control characters": (["no\x1b[31m\n"], "no\\x1b[31m\\n: there is no such file; check the path"),
        "empty file with such a name": (
            ["new\nline\x1b.conf"],
            "new\\nline\\x1b.conf:1: is empty: there is nothing to check",
        ),
        "name that is too long": (["x" * 300], "x" * 300 + ": cannot be read: File name too long"),
        "empty file": (["empty"], "empty/sip.conf:1: is empty: there is nothing to check"),
        "binary file": (
            ["binary"],
            "binary/sip.conf:2: holds a NUL byte: is it binary, or UTF-16? the server reads the line only up to it",
        ),
        "UTF-16": (
            ["utf16"],
            "utf16/sip.conf:1: holds a NUL byte: is it binary, or UTF-16? the server reads the line only up to it",
        ),
        "FIFO": (["fifo/sip.conf"], "fifo/sip.conf: is a FIFO, not a file; name a file or its directory"),
        "FIFO in a directory": (["fifo"], "fifo/sip.conf: is a FIFO, not a file; name a file or its directory"),
        "endless device": (["/dev/zero"], "/dev/zero: is a device, not a file; name a file or its directory"),
        "100 MB": (["large"], "large/sip.conf: is larger than 64 MiB; is it a configuration file at all?"),
        "dangling link": (["dangling"], "dangling/sip.conf: there is no such file; check the path"),
        "link to itself": (["loop"], "loop/sip.conf: cannot be read: Too many levels of symbolic links"),
        "directory called like a file": (
            ["folder"],
            "folder: holds no sip.conf, pjsip.conf or kamailio*.cfg; name a file, or its directory",
        ),
        "directory without configuration": (
            ["none"],
            "none: holds no sip.conf, pjsip.conf or kamailio*.cfg; name a file, or its directory",
        ),
        "unknown language": (
            ["notes"],
            "notes: looks neither like Asterisk's nor like Kamailio's configuration; say which with --language",
        ),
        "overlay without file": (
            ["empty", "--overlay", "x"],
            "--overlay x: expected TREE_FILE=OTHER_FILE",
        ),
        "overlay of nothing": (
            ["empty", "--overlay", "sip.conf=nosuch"],
            "nosuch: there is no such file; check the path",
        ),
        "standard input without a name": (
            ["-"],
            "PATH '-' needs --stdin-filename, which tells where in the tree the text belongs",
        ),
        "unknown check": (
            ["empty", "--ignore", "conf-no-equal"],
            "there is no check 'conf-no-equal'; did you mean conf-no-equals?",
        ),
        "unknown version": (
            ["empty", "--target", "asterisk=7"],
            "--target asterisk=7: cfglint knows asterisk 16 to 23",
        ),
        "missing settings": (["empty", "-c", "nosuch.yaml"], "nosuch.yaml: there is no such file; check the path"),
    }


@pytest.mark.parametrize("number", range(24))
def test_bad_input_is_one_clear_message(here: Path, number: int) -> None:
    arguments, message = list(bad_inputs(here).values())[number]
    result = run("check", *arguments, *(ONLY if "-c" not in arguments else ()))
    assert one_message(result.stderr) == message
    assert result.exit_code == 2
    assert result.stdout in (
        "",
        "nothing was checked\n",
        "nothing to report in 1 file; not everything could be checked\n",
    )


def test_every_bad_input_is_tried(here: Path) -> None:
    assert len(bad_inputs(here)) == 24


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_no_permission(here: Path) -> None:
    write_tree(here, {"sip.conf": GOOD, "folder/sip.conf": GOOD})
    os.chmod("sip.conf", 0)
    result = run("check", "sip.conf", *ONLY)
    assert one_message(result.stderr) == "sip.conf: may not be read; run cfglint as a user who can read it"
    os.chmod("folder", 0)
    try:
        result = run("check", "folder", *ONLY)
    finally:
        os.chmod("folder", 0o700)
    assert one_message(result.stderr) == "folder: may not be read; run cfglint as a user who can read it"


def test_bad_input_as_a_process(here: Path) -> None:
    """The same through the real entry point, where a traceback would show."""
    bad_inputs(here)
    for path in (b"no\xff\x1b", b"fifo", b"large", b"binary", b"/dev/zero"):
        result = start("check", *ONLY, os.fsdecode(path), cwd=here)
        assert result.returncode == 2
        assert result.stderr.startswith(b"cfglint: " + path.replace(b"\xff\x1b", b"\\xff\\x1b"))
        assert result.stderr.count(b"\n") == 1


def test_usage(here: Path) -> None:
    for arguments in (("frob",), ("check", "--nosuch"), ("check", "--format", "x"), ("check", "--language", "perl")):
        result = run(*arguments)
        assert result.exit_code == 2
        assert result.stdout == ""
        assert result.stderr.startswith("Usage: ")


def test_circles_of_includes(here: Path) -> None:
    write_tree(here, {"sip.conf": "[a]\n#include sip.conf\n", "b/sip.conf": "[b]\n#include x\n", "b/x": "#include x\n"})
    result = run("check", ".", "--no-config")
    assert result.exit_code in (0, 1), "what the server makes of it is a matter of the checks"
    assert result.stderr == ""


def test_ten_thousand_includes(here: Path) -> None:
    write_tree(here, {f"d/{n}.conf": f"[{n}]\nx=1\n" for n in range(200)})
    write_tree(here, {"sip.conf": "[a]\n" + "".join(f"#include d/{n % 200}.conf\n" for n in range(10_000))})
    result = run("check", "sip.conf", *ONLY)
    assert (result.exit_code, result.stdout) == (0, "nothing to report in 201 files\n")
