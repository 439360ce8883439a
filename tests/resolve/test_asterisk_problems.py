"""What the loader says of lines that it stumbles over: the kind, the place, and what else has to do with it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.files import Files
from cfglint.resolve.asterisk import (
    ABORTS,
    IN_COMMENT,
    NO_CATEGORY,
    OPEN_COMMENT,
    STRAY_CLOSE,
    TRUNCATES,
    UNKNOWN_BASE,
    UNREADABLE,
    Config,
)
from cfglint.resolve.asterisk.loading import load
from cfglint.syntax.asterisk import TOO_LONG
from tests.support import write_tree


def loaded(folder: Path, files: dict[str, str]) -> Config:
    write_tree(folder, files)
    return load(str(folder / "sip.conf"), Files())


def told(config: Config) -> list[tuple[str, str, str]]:
    return [(problem.kind, problem.place.text, problem.effect) for problem in config.problems]


def test_a_line_above_the_first_section_is_told_without_its_indentation(tmp_path: Path) -> None:
    config = loaded(tmp_path, {"sip.conf": "\tcontext = public \r\nallowguest=no\r\n[general]\r\n"})
    assert told(config) == [(NO_CATEGORY, "context = public", ABORTS)]
    assert [section.name for section in config.sections] == ["general"]


def test_only_the_first_line_without_a_section_ends_an_included_file(tmp_path: Path) -> None:
    config = loaded(tmp_path, {"sip.conf": "#include a.conf\n[b]\n", "a.conf": "words\n[a]\n"})
    assert told(config) == [(NO_CATEGORY, "words", TRUNCATES)]
    assert [section.name for section in config.sections] == ["b"]


def test_a_line_that_is_too_long_is_told_by_its_beginning(tmp_path: Path) -> None:
    config = loaded(tmp_path, {"sip.conf": "[a]\n\tpermit=" + "1" * 9000 + "\n"})
    assert told(config) == [(TOO_LONG, "permit=" + "1" * 25, "ignored")]


def test_a_base_with_blanks_names_the_one_without(tmp_path: Path) -> None:
    config = loaded(tmp_path, {"sip.conf": "[a](!)\n[b]( a)\n[c]( d)\n[d]\n"})
    problems = [problem for problem in config.problems if problem.kind == UNKNOWN_BASE]
    assert [problem.detail for problem in problems] == [" a", " d"]
    assert problems[0].other == config.sections[0].name_place
    assert problems[1].other is None


def test_a_comment_left_open_hides_the_files_behind_it(tmp_path: Path) -> None:
    files = {"sip.conf": "[a]\n#include d/*\n[z]\n", "d/1": "[b]\n;-- two --\n", "d/2": "[c]\n", "d/3": "--;\n[d]\n"}
    config = loaded(tmp_path, files)
    assert [section.name for section in config.sections] == ["a", "b", "d", "z"]
    opened, *hidden = config.problems
    assert opened.kind == OPEN_COMMENT
    assert [(p.kind, p.place.source.path[-1], p.other) for p in hidden] == [
        (IN_COMMENT, "2", opened.place),
        (IN_COMMENT, "3", opened.place),
    ]


def test_an_opener_behind_a_stray_close_only_balances_it(tmp_path: Path) -> None:
    config = loaded(tmp_path, {"sip.conf": "[a]\nx --;\n;-- y\n[b]\n;-- open\n[c]\n"})
    assert [(p.kind, p.place.start.line) for p in config.problems if p.kind in (STRAY_CLOSE, OPEN_COMMENT)] == [
        (STRAY_CLOSE, 2),
        (OPEN_COMMENT, 5),
    ]
    assert [section.name for section in config.sections] == ["a", "b"]


def test_an_include_that_cannot_be_read_leaves_the_configuration_incomplete(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("cfglint.files.MAX_BYTES", 40)
    config = loaded(tmp_path, {"sip.conf": "[a]\n#include big.conf\n[b]\n", "big.conf": ";" * 41})
    assert [problem.kind for problem in config.problems] == [UNREADABLE]
    assert config.incomplete
    assert config.aborted is None
