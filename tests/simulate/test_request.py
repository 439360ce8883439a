"""Requests files: every mistake is named with its field."""

from __future__ import annotations

from typing import Any

import pytest

from cfglint.errors import UsageProblem
from cfglint.simulate.request import parse_uri, read_requests

RIGHT: dict[str, Any] = {"method": "REGISTER", "from": "a@b", "to": "a@b"}


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ("text", "expected a list 'requests'"),
        ({"requests": ["text"]}, "request 1: expected fields"),
        ({"requests": [{**RIGHT, "metod": "x"}]}, "there is no field 'metod'"),
        ({"requests": [{**RIGHT, "method": "RING"}]}, "method: 'RING' is none of"),
        ({"requests": [{"method": "INVITE", "to": "a@b"}]}, "from: expected user@host"),
        ({"requests": [RIGHT, {**RIGHT, "source": "pbx"}]}, "request 2: source: 'pbx' is no IP address"),
        ({"requests": [{**RIGHT, "destination": "192.0.2.1:99999"}]}, "destination"),
        ({"requests": [{**RIGHT, "transport": "sctp"}]}, "transport: 'sctp' is none of"),
        ({"requests": [{**RIGHT, "expires": "soon"}]}, "expires: 'soon' is no number"),
        ({"requests": [{**RIGHT, "before": 5}]}, "before: expected fields"),
        ({"requests": [RIGHT], "hosts": ["a"]}, "hosts"),
        ({"requests": [RIGHT], "hosts": {"pbx": "192.0.2.1"}}, "hosts: 'pbx' is no IP address"),
        ({"requests": [RIGHT], "arguments": "-A 'x"}, "arguments: a quotation mark is not closed"),
    ],
)
def test_mistakes_are_named(data: Any, said: str) -> None:
    with pytest.raises(UsageProblem, match=r"requests\.yaml") as caught:
        read_requests(data, "requests.yaml")
    assert said in str(caught.value)


def test_defaults() -> None:
    (request,), _ = read_requests({"requests": [RIGHT]}, "x")
    assert (request.transport, request.source.port, request.times, request.password) == ("udp", 5060, 1, None)
    assert str(request.request_uri) == "sip:b"


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("1001@pbx.example.com", ("sip", "1001", "pbx.example.com", None, "")),
        ("sip:1001@192.0.2.1:5070;transport=tcp", ("sip", "1001", "192.0.2.1", 5070, "transport=tcp")),
        ('"Bob" <sips:bob@[2001:db8::1]:5061>', ("sips", "bob", "2001:db8::1", 5061, "")),
        ("pbx.example.com", ("sip", "", "pbx.example.com", None, "")),
    ],
)
def test_uris(text: str, parts: tuple[str, str, str, int | None, str]) -> None:
    assert tuple(parse_uri(text)) == parts
