"""``cfglint check``: exit codes, what is read, which checks run."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cfglint import __version__
from cfglint.cli import COMMANDS
from tests.cli.support import BAD, GOOD, ONLY, one_message, run, start
from tests.support import write_tree

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


# --------------------------------------------------------------------------------------------------------- the command


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


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--stdin-filename", "sip.conf"), "--stdin-filename goes with PATH '-'"),
        (("--db", "kamailio"), "--db kamailio: expected a URL such as mysql://user@host/kamailio, or 'auto'"),
    ],
)
def test_an_option_that_would_do_nothing(here: Path, options: tuple[str, ...], message: str) -> None:
    write_tree(here, {"sip.conf": "[a]\n"})
    result = run("check", ".", "--no-config", *options)
    assert (result.exit_code, result.stderr) == (2, f"cfglint: {message}\n")
