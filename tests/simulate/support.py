"""Plays requests against small configurations."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from cfglint.files import Files
from cfglint.simulate.answer import Answer
from cfglint.simulate.request import read_requests
from cfglint.tracing import trace
from tests.support import request, write_tree

DIALPLAN = "[phones]\nexten => 600,1,Answer()\nexten => 600,hint,SIP/600\nexten => _9X.,1,Hangup(21)\n"


def answers(
    folder: Path, files: dict[str, str], requests: list[dict[str, Any]], target: str, **world: Any
) -> list[Answer]:
    """What the server of a version answers to requests, in order."""
    write_tree(folder, {"extensions.conf": DIALPLAN, **files})
    played, around = read_requests({"requests": requests, **world}, "requests")
    return trace(request(folder, (f"asterisk={target}",)), Files(), played, around).answers


def phone(user: str = "1001", **more: Any) -> dict[str, Any]:
    """A REGISTER of a phone that has the right account and password, unless told otherwise."""
    return {
        "method": "REGISTER",
        "from": f"{user}@192.0.2.10",
        "to": f"{user}@192.0.2.10",
        "auth_user": user,
        "password": "s3cret",
        "source": "192.0.2.50",
        "destination": "192.0.2.10:5060",
        **more,
    }


def call(user: str = "1001", to: str = "600", **more: Any) -> dict[str, Any]:
    """An INVITE of the same phone."""
    return {**phone(user), "method": "INVITE", "to": f"{to}@192.0.2.10", **more}
