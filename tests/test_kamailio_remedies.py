"""What the fixes of refusals make of scripts: the smallest change that lets in who should be, and nobody else."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.admission import fix
from tests.support import check_tree, request, write_tree

MODULES = "".join(
    f'loadmodule "{name}.so"\n'
    for name in "db_text pv sl tm textops siputils usrloc registrar auth auth_db permissions htable".split()
)
STORED = 'modparam("auth_db", "db_url", "text:///etc/kamailio/dbtext")\n'
TABLES = {
    "dbtext/subscriber": "id(int,auto) username(string) domain(string) password(string) ha1(string,null)\n"
    "1:alice:pbx.example.com:wonderland:\n",
    "dbtext/version": "table_name(string) table_version(int)\nsubscriber:7\n",
}
CALCULATED = 'modparam("auth_db", "calculate_ha1", 1)\nmodparam("auth_db", "password_column", "password")\n'
LOADED = 'modparam("auth_db", "load_credentials", "")\n'
REFUSE = '{ sl_send_reply("403", "Forbidden"); exit; }'


def script(*lines: str, head: str = "") -> str:
    return MODULES + head + "request_route {\n" + "".join(f"\t{line}\n" for line in lines) + "}\n"


CHECKED = 'if (!www_authenticate("$td", "subscriber")) {'
SAVED = 'save("location");'

CASES = {
    "a code in a comparison": (
        script(CHECKED, f"if ($rc != -5) {REFUSE}", 'www_challenge("$td", "0"); exit; }', SAVED),
        {"if ($rc != -5)": "if ($rc != -5 && $rc != -4 && $rc != -6)"},
    ),
    "a code that is challenged": (
        script(CHECKED, 'if ($retcode == -5) { www_challenge("$td", "0"); exit; }', f"else {REFUSE} }}", SAVED),
        {"if ($retcode == -5)": "if ($retcode == -5 || $retcode == -4 || $retcode == -6)"},
    ),
    "a case": (
        script(
            CHECKED, 'switch ($rc) { case -5: www_challenge("$td", "0"); break;',
            'default: sl_send_reply("403", "No"); } exit; }', SAVED,
        ),
        {"case -5:": "case -4: case -6: case -5:"},
    ),
    "a challenge in another header": (
        script(CHECKED, 'proxy_challenge("$td", "0"); exit; }', SAVED),
        {"proxy_challenge": "www_challenge"},
    ),
    "a refusal inside": (
        script(CHECKED, f"if ($rc == -5) {REFUSE}", 'www_challenge("$td", "0"); exit; }', SAVED),
        {'sl_send_reply("403", "Forbidden")': 'www_challenge("$td", "0")'},
    ),
    "a key in a table": (
        script(
            'if (!pv_www_authenticate("$td", "$sht(a=>$tU)", "0")) {', 'www_challenge("$td", "0"); exit; }', SAVED,
            head='modparam("htable", "htable", "a=>size=4;")\nevent_route[htable:mod-init] {\n'
            '\t$sht(a=>alice@pbx.example.com) = "wonderland";\n}\n',
        ),
        {"$sht(a=>$tU)": "$sht(a=>$tU@$td)"},
    ),
    "an alias": (
        script(
            f'if (uri != myself) {REFUSE}', CHECKED, 'www_challenge("$td", "0"); exit; }', SAVED,
            head="listen=udp:192.0.2.10:5060\n" + STORED + CALCULATED + LOADED,
        ),
        {"listen=udp:192.0.2.10:5060\n": 'listen=udp:192.0.2.10:5060\nalias="pbx.example.com"\n'},
    ),
    "the form of passwords": (
        script(CHECKED, 'www_challenge("$td", "0"); exit; }', SAVED, head=STORED + LOADED),
        {LOADED: LOADED + CALCULATED},
    ),
    "a table": (
        script(
            CHECKED.replace("subscriber", "users"), 'www_challenge("$td", "0"); exit; }', SAVED,
            head=STORED + CALCULATED + LOADED,
        ),
        {'"users"': '"subscriber"'},
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_phone_is_let_in(tmp_path: Path, name: str) -> None:
    text, changes = CASES[name]
    write_tree(tmp_path, {"kamailio.cfg": text, **TABLES})
    judged = fix(request(tmp_path), {}, unsafe=True)
    assert judged.refused == []
    ((_, after),) = judged.outcome.texts.values()
    expected = text
    for old, new in changes.items():
        expected = expected.replace(old, new)
    assert after == expected
    assert not [change for change in judged.changes if change.harmful]


def test_a_challenge_that_does_not_fit_its_check_is_changed_safely(tmp_path: Path) -> None:
    """What is checked tells what is meant; no other of the changes is made without a human."""
    for name, (text, changes) in CASES.items():
        folder = tmp_path / name
        write_tree(folder, {"kamailio.cfg": text, **TABLES})
        made = bool(fix(request(folder), {}, unsafe=False).outcome.texts)
        assert made == ("proxy_challenge" in changes), name


def test_who_is_listed_is_asked_for_where_the_list_is(tmp_path: Path) -> None:
    text = script(
        f"if (!allow_trusted()) {REFUSE}", "t_relay();",
        head='modparam("permissions", "db_url", "text:///etc/kamailio/dbtext")\n',
    )  # fmt: skip
    trusted = (
        "id(int,auto) src_ip(string) proto(string) from_pattern(string,null) ruri_pattern(string,null) tag(string,null)"
    )
    address = "id(int,auto) grp(int) ip_addr(string) mask(int) port(int) tag(string,null)"
    write_tree(
        tmp_path,
        {
            "kamailio.cfg": text,
            "dbtext/trusted": trusted + " priority(int)\n1:192.0.2.20:tcp:::carrier:0\n",
            "dbtext/address": address + "\n1:7:192.0.2.20:32:0:\n",
        },
    )
    judged = fix(request(tmp_path), {}, unsafe=True)
    ((_, after),) = judged.outcome.texts.values()
    assert after == text.replace("allow_trusted()", 'allow_source_address("7")')


def test_a_script_that_means_it_is_left_alone(tmp_path: Path) -> None:
    """Without the refusal everybody could register, and without the list everybody could call."""
    open_door = script(f'if (is_method("REGISTER")) {REFUSE}', SAVED)
    write_tree(tmp_path, {"kamailio.cfg": open_door})
    judged = fix(request(tmp_path), {}, unsafe=True)
    assert judged.outcome.texts == {}


def test_a_text_table_with_an_empty_field_is_none(tmp_path: Path) -> None:
    """Kamailio 5.6.3: "null value not allowed - field 4", "table subscriber does not exist!", and 401 for ever."""
    text = script(CHECKED, 'www_challenge("$td", "0"); exit; }', SAVED, head=STORED + CALCULATED + LOADED)
    tables = {**TABLES, "dbtext/subscriber": TABLES["dbtext/subscriber"].replace(",null", "")}
    write_tree(tmp_path, {"kamailio.cfg": text, **tables})
    assert "kamailio-phone-refused" in {finding.check for finding in check_tree(tmp_path).findings}
