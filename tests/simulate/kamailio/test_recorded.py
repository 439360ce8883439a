"""Small conditions and statements, and what Kamailio 5.6.3 and 6.1.5 made of them: recorded, never computed.

Each is asked of a script of its own kind: the user of the request-URI chooses the test, the status tells the outcome.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple

import pytest

from cfglint.files import Files
from cfglint.simulate.request import read_requests
from cfglint.tracing import trace
from tests.support import request, write_tree

VERSIONS = ("5.6", "6.1")
YES, NO = (200,), (403,)
MODULES = "".join(
    f'loadmodule "{name}.so"\n'
    for name in (
        *(
            "tm",
            "tmx",
            "sl",
            "rr",
            "pv",
            "kex",
            "corex",
            "maxfwd",
            "textops",
            "siputils",
            "xlog",
            "usrloc",
            "registrar",
        ),
        *("auth", "db_sqlite", "db_text", "htable", "dispatcher", "secfilter", "auth_xkeys"),
    )
)
SCRIPT = """#!KAMAILIO
auto_aliases=no
listen=udp:192.0.2.10:5060
listen=tcp:192.0.2.10:5060
alias="example.com"
%(modules)s
modparam("secfilter", "db_url", "sqlite:////etc/kamailio/kamailio.sqlite")
modparam("auth_xkeys", "xkey", "id=sys;name=k1;value=first;expires=0")
modparam("auth_xkeys", "xkey", "id=sys;name=k2;value=second;expires=0")
modparam("registrar", "use_path", 1)
modparam("dispatcher", "list_file", "/etc/kamailio/dispatcher.list")
modparam("dispatcher", "flags", 2)
modparam("dispatcher", "xavp_dst", "_dsdst_")
modparam("htable", "db_url", "text:///etc/kamailio/dbtext")
modparam("htable", "htable", "pw=>size=8;dbtable=htable;")
modparam("htable", "htable", "a=>size=8;")
modparam("htable", "htable", "c=>size=8;autoexpire=300;")
request_route {
if ($oU == "loop") {
    if ($si == "192.0.2.10" && $sp == 5060) { sl_send_reply("200", "x"); } else { sl_send_reply("403", "x"); }
    exit;
}
%(tests)s}
event_route[htable:mod-init] {
    $sht(a=>k1) = 5;
    $sht(c=>x) = 1;
}
"""
SETS = """1 sip:198.51.100.20:5060 0 0
1 sip:198.51.100.30 0 0
2 sip:198.51.100.20:5060;transport=tcp 0 5
"""
STORED = """id(int,auto) key_name(string) key_type(int) value_type(int) key_value(string) expires(int)
1:alice:0:0:wonderland:0
2:number:0:1:7:0
3:list:1:0:one:0
4:list:1:0:two:0
5:old:0:1:1:1
"""
VERSION = "table_name(string) table_version(int)\nhtable:2\n"


class Case(NamedTuple):
    """Statements that reply, the statuses of each version, and what is special about the request."""

    script: str
    old: tuple[int | str, ...]
    new: tuple[int | str, ...]
    sent: Mapping[str, Any] = MappingProxyType({})


def holds(condition: str, before: str = "", **sent: Any) -> Case:
    """A condition that is true."""
    return Case(f"{before} {TEST % condition}", YES, YES, sent)


def proof(text: str) -> str:
    """What a header holds that proves a key."""
    return sha256(text.encode()).hexdigest()


def fails(condition: str, before: str = "", **sent: Any) -> Case:
    """A condition that is false."""
    return Case(f"{before} {TEST % condition}", NO, NO, sent)


TEST = 'if (%s) { sl_send_reply("200", "yes"); } else { sl_send_reply("403", "no"); }'
CHECK = (
    'if (!pv_www_authenticate(%s, "wonderland", "0", %s)) { www_challenge(%s, "0"); exit; } sl_send_reply("200", "x");'
)
CHECK_FIRST = 'if (!pv_www_authenticate("$fd", "wonderland", "0")) { www_challenge("$fd", "0"); exit; }'
PHONE = {"auth_user": "alice", "password": "wonderland"}
REGISTER = {"method": "REGISTER"}
PATH = {"Path": "<sip:192.0.2.20;lr>"}
LISTED = {"source": "198.51.100.20:5060"}
OTHER_PORT = {"source": "198.51.100.20:5077"}

CASES = [
    # what the server puts in place of an expression when it starts
    holds("$avp(s) || 1", '$avp(s) = "yes";'),
    # pseudo-variables
    fails("$rb == $null"),
    holds('$rb == ""'),
    holds('$_s(a$rm) == "aMESSAGE"'),
    holds("$prid == 1"),
    holds("$ruid == $null"),
    holds('$su == "sip:203.0.113.7:5066"', source="203.0.113.7:5066"),
    holds('$sut == "sip:203.0.113.7:5066;transport=udp"', source="203.0.113.7:5066"),
    holds('$var(x) == "50601"', "$var(x) = $rp + 1;"),
    # transformations
    holds("$(var(p){param.count}) == 2", '$var(p) = "a=1;b=2";'),
    holds('$(var(p){param.name,1}) == "b"', '$var(p) = "a=1;b=2";'),
    holds('$(var(p){param.valueat,1}) == "2"', '$var(p) = "a=1;b=2";'),
    holds("$(var(l){s.count,,}) == 2", '$var(l) = "a,b,c";'),
    holds('$(var(l){line.at,1}) == "y"', '$var(l) = "x\\ny\\nz";'),
    holds("$(var(l){line.count}) == 3", '$var(l) = "x\\ny\\nz";'),
    holds('$(fu{uri.transport}) == ""'),
    holds(r'$(ua{re.subst,/^(.)(.*)$/\2\1/}) == "robe-ua/1.0p"', headers={"User-Agent": "probe-ua/1.0"}),
    holds('$(var(n){nameaddr.name}) == "\\"Al\\" "', '$var(n) = "\\"Al\\" <sip:al@x.org;p=1>;tag=77;q=2";'),
    holds('$(var(n){tobody.display}) == "\\"Al\\""', '$var(n) = "\\"Al\\" <sip:al@x.org;p=1>;tag=77;q=2";'),
    holds('$(var(n){tobody.params}) == "tag=77;q=2"', '$var(n) = "\\"Al\\" <sip:al@x.org;p=1>;tag=77;q=2";'),
    holds('$(var(n){tobody.tag}) == "77"', '$var(n) = "\\"Al\\" <sip:al@x.org;p=1>;tag=77;q=2";'),
    # functions
    holds('is_myself("$fd")'),
    holds('cmp_aor("$fu", "sip:alice@example.com:5060")'),
    fails('check_route_param("x")'),
    fails('secf_check_sqli_hdr("a\'b")'),
    holds('$rU =~ "^b"', 'subst_user("/t/b/");'),
    holds('$rd == "ex.com"', 'subst_uri("/example/ex/");'),
    fails('subst_user("/zzz/b/")'),
    # a challenge's realm is one pseudo-variable or plain text; passwords are compared for the method that is given
    Case(CHECK % ('"$fd"', '"MESSAGE"', '"$fd"'), (401, 200), (401, 200), PHONE),
    Case(CHECK % ('"x.$fd"', '"MESSAGE"', '"x.$fd"'), (401, 401), (401, 401), PHONE),
    Case(CHECK % ('"$fd"', '"INVITE"', '"$fd"'), (401, 401), (401, 401), PHONE),
    holds('$ad == ""', CHECK_FIRST, **PHONE)._replace(old=(401, 200), new=(401, 200)),
    # a shared key
    holds('auth_xkeys_check("X-Key", "sys", "sha256", "$fU")', headers={"X-Key": proof("second:alice")}),
    fails('auth_xkeys_check("X-Key", "sys", "sha256", "$fU")', headers={"X-Key": proof("third:alice")}),
    fails('auth_xkeys_check("X-Key", "none", "sha256", "$fU")', headers={"X-Key": proof("first:alice")}),
    fails('auth_xkeys_check("X-Key", "sys", "sha256", "$fU")'),
    # a Path that the phone does not expect
    Case('save("location");', YES, YES, REGISTER),
    Case('save("location");', (420,), (420,), {**REGISTER, "headers": PATH}),
    Case('save("location");', YES, YES, {**REGISTER, "headers": {**PATH, "Supported": "path"}}),
    # a request that comes back is one from the server's own socket
    Case('$ru = "sip:loop@192.0.2.10"; t_relay();', YES, YES),
    # hash tables
    fails('sht_rm_name("a", "eq", "k1")'),
    holds("$shtex(c=>x) > 0"),
    holds('$sht(pw=>alice) == "wonderland"'),
    holds("$sht(pw=>number) + 1 == 8"),
    holds('$sht(pw=>list[1]) == "two" && $sht(pw=>list::size) == 2'),
    holds("$sht(pw=>old) == 1"),
    holds("$sht(pw=>bob) == $null"),
    holds("$sht(pw=>alice) == $null", "$sht(pw=>alice) = $null;"),
    # dispatcher: a URI in place of the source; since 6.1 a destination without a protocol is one by UDP
    holds('ds_is_from_list("1", "0", "sip:198.51.100.20:5060")')._replace(old=YES, new=YES, sent=OTHER_PORT),
    Case(TEST % 'ds_is_from_list("1", "1")', NO, YES, LISTED),
    Case(TEST % 'ds_is_from_list("1", "1")', NO, NO, {**LISTED, "transport": "tcp"}),
    fails('ds_mark_dst("p")'),
    # replies, and none
    Case('sl_reply("403", "old");', NO, NO),
    Case("forward();", ("timeout",), ("timeout",)),
    Case('$ru = "sip:x@nowhere.invalid"; t_relay();', (478,), (478,)),
    # a case's expression minds capitals, =~ does not
    fails("$var(x) == 1", '$var(x) = 0; switch ($rd) { case /"EXAMPLE": $var(x) = 1; break; }'),
    holds('$rd =~ "EXAMPLE"'),
]


@pytest.mark.parametrize("version", VERSIONS)
def test_each_is_answered_as_recorded(version: str, tmp_path: Path) -> None:
    write_tree(
        tmp_path,
        {"kamailio.cfg": script(), "dispatcher.list": SETS, "dbtext/htable": STORED, "dbtext/version": VERSION},
    )
    played, world = read_requests({"requests": messages()}, "requests")
    told = trace(request(tmp_path, (f"kamailio={version}",)), Files(), played, world).answers
    recorded = [case.old if version == VERSIONS[0] else case.new for case in CASES]
    assert [(case.script, answer.statuses) for case, answer in zip(CASES, told, strict=True)] == [
        (case.script, statuses) for case, statuses in zip(CASES, recorded, strict=True)
    ]


def script() -> str:
    """One script that holds all of them."""
    tests = "".join(f'if ($oU == "t{at}") {{ {case.script} exit; }}\n' for at, case in enumerate(CASES))
    return SCRIPT % {"modules": MODULES, "tests": tests}


def messages() -> list[dict[str, Any]]:
    """A request for each."""
    return [
        {
            "id": f"t{at}",
            "method": "MESSAGE",
            "from": "alice@example.com",
            "to": f"t{at}@example.com",
            "request_uri": f"sip:t{at}@example.com",
            "source": "203.0.113.7",
            "destination": "192.0.2.10:5060",
            **case.sent,
        }
        for at, case in enumerate(CASES)
    ]
