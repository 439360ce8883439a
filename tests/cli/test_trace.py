"""``cfglint trace`` through a routing script: what it tells, in text and JSON."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.support import run
from tests.support import write_tree

GATE = """#!KAMAILIO
loadmodule "sl.so"
loadmodule "tm.so"
loadmodule "permissions.so"
modparam("permissions", "db_url", "mysql://kamailio:hidden@localhost/kamailio")
listen=udp:192.0.2.10:5060
request_route {
    if (!allow_source_address("1")) {
        sl_send_reply("403", "Forbidden");
        exit;
    }
    t_relay();
}
"""
CALL = ("--invite", "1@example.com", "2@example.com", "--target", "kamailio=6.1")


def test_what_would_be_answered_otherwise(tmp_path: Path) -> None:
    (tmp_path / "kamailio.cfg").write_text(GATE)
    done = run("trace", tmp_path, *CALL, "-f", "json")
    answer = json.loads(done.stdout)["requests"][0]
    (other,) = answer["otherwise"]
    assert not answer["certain"]
    assert {*answer["statuses"], other["status"]} == {200, 403}
    refusal = answer if answer["statuses"] == [403] else other
    assert refusal["decided_by"]["start"]["line"] == 8
    text = run("trace", tmp_path, *CALL).stdout
    assert f"would be {other['status']} " in text
    assert all(condition in text for condition in other["conditions"])
    assert "hidden" not in text + done.stdout


def test_names_that_the_command_line_defines(tmp_path: Path) -> None:
    (tmp_path / "kamailio.cfg").write_text(
        '#!KAMAILIO\nloadmodule "sl.so"\nlisten=udp:192.0.2.10:5060\nrequest_route {\n#!ifdef OPEN\n'
        '    sl_send_reply("200", "OK");\n#!else\n    sl_send_reply(CODE, "No");\n#!endif\n}\n'
    )
    call = "requests: [{id: a, method: OPTIONS, from: 1@example.com, to: 2@example.com, source: 203.0.113.7}]\n"
    for arguments, status in (
        ("[-A, OPEN]", 200),
        ("'-m 64 -AOPEN'", 200),
        ("""-A 'CODE="403"'""", 403),
        ("""[-A, 'CODE="488"']""", 488),
    ):
        (tmp_path / "requests.yaml").write_text(f"arguments: {arguments}\n{call}")
        done = run("trace", tmp_path, "--requests", tmp_path / "requests.yaml", "-f", "json")
        assert json.loads(done.stdout)["requests"][0]["statuses"] == [status], arguments


@pytest.mark.parametrize(
    ("options", "first", "second"),
    [
        (("--register", "a@b", "--invite", "a", "b"), "--register", "--invite"),
        (("--invite", "a", "b", "--as-phone", "a"), "--as-phone", "--invite"),
        (("--requests", "r.yaml", "--register", "a@b"), "--register", "--requests"),
    ],
)
def test_one_way_to_say_which_request(here: Path, options: tuple[str, ...], first: str, second: str) -> None:
    write_tree(here, {"sip.conf": "[a]\n", "r.yaml": "requests: []\n"})
    result = run("trace", ".", "--no-config", *options)
    assert result.exit_code == 2
    assert f"{second} does not go with {first}; " in result.stderr


def test_who_registers_where(here: Path) -> None:
    write_tree(here, {"sip.conf": "[a]\n"})
    result = run("trace", ".", "--no-config", "--register", "a")
    assert (result.exit_code, result.stderr) == (2, "cfglint: --register a: expected USER@HOST\n")
