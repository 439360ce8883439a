"""The count of the inputs goes on where it ended."""

from __future__ import annotations

from pathlib import Path

from tests.fuzz.mutate import FIXTURES, TALLY, entries, judge, next_seed


def test_a_run_adds_to_the_tally(tmp_path: Path) -> None:
    ledger = tmp_path / "tally.jsonl"
    assert next_seed(ledger) == 0
    for seed in (0, 1):
        assert judge([str(FIXTURES)], 3, next_seed(ledger), tmp_path / "kept", ledger) == 0
        assert [(line["seed"], line["inputs"], line["bad"]) for line in entries(ledger)][-1] == (seed, 3, 0)
    assert next_seed(ledger) == 2


def test_the_tally_is_clean() -> None:
    runs = entries(TALLY)
    assert sum(run["inputs"] for run in runs) > 0
    assert [run for run in runs if run["bad"]] == []
