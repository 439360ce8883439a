"""What a configuration must not bring into any report: secrets, and what a terminal would obey."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cfglint.cli.output import FORMATS
from tests.cli.support import run

CANARY = "k4n4ry7Gf"

SECRETS = {
    "sip.conf": (
        "[general]\nbindport=5060\nregister => 1001:@@example.org/1001\nregster => 1001:@@example.org\n"
        "auth=bob:@@realm\nsecert = x\n[1001]\ntype=friend\nhost=dynamic\nsecret=@\nsecert=@\nmd5secret @\n"
        "remotesecret:@\n; secret=@ cfglint: ignore[conf-no-equals]\nhosst=1001:@@h\nbad line\n"
    ),
    "pjsip.conf": (
        "[a]\ntype=auth\nauth_type=userpass\nusername=a\npassword=@\nmd5_cred=@\npassword_digest=MD5:@\n"
        "pasword=@\npassword @\n[e]\ntype=endpoint\nauth=a\naors=missing\noutbound_auth=a\n[t]\ntype=transport\n"
        "protocol=udp\nbind=0.0.0.0\n[r]\ntype=registration\nserver_uri=sip:h\nclient_uri=sip:a:@@h\ncontact=sip:a:@@h\n"
    ),
    "kamailio.cfg": (
        'loadmodule "sl.so"\nloadmodule "xlog.so"\n#!define DBPASS "@"\n#!define DBURL "mysql://u:@@h/d"\n'
        '#!substdef "!DB_PASSWORD!@!g"\nmodparam("auth_db", "db_url", "mysql://u:@@h/d")\n'
        'modparam("auth", "secret", "@")\nmodparam("uac", "credential", "u:realm:@")\n'
        'modparam("mqtt", "password" "@")\nmodparam("topoh", "mask_key", "@")\nrequest_route {\n'
        '    if (!pv_auth_check("$fd", "@", "0", "1")) { sl_send_reply("403", "no"); exit; }\n'
        '    $var(password) = "@";\n    $var(password) "@";\n    $var(u) = "http://u:@@h/x";\n'
        '    if ($var(password) == "@") exit;\n    http_client_query"http://u:@@h/", "$var(r)");\n'
        '    sl_send_reply("404", "password=@");\n    sql_query("cb", "select 1 from x where password=\'@\'");\n}\n'
    ),
}

ESCAPES = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202e\u2066\x7f\x08"

TERMINAL = {
    "sip.conf": f"[general{ESCAPES}]\n[1{ESCAPES}]\ntype=fri{ESCAPES}end\nhost=dynamic\nse{ESCAPES}=1\nline {ESCAPES}\n"
    f"permit=1{ESCAPES}\n#include a{ESCAPES}.conf\n; cfglint: ignore[{ESCAPES}]\n",
    "pjsip.conf": f"[e{ESCAPES}]\ntype=endpoint\nauth=a{ESCAPES}\naors=b{ESCAPES}\nallow=c{ESCAPES}\nx{ESCAPES}=y\n"
    f"[t]\ntype=transport\nbind=0.0.0.0{ESCAPES}\n[q](b{ESCAPES})\ntype=aor\n",
    "kamailio.cfg": f'loadmodule "x{ESCAPES}.so"\nmodparam("auth", "y{ESCAPES}", "{ESCAPES}")\n#!define A{ESCAPES} 1\n'
    f'request_route {{\n route(R{ESCAPES});\n xlog("{ESCAPES}");\n {ESCAPES}\n}}\nroute["Q{ESCAPES}"] {{ exit; }}\n',
}

OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")

UPGRADE = ("--from", "asterisk=16", "--to", "asterisk=22", "--from", "kamailio=5.4", "--to", "kamailio=6.1")
COMMANDS = [
    *(("check", "-f", form) for form in FORMATS),
    *(("trace", "-f", form, "--invite", "1001", "600", "--source", "192.0.2.1") for form in ("text", "json")),
    *(("trace", "-f", form, "--register", "1001@example.org") for form in ("text", "json")),
    ("show",),
    ("check", "--verbose"),
    *(("upgrade-check", "-f", form, *UPGRADE) for form in ("text", "json")),
]
WITH_SECRETS = [("show", "-f", "json"), ("fix", "-f", "json", "--unsafe")]
"""For programs: these hold the configuration as it is."""


def tree(folder: Path, text: str, name: str) -> Path:
    """A file in a directory of its own."""
    folder.mkdir(parents=True)
    (folder / name).write_text(text)
    return folder / name


@pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
@pytest.mark.parametrize("name", SECRETS)
def test_secrets_reach_no_output(tmp_path: Path, name: str, command: tuple[str, ...]) -> None:
    path = tree(tmp_path / "tree", re.sub("@(?=@)|(?<!@)@", CANARY, SECRETS[name]), name)
    result = run(*command, "--no-config", path)
    assert result.stdout, "it said something"
    assert CANARY not in result.output


@pytest.mark.parametrize("command", COMMANDS + WITH_SECRETS, ids=" ".join)
@pytest.mark.parametrize("name", TERMINAL)
def test_no_output_commands_a_terminal(tmp_path: Path, name: str, command: tuple[str, ...]) -> None:
    path = tree(tmp_path / f"tree{ESCAPES}\n", TERMINAL[name], name)
    result = run(*command, "--no-config", path)
    assert result.output
    assert OBEYED.findall(result.output) == []
