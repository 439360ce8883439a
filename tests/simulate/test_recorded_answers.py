"""Small configurations with what running servers of 16.28 and 22.10 said to requests, in order."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import pytest

from tests.simulate.support import answers, call, phone

SIP, PJSIP = ("16.28",), ("16.28", "22.10")
GENERAL = "[general]\ncontext=phones\nallowguest=no\ndisallow=all\nallow=ulaw\n"
FRIEND = "[1001]\ntype=friend\nhost=dynamic\nsecret=s3cret\n"
TRANSPORT = "[udp]\ntype=transport\nprotocol=udp\nbind=0.0.0.0\n"
AUTH = "[1001]\ntype=auth\nusername=1001\npassword=s3cret\n"
AOR = "[1001]\ntype=aor\nmax_contacts=1\n"
ENDPOINT = "[1001]\ntype=endpoint\ncontext=phones\ndisallow=all\nallow=ulaw\nauth=1001\naors=1001\n"
DIALPLAN = "[phones]\nexten => _X.,1,Answer()\nexten => 600,hint,Custom:600\n[lobby]\nexten => 700,1,Answer()\n"
SIX = {"source": "[2001:db8::50]", "destination": "[2001:db8::10]:5060"}

Status = int | str


class Recorded(NamedTuple):
    """A configuration, requests, and the statuses that each of them got."""

    text: str
    requests: list[dict[str, Any]]
    statuses: list[tuple[Status, ...]]


def subscribe(**more: Any) -> dict[str, Any]:
    """A SUBSCRIBE of the same phone."""
    return call(**{"method": "SUBSCRIBE", **more})


CHAN_SIP = {
    "a phone that says no port has another one each time": Recorded(
        GENERAL + FRIEND.replace("friend", "peer"), [phone(), call()], [(401, 200), (401, 403)]
    ),
    "an extension that may go on": Recorded(GENERAL + FRIEND, [call(to="1")], [(401, 484)]),
    "overlap dialling is off": Recorded(GENERAL + "allowoverlap=no\n" + FRIEND, [call(to="1")], [(401, 404)]),
    "the media count before the extension": Recorded(
        GENERAL + FRIEND, [call(to="x", codecs=["alaw"]), call(to="x")], [(401, 488), (401, 404)]
    ),
    "nobody is left who may subscribe": Recorded(GENERAL + FRIEND + "permit=all\n", [subscribe()], [(403,)]),
    "an event without a mailbox": Recorded(GENERAL + FRIEND, [subscribe(event="message-summary")], [(401, 404)]),
    "an event with a mailbox": Recorded(
        GENERAL + FRIEND + "mailbox=1001@default\n", [subscribe(event="message-summary")], [(401, 200)]
    ),
    "an event that nobody knows": Recorded(GENERAL + FRIEND, [subscribe(event="weather")], [(401, 489)]),
    "a bad list for media deletes the peer": Recorded(
        GENERAL + FRIEND + "directmediadeny=all\n", [phone()], [(401, 403)]
    ),
    "an empty context is none": Recorded(GENERAL + FRIEND + "context=\n", [call()], [(401, 200)]),
    "a domain gives guests a context": Recorded(
        "[general]\ncontext=phones\ndomain=192.0.2.10,lobby\n" + FRIEND,
        [call("x", "700", password=None), call("x", password=None), call(to="700")],
        [(200,), (404,), (401, 200)],
    ),
    "messages have a context of their own": Recorded(
        GENERAL + "outofcall_message_context=lobby\n" + FRIEND,
        [call(method="MESSAGE", body="hi"), call(to="700", method="MESSAGE", body="hi")],
        [(401, 404), (401, 202)],
    ),
    "messages without proof": Recorded(
        GENERAL + "auth_message_requests=no\n" + FRIEND, [call(method="MESSAGE", body="hi")], [(202,)]
    ),
    "bindport counts before the port in bindaddr": Recorded(
        GENERAL + "bindport=5060\nbindaddr=0.0.0.0:5070\n" + FRIEND, [phone()], [(401, 200)]
    ),
    "tcp listens where bindaddr and bindport say": Recorded(
        GENERAL + "tcpenable=yes\nbindport=5070\n" + FRIEND + "transport=tcp\n",
        [phone(transport="tcp"), phone(transport="tcp", destination="192.0.2.10:5070")],
        [("refused",), (401, 200)],
    ),
    "tcpenable=no takes nothing back": Recorded(
        GENERAL + "tcpenable=yes\ntcpenable=no\n" + FRIEND + "transport=tcp\n", [phone(transport="tcp")], [(401, 200)]
    ),
    "a socket of IPv4 hears no IPv6": Recorded(
        GENERAL + "bindaddr=0.0.0.0\n" + FRIEND, [phone(), phone(**SIX)], [(401, 200), ("timeout",)]
    ),
    "a list in [general] that cannot be read": Recorded(
        GENERAL + "contactpermit=all\n" + FRIEND, [phone()], [("timeout",)]
    ),
    "an empty context for all is none at all": Recorded(
        GENERAL.replace("=phones", "=") + FRIEND, [call()], [(401, 404)]
    ),
    "insecure for all": Recorded(GENERAL + "insecure=invite\n" + FRIEND, [phone(), call()], [(401, 200), (200,)]),
    "an event with voicemail": Recorded(
        GENERAL + FRIEND + "hasvoicemail=yes\n", [subscribe(event="message-summary")], [(401, 200)]
    ),
    "a nonce that was invented is not looked at": Recorded(
        GENERAL + "alwaysauthreject=no\n" + FRIEND, [phone(auth_user="x", nonce="invented")], [(401, 404)]
    ),
}

CHAN_PJSIP = {
    "a contact a request, as it says no port": Recorded(
        TRANSPORT + AUTH + AOR + ENDPOINT,
        [phone(), phone(), phone(source="192.0.2.50:5062")],
        [(401, 200), (401, 403), (401, 403)],
    ),
    "the same port is the same contact": Recorded(
        TRANSPORT + AUTH + AOR + ENDPOINT, [phone(source="192.0.2.50:5062")] * 2, [(401, 200), (401, 200)]
    ),
    "an extension that may go on": Recorded(TRANSPORT + AUTH + AOR + ENDPOINT, [call(to="1")], [(401, 484)]),
    "overlap dialling is off": Recorded(
        TRANSPORT + AUTH + AOR + ENDPOINT + "allow_overlap=no\n", [call(to="1")], [(401, 404)]
    ),
    "an event without a mailbox": Recorded(
        TRANSPORT + AUTH + AOR + ENDPOINT, [subscribe(to="1001", event="message-summary")], [(401, 404)]
    ),
    "an event with a mailbox": Recorded(
        TRANSPORT + AUTH + AOR + "mailboxes=1001@default\n" + ENDPOINT,
        [subscribe(to="1001", event="message-summary")],
        [(401, 200)],
    ),
    "a mailbox that is told of anyway": Recorded(
        TRANSPORT + AUTH + AOR + "mailboxes=1001@default\n" + ENDPOINT + "mailboxes=1001@default\n",
        [subscribe(to="1001", event="message-summary")],
        [(401, 500)],
    ),
    "an event that nobody knows": Recorded(
        TRANSPORT + AUTH + AOR + ENDPOINT, [subscribe(event="weather")], [(401, 489)]
    ),
    "a subscription that is too short": Recorded(
        TRANSPORT + AUTH + AOR + ENDPOINT + "sub_min_expiry=120\n", [subscribe(expires=60)], [(401, 423)]
    ),
    "a subscription needs the transport": Recorded(
        TRANSPORT + AUTH + AOR + ENDPOINT + "transport=tcp\n", [subscribe()], [(401, 500)]
    ),
    "an extension is demanded": Recorded(
        TRANSPORT + AUTH + AOR + ENDPOINT + "100rel=required\n",
        [call(), call(headers={"Supported": "100rel"})],
        [(401, 421), (401, 200)],
    ),
    "no audio": Recorded(TRANSPORT + AUTH + AOR + ENDPOINT + "max_audio_streams=0\n", [call()], [(401, 488)]),
    "an empty bind is every address": Recorded(
        TRANSPORT.replace("0.0.0.0", "") + AUTH + AOR + ENDPOINT, [phone()], [(401, 200)]
    ),
    "a bind that is no address": Recorded(
        TRANSPORT.replace("0.0.0.0", "0.0.0.0:sip") + AUTH + AOR + ENDPOINT, [phone()], [("timeout",)]
    ),
    "a blank in local_net": Recorded(
        TRANSPORT + "local_net=10.0.0.0/8, 192.168.0.0/16\n" + AUTH + AOR + ENDPOINT, [phone()], [("timeout",)]
    ),
    "a class of service that is none": Recorded(
        TRANSPORT + AUTH + AOR + ENDPOINT + "tos_audio=voice\n", [phone()], [(401, 401)]
    ),
    "a session that expires too soon": Recorded(
        TRANSPORT + AUTH + AOR + ENDPOINT + "timers_sess_expires=60\n", [phone()], [(401, 401)]
    ),
    "an empty item of identify_by": Recorded(
        TRANSPORT + AUTH + AOR + ENDPOINT + "identify_by=username,\n", [phone()], [(401, 200)]
    ),
    "an empty identify_by": Recorded(TRANSPORT + AUTH + AOR + ENDPOINT + "identify_by=\n", [phone()], [(401, 401)]),
    "a contact with a display name": Recorded(
        TRANSPORT + AUTH + AOR + 'contact="Desk" <sip:1001@192.0.2.60>\n' + ENDPOINT, [phone()], [(401, 404)]
    ),
    "an identify with a name that does not resolve": Recorded(
        TRANSPORT
        + ENDPOINT.replace("auth=1001\n", "")
        + "[1001]\ntype=identify\nendpoint=1001\nmatch=192.0.2.60\nmatch=sip.example.org\n",
        [call("x", source="192.0.2.60")],
        [(401, 401)],
    ),
    "an identify with a range": Recorded(
        TRANSPORT
        + ENDPOINT.replace("auth=1001\n", "")
        + "[1001]\ntype=identify\nendpoint=1001\nmatch=192.0.2.60\nmatch=192.0.2.70-192.0.2.80\n",
        [call("x", source="192.0.2.60")],
        [(401, 401)],
    ),
    "an identify by the header To": Recorded(
        TRANSPORT
        + ENDPOINT.replace("auth=1001\n", "")
        + "[1001]\ntype=identify\nendpoint=1001\nmatch_header=To: /sip:600@/\n",
        [call("x"), call("x", "601")],
        [(200,), (401, 401)],
    ),
    "an expression that is not closed": Recorded(
        TRANSPORT
        + ENDPOINT.replace("auth=1001\n", "")
        + "[1001]\ntype=identify\nendpoint=1001\nmatch=192.0.2.60\nmatch_header=To: /(sip/\n",
        [call("x", source="192.0.2.60")],
        [(401, 401)],
    ),
}

NOBODY = "[anonymous]\ntype=endpoint\ncontext=phones\nallow=ulaw\n"


def trunk(name: str, context: str) -> str:
    """An endpoint that is known by one address, which it has in common with others."""
    endpoint = f"[{name}]\ntype=endpoint\ncontext={context}\nallow=ulaw\n"
    return endpoint + f"[{name}]\ntype=identify\nendpoint={name}\nmatch=192.0.2.60\n"


CHAN_PJSIP |= {
    f"the order {order}": Recorded(
        TRANSPORT + f"[global]\ntype=global\nendpoint_identifier_order={order}\n" + AUTH + AOR + ENDPOINT + NOBODY,
        [phone(), call("x", password=None)],
        [statuses, (200,)],
    )
    for order, statuses in {
        "ip": (401, 200),
        "ip, anonymous,username": (401, 200),
        "anonymous, username": (403,),
        "Anonymous,username": (401, 200),
        "header": (401, 200),
    }.items()
}
CHAN_PJSIP["a contact that is rewritten"] = Recorded(
    TRANSPORT + AUTH + AOR + ENDPOINT + "rewrite_contact=yes\n",
    [
        phone(source=source, contact="sip:1001@10.0.0.1:5060")
        for source in ("192.0.2.50:5062", "192.0.2.50:5063", "192.0.2.50:5062")
    ],
    [(401, 200), (401, 403), (401, 200)],
)

OVERLAPS = {
    ("carrier", "backup"): {"16.28": (200,), "22.10": (404,)},
    ("a", "b", "c"): {"16.28": (404,), "22.10": (200,)},
    ("c", "b", "a"): {"16.28": (200,), "22.10": (404,)},
    ("south", "north", "east", "west"): {"16.28": (200,), "22.10": (404,)},
    ("west", "east", "south", "north"): {"16.28": (404,), "22.10": (404,)},
}
"""Endpoints with one address between them, and what a call gets that only the first of them knows."""


@pytest.mark.parametrize("target", PJSIP)
@pytest.mark.parametrize("names", OVERLAPS)
def test_endpoints_with_one_address(tmp_path: Path, names: tuple[str, ...], target: str) -> None:
    """Before 20.16 and 22.6 the order is that of a hash table, since then that of the names."""
    text = TRANSPORT + "".join(trunk(name, "lobby" if name != names[0] else "phones") for name in names)
    case = Recorded(text, [call("x", source="192.0.2.60", password=None)], [OVERLAPS[names][target]])
    _hold(tmp_path, "pjsip.conf", case, target)


@pytest.mark.parametrize("name", CHAN_SIP)
def test_chan_sip(tmp_path: Path, name: str) -> None:
    _hold(tmp_path, "sip.conf", CHAN_SIP[name], "16.28")


@pytest.mark.parametrize("target", PJSIP)
@pytest.mark.parametrize("name", CHAN_PJSIP)
def test_chan_pjsip(tmp_path: Path, name: str, target: str) -> None:
    _hold(tmp_path, "pjsip.conf", CHAN_PJSIP[name], target)


def _hold(folder: Path, file: str, case: Recorded, target: str) -> None:
    found = answers(folder, {file: case.text, "extensions.conf": DIALPLAN}, case.requests, target)
    assert [answer.statuses for answer in found] == case.statuses
