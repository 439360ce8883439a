"""Attributes as SER wrote them, ``$t.name``, are read wherever a value may stand."""

from __future__ import annotations

from pathlib import Path

import pytest

from cfglint.files import Files
from cfglint.knowledge.versions import Targets
from cfglint.model.kamailio import KamailioTree
from cfglint.simulate.client import play
from cfglint.simulate.kamailio.server import KamailioServer
from cfglint.simulate.request import World, read_requests

REQUEST = {"id": "a", "method": "REGISTER", "from": "1001@example.com", "to": "1001@example.com", "source": "192.0.2.1"}


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ('if (strempty($t.did)) { sl_send_reply("403", "a"); exit; }', 403),
        ('$t.did = "x"; if (strempty($t.did)) { sl_send_reply("403", "a"); exit; }', 404),
        ('$f.did = "x"; if ($f.did == "x") { sl_send_reply("403", "a"); exit; }', 403),
    ],
)
def test_an_attribute_is_read(tmp_path: Path, lines: str, status: int) -> None:
    path = tmp_path / "kamailio.cfg"
    path.write_text(f'loadmodule "sl.so"\nrequest_route {{ {lines} sl_send_reply("404", "a"); }}\n')
    tree = KamailioTree(str(path), Files(), Targets(None, (5, 6)))
    requests, _ = read_requests({"requests": [REQUEST]}, "x")
    (answer,) = play(requests, KamailioServer(tree.kamailio, (5, 6), World()))
    assert answer.statuses == (status,)
    assert answer.certain
