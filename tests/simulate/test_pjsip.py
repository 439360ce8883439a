"""chan_pjsip's answers. The expected statuses are those that running Asterisk 16, 20 and 22 gave to such requests."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from cfglint.files import Files
from cfglint.simulate.request import read_requests
from cfglint.tracing import trace
from tests.simulate.support import answers, call, phone
from tests.support import request

UDP = "[udp]\ntype=transport\nprotocol=udp\nbind=0.0.0.0\n"
ENDPOINT = "[1001]\ntype=endpoint\ncontext=phones\nallow=ulaw\nauth=1001\naors=1001\n"
AUTH = "[1001]\ntype=auth\nusername=1001\npassword=s3cret\n"
AOR = "[1001]\ntype=aor\nmax_contacts=1\n"
GOOD = UDP + ENDPOINT + AUTH + AOR
BRANCH = "[branch]\ntype=endpoint\n[branch]\ntype=identify\nendpoint=branch\nmatch=192.0.2.0/24\n"
DIGEST = "f7dbbdbf168b9321038960bcf17fc498"  # printf '%s' 1001:asterisk:s3cret | md5sum

REGISTRATIONS: dict[str, tuple[str, dict[str, Any], list[Any]]] = {
    "right": (GOOD, phone(), [401, 200]),
    "wrong password": (GOOD, phone(password="other"), [401, 401]),
    "unknown account": (GOOD, phone("1002"), [401, 401]),
    "a list that is named twice": (GOOD.replace("auth=1001\n", "auth=1001\nacl=lan,LAN\n"), phone(), [401, 401]),
    "two endpoints of one name, the second faulty": (GOOD + ENDPOINT + "nat=yes\n", phone(), [401, 401]),
    "case of the name": (GOOD.replace("[1001]", "[Bob]").replace("=1001", "=Bob"), phone("bob"), [401, 401]),
    "no max_contacts": (UDP + ENDPOINT + AUTH + "[1001]\ntype=aor\n", phone(), [401, 403]),
    "no aors": (GOOD.replace("aors=1001\n", ""), phone(), [401, 403]),
    "aor does not exist": (UDP + ENDPOINT + AUTH, phone(), [401, 404]),
    "aor named otherwise": (
        (UDP + ENDPOINT + AUTH).replace("aors=1001", "aors=desk") + "[desk]\ntype=aor\nmax_contacts=1\n",
        phone(),
        [401, 404],
    ),
    "auth does not exist": (UDP + ENDPOINT + AOR, phone(), [500]),
    "auth without username": (GOOD.replace("username=1001\n", ""), phone(), [500]),
    "option that drops the endpoint": (GOOD.replace("aors=1001\n", "aors=1001\nnat=yes\n"), phone(), [401, 401]),
    "option that drops the aor": (GOOD + "qualify=yes\n", phone(), [401, 404]),
    "two endpoints of one name": (GOOD + ENDPOINT, phone(), [401, 401]),
    "two aors of one name": (GOOD + AOR, phone(), [401, 404]),
    "two auths of one name": (GOOD + AUTH, phone(), [500]),
    "endpoint list denies": (GOOD.replace("auth=1001\n", "auth=1001\ndeny=0.0.0.0/0\n"), phone(), [401, 401]),
    "acl object denies": (GOOD + "[lan]\ntype=acl\ndeny=0.0.0.0/0\n", phone(), [403]),
    "acl object that cannot be read": (GOOD + "[lan]\ntype=acl\ndeny=all\n", phone(), [401, 200]),
    "anonymous endpoint takes the unknown": (GOOD + "[anonymous]\ntype=endpoint\n", phone("1002"), [403]),
    "anonymous endpoint leaves the known": (GOOD + "[anonymous]\ntype=endpoint\n", phone(), [401, 200]),
    "identify takes a phone": (GOOD + BRANCH, phone(), [403]),
    "username comes first": (
        GOOD + BRANCH + "[global]\nendpoint_identifier_order=username,ip\n",
        phone(),
        [401, 200],
    ),
    "nothing listens": (ENDPOINT + AUTH + AOR, phone(), ["timeout"]),
    "nothing listens for tcp": (GOOD, phone(transport="tcp"), ["refused"]),
    "file rejected": ("x=1\n" + GOOD, phone(), ["timeout"]),
    "realm differs from the stored digest's": (
        UDP + ENDPOINT + AOR + f"[1001]\ntype=auth\nauth_type=md5\nusername=1001\nrealm=pbx\nmd5_cred={DIGEST}\n",
        phone(),
        [401, 401],
    ),
    "stored digest": (
        UDP + ENDPOINT + AOR + f"[1001]\ntype=auth\nauth_type=md5\nusername=1001\nmd5_cred={DIGEST}\n",
        phone(),
        [401, 200],
    ),
    "stored digest in capitals": (
        UDP + ENDPOINT + AOR + f"[1001]\ntype=auth\nauth_type=md5\nusername=1001\nmd5_cred={DIGEST.upper()}\n",
        phone(),
        [401, 401],
    ),
    "stale nonce": (GOOD, phone(nonce="stale"), [401, 401, 200]),
    "invented nonce": (GOOD, phone(nonce="invented"), [401, 200]),
}


@pytest.mark.parametrize("target", ["16.28", "22.10"])
@pytest.mark.parametrize("name", REGISTRATIONS)
def test_register(tmp_path: Path, name: str, target: str) -> None:
    text, sent, expected = REGISTRATIONS[name]
    (answer,) = answers(tmp_path, {"pjsip.conf": text}, [sent], target)
    assert list(answer.statuses) == expected


def test_an_unknown_account_is_challenged_with_the_general_algorithms(tmp_path: Path) -> None:
    text = GOOD + "[global]\ntype=global\ndefault_auth_algorithms_uas=SHA-512-256\n"
    (answer,) = answers(tmp_path, {"pjsip.conf": text}, [phone("1002")], "22.10")
    assert list(answer.statuses) == [401]


BY_VERSION = {
    "auth_type=digest": ("auth_type=digest\nusername=1001\npassword=s3cret\n", [500], [401, 200]),
    "digest beside userpass": (f"auth_type=userpass\nusername=1001\nmd5_cred={DIGEST}\n", [401, 401], [401, 200]),
    "password beside md5": ("auth_type=md5\nusername=1001\npassword=s3cret\n", [500], [401, 200]),
    "no password": ("username=1001\n", [401, 401], [500]),
}


@pytest.mark.parametrize("name", BY_VERSION)
def test_auth_objects_by_version(tmp_path: Path, name: str) -> None:
    options, old, new = BY_VERSION[name]
    files = {"pjsip.conf": UDP + ENDPOINT + AOR + "[1001]\ntype=auth\n" + options}
    for target, expected in (("16.28", old), ("20.11", old), ("20.12", new), ("22.10", new)):
        if name == "auth_type=digest" and target == "20.11":
            continue  # known to the branch's head, which the options are taken from
        (answer,) = answers(tmp_path / target, files, [phone()], target)
        assert (target, list(answer.statuses)) == (target, expected)


def test_identify_by_ip_alone_chooses_no_aor_before_the_change(tmp_path: Path) -> None:
    text = GOOD.replace("auth=1001\n", "auth=1001\nidentify_by=ip\n")
    text += "[1001]\ntype=identify\nendpoint=1001\nmatch=192.0.2.50\n"
    for target, expected in (
        ("20.20", (401, 404)),
        ("20.21", (401, 200)),
        ("22.10", (401, 404)),
        ("22.11", (401, 200)),
    ):
        (answer,) = answers(tmp_path / target, {"pjsip.conf": text}, [phone()], target)
        assert (target, answer.statuses) == (target, expected)


CALLS: dict[str, tuple[str, dict[str, Any], list[Any]]] = {
    "right": (GOOD, call(), [401, 200]),
    "extension does not exist": (GOOD, call(to="700"), [401, 404]),
    "dialplan hangs up with cause 21": (GOOD, call(to="911"), [401, 403]),
    "transport that does not exist": (GOOD.replace("allow=ulaw\n", "allow=ulaw\ntransport=tls\n"), call(), [401, 500]),
    "encryption demanded": (GOOD.replace("allow=ulaw\n", "allow=ulaw\nmedia_encryption=sdes\n"), call(), [401, 488]),
    "no common codec": (GOOD, call(codecs=["g729"]), [401, 488]),
    "trunk by header": (
        UDP + "[c]\ntype=endpoint\ncontext=phones\nallow=ulaw\n[c]\ntype=identify\nendpoint=c\nmatch_header=X-C: 7\n",
        call("49", password=None, headers={"X-C": "7"}),
        [200],
    ),
}


@pytest.mark.parametrize("name", CALLS)
def test_invite(tmp_path: Path, name: str) -> None:
    text, sent, expected = CALLS[name]
    (answer,) = answers(tmp_path, {"pjsip.conf": text}, [sent], "20.20")
    assert list(answer.statuses) == expected


def test_names_resolve_as_the_requests_file_says(tmp_path: Path) -> None:
    text = UDP + "[c]\ntype=endpoint\ncontext=phones\nallow=ulaw\n[c]\ntype=identify\nendpoint=c\nmatch=sip.c.example\n"
    trunk = call("49", password=None, source="192.0.2.77")
    (known,) = answers(tmp_path / "1", {"pjsip.conf": text}, [trunk], "20.20", hosts={"192.0.2.77": "sip.c.example"})
    (unknown,) = answers(tmp_path / "2", {"pjsip.conf": text}, [trunk], "20.20")
    assert (known.statuses, unknown.statuses) == ((200,), (401,))


def test_contacts_are_counted_over_time(tmp_path: Path) -> None:
    requests = [
        phone(id="desk", source="192.0.2.50:5060", expires=60),
        phone(id="other address", source="192.0.2.51:5060"),
        phone(id="later", source="192.0.2.51:5060", before={"wait": 61}),
        phone(id="goes", source="192.0.2.51:5060", expires=0),
        phone(id="first again", source="192.0.2.50:5060"),
    ]
    played = answers(tmp_path, {"pjsip.conf": GOOD}, requests, "20.20")
    assert [answer.statuses[-1] for answer in played] == [200, 403, 200, 200, 200]


def test_the_newest_contact_replaces_the_oldest(tmp_path: Path) -> None:
    requests = [phone(source="192.0.2.50:5060"), phone(source="192.0.2.51:5060")]
    played = answers(tmp_path, {"pjsip.conf": GOOD + "remove_existing=yes\n"}, requests, "20.20")
    assert [answer.statuses[-1] for answer in played] == [200, 200]


def test_subscribe_may_be_refused(tmp_path: Path) -> None:
    text = GOOD.replace("allow=ulaw\n", "allow=ulaw\nallow_subscribe=no\n")
    (answer,) = answers(tmp_path, {"pjsip.conf": text}, [{**call(), "method": "SUBSCRIBE"}], "20.20")
    assert answer.statuses == (401, 603)


def test_a_wizard_makes_an_account_that_takes_no_registrations(tmp_path: Path) -> None:
    wizard = "[1001]\ntype=wizard\naccepts_auth=yes\naccepts_registrations=yes\n"
    wizard += "inbound_auth/username=1001\ninbound_auth/password=s3cret\n"
    files = {"pjsip.conf": UDP, "pjsip_wizard.conf": wizard}
    (without,) = answers(tmp_path / "1", files, [phone()], "20.20")
    (with_,) = answers(
        tmp_path / "2", {**files, "pjsip_wizard.conf": wizard + "aor/max_contacts=1\n"}, [phone()], "20.20"
    )
    assert (without.statuses, with_.statuses) == ((401, 403), (401, 200))


def test_what_is_not_in_the_tree_is_said_to_be_unknown(tmp_path: Path) -> None:
    (answer,) = answers(tmp_path, {"pjsip.conf": GOOD, "extensions.conf": "[other]\n"}, [call()], "20.20")
    assert (answer.statuses, answer.certain) == ((401, 404), True)
    (tmp_path / "extensions.conf").unlink()
    played, world = read_requests([call()], "requests")
    (answer,) = trace(request(tmp_path), Files(), played, world).answers
    assert not answer.certain
    assert "extension" in answer.steps[-1].text
