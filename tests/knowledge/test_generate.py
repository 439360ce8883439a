from __future__ import annotations

from cfglint.knowledge.kamailio import RELEASES, index
from tests.knowledge.generate import cases, configuration


def test_right_and_wrong_of_one_function() -> None:
    found = [
        case
        for case in cases("maxfwd", "5.6")
        if case.name == "process_maxfwd" or case.name == "mf_process_maxfwd_header"
    ]
    assert {(case.kind, case.accepted) for case in found} >= {("function", True), ("count", False)}
    wrong = next(case for case in found if case.kind == "count")
    assert configuration([wrong]) == (
        'auto_aliases=no\nlisten=udp:127.0.0.1:5062\nloadmodule "maxfwd.so"\n'
        "request_route {\n    mf_process_maxfwd_header();\n    exit;\n}\n"
    )


def test_right_and_wrong_type_of_a_parameter() -> None:
    found = {case.modparam: case.accepted for case in cases("tm", "5.6") if case.name == "fr_timer"}
    assert found == {'modparam("tm", "fr_timer", 1)': True, 'modparam("tm", "fr_timer", "1")': False}


def test_export_name_is_what_modparam_names() -> None:
    assert all('modparam("ss7"' in case.modparam for case in cases("ss7ops", "6.1") if case.modparam)


def test_block_of_its_own_for_each_case() -> None:
    text = configuration([case for case in cases("uac", "5.6") if case.accepted and case.name == "uac_auth"])
    assert "failure_route[CHECK] {\n    uac_auth();\n" in text
    assert "branch_route" not in text


def test_release_without_the_module() -> None:
    assert cases("userblacklist", "6.1") == []
    assert cases("no_such_module", "6.1") == []


def test_every_module_has_cases() -> None:
    for release in RELEASES.names:
        for name in index().modules(RELEASES.parse(release)):
            kinds = {(case.kind, case.accepted) for case in cases(name, release)}
            assert kinds >= {("module", True), ("parameter", False), ("function", False)}, name
