from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.files import Files
from cfglint.knowledge.versions import Targets
from cfglint.model.kamailio import KamailioTree
from cfglint.simulate.kamailio.probes import Probes, probes

MODULES = "".join(
    f'loadmodule "{name}.so"\n' for name in ("sl", "tm", "textops", "usrloc", "registrar", "auth", "auth_db")
)
CHECKED = """request_route {
    if (!auth_check("$fd", "subscriber", "1")) {
        auth_challenge("$fd", "0");
        exit;
    }
    save("location");
}
"""
REFUSED = 'sl_send_reply("403", "Forbidden"); exit;'


def asked(tmp_path: Path, text: str, version: tuple[int, ...] | None = None) -> Probes:
    path = tmp_path / "kamailio.cfg"
    path.write_text(text)
    return probes(KamailioTree(str(path), Files(), Targets(None, version)).kamailio)


def test_a_phone_is_let_in(tmp_path: Path) -> None:
    found = asked(tmp_path, MODULES + CHECKED)
    assert found.registration is None
    assert found.refresh is None


@pytest.mark.parametrize(
    "condition",
    [
        "1 == 1",
        '$proto == "udp"',
        'is_method("REGISTER")',
        '$si != "192.0.2.99"',
        '$fd != "pbx.example.com" || $fd != "pbx.example.org"',
    ],
)
def test_a_condition_that_no_phone_gets_past(tmp_path: Path, condition: str) -> None:
    text = CHECKED.replace("{\n", f"{{\n    if ({condition}) {{ {REFUSED} }}\n", 1)
    refusal = asked(tmp_path, MODULES + text).registration
    assert refusal is not None
    assert refusal.statuses == (403,)
    assert refusal.place is not None
    assert refusal.place.start.line == len(MODULES.splitlines()) + 2


@pytest.mark.parametrize(
    "condition",
    [
        '$fd != "pbx.example.com"',  # a phone has that domain, then
        '$rd == "198.18.0.2"',
        '!allow_source_address("1")',  # nobody can know the table
        "some_function()",  # nobody can know what it does
        '$(hdr(X-Branch)) == "7"',
        'is_method("INVITE")',
        '$ua =~ "Yealink"',  # other phones get in
    ],
)
def test_what_is_not_proven_is_not_said(tmp_path: Path, condition: str) -> None:
    text = CHECKED.replace("{\n", f"{{\n    if ({condition}) {{ {REFUSED} }}\n", 1)
    table = 'loadmodule "permissions.so"\nmodparam("permissions", "db_url", "mysql://localhost/x")\n'
    assert asked(tmp_path, MODULES + table + text).registration is None


RULES = '    if (!allow_register("register.allow", "register.deny")) { ' + REFUSED + " }\n"


@pytest.mark.parametrize(
    "rule",
    ['ALL : "^sip:.*@10\\.1\\.2\\.3"', '"^sip:2[0-9]+@" : ALL', '"@pbx\\.example\\.com$" : "@10\\."'],
)
def test_a_rule_may_be_for_phones_that_nobody_can_guess(tmp_path: Path, rule: str) -> None:
    (tmp_path / "register.allow").write_text(rule + "\n")
    (tmp_path / "register.deny").write_text("ALL : ALL\n")
    modules = MODULES + 'loadmodule "permissions.so"\nalias="pbx.example.com"\n'
    assert asked(tmp_path, modules + CHECKED.replace("{\n", "{\n" + RULES, 1)).registration is None


@pytest.mark.parametrize("rules", ["", '"@pbx\\.example\\.org$" : ALL\n'])
def test_rules_for_nobody_here_refuse_everybody(tmp_path: Path, rules: str) -> None:
    (tmp_path / "register.allow").write_text(rules)
    (tmp_path / "register.deny").write_text("ALL : ALL\n")
    modules = MODULES + 'loadmodule "permissions.so"\nalias="pbx.example.com"\n'
    refusal = asked(tmp_path, modules + CHECKED.replace("{\n", "{\n" + RULES, 1)).registration
    assert refusal is not None
    assert refusal.statuses == (403,)


def test_where_nobody_is_meant_to_register_nothing_is_said(tmp_path: Path) -> None:
    found = asked(tmp_path, MODULES + 'request_route { sl_send_reply("403", "No"); }\n')
    assert found.registration is None
    assert found.call is None
    assert found.hang_up is None


def test_a_refusal_of_some_versions_is_none(tmp_path: Path) -> None:
    """Before 5.5 ``return 0`` does not end the script (recorded from 5.4 and 5.6)."""
    text = (
        MODULES
        + "request_route {\n    route(CHECK);\n"
        + '    sl_send_reply("403", "Forbidden");\n}\nroute[CHECK] {\n    save("location");\n    return 0;\n}\n'
    )
    assert asked(tmp_path, text).registration is None


def test_each_question_is_asked_once(tmp_path: Path) -> None:
    path = tmp_path / "kamailio.cfg"
    path.write_text(MODULES + CHECKED)
    kamailio = KamailioTree(str(path), Files(), Targets(None, None)).kamailio
    assert probes(kamailio) is probes(kamailio)
