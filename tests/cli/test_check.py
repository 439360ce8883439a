from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from cfglint import __version__
from cfglint.cli import COMMANDS
from cfglint.cli.output import FORMATS
from tests.cli.support import BAD, GOOD, ONLY, run, start
from tests.support import write_tree


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def one_message(stderr: str) -> str:
    """The only line on standard error, without the name of the command."""
    (line,) = stderr.splitlines()
    name, _, message = line.partition(": ")
    assert name == "cfglint"
    return message


# ---------------------------------------------------------------------------------------------------------- exit codes


def test_nothing_found(here: Path) -> None:
    write_tree(here, {"sip.conf": GOOD})
    result = run("check", ".", *ONLY)
    assert (result.exit_code, result.stdout, result.stderr) == (0, "nothing to report in 1 file\n", "")


def test_findings(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD})
    result = run("check", ".", *ONLY)
    assert result.exit_code == 1
    assert result.stdout.startswith("sip.conf:3:1: warning: ")
    assert result.stdout.endswith("\n1 warning in 1 file; 'cfglint fix --unsafe' mends 1\n")
    assert result.stderr == ""


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ((), 1),
        (("--fail-on", "info"), 1),
        (("--fail-on", "warning"), 1),
        (("--fail-on", "error"), 0),
        (("--fail-on", "never"), 0),
        (("--exit-zero",), 0),
    ],
)
def test_which_level_counts(here: Path, options: tuple[str, ...], code: int) -> None:
    write_tree(here, {"sip.conf": BAD})
    assert run("check", "sip.conf", *ONLY, *options).exit_code == code


def test_what_could_not_be_done_counts_more(here: Path) -> None:
    write_tree(here, {"a/sip.conf": BAD, "b/sip.conf": ""})
    result = run("check", ".", *ONLY, "--exit-zero")
    assert result.exit_code == 2
    assert result.stdout.splitlines()[-1].startswith("1 warning in 2 files; ")
    assert result.stdout.endswith("; not everything could be checked\n")
    assert one_message(result.stderr) == "b/sip.conf:1: is empty: there is nothing to check"


def test_as_a_process(here: Path) -> None:
    write_tree(here, {"bad/sip.conf": BAD, "good/sip.conf": GOOD})
    assert [start("check", *ONLY, path, cwd=here).returncode for path in ("good", "bad", "nosuch")] == [0, 1, 2]


def test_a_mistake_of_ours_is_exit_code_2(here: Path) -> None:
    (here / "sitecustomize.py").write_text(
        "import cfglint.engine\ncfglint.engine.check = lambda request, files: 1 / 0\n"
    )
    write_tree(here, {"sip.conf": GOOD})
    result = start("check", "sip.conf", *ONLY, cwd=here, PYTHONPATH=str(here))
    assert result.returncode == 2
    assert result.stdout == b""
    assert result.stderr.decode().startswith("cfglint: internal error: ZeroDivisionError in sitecustomize.py, line 2;")
    assert result.stderr.count(b"\n") == 1


def test_an_interrupt_is_no_finding(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*arguments: object) -> None:
        raise KeyboardInterrupt

    write_tree(here, {"sip.conf": GOOD})
    monkeypatch.setattr("cfglint.cli.check.check", interrupted)
    assert run("check", "sip.conf", *ONLY).exit_code == 130


# ----------------------------------------------------------------------------------------------------------- bad input


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


# ------------------------------------------------------------------------------------------------- input of other kinds


def test_no_path_and_no_server_here(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("cfglint.cli.options.DEFAULT_PATHS", ("/nosuch/asterisk",))
    result = run("check")
    assert result.exit_code == 2
    assert one_message(result.stderr) == (
        "there is no /etc/asterisk and no /etc/kamailio here; name a directory or file"
    )


def test_no_path_where_the_server_is(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(here, {"etc/sip.conf": BAD})
    monkeypatch.setattr("cfglint.cli.options.DEFAULT_PATHS", (str(here / "etc"), "/nosuch/kamailio"))
    result = run("check", *ONLY)
    assert result.exit_code == 1
    assert one_message(result.stderr) == f"no PATH is given, so this is {here}/etc"


def test_standard_input(here: Path) -> None:
    write_tree(here, {"sip.conf": GOOD, "acl.conf": BAD})
    result = run("check", "-", "--stdin-filename", "sip.conf", *ONLY, stdin=b"[a]\nhost \xff\n")
    assert result.exit_code == 1
    assert "sip.conf:2:1: warning" in result.stdout
    assert "acl.conf:3:1: warning" in result.stdout
    piped = start("check", "-", "--stdin-filename", "new/sip.conf", *ONLY, cwd=here, stdin=b"[a]\nhost\n")
    assert piped.stdout.startswith(b"new/sip.conf:2:1: warning")


def test_overlays(here: Path) -> None:
    write_tree(here, {"sip.conf": "[general]\n#include d/*.conf\n", "d/a.conf": GOOD, "new": BAD})
    assert run("check", ".", *ONLY).exit_code == 0
    for tree_file in ("sip.conf", "d/a.conf", "d/b.conf"):
        result = run("check", ".", *ONLY, "--overlay", f"{tree_file}=new")
        assert result.exit_code == 1
        assert result.stdout.startswith(f"{tree_file}:3:1: warning")
    assert run("check", "d", *ONLY, "--overlay", "d/sip.conf=new").exit_code == 1


def test_a_checkout_reads_like_the_installed_tree(here: Path) -> None:
    write_tree(here, {"sip.conf": "[a]\n#include /opt/pbx/x.conf\n", "x.conf": BAD})
    assert run("check", ".", *ONLY).exit_code == 0
    assert run("check", ".", *ONLY, "--installed-at", "/opt/pbx").exit_code == 1


def test_language_of_other_names(here: Path) -> None:
    write_tree(here, {"notes": "host dynamic\n"})
    assert run("check", "notes", *ONLY, "--language", "asterisk").stderr == ""


# ----------------------------------------------------------------------------------------------- selection and settings


def test_selection(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD})
    assert run("check", "sip.conf", "--no-config", "--select", "conf").exit_code == 1
    assert run("check", "sip.conf", "--no-config", "--select", "acl,pjsip").exit_code == 0
    assert run("check", "sip.conf", "--no-config", "--select", "conf", "--ignore", "conf-no-equals").exit_code == 0


def test_settings(here: Path) -> None:
    write_tree(
        here, {"t/sip.conf": BAD, "t/old/sip.conf": BAD, "t/.cfglint.yaml": "select: conf-no-equals\nexclude: old/*\n"}
    )
    assert "\n1 warning in 1 file; " in run("check", "t").stdout
    assert "2 warnings in 2 files" in run("check", "t", *ONLY).stdout
    assert run("check", "t", "--ignore", "conf").exit_code == 0
    write_tree(here, {"other.yaml": "fail-on: error\nselect: conf-no-equals\n"})
    assert run("check", "t", "-c", "other.yaml").exit_code == 0
    assert run("check", "t", "-c", "other.yaml", "--fail-on", "warning").exit_code == 1
    write_tree(here, {"t/.cfglint.yaml": "select: conf-no-equals\nselct: x\n"})
    result = run("check", "t")
    assert result.exit_code == 2
    assert one_message(result.stderr) == "t/.cfglint.yaml:2: there is no setting 'selct'; did you mean select?"


def test_a_settings_file_of_an_unknown_check(here: Path) -> None:
    write_tree(here, {"sip.conf": GOOD, ".cfglint.yaml": "ignore: nonsense\n"})
    assert one_message(run("check", ".").stderr) == (
        ".cfglint.yaml:1: ignore: there is no check 'nonsense'; 'cfglint rules' lists them"
    )


def test_where_versions_come_from(here: Path) -> None:
    write_tree(here, {"sip.conf": GOOD, "packages": "asterisk-18.12.1-1.el8.x86_64\nkamailio-5.6.3-1.el8.x86_64\n"})

    def targets(*arguments: str) -> list[str]:
        return list(json.loads(run("check", "sip.conf", "-f", "json", *arguments).stdout)["targets"].values())

    assert targets("--target-from", "packages") == ["18.12.1", "5.6.3"]
    assert targets("--target-from", "packages", "--target", "asterisk=Asterisk 20.5.0 built by x") == [
        "20.5.0",
        "5.6.3",
    ]
    write_tree(here, {".cfglint.yaml": "targets: {asterisk: '16', kamailio: '5.4'}\n", "banner": "Asterisk 20.1.0\n"})
    assert targets("--target-from", "banner") == ["20.1.0", "5.4"]
    write_tree(here, {"banner": "nothing\n"})
    assert one_message(run("check", "sip.conf", "--target-from", "banner").stderr).startswith(
        "banner: names no version"
    )
    assert "there is no such file" in one_message(run("check", "sip.conf", "--target-from", "nosuch").stderr)


def test_settings_decide_what_becomes_of_findings(here: Path) -> None:
    write_tree(here, {"a/sip.conf": BAD, "b/sip.conf": BAD, ".cfglint.yaml": "levels: {conf-no-equals: error}\n"})
    result = run("check", ".", "--select", "conf-no-equals", "-f", "concise")
    assert [line.split(": ")[1] for line in result.stdout.splitlines()] == ["error", "error"]
    write_tree(here, {".cfglint.yaml": "levels: {conf: info}\nper-path-ignores: {a: conf-no-equals}\n"})
    result = run("check", ".", "--select", "conf-no-equals", "-f", "concise")
    assert [line.split(": ")[:2] for line in result.stdout.splitlines()] == [["b/sip.conf:3:1", "info"]]
    assert result.exit_code == 0


def test_required_reasons(here: Path) -> None:
    ignored = BAD.replace("host dynamic", "host dynamic ; cfglint: ignore[conf-no-equals]")
    write_tree(here, {"sip.conf": ignored, ".cfglint.yaml": "require-reasons: true\n"})
    result = run("check", ".", "--select", "conf-no-equals,unexplained-suppression", "-f", "concise")
    assert result.stdout == (
        "sip.conf:3:16: warning: the comment ignores 'conf-no-equals' and does not say why [unexplained-suppression]\n"
    )
    assert result.exit_code == 1
    write_tree(here, {"sip.conf": ignored.replace("]\n", "] kept for the old PBX\n")})
    assert run("check", ".", "--select", "conf-no-equals,unexplained-suppression").exit_code == 0


# -------------------------------------------------------------------------------------------------------------- output


def test_formats(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD})
    assert len(run("check", ".", *ONLY, "-f", "concise").stdout.splitlines()) == 1
    found = json.loads(run("check", ".", *ONLY, "-f", "json").stdout)
    assert [finding["check"] for finding in found["findings"]] == ["conf-no-equals"]


def test_every_format_is_there(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD})
    for form in FORMATS:
        result = run("check", ".", *ONLY, "-f", form)
        assert result.exit_code == 1
        assert "conf-no-equals" in result.stdout
        assert result.stderr == ""


def test_several_formats_at_once(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD})
    alone = {form: run("check", ".", *ONLY, "-f", form).stdout for form in ("sarif", "junit", "concise")}
    result = run("check", ".", *ONLY, "-f", "sarif=out.sarif", "-f", "concise", "-f", "junit=new.xml")
    assert (result.exit_code, result.stdout, result.stderr) == (1, alone["concise"], "")
    assert (here / "out.sarif").read_text() == alone["sarif"]
    assert (here / "new.xml").read_text() == alone["junit"]
    assert sorted(path.name for path in here.iterdir()) == ["new.xml", "out.sarif", "sip.conf"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            ("-f", "sarif", "-f", "json"),
            "--format: sarif and json would both go to standard output; give one a file: FORMAT=FILE",
        ),
        (
            ("-f", "sarif=a", "-f", "json=./a"),
            "--format: sarif and json would both go to ./a; give one a file: FORMAT=FILE",
        ),
        (
            ("-f", "sarif=a", "-o", "b"),
            "--output b: every format has a file of its own already; leave one of the two out",
        ),
        (
            ("-f", "sarif=a", "-f", "json=sip.conf"),
            "sip.conf: is one of the files that are checked; name another for the output",
        ),
        (
            ("-f", "sarif=a", "-f", "json=nosuch/b"),
            "nosuch/b: cannot be written: No such file or directory; nothing was changed",
        ),
        (("-f", "json=.", "-f", "sarif=a"), ".: cannot be written: Is a directory; nothing was changed"),
    ],
)
def test_formats_that_do_not_go_together(here: Path, options: tuple[str, ...], message: str) -> None:
    write_tree(here, {"sip.conf": BAD, "a": "as it was"})
    result = run("check", "sip.conf", *ONLY, *options)
    assert (result.exit_code, result.stdout, one_message(result.stderr)) == (2, "", message)
    assert (here / "a").read_text() == "as it was"
    assert sorted(path.name for path in here.iterdir()) == ["a", "sip.conf"]


@pytest.mark.parametrize("value", ["xml", "sarif=", "=out", ""])
def test_formats_that_are_none(here: Path, value: str) -> None:
    write_tree(here, {"sip.conf": BAD})
    result = run("check", "sip.conf", *ONLY, "-f", value)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith("Usage: ")


def test_github_is_picked_in_its_jobs(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD})
    assert run("check", ".", *ONLY, GITHUB_ACTIONS="true").stdout.startswith("::warning file=sip.conf,")
    assert not run("check", ".", *ONLY, "-f", "text", GITHUB_ACTIONS="true").stdout.startswith("::")
    assert not run("check", ".", *ONLY, GITHUB_ACTIONS="").stdout.startswith("::")
    assert run("check", ".", *ONLY, "-o", "out", GITHUB_ACTIONS="true").stdout == ""
    assert not (here / "out").read_text().startswith("::"), "a file is for somebody else"
    assert not on_a_terminal(["check", ".", *ONLY], {"GITHUB_ACTIONS": "true"}).startswith(b"::")


def test_the_report_on_standard_error(here: Path) -> None:
    """Where a program shows only that, as Ansible's validate does."""
    write_tree(here, {"sip.conf": BAD})
    result = start("check", ".", *ONLY, "-f", "concise", "-o", "/dev/stderr", cwd=here)
    assert (result.returncode, result.stdout) == (1, b"")
    assert result.stderr.startswith(b"sip.conf:3:1: warning: ")


def test_json_says_what_failed(here: Path) -> None:
    write_tree(here, {"sip.conf": ""})
    result = run("check", ".", "--no-config", "-f", "json")
    assert result.exit_code == 2
    assert json.loads(result.stdout)["failures"] == [
        {"path": "sip.conf", "line": 1, "message": "is empty: there is nothing to check"}
    ]


def test_quiet_and_verbose(here: Path) -> None:
    write_tree(here, {"sip.conf": "[a]\n#include x.conf\n", "x.conf": ""})
    assert run("check", ".", *ONLY, "-q").stdout == ""
    assert run("check", ".", *ONLY, "-v").stderr.startswith("read sip.conf\nread x.conf\n")


def test_output_goes_to_a_file(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD})
    result = run("check", ".", *ONLY, "-o", "out.txt")
    assert (result.exit_code, result.stdout, result.stderr) == (1, "", "")
    assert (here / "out.txt").read_text() == run("check", ".", *ONLY).stdout


@pytest.mark.parametrize(
    ("output", "message"),
    [
        ("nosuch/out", "nosuch/out: cannot be written: No such file or directory; nothing was changed"),
        (".", ".: cannot be written: Is a directory; nothing was changed"),
        ("sip.conf", "sip.conf: is one of the files that are checked; name another for the output"),
        ("link", "link: is one of the files that are checked; name another for the output"),
    ],
)
@pytest.mark.parametrize("command", ["check", "fix", "show"])
def test_output_that_cannot_be(here: Path, command: str, output: str, message: str) -> None:
    write_tree(here, {"sip.conf": "[general]\nexternip=10.0.0.1\n"})
    (here / "link").symlink_to("sip.conf")
    result = run(command, "sip.conf", "--no-config", "-o", output)
    assert (result.exit_code, one_message(result.stderr)) == (2, message)
    assert (here / "sip.conf").read_text() == "[general]\nexternip=10.0.0.1\n"


def test_a_full_disk(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD})
    result = run("check", "sip.conf", *ONLY, "-o", "/dev/full")
    assert one_message(result.stderr) == "/dev/full: cannot be written: No space left on device; nothing was changed"
    with open("/dev/full", "wb") as full:
        done = subprocess.run(
            [sys.executable, "-m", "cfglint", "check", "sip.conf", *ONLY],
            stdout=full,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr == b"cfglint: standard output: cannot be written: No space left on device; nothing was changed\n"


def test_secrets_are_not_shown(here: Path) -> None:
    write_tree(here, {"sip.conf": "[1001]\ntype=friend\nsecret geheim\nsecert=geheim\n"})
    for form in FORMATS:
        result = run("check", "sip.conf", "--no-config", "-f", form)
        assert result.exit_code == 1
        assert "geheim" not in result.output


def on_a_terminal(arguments: list[str], environment: dict[str, str]) -> bytes:
    """What a command writes to a terminal."""
    child, terminal = pty.fork()
    if child == 0:
        os.environ.update(environment)
        os.execv(sys.executable, [sys.executable, "-m", "cfglint", *arguments])
    written = b""
    with suppress(OSError):  # how Linux tells that the other side is gone
        while piece := os.read(terminal, 4096):
            written += piece
    os.close(terminal)
    os.waitpid(child, 0)
    return written


def test_color(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD})
    arguments = ["check", "sip.conf", *ONLY]
    assert b"\x1b[" in on_a_terminal(arguments, {"TERM": "xterm"})
    assert b"\x1b[" not in on_a_terminal(arguments, {"NO_COLOR": "1"})
    assert b"\x1b[" not in on_a_terminal([*arguments, "--color", "never"], {})
    assert b"\x1b[" in on_a_terminal([*arguments, "--color", "always"], {"NO_COLOR": "1"})
    assert b"\x1b[" not in start(*arguments, cwd=here).stdout
    assert b"\x1b[" in start(*arguments, "--color", "always", cwd=here).stdout


def test_help_and_version() -> None:
    assert run("--version").stdout == f"cfglint {__version__}\n"
    shown = run("--help").stdout
    assert all(f"\n  {command} " in shown for command in COMMANDS)
    assert "..." not in shown.partition("Commands:")[2], "every line is whole"
    assert run("check", "-h").exit_code == 0


def test_a_misspelt_command() -> None:
    for name, said in (("chekc", "'chekc'; did you mean check?"), ("frobnicate", "'frobnicate'.")):
        result = run(name)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.endswith(f"Error: No such command {said}\n")
