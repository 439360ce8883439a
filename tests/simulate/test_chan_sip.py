"""The simulated chan_sip and the checks that explain its answers."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cfglint import registry
from cfglint.engine import trace
from cfglint.files import Files
from cfglint.simulate import chan_sip
from cfglint.simulate.request import read_requests
from tests.support import request, write_tree


def test_every_check_that_is_named_exists() -> None:
    named = set(re.findall(r"\"((?:sip|acl|conf)-[a-z0-9-]+)\"", Path(chan_sip.__file__).read_text()))
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
