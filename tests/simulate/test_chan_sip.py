"""chan_sip's answers. The expected statuses are those that running Asterisk 16 and 20 gave to such requests."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from cfglint import registry
from cfglint.files import Files
from cfglint.simulate import chan_sip
from cfglint.simulate.request import read_requests
from cfglint.tracing import trace
from tests.simulate.support import answers, call, phone
from tests.support import request, write_tree

GENERAL = "[general]\ncontext=phones\nallowguest=no\ndisallow=all\nallow=ulaw\n"
PHONE = "type=friend\nhost=dynamic\nsecret=s3cret\n"

REGISTRATIONS: dict[str, tuple[str, dict[str, Any], list[Any]]] = {
    "right": (GENERAL + "[1001]\n" + PHONE, phone(), [401, 200]),
    "wrong password": (GENERAL + "[1001]\n" + PHONE, phone(password="other"), [401, 403]),
    "no password given": (GENERAL + "[1001]\n" + PHONE, phone(password=None), [401]),
    "section named otherwise": (GENERAL + "[desk]\ndefaultuser=1001\n" + PHONE, phone(), [401, 403]),
    "the same, accounts not hidden": (
        GENERAL + "alwaysauthreject=no\n[desk]\ndefaultuser=1001\n" + PHONE,
        phone(),
        [404],
    ),
    "digest user is not the section": (GENERAL + "[1001]\n" + PHONE, phone(auth_user="acct"), [401, 403]),
    "the same, accounts not hidden 2": (
        GENERAL + "alwaysauthreject=no\n[1001]\n" + PHONE,
        phone(auth_user="acct"),
        [401, 404],
    ),
    "case of the name": (GENERAL + "[Bob]\n" + PHONE, phone("bob"), [401, 403]),
    "type user": (GENERAL + "[1001]\ntype=user\nhost=dynamic\nsecret=s3cret\n", phone(), [401, 403]),
    "type peer": (GENERAL + "[1001]\ntype=peer\nhost=dynamic\nsecret=s3cret\n", phone(), [401, 200]),
    "no type": (GENERAL + "[1001]\nhost=dynamic\nsecret=s3cret\n", phone(), [401, 403]),
    "static host": (GENERAL + "[1001]\ntype=friend\nhost=192.0.2.50\nsecret=s3cret\n", phone(), [401, 403]),
    "static host, accounts not hidden": (
        GENERAL + "alwaysauthreject=no\n[1001]\ntype=friend\nhost=192.0.2.50\nsecret=s3cret\n",
        phone(),
        [403],
    ),
    "no secret": (GENERAL + "[1001]\ntype=friend\nhost=dynamic\n", phone(), [200]),
    "deny": (GENERAL + "[1001]\n" + PHONE + "deny=0.0.0.0/0\n", phone(), [401, 403]),
    "deny then permit": (
        GENERAL + "[1001]\n" + PHONE + "deny=0.0.0.0/0\npermit=192.0.2.0/24\n",
        phone(),
        [401, 200],
    ),
    "permit then deny": (
        GENERAL + "[1001]\n" + PHONE + "permit=192.0.2.0/24\ndeny=0.0.0.0/0\n",
        phone(),
        [401, 403],
    ),
    "permit alone restricts nothing": (GENERAL + "[1001]\n" + PHONE + "permit=10.0.0.0/8\n", phone(), [401, 200]),
    "an entry that cannot be read": (GENERAL + "[1001]\n" + PHONE + "permit=office\n", phone(), [401, 403]),
    "deny in general does nothing": (GENERAL + "deny=0.0.0.0/0\n[1001]\n" + PHONE, phone(), [401, 200]),
    "udp phone, tcp account": (
        GENERAL + "tcpenable=yes\n[1001]\n" + PHONE + "transport=tcp\n",
        phone(),
        [401, 403],
    ),
    "tcp phone, default account": (
        GENERAL + "tcpenable=yes\n[1001]\n" + PHONE,
        phone(transport="tcp"),
        [401, 403],
    ),
    "tcp phone, both": (
        GENERAL + "tcpenable=yes\n[1001]\n" + PHONE + "transport=udp,tcp\n",
        phone(transport="tcp"),
        [401, 200],
    ),
    "no tcp listener": (GENERAL + "[1001]\n" + PHONE, phone(transport="tcp"), ["refused"]),
    "other port": (GENERAL + "bindport=5070\n[1001]\n" + PHONE, phone(), ["timeout"]),
    "file rejected": ("x=1\n" + GENERAL + "[1001]\n" + PHONE, phone(), ["timeout"]),
    "domain not listed": (GENERAL + "domain=pbx.example.com\n[1001]\n" + PHONE, phone(), [401, 403]),
    "domain listed": (GENERAL + "domain=192.0.2.10\n[1001]\n" + PHONE, phone(), [401, 200]),
    "stale nonce": (GENERAL + "[1001]\n" + PHONE, phone(nonce="stale"), [401, 401, 200]),
    "invented nonce": (GENERAL + "[1001]\n" + PHONE, phone(nonce="invented"), [401, 200]),
    "md5secret": (
        # printf '%s' 1001:asterisk:s3cret | md5sum
        GENERAL + "[1001]\ntype=friend\nhost=dynamic\nmd5secret=f7dbbdbf168b9321038960bcf17fc498\n",
        phone(),
        [401, 200],
    ),
    "md5secret in capitals": (
        GENERAL + "[1001]\ntype=friend\nhost=dynamic\nmd5secret=F7DBBDBF168B9321038960BCF17FC498\n",
        phone(),
        [401, 403],
    ),
    "md5secret for another realm": (
        GENERAL + "realm=pbx\n[1001]\ntype=friend\nhost=dynamic\nmd5secret=f7dbbdbf168b9321038960bcf17fc498\n",
        phone(),
        [401, 403],
    ),
    "contact list": (GENERAL + "[1001]\n" + PHONE + "contactdeny=0.0.0.0/0\n", phone(), [401, 603]),
    "autocreatepeer": (GENERAL + "autocreatepeer=yes\n", phone(), [200]),
}


@pytest.mark.parametrize("name", REGISTRATIONS)
def test_register(tmp_path: Path, name: str) -> None:
    text, request, expected = REGISTRATIONS[name]
    (answer,) = answers(tmp_path, {"sip.conf": text}, [request], "20.20")
    assert list(answer.statuses) == expected


TRUNK = "[carrier]\ntype=peer\nhost=192.0.2.20\ncontext=phones\n"
FROM_CARRIER = call("4930123", source="192.0.2.20:5060", password=None)

CALLS: dict[str, tuple[str, dict[str, Any], list[Any]]] = {
    "right": (GENERAL + "[1001]\n" + PHONE, call(), [401, 200]),
    "extension does not exist": (GENERAL + "[1001]\n" + PHONE, call(to="700"), [401, 404]),
    "dialplan hangs up with cause 21": (GENERAL + "[1001]\n" + PHONE, call(to="911"), [401, 403]),
    "address list": (GENERAL + "[1001]\n" + PHONE + "deny=0.0.0.0/0\n", call(), [403]),
    "unknown, no guests": (GENERAL, call(), [401, 403]),
    "unknown, no guests, accounts not hidden": (GENERAL + "alwaysauthreject=no\n", call(), [403]),
    "unknown, guests": ("[general]\ncontext=phones\n", call(), [200]),
    "trunk by address": (GENERAL + TRUNK, FROM_CARRIER, [200]),
    "trunk from another port": (GENERAL + TRUNK, {**FROM_CARRIER, "source": "192.0.2.20:5080"}, [401]),
    "trunk from another port, insecure=port": (
        GENERAL + TRUNK + "insecure=port\n",
        {**FROM_CARRIER, "source": "192.0.2.20:5080"},
        [200],
    ),
    "trunk with a secret": (GENERAL + TRUNK + "secret=x\n", FROM_CARRIER, [401]),
    "trunk with a secret, insecure=invite": (GENERAL + TRUNK + "secret=x\ninsecure=invite\n", FROM_CARRIER, [200]),
    "a blank makes insecure nothing": (GENERAL + TRUNK + "secret=x\ninsecure=port, invite\n", FROM_CARRIER, [401]),
    "digest user looked up": (
        GENERAL + "match_auth_username=yes\n[1001]\n" + PHONE,
        call("reception", auth_user="1001"),
        [401, 200],
    ),
    "foreign domain": (
        GENERAL + "domain=pbx.example\nallowexternaldomains=no\n[1001]\n" + PHONE,
        call(),
        [401, 403],
    ),
    "encryption demanded": (GENERAL + "[1001]\n" + PHONE + "encryption=yes\n", call(), [401, 488]),
    "no common codec": (GENERAL + "[1001]\n" + PHONE, call(codecs=["g729"]), [401, 488]),
}


@pytest.mark.parametrize("name", CALLS)
def test_invite(tmp_path: Path, name: str) -> None:
    text, request, expected = CALLS[name]
    (answer,) = answers(tmp_path, {"sip.conf": text}, [request], "16.28")
    assert list(answer.statuses) == expected


def test_subscribe_is_refused_for_all_or_for_one(tmp_path: Path) -> None:
    subscribe = {**call(), "method": "SUBSCRIBE"}
    both = GENERAL + "[1001]\n" + PHONE + "allowsubscribe=no\n[1002]\n" + PHONE
    (one,) = answers(tmp_path / "1", {"sip.conf": both}, [subscribe], "20.20")
    (all_,) = answers(
        tmp_path / "2", {"sip.conf": GENERAL + "allowsubscribe=no\n[1001]\n" + PHONE}, [subscribe], "20.20"
    )
    assert (one.statuses, all_.statuses) == ((401, 403), (403,))


def test_a_registered_peer_is_recognised_by_its_address(tmp_path: Path) -> None:
    """type=peer is not looked up by name for calls, but by where it is registered."""
    text = GENERAL + "[1001]\ntype=peer\nhost=dynamic\nsecret=s3cret\n"
    at = {"source": "192.0.2.50:5062"}
    first, second, other = answers(tmp_path, {"sip.conf": text}, [phone(**at), call(**at), call()], "20.20")
    assert (first.statuses, second.statuses, other.statuses) == ((401, 200), (401, 200), (401, 403))
    assert any("by its address" in step.text for step in second.steps)
    assert any("sends from port 5062" in step.text for step in other.steps)


def test_the_deciding_line_is_named(tmp_path: Path) -> None:
    text = GENERAL + "[1001]\n" + PHONE + "permit=10.0.0.0/8\ndeny=0.0.0.0/0\n"
    (answer,) = answers(tmp_path, {"sip.conf": text}, [phone()], "20.20")
    assert answer.decided_by is not None
    assert answer.decided_by.text == "0.0.0.0/0"


def test_every_check_that_is_named_exists() -> None:
    source = "".join(path.read_text() for path in Path(chan_sip.__file__).parent.glob("*.py"))
    named = set(re.findall(r"\"((?:sip|acl|conf)-[a-z0-9-]+)\"", source))
    assert named
    assert named <= {registered.id for registered in registry.every()}


@pytest.mark.parametrize(
    ("line", "check"),
    [
        ("host=", "sip-host-empty"),
        ("host=dynamic\ndefaultip=192.0.2.9:5060", "sip-trunk-host-with-port"),
        ("host=dynamic\npermit=office", "acl-unparsable-entry"),
        ("host=dynamic\nacl=a\nacl=a", "acl-named-repeated"),
    ],
)
def test_a_deleted_account_is_unknown(tmp_path: Path, line: str, check: str) -> None:
    write_tree(tmp_path, {"sip.conf": f"[1001]\ntype=friend\nsecret=s3cret\n{line}\n"})
    asked = {"method": "REGISTER", "from": "1001@192.0.2.1", "to": "1001@192.0.2.1", "password": "s3cret"}
    requests, world = read_requests({"requests": [{"id": "r", "source": "192.0.2.50", **asked}]}, "requests")
    answer = trace(request(tmp_path), Files(), requests, world).answers[0]
    assert (answer.statuses, answer.check) == ((401, 403), check)
