from __future__ import annotations

import pytest

from cfglint.errors import UsageProblem
from cfglint.knowledge.banners import targets_in
from cfglint.knowledge.versions import Targets, parse_targets

DPKG = """\
Desired=Unknown/Install/Remove/Purge/Hold
| Status=Not/Inst/Conf-files/Unpacked/halF-conf/Half-inst/trig-aWait/Trig-pend
|/ Err?=(none)/Reinst-required (Status,Err: uppercase=bad)
||/ Name                    Version                                Architecture Description
+++-=======================-======================================-============-===========================
ii  asterisk                1:20.6.0~dfsg+~cs6.13.40431414-2build5 amd64        Open Source Private Branch Exchange
ii  asterisk-config         1:18.9.0-1                             all          Configuration files for Asterisk
ii  asterisk-core-sounds-en 1.6.1-1                                all          asterisk PBX sound files - US English
rc  kamailio                5.4.4-1                                amd64        very fast SIP server
ii  kamailio-mysql-modules  5.5.1-1                                amd64        MySQL database connectivity module
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (DPKG, Targets((20, 6, 0))),
        (DPKG.replace("rc  k", "hi  k"), Targets((20, 6, 0), (5, 4, 4))),
        ("ii  kamailio:amd64 5.6.3-2+deb12u1 amd64 x\n", Targets(kamailio=(5, 6, 3))),
        ("asterisk\t1:16.28.0~dfsg-0+deb11u4\n", Targets((16, 28, 0))),  # dpkg-query -W
        ("bash-5.1\nasterisk-18.12.1-1.el8.x86_64\nkamailio-5.8.4-1.el8.x86_64\n", Targets((18, 12, 1), (5, 8, 4))),
        ("asterisk20-core-20.5.0-1.sng7.x86_64\nasterisk20-voicemail-20.5.0-1.sng7\n", Targets((20, 5, 0))),
        ("kamailio-mysql-5.4.1-1.el8.x86_64\nkamailio-5.6.3-1.el8.x86_64\n", Targets(kamailio=(5, 6, 3))),
        ("asterisk-20.5.2-r0 x86_64 {asterisk} (GPL-2.0-only) [installed]\n", Targets((20, 5, 2))),  # apk
        (
            "Asterisk 20.5.0 built by root @ pbx on a x86_64 running Linux on 2023-10-18 15:00:00 UTC",
            Targets((20, 5, 0)),
        ),
        ("Asterisk certified/18.9-cert5", Targets((18, 9))),
        ("Asterisk GIT-20-abcdef1M", Targets((20,))),
        (
            "version: kamailio 5.6.3 (x86_64/linux) \nflags: USE_TCP\nid: unknown\n",
            Targets(kamailio=(5, 6, 3)),
        ),
        ("version: kamailio 6.1.0-dev0 (x86_64/linux) abc\r\n", Targets(kamailio=(6, 1, 0))),
        ("Server: Asterisk PBX 18.10.0~dfsg\r\n", Targets((18, 10, 0))),
        ("User-Agent: kamailio (5.5.4 (x86_64/linux))\r\n", Targets(kamailio=(5, 5, 4))),
        ("Asterisk 20\nasterisk-20.5.0-1\n", Targets((20, 5, 0))),
    ],
)
def test_what_machines_say(text: str, expected: Targets) -> None:
    assert targets_in(text, "x") == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "x: names no version of asterisk or kamailio"),
        ("Asterisk GIT-master-abcdef1M\n", "x: names no version of asterisk or kamailio"),
        ("libkamailio 5.6\n/usr/lib/asterisk/modules\n", "x: names no version of asterisk or kamailio"),
        ("a\nasterisk-18.1-1\nasterisk-20.5-1\n", "x: names asterisk 18.1 (line 2) and 20.5 (line 3); say which with"),
        ("\nAsterisk 13.38.3\n", "x:2: cfglint knows asterisk 16 to 23"),
        ("Asterisk 20.5.0\nversion: kamailio 4.4.7\n", "x:2: cfglint knows kamailio 5.4 to 6.1"),
    ],
)
def test_what_does_not_tell(text: str, expected: str) -> None:
    with pytest.raises(UsageProblem) as caught:
        targets_in(text, "x")
    assert str(caught.value).startswith(expected)


def test_a_banner_in_place_of_a_version() -> None:
    arguments = ("asterisk=Asterisk 20.5.0 built by root", "kamailio=version: kamailio 5.6.3 (x86_64/linux) flags=1")
    assert parse_targets(arguments) == Targets((20, 5, 0), (5, 6, 3))
    with pytest.raises(UsageProblem, match=r"names no version of asterisk$"):
        parse_targets(("asterisk=version: kamailio 5.6.3",))
    with pytest.raises(UsageProblem, match=r"--target asterisk=: '' is no version such as 20.20 or 5.6"):
        parse_targets(("asterisk=",))
