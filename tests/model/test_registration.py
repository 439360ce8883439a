"""register lines, split as the server splits them."""

from __future__ import annotations

import pytest

from cfglint.files import Files
from cfglint.model.registration import Registration, read_registration
from cfglint.resolve.asterisk.loading import load


def read(value: str) -> Registration:
    config = load("sip.conf", Files({"sip.conf": f"[general]\nregister => {value}\n"}))
    return read_registration(config.sections[0].options[0])


@pytest.mark.parametrize(
    ("value", "peer", "user", "secret", "host", "ports"),
    [
        ("4711@SIP.example.net", "", "4711", "", "sip.example.net", ()),
        ("4711:pa@ss@sip.example.net:5070/100~60", "", "4711", "pa@ss", "sip.example.net", ("5070",)),
        ("tls://4711:s3cret:name@sip.example.net", "", "4711", "s3cret", "sip.example.net", ()),
        ('carrier?4711:"s3cret"@192.0.2.9', "carrier", "4711", "s3cret", "192.0.2.9", ()),
        ("4711@example.net:5060:s3cret:name@192.0.2.9", "", "4711", "s3cret", "192.0.2.9", ("5060",)),
        ("4711:a:b:c@192.0.2.9", "", "4711", "b", "192.0.2.9", ("a",)),
    ],
)
def test_fields(value: str, peer: str, user: str, secret: str, host: str, ports: tuple[str, ...]) -> None:
    found = read(value)
    assert found.problem is None
    assert (found.peer, found.user, found.secret, found.host, found.ports) == (peer, user, secret, host, ports)


@pytest.mark.parametrize("value", ["4711", "@sip.example.net", "4711:s3cret@", "4711:pa/ss@sip.example.net"])
def test_rejected(value: str) -> None:
    assert read(value).problem is not None
