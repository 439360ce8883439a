from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.errors import SettingsProblem, UnreadableInput
from cfglint.files import Files
from cfglint.knowledge.versions import Targets
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
            "1: there is no setting 'colour'; known are targets, select, ignore, fail-on, installed-at, exclude",
        ),
        ("\n\n1: x\n", "3: there is no setting '1'; known are"),
        ("fail-on: fatal\n", "1: fail-on: expected one of info, warning, error, never"),
        ("fail-on: [error]\n", "1: fail-on: expected one of info, warning, error, never"),
        ("select: 5\n", "1: select: expected a list of names"),
        ("select: [5]\n", "1: select: expected a list of names"),
        ("installed-at: etc\n", "1: installed-at: expected an absolute path"),
        ("targets: asterisk=20\n", "1: targets: expected products and versions, such as {asterisk: '20.20'}"),
        ("targets:\n  asterisk: 20.20\n", "1: targets: put the version in quotes: YAML reads 20.2 as a number"),
        ("targets: {asterisk: '7'}\n", "1: targets: --target asterisk=7: cfglint knows asterisk 16 to 23"),
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
