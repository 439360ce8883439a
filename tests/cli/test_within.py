from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.support import BAD, GOOD, ONLY, run
from tests.support import write_tree

TREES = {
    "a/sip.conf": "[general]\n#include d/*.conf\n",
    "a/d/1.conf": BAD,
    "a/other.conf": "[x]\n",
    "b/sip.conf": BAD,
    "c/kamailio.cfg": '#!KAMAILIO\ninclude_file "routes.cfg"\n',
    "c/routes.cfg": "request_route {\n\tnosuch_function();\n}\n",
    "readme.md": "",
}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    write_tree(tmp_path, TREES)
    return tmp_path


def within(*arguments: str, command: str = "check") -> tuple[int, str, str]:
    result = run(command, "--within", ".", *arguments, *ONLY)
    return result.exit_code, result.stdout, result.stderr


def test_a_fragment_is_judged_in_its_tree(here: Path) -> None:
    code, shown, said = within("a/d/1.conf", "-f", "concise")
    assert (code, said) == (1, "")
    assert [line.partition(":")[0] for line in shown.splitlines()] == ["a/d/1.conf"]


def test_findings_are_those_of_the_whole_tree(here: Path) -> None:
    write_tree(here, {"a/d/2.conf": "[2]\ntype=friend\n"})
    code, shown, _ = within("a/d/2.conf", "-f", "concise")
    assert code == 1
    assert shown.startswith("a/d/1.conf:3:1: warning: ")


def test_the_same_as_checking_the_tree(here: Path) -> None:
    for path, tree in (("a/d/1.conf", "a"), ("b/sip.conf", "b"), ("c/routes.cfg", "c")):
        alone = run("check", tree, "--no-config", "-f", "json")
        hook = run("check", "--within", ".", path, "--no-config", "-f", "json")
        assert hook.stdout == alone.stdout
        assert hook.exit_code == alone.exit_code == 1


def test_a_kamailio_fragment(here: Path) -> None:
    result = run("check", "--within", ".", "c/routes.cfg", "--no-config", "-f", "concise")
    assert result.exit_code == 1
    assert result.stdout.startswith("c/routes.cfg:2:")


@pytest.mark.parametrize(
    ("files", "message"),
    [
        (["readme.md"], "readme.md: not checked, as no tree below . includes it"),
        (["a/other.conf"], "a/other.conf: not checked, as no tree below . includes it"),
        (
            ["readme.md", "a/other.conf", "x\x1b", "y", "z"],
            "readme.md, a/other.conf, x\\x1b and 2 more: not checked, as no tree below . includes them",
        ),
        ([], "--within: no file was named, so nothing is checked"),
    ],
)
def test_what_belongs_to_no_tree_is_said_and_passes(files: list[str], message: str) -> None:
    """A hook must let a commit pass that has nothing to do with telephones."""
    assert within(*files) == (0, "nothing was checked\n", f"cfglint: {message}\n")
    assert within(*files, command="fix") == (0, "", f"cfglint: {message}\n")


def test_a_repository_without_any_configuration(here: Path) -> None:
    write_tree(here, {"none/nginx.conf": ""})
    result = run("check", "--within", "none", "none/nginx.conf", *ONLY)
    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr == (
        "cfglint: none: holds no sip.conf, pjsip.conf or kamailio*.cfg; name a file, or its directory\n"
    )


def test_a_directory_that_is_not_there() -> None:
    result = run("check", "--within", "nosuch", "a/d/1.conf", *ONLY)
    assert (result.exit_code, result.stderr) == (2, "cfglint: nosuch: there is no such file; check the path\n")


@pytest.mark.parametrize(
    "options", [("--overlay", "a=b"), ("--archive", "a"), ("--stdin-filename", "a"), ("--language", "asterisk")]
)
def test_options_that_do_not_go_with_it(options: tuple[str, ...]) -> None:
    code, shown, said = within("b/sip.conf", *options)
    assert (code, shown) == (2, "")
    assert said == (
        "cfglint: --within goes with files as they are: not with --overlay, --archive, --stdin-filename or --language\n"
    )


def test_each_tree_has_its_own_settings(here: Path) -> None:
    """As when it is checked alone."""
    write_tree(
        here,
        {
            ".cfglint.yaml": "select: conf-no-equals\nexclude: old/*\n",
            "a/.cfglint.yaml": "select: conf-no-equals\nfail-on: error\ntargets: {asterisk: '20.20'}\n",
            "c/.cfglint.yaml": "exclude: kamailio.cfg\n",
            "old/sip.conf": BAD,
        },
    )
    codes = {
        path: run("check", "--within", ".", path).exit_code
        for path in ("a/sip.conf", "b/sip.conf", "c/routes.cfg", "old/sip.conf")
    }
    assert codes == {"a/sip.conf": 0, "b/sip.conf": 1, "c/routes.cfg": 0, "old/sip.conf": 0}
    result = run("check", "--within", ".", "b/sip.conf", "a/sip.conf", "-f", "json", "-f", "junit=out.xml")
    found = json.loads(result.stdout)
    assert result.exit_code == 1
    assert found["targets"]["asterisk"] == "20.20, every supported version"
    assert [finding["path"] for finding in found["findings"]] == ["a/d/1.conf", "b/sip.conf"]
    assert found["summary"]["files"] == 3
    assert 'failures="2"' in (here / "out.xml").read_text(), "what fails for one is shown to all"
    assert run("check", "--within", ".", "a/sip.conf", "--no-config").exit_code == 1
    assert run("check", "--within", ".", "b/sip.conf", "-c", "a/.cfglint.yaml").exit_code == 0


def test_settings_of_an_unknown_check(here: Path) -> None:
    write_tree(here, {"a/.cfglint.yaml": "ignore: nonsense\n"})
    result = run("check", "--within", ".", "a/sip.conf")
    assert (result.exit_code, result.stdout) == (2, "")
    assert (
        result.stderr
        == "cfglint: a/.cfglint.yaml:1: ignore: there is no check 'nonsense'; 'cfglint rules' lists them\n"
    )


FIXABLE = BAD.replace("host dynamic", "secret=x\ncallerid Bob")


def test_fixing(here: Path) -> None:
    write_tree(here, {"a/d/1.conf": FIXABLE, "b/sip.conf": FIXABLE, "a/.cfglint.yaml": "fail-on: error\n"})
    options = ("--select", "conf-no-equals", "--unsafe")
    patch = run("fix", "--within", ".", "a/d/1.conf", "b/sip.conf", *options)
    assert patch.exit_code == 1
    assert [line for line in patch.stdout.splitlines() if line.startswith("+++")] == [
        "+++ b/a/d/1.conf",
        "+++ b/b/sip.conf",
    ]
    result = run("fix", "--within", ".", "a/d/1.conf", "b/sip.conf", *options, "--write")
    assert result.exit_code == 0
    assert result.stderr == "fixed a/d/1.conf\nfixed b/sip.conf\n"
    for path in ("a/d/1.conf", "b/sip.conf"):
        assert (here / path).read_text() == FIXABLE.replace("callerid ", "callerid=")


def test_a_fragment_of_trees_with_different_settings_is_fixed_once(here: Path) -> None:
    """What the settings of one tree ask for is added to what those of the other did."""
    write_tree(
        here,
        {
            "a/sip.conf": "#include ../shared.conf\n",
            "b/sip.conf": "#include ../shared.conf\n",
            "shared.conf": "[1]\ntype=friend\ncallerid Bob\nsecret='x'\n",
            "a/.cfglint.yaml": "select: conf-no-equals\n",
            "b/.cfglint.yaml": "select: conf-quoted-secret\n",
        },
    )
    result = run("fix", "--within", ".", "shared.conf", "--unsafe", "--write", "--backup", "--fail-on", "never")
    assert result.exit_code == 0
    assert result.stderr.endswith("shared.conf.bak\nfixed shared.conf\n")
    assert (here / "shared.conf.bak").read_text().endswith("callerid Bob\nsecret='x'\n")
    assert (here / "shared.conf").read_text() == "[1]\ntype=friend\ncallerid=Bob\nsecret=x\n"


def test_nothing_to_report(here: Path) -> None:
    write_tree(here, {"b/sip.conf": GOOD})
    assert within("b/sip.conf") == (0, "nothing to report in 1 file\n", "")
