from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.cli.support import BAD, GOOD, run
from tests.support import write_tree

KAMAILIO = """\
#!KAMAILIO
loadmodule "sl.so"
request_route {
    sl_send_reply("200", "OK");
    exit;
    xlog("never");
}
"""


def ids(*arguments: str) -> list[str]:
    """What is found, by id."""
    stdout = run("check", *arguments, "-f", "concise", "--ignore", "sip-peer-without-secret").stdout
    return [line.rpartition("[")[2].rstrip("]") for line in stdout.splitlines()]


# ------------------------------------------------------------------------------------------------------------ comments


@pytest.mark.parametrize(
    ("line", "after"),
    [
        ("host dynamic", "host dynamic ; cfglint: ignore[conf-no-equals] old"),
        ("host dynamic  ", "host dynamic ; cfglint: ignore[conf-no-equals] old  "),
        ("host dynamic ; here", "host dynamic ; here ; cfglint: ignore[conf-no-equals] old"),
        (
            "host dynamic ; cfglint: ignore[sip-x] y",
            "host dynamic ; cfglint: ignore[sip-x, conf-no-equals] y",
        ),
    ],
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_comment_beside_a_finding(here: Path, line: str, after: str, newline: str) -> None:
    text = f"[1001]\ntype=friend\n{line}\nhost=dynamic\n".replace("\n", newline)
    write_tree(here, {"sip.conf": text})
    result = run("ignore", "conf-no-equals", "sip.conf:3", "--reason", " old ", "--write")
    assert (result.exit_code, result.stderr) == (0, "wrote sip.conf\n")
    assert (here / "sip.conf").read_bytes().decode() == text.replace(line, after)
    assert "conf-no-equals" not in ids("sip.conf")


def test_a_comment_above_that_stands_there_already(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD.replace("host", "; cfglint: ignore[sip-x] y\nhost")})
    run("ignore", "conf-no-equals", "sip.conf:4", "--write")
    assert (here / "sip.conf").read_text().splitlines()[2] == "; cfglint: ignore[sip-x, conf-no-equals] y"


def test_without_write_it_is_a_patch(here: Path) -> None:
    write_tree(here, {"a/sip.conf": BAD})
    result = run("ignore", "conf-no-equals", "a/sip.conf:3", "--reason", "old")
    assert result.exit_code == 1
    assert (here / "a/sip.conf").read_text() == BAD
    subprocess.run(["patch", "-p1"], input=result.stdout, text=True, check=True, capture_output=True)
    assert ids("a") == []


def test_an_included_file_is_judged_in_its_tree(here: Path) -> None:
    """Alone, the fragment has no section to stand in."""
    write_tree(here, {"etc/sip.conf": GOOD + "[1]\n#include sip.d/1.conf\n", "etc/sip.d/1.conf": "type=peer\nhost x\n"})
    assert run("ignore", "conf-no-equals", "etc/sip.d/1.conf:2", "--write").exit_code == 0
    assert (here / "etc/sip.d/1.conf").read_text() == "type=peer\nhost x ; cfglint: ignore[conf-no-equals]\n"
    assert "conf-no-equals" not in ids("etc")


@pytest.mark.parametrize(
    ("more", "mark"), [("", "#"), ("// a\n// b\n", "//"), ("# a\n# b\n// c\n", "#"), ("#!define X 1\n// a\n", "//")]
)
def test_comments_in_kamailios_files(here: Path, more: str, mark: str) -> None:
    write_tree(here, {"kamailio.cfg": KAMAILIO + more})
    (name,) = {name for name in ids("kamailio.cfg") if name.startswith("kamailio-unreach")}
    assert run("ignore", name, "kamailio.cfg:6", "--write").exit_code == 0
    assert (here / "kamailio.cfg").read_text().splitlines()[5] == f'    xlog("never"); {mark} cfglint: ignore[{name}]'
    assert name not in ids("kamailio.cfg")


def test_where_the_end_of_the_line_is_no_place_for_a_comment(here: Path) -> None:
    """In a define it would be part of the value, and take the rest of each line that uses the name."""
    text = "#!define LIMIT 5\n#!define LIMIT 6\nrequest_route {\n    if (src_port > LIMIT) { exit; }\n    exit;\n}\n"
    write_tree(here, {"kamailio.cfg": text})
    assert run("ignore", "kamailio-redefinition", "kamailio.cfg:2", "--write").exit_code == 0
    assert (here / "kamailio.cfg").read_text().splitlines()[:3] == [
        "#!define LIMIT 5",
        "# cfglint: ignore[kamailio-redefinition]",
        "#!define LIMIT 6",
    ]
    assert ids("kamailio.cfg") == []


def test_what_cannot_be_left_out(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD + "host dynamic\n"})
    for arguments, expected in (
        (("conf-no-equals", "sip.conf:2"), "sip.conf:2: conf-no-equals finds nothing there, but in line 3, 4"),
        (("sip-no-host", "sip.conf:3"), "there is no check 'sip-no-host'; "),
        (("conf-no-equals", "nosuch.conf:3"), "nosuch.conf: there is no such file; check the path"),
        (("conf-no-equals", "sip.conf:999999"), "sip.conf:999999: conf-no-equals finds nothing there"),
    ):
        result = run("ignore", *arguments)
        assert (result.exit_code, result.stdout) == (2, ""), arguments
        assert result.stderr.startswith(f"cfglint: {expected}"), result.stderr
    assert (here / "sip.conf").read_text() == BAD + "host dynamic\n"


def test_a_reason_where_one_is_asked_for(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD, ".cfglint.yaml": "require-reasons: true\n"})
    for where in ((), ("sip.conf",), ("sip.conf:3",)):
        result = run("ignore", "conf-no-equals", *where, "--reason", "-")
        assert (result.exit_code, result.stderr) == (2, "cfglint: the settings ask for a reason: add --reason\n")
    assert run("ignore", "conf-no-equals", "sip.conf:3", "--reason", "old", "--write").exit_code == 0
    assert ids(".") == []


# ------------------------------------------------------------------------------------------------------------ settings


def test_an_entry_in_the_settings(here: Path) -> None:
    settings = "# ours\nfail-on:   error   # strict\n\nper-path-ignores:\n    lab: [acl]\n\n# the end\n"
    write_tree(here, {"etc/sip.conf": BAD, ".cfglint.yaml": settings})
    assert run("ignore", "conf-no-equals", "etc/sip.conf", "--reason", "the old PBX", "--write").exit_code == 0
    added = '    "etc/sip.conf": [conf-no-equals]  # the old PBX\n'
    after = (here / ".cfglint.yaml").read_text().replace("    etc/sip.conf:", '    "etc/sip.conf":')
    assert after == settings.replace("lab: [acl]\n", f"lab: [acl]\n{added}")
    assert ids("etc") == []
    run("ignore", "acl", "lab", "--write")
    run("ignore", "sip", "lab/", "--write")
    assert "    lab: [acl, sip]\n" in (here / ".cfglint.yaml").read_text()
    run("ignore", "sip", "--write")
    assert (here / ".cfglint.yaml").read_text().splitlines()[-3:] == ["ignore: [sip]", "", "# the end"]


def test_settings_that_do_not_exist_yet(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD})
    result = run("ignore", "conf", "sip.conf")
    if shutil.which("git"):
        subprocess.run(["git", "apply", "-"], input=result.stdout, text=True, check=True, cwd=here)
        assert (here / ".cfglint.yaml").read_text() == "per-path-ignores:\n  sip.conf: [conf]\n"
        (here / ".cfglint.yaml").unlink()
    assert run("ignore", "conf", "sip.conf", "--write").exit_code == 0
    assert (here / ".cfglint.yaml").read_text() == "per-path-ignores:\n  sip.conf: [conf]\n"
    assert "conf-no-equals" not in ids("sip.conf")
    again = run("ignore", "conf", "sip.conf", "--write")
    assert (again.exit_code, again.stderr) == (0, "cfglint: .cfglint.yaml: leaves it out already\n")


def test_settings_above_and_paths_outside(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_tree(here, {"a/b/sip.conf": BAD, "a/.cfglint.yaml": "", "c/sip.conf": BAD})
    monkeypatch.chdir(here / "a" / "b")
    run("ignore", "conf", "*.conf", "--write")
    assert (here / "a/.cfglint.yaml").read_text() == 'per-path-ignores:\n  "b/*.conf": [conf]\n'
    result = run("ignore", "conf", "../../c/sip.conf", "-c", "../.cfglint.yaml")
    assert result.exit_code == 2
    assert result.stderr.endswith(", whose settings count\n")


def test_settings_with_a_mistake_are_not_edited(here: Path) -> None:
    write_tree(here, {"sip.conf": BAD, ".cfglint.yaml": "fail-on: error\nignor: [acl]\n"})
    result = run("ignore", "conf", "--write")
    assert result.stderr == "cfglint: .cfglint.yaml:2: there is no setting 'ignor'; did you mean ignore?\n"
    assert (here / ".cfglint.yaml").read_text() == "fail-on: error\nignor: [acl]\n"
