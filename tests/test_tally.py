"""What parts come to is what the whole comes to."""

from __future__ import annotations

from pathlib import Path

from cfglint.render.text import Painter, summary
from cfglint.tally import Tally, tally
from tests.support import check_tree, write_tree


def test_nothing() -> None:
    assert Tally().worst is None
    assert summary(Tally(), Painter(False)) == "nothing was checked"


def test_parts_and_the_whole(tmp_path: Path) -> None:
    write_tree(tmp_path, {"a/sip.conf": "[1001]\ntype=friend\nhost dynamic\n", "b/sip.conf": "[x\n", "c/sip.conf": ""})
    whole, parts = tally(check_tree(tmp_path)), Tally()
    for name in "abc":
        parts.add(check_tree(tmp_path / name))
    assert (parts.files, parts.levels, parts.fixes, parts.worst) == (3, whole.levels, whole.fixes, "error")
    assert len(parts.failures) == len(whole.failures) == 1
    assert summary(parts, Painter(False)) == summary(whole, Painter(False))
