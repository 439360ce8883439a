"""The count of the inputs goes on where it ended."""

from __future__ import annotations

from pathlib import Path

from tests.fuzz.mutate import FIXTURES, TALLY, again, count, entries, judge, next_seed, note, report


def test_a_run_adds_to_the_tally(tmp_path: Path) -> None:
    ledger = tmp_path / "tally.jsonl"
    assert next_seed(ledger) == 0
    for seed in (0, 1):
        assert judge([str(FIXTURES)], 3, next_seed(ledger), tmp_path / "kept", ledger) == 0
        assert [(line["seed"], line["inputs"], line["bad"]) for line in entries(ledger)][-1] == (seed, 3, 0)
    assert next_seed(ledger) == 2


def test_a_mended_defect_is_counted(tmp_path: Path) -> None:
    ledger, kept = tmp_path / "tally.jsonl", tmp_path / "kept"
    note(ledger, {"run": 1, "seed": 7, "inputs": 1000, "bad": 2, "seconds": 9})
    note(ledger, {"run": 1, "seed": 8, "inputs": 1000, "bad": 0, "seconds": 9})
    report(kept, "7-21-sip.conf", b"[general]\n")
    assert again(kept, ledger) == 0
    assert list(kept.iterdir()) == []
    assert [line.get("mended") for line in entries(ledger)] == [1, None]
    assert count(ledger) == "2000 inputs in 2 runs; 2 were bad, of which 1 hold by now"


def test_what_was_bad_is_mended() -> None:
    runs = entries(TALLY)
    assert sum(run["inputs"] for run in runs) > 0
    assert [run for run in runs if run["bad"] != run.get("mended", 0)] == []
