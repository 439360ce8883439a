"""What changes from version to version, as servers of both versions were seen to answer: recorded with Asterisk 16.28,
20.20 and 22.10, and Kamailio 5.4.4, 5.6.3, 6.0.1 and 6.1.5; where another version is named, its source says so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cfglint.files import Files
from cfglint.knowledge.versions import parse_targets
from cfglint.upgrade import Change, Upgrade, upgrade
from tests.cli.support import run
from tests.support import request, write_tree

PHONE = """\
[transport-udp]
type=transport
protocol=udp
bind=0.0.0.0

[201]
type=endpoint
context=internal
disallow=all
allow=ulaw
auth=201
aors={aor}
{endpoint}

[201]
type=auth
username=201
{auth}

[{aor}]
type=aor
max_contacts=1
remove_existing=yes
"""
SECRET = "password=Xk3uT9pqLm"


def compared(folder: Path, before: str, after: str) -> Upgrade:
    return upgrade(request(folder), Files(), parse_targets((before,)), parse_targets((after,)))


def changes(folder: Path, before: str, after: str) -> dict[str, Change]:
    return {change.who: change for change in compared(folder, before, after).changes}


def phone(auth: str, endpoint: str = "", aor: str = "201") -> dict[str, str]:
    return {"pjsip.conf": PHONE.format(auth=auth, endpoint=endpoint, aor=aor)}


RECORDED = [
    pytest.param(f"auth_type=digest\n{SECRET}", (500,), (401, 200), id="auth_type=digest"),
    pytest.param(
        f"auth_type=userpass\n{SECRET}\nsupported_algorithms_uas=MD5", (500,), (401, 200), id="supported_algorithms_uas"
    ),
    pytest.param(
        "auth_type=userpass\nmd5_cred=0123456789abcdef0123456789abcdef", (401, 401), (401, 200), id="md5_cred, userpass"
    ),
    pytest.param(f"auth_type=md5\n{SECRET}", (500,), (401, 200), id="password, md5"),
    pytest.param("auth_type=userpass", (401, 401), (500,), id="no password"),
]


@pytest.mark.parametrize(("auth", "before", "after"), RECORDED)
@pytest.mark.parametrize("version", ["20.20", "22.10"])
def test_digests(tmp_path: Path, auth: str, before: tuple[int, ...], after: tuple[int, ...], version: str) -> None:
    write_tree(tmp_path, phone(auth))
    change = changes(tmp_path, "asterisk=16.28", f"asterisk={version}")["REGISTER 201"]
    assert (change.before, change.after) == (before, after)
    assert change.becomes is not None
    assert change.becomes.place is not None


@pytest.mark.parametrize(("auth", "_before", "_after"), RECORDED)
def test_digests_are_the_same_from_20_on(tmp_path: Path, auth: str, _before: object, _after: object) -> None:
    write_tree(tmp_path, phone(auth))
    assert changes(tmp_path, "asterisk=20.20", "asterisk=22.10") == {}


@pytest.mark.parametrize(
    ("before", "after"), [("20.20", "20.21"), ("22.10", "22.11"), ("23.4", "23.5"), ("18", "22.11")]
)
def test_to_is_looked_at_whatever_identify_by_says(tmp_path: Path, before: str, after: str) -> None:
    """res_pjsip_registrar.c:find_registrar_aor."""
    write_tree(tmp_path, phone(f"auth_type=userpass\n{SECRET}", "identify_by=auth_username", "home"))
    found = changes(tmp_path, f"asterisk={before}", f"asterisk={after}")
    change = found["REGISTER 201, from a phone that calls itself home"]
    assert (change.before, change.after) == ((401, 404), (401, 200))
    assert change.becomes is not None
    assert "the To user 'home' is its name" in change.becomes.text
    assert set(found) == {change.who}


def test_chan_sip_is_gone(tmp_path: Path) -> None:
    write_tree(tmp_path, {"sip.conf": f"[201]\ntype=friend\nhost=dynamic\n{SECRET.replace('password', 'secret')}\n"})
    change = changes(tmp_path, "asterisk=20", "asterisk=21")["REGISTER 201"]
    assert (change.before, change.after) == ((401, 200), ("timeout",))
    assert change.becomes is not None
    assert "chan_sip is gone from Asterisk 21 on" in change.becomes.text
    assert changes(tmp_path, "asterisk=16", "asterisk=20") == {}


def test_who_listens_in_the_place_of_chan_sip(tmp_path: Path) -> None:
    """chan_pjsip challenges whom it does not know."""
    sip = "[202]\ntype=friend\nhost=dynamic\nsecret=Xk3uT9pqLm\n"
    write_tree(tmp_path, phone(f"auth_type=userpass\n{SECRET}") | {"sip.conf": sip})
    found = changes(tmp_path, "asterisk=18", "asterisk=22")
    assert (found["REGISTER 202"].before, found["REGISTER 202"].after) == ((401, 200), (401, 401))
    assert "REGISTER 201" not in found


SCRIPT = """\
#!KAMAILIO
loadmodule "sl.so"
loadmodule "pv.so"
request_route {{
	{body}
	sl_send_reply("200", "OK");
}}
route[GATE] {{
	return 0;
}}
"""


@pytest.mark.parametrize(
    ("before", "after", "told"), [("5.4", "5.6", "timeout"), ("5.4", "6.1", "timeout"), ("5.6", "6.1", None)]
)
def test_return_0_ends_the_script(tmp_path: Path, before: str, after: str, told: str | None) -> None:
    write_tree(tmp_path, {"kamailio.cfg": SCRIPT.format(body="route(GATE);")})
    found = changes(tmp_path, f"kamailio={before}", f"kamailio={after}")
    assert {change.after for change in found.values()} == ({(told,)} if told else set())
    assert {change.before for change in found.values()} == ({(200,)} if told else set())
    assert all(change.becomes and "return 0" in change.becomes.text for change in found.values())


def test_text_is_no_number_since_5_7(tmp_path: Path) -> None:
    """Up to 5.6 text counts as 0 where a number is wanted, later the condition is given up
    (core/rvalue.c:rval_get_int_handle_ret, renamed to rval_get_long_handle_ret in 5.7)."""
    body = 'if ($var(x) == "yes") { sl_send_reply("200", "OK"); exit; } sl_send_reply("403", "No"); exit;'
    write_tree(tmp_path, {"kamailio.cfg": SCRIPT.format(body=body)})
    found = changes(tmp_path, "kamailio=5.6", "kamailio=6.1")
    assert {(change.before, change.after) for change in found.values()} == {((200,), (403,))}
    assert all(change.becomes and '"yes" is no number' in change.becomes.text for change in found.values())
    assert changes(tmp_path, "kamailio=5.7", "kamailio=6.1") == {}


def test_return_mode_is_new(tmp_path: Path) -> None:
    """Of 5.4, 5.6, 6.0 and 6.1 the first two do not start with it."""
    text = SCRIPT.format(body="").replace("#!KAMAILIO\n", "#!KAMAILIO\nreturn_mode=1\n")
    write_tree(tmp_path, {"kamailio.cfg": text})
    found = compared(tmp_path, "kamailio=5.6", "kamailio=6.0")
    assert {(change.before, change.after) for change in found.changes} == {(("timeout",), (200,))}
    assert [finding.check for finding in found.disappearing] == ["kamailio-unknown-core-param"]
    found = compared(tmp_path, "kamailio=6.0", "kamailio=5.6")
    assert [finding.check for finding in found.appearing] == ["kamailio-unknown-core-param"]


def test_findings_come_and_go(tmp_path: Path) -> None:
    write_tree(tmp_path, phone(f"auth_type=userpass\n{SECRET}\nsupported_algorithms_uas=MD5"))
    found = compared(tmp_path, "asterisk=22", "asterisk=18")
    assert [finding.check for finding in found.appearing] == ["pjsip-option-newer-than-target"]
    found = compared(tmp_path, "asterisk=18", "asterisk=22")
    assert [finding.check for finding in found.disappearing] == ["pjsip-option-newer-than-target"]


# ---------------------------------------------------------------------------------------------------------- the command


def test_text_and_exit_codes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_tree(tmp_path, phone("auth_type=userpass"))
    result = run("upgrade-check", ".", "--no-config", "--from", "asterisk=16.28", "--to", "asterisk=22.10")
    assert result.exit_code == 1
    assert "REGISTER 201, REGISTER 201 with a wrong password: 401 -> 401 becomes 500\n" in result.stdout
    assert "  becomes: auth '201' has neither a password nor a digest for MD5" in result.stdout
    assert result.stdout.splitlines()[-1].startswith("asterisk 16.28 -> 22.10: 4 answers of ")
    result = run("upgrade-check", ".", "--no-config", "--from", "asterisk=22.9", "--to", "asterisk=22.10")
    assert result.exit_code == 0
    assert result.stdout == "asterisk 22.9 -> 22.10: 0 answers of 7 changed, 0 new findings\n"


def test_json(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    write_tree(tmp_path, phone(f"auth_type=digest\n{SECRET}"))
    result = run("upgrade-check", ".", "--no-config", "--from", "asterisk=16.28", "--to", "asterisk=22", "-f", "json")
    data = json.loads(result.stdout)
    assert (data["from"], data["to"]) == ({"asterisk": "16.28"}, {"asterisk": "22"})
    change = next(change for change in data["changes"] if change["who"] == "REGISTER 201")
    assert (change["before"], change["after"], change["certain"], change["stranger"]) == (
        [500],
        [401, 200],
        True,
        False,
    )
    assert (change["was"]["path"], change["was"]["start"]["line"]) == ("pjsip.conf", 11)
    assert [finding["check"] for finding in data["disappearing"]] == ["pjsip-option-newer-than-target"]
    assert "Xk3uT9pqLm" not in result.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "say from which version to which: --from asterisk=18 --to asterisk=22"),
        (("--from", "asterisk=18"), "--from and --to have to name the same products"),
        (("--from", "asterisk=18", "--to", "kamailio=6.1"), "--from and --to have to name the same products"),
        (("--from", "kamailio=5.6", "--to", "kamailio=6.1"), "there is no configuration of kamailio here"),
        (("--target", "asterisk=18"), "name them with --from and --to, not with --target"),
        (("--from", "asterisk=1.8", "--to", "asterisk=22"), "--from asterisk=1.8: cfglint knows asterisk 16 to 23"),
        (("--from", "asterisk=18", "--to", "asterisk=99"), "--to asterisk=99: cfglint knows asterisk 16 to 23"),
    ],
)
def test_what_cannot_be_compared(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    monkeypatch.chdir(tmp_path)
    write_tree(tmp_path, phone("auth_type=userpass"))
    result = run("upgrade-check", ".", "--no-config", *arguments)
    assert result.exit_code == 2
    assert message in result.stderr
