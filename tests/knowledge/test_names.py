from __future__ import annotations

import pytest

from cfglint.knowledge.names import Suggestions, nearest

FUNCTIONS = ["t_relay", "t_reply", "t_release", "ds_select_dst", "ds_select_domain", "save", "lookup", "max_contacts"]


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("t_rellay", "t_relay"),
        ("T_RELAY", "t_relay"),
        ("ds_select_dts", "ds_select_dst"),
        ("ds_selct_dst", "ds_select_dst"),
        ("loookup", "lookup"),
        ("lokoup", "lookup"),
        ("max-contacts", "max_contacts"),
        ("maxcontact", "max_contacts"),
        ("sav3", "save"),
    ],
)
def test_slip(name: str, meant: str) -> None:
    assert nearest(name, FUNCTIONS) == meant


@pytest.mark.parametrize("name", ["t_rely", "sv", "rtp_manage", "lk", "", "ds_select", "save_all", "looup_x"])
def test_no_clear_slip(name: str) -> None:
    assert nearest(name, FUNCTIONS) is None


def test_closest_wins() -> None:
    assert nearest("registrat", ["registrar", "registered", "register"]) == "registrar"


def test_another_case_beats_a_slip() -> None:
    assert nearest("Save", ["save", "slave"]) == "save"


def test_the_name_itself_is_no_suggestion() -> None:
    assert nearest("save", ["save", "lookup"]) is None


def test_candidates_may_be_listed_twice_and_come_from_an_iterator() -> None:
    assert nearest("lokup", iter(["lookup", "lookup"])) == "lookup"


def test_suggestions_end_with_their_budget() -> None:
    suggestions = Suggestions(FUNCTIONS, budget=12)
    assert [suggestions.nearest("loookup") for _ in range(3)] == ["lookup", "lookup", None]
