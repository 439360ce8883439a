"""Every question to the files leaves a trace."""

from __future__ import annotations

import inspect
from pathlib import Path

import pytest

from cfglint.errors import UnreadableInput
from cfglint.files import Files
from cfglint.witness import QUESTIONS, Witness

UNASKED = {"apart", "changed", "vouch", "sources"}
"""These tell nothing about files: two make other files, one allows something, one lists what was read."""


def test_no_method_of_files_goes_unseen() -> None:
    public = {name for name, _ in inspect.getmembers(Files) if not name.startswith("_")} - {"archived"}
    assert public == {*QUESTIONS, *UNASKED}
    assert all(name in vars(Witness) for name in public)


@pytest.mark.parametrize("question", QUESTIONS)
def test_every_answer_is_kept(tmp_path: Path, question: str) -> None:
    (tmp_path / "a.conf").write_text("text")
    for path in (tmp_path, tmp_path / "a.conf", tmp_path / "none"):
        witness = Witness(Files())
        try:
            getattr(witness, question)(str(path))
        except UnreadableInput as error:
            assert witness.asked[question, str(path)] == f"! {error}"
        answer = witness.asked[question, str(path)]
        assert Witness(Files()).ask(question, str(path)) == answer


def test_two_names_of_one_file_are_told_from_two_files(tmp_path: Path) -> None:
    names = [str(tmp_path / "a"), str(tmp_path / "b")]
    Path(names[0]).write_text("same")
    Path(names[1]).symlink_to("a")
    linked = Witness(Files())
    one = [linked.ask("read", name) for name in names]
    Path(names[1]).unlink()
    Path(names[1]).write_text("same")
    parted = Witness(Files())
    assert one != [parted.ask("read", name) for name in names]


def test_what_is_asked_of_changed_files_is_asked_of_these(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "b").write_text("beside")
    witness = Witness(Files())
    changed = witness.changed({str(tmp_path / "a"): "new"})
    assert changed.read(str(tmp_path / "a")).text == "new"
    assert changed.read(str(tmp_path / "b")).text == "beside"
    assert set(witness.asked) == {("read", str(tmp_path / "a")), ("read", str(tmp_path / "b"))}
    assert witness.read(str(tmp_path / "a")).text == "old"
