from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.errors import SettingsProblem, UnreadableInput
from cfglint.files import Files
from cfglint.knowledge.versions import Targets
from cfglint.policy import PathIgnore
from cfglint.settings import FILE_NAME, Settings, find, load


def read(tmp_path: Path, text: str | bytes) -> Settings:
    path = tmp_path / FILE_NAME
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return load(str(path), Files())


def problem(tmp_path: Path, text: str | bytes) -> str:
    with pytest.raises(SettingsProblem) as caught:
        read(tmp_path, text)
    _, _, shown = str(caught.value).partition(f"{FILE_NAME}:")
    return shown


def test_everything_that_can_be_set(tmp_path: Path) -> None:
    settings = read(
        tmp_path,
        """
# what we run
targets: {asterisk: '20.20', kamailio: "5.6"}
select: [sip, pjsip-aor-max-contacts-zero]
ignore: conf-no-equals
fail-on: error
installed-at: /opt/asterisk/etc
exclude:
  - old/*
levels: {pjsip: info, pjsip-aor-max-contacts-zero: error}
per-path-ignores:
  lab: acl
  "pjsip.d/4*.conf": [pjsip, sip]
require-reasons: true
baseline: known/b.yaml
""",
    )
    assert settings == Settings(
        str(tmp_path / FILE_NAME),
        Targets((20, 20), (5, 6)),
        ("sip", "pjsip-aor-max-contacts-zero"),
        ("conf-no-equals",),
        "error",
        "/opt/asterisk/etc",
        ("old/*",),
        (("pjsip", "info"), ("pjsip-aor-max-contacts-zero", "error")),
        (PathIgnore("lab", ("acl",)), PathIgnore("pjsip.d/4*.conf", ("pjsip", "sip"))),
        True,
        str(tmp_path / "known/b.yaml"),
    )


@pytest.mark.parametrize("text", ["", "# nothing\n", "---\n", "{}\n"])
def test_no_settings(tmp_path: Path, text: str) -> None:
    assert read(tmp_path, text) == Settings(str(tmp_path / FILE_NAME))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("fail-on: error\nselct: [x]\n", "2: there is no setting 'selct'; did you mean select?"),
        (
            "colour: yes\n",
            "1: there is no setting 'colour'; known are targets, select, ignore, fail-on, installed-at, ",
        ),
        ("\n\n1: x\n", "3: there is no setting '1'; known are"),
        ("fail-on: fatal\n", "1: fail-on: expected one of info, warning, error, never"),
        ("fail-on: [error]\n", "1: fail-on: expected one of info, warning, error, never"),
        ("select: 5\n", "1: select: expected a list of names"),
        ("select: [5]\n", "1: select: expected a list of names"),
        ("installed-at: etc\n", "1: installed-at: expected an absolute path"),
        ("targets: asterisk=20\n", "1: targets: expected products and versions, such as {asterisk: '20.20'}"),
        ("targets:\n  asterisk: 20.20\n", "2: targets: put the version in quotes: YAML reads 20.2 as a number"),
        ("targets: {asterisk: '7'}\n", "1: targets: asterisk: cfglint knows asterisk 16 to 23"),
        (
            "targets:\n  asterisk: '20'\n  kamilio: '5.6'\n",
            "3: targets: there is no product 'kamilio'; did you mean kamailio?",
        ),
        ("targets: {asterisk: }\n", "1: targets: expected a version of asterisk"),
        (
            "\nignore:\n- acl\n- sip-nosuch\n",
            "4: ignore: there is no check 'sip-nosuch'; 'cfglint rules'",
        ),
        (
            "select: [pjsip-aor-max-contact-zero]\n",
            "1: select: there is no check 'pjsip-aor-max-contact-zero'; did you mean",
        ),
        ("ignore: ['']\n", "1: ignore: expected a list of names"),
        ("levels: [acl]\n", "1: levels: expected checks and levels, such as {conf-no-equals: error}"),
        ("levels:\n  acl: info\n  sip: of\n", "3: levels: expected one of info, warning, error"),
        ("levels:\n  acl: info\n  spi: info\n", "3: levels: there is no check 'spi'; "),
        ("per-path-ignores: acl\n", "1: per-path-ignores: expected patterns of paths and the checks to ignore there"),
        ("per-path-ignores:\n  a: acl\n  b:\n  - sip\n  - acll\n", "5: per-path-ignores: b: there is no check 'acll'"),
        ("per-path-ignores:\n  a: acl\n  b: {}\n", "3: per-path-ignores: b: expected a list of names"),
        ("per-path-ignores:\n  7: acl\n", "2: per-path-ignores: expected a pattern of paths, not 7"),
        ("require-reasons: yes\n", "1: require-reasons: expected true or false"),
        ("baseline: [x]\n", "1: baseline: expected the path of a file, relative to this one"),
        ("fail-on: error\nlevels: {<<: {acl: loud}}\n", "2: levels: expected one of info, warning, error"),
        ("- a\n- b\n", "1: must be a mapping of settings, such as 'fail-on: error'"),
        ("just text\n", "1: must be a mapping of settings, such as 'fail-on: error'"),
        ("a: [1\nb: 2\n", "2: is not YAML: "),
        ("a: 1\na: 2\n", "2: is not YAML: "),
        ("a: !!python/object:os.system x\n", "1: there is no setting 'a'"),
        (b"a: \xff\n", "1: is not YAML: "),
        (b"a: \x00\n", "1: is not YAML: "),
        ("[" * 500, "1: is not YAML: "),
        ("a: &a [*a]\n", "1: there is no setting 'a'"),
        ("select: &a [*a]\n", "1: select: expected a list of names"),
    ],
)
def test_a_mistake_is_told_with_its_line(tmp_path: Path, text: str | bytes, expected: str) -> None:
    assert problem(tmp_path, text).startswith(expected)


def test_an_integer_is_a_version(tmp_path: Path) -> None:
    assert read(tmp_path, "targets: {asterisk: 20}\n").targets == Targets((20,))


def test_a_settings_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UnreadableInput, match="is a directory"):
        load(str(tmp_path), Files())
    with pytest.raises(UnreadableInput, match="there is no such file"):
        load(str(tmp_path / "nosuch.yaml"), Files())


def test_the_nearest_file_upwards_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / FILE_NAME).write_text("")
    (inner / "sip.conf").write_text("")
    assert find(str(inner), Files()) == str(tmp_path / FILE_NAME)
    (tmp_path / "a" / FILE_NAME).write_text("")
    assert find(str(inner), Files()) == str(tmp_path / "a" / FILE_NAME)
    assert find(str(inner / "sip.conf"), Files()) == str(tmp_path / "a" / FILE_NAME)
    assert find(str(inner / "not" / "there.conf"), Files()) == str(tmp_path / "a" / FILE_NAME)
    (inner / FILE_NAME).mkdir()
    assert find(str(inner), Files()) == str(tmp_path / "a" / FILE_NAME)
    monkeypatch.chdir(inner)
    assert find("sip.conf", Files()) == str(tmp_path / "a" / FILE_NAME)


def test_none_at_all(tmp_path: Path) -> None:
    found = find(str(tmp_path), Files())
    assert found is None or not Path(found).is_relative_to(tmp_path)
