"""The data have the form that their loader expects, and say what the servers' sources say."""

from __future__ import annotations

import pytest

from cfglint.knowledge import asterisk
from cfglint.knowledge.asterisk import Options

ALL = tuple(range(16, 24))


def test_every_variant_has_a_kind() -> None:
    found = {
        variant["type"]
        for options in asterisk.pjsip(ALL).types.values()
        for variants in options.known.values()
        for variant in variants
    }
    sip = asterisk.sip(ALL)
    found |= {
        variant["type"] for table in (sip.general, sip.peer) for variants in table.values() for variant in variants
    }
    assert {kind for kind in found if not isinstance(kind, str)} == set()
    assert {"bool", "uint", "string", "enum"} <= found


def test_types_of_pjsip() -> None:
    knowledge = asterisk.pjsip(ALL)
    assert {"endpoint", "aor", "auth", "identify", "registration", "transport", "acl", "global", "system"} <= set(
        knowledge.types
    )
    assert knowledge.single == {"global", "system"}
    for kind in ("endpoint", "aor", "auth"):
        assert knowledge.types[kind].get("type")
        assert knowledge.types[kind].get("secret") is None


def test_options_of_sip() -> None:
    knowledge = asterisk.sip((20,))
    assert "host" in knowledge.peer
    assert "host" not in knowledge.general
    assert "alwaysauthreject" in knowledge.general
    assert "alwaysauthreject" not in knowledge.peer
    assert "transport" in knowledge.general
    assert "transport" in knowledge.peer


def test_names_are_in_lower_case() -> None:
    for options in asterisk.pjsip(ALL).types.values():
        assert [name for name in options.known if name != name.lower()] == []
    sip = asterisk.sip(ALL)
    assert [name for name in (*sip.general, *sip.peer) if name != name.lower()] == []


def test_options_by_version() -> None:
    options = Options(
        {"old": [{"type": "bool", "v": ["16"]}], "all": [{"type": "bool"}], "^Free": [{"type": "string"}]},
        frozenset({"20"}),
    )
    assert options.get("old") is None
    assert options.get("all") == [{"type": "bool"}]
    assert options.get("freedom") == options.get("@any") == []
    assert options.get("none") is None


@pytest.mark.parametrize(
    ("branches", "described"),
    [
        ((16,), {"16"}),
        ((17,), {"16", "18"}),
        ((21,), {"20", "22"}),
        ((23,), {"23"}),
        (ALL, {"16", "18", "20", "22", "23"}),
    ],
)
def test_an_odd_release_counts_as_both_its_neighbours(branches: tuple[int, ...], described: set[str]) -> None:
    assert asterisk._known(branches, ["16", "18", "20", "22", "23"]) == described


def test_knowledge_is_read_once() -> None:
    assert asterisk.pjsip((20,)) is asterisk.pjsip((20,))
    assert asterisk.sip((20,)) is asterisk.sip((20,))
