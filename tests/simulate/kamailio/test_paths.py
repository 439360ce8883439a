"""Every way through a script is followed once, and those that meet are followed together."""

from __future__ import annotations

from cfglint.simulate.kamailio.paths import Path, explore

ANSWERS = ("no", "yes")


def test_a_way_may_meet_one_that_has_met_another() -> None:
    def run(path: Path) -> str:
        first, second = path.choose("first", ANSWERS), path.choose("second", ANSWERS)
        path.arrive("expected" if first == second == 0 else "aside")
        path.arrive("end")
        return "answered"

    ways = explore(run, lambda: True)
    assert ways.complete
    assert ways.results == ["answered"]
    assert [(*(choice.taken for choice in choices), number) for choices, number in ways.taken] == [
        (0, 0, 0),
        (1, 0, 0),
        (0, 1, 0),
    ]
