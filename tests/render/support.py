"""Reports for the tests of renderers."""

from __future__ import annotations

from typing import Any

from cfglint.edits import UNSAFE, Fix, replace
from cfglint.engine import Report
from cfglint.findings import Failure, Finding, Note
from cfglint.knowledge.versions import Targets
from cfglint.source import Place, Source, place

TEXT = "[general]\n\n[1001]\ntype=user\nsecret=geheim\nhost=dynamic\n"

HOSTILE = "a%b,c:d\r\n::error::x ]]> <&\"' \x00\x1b\ufffe\uffff\udcff\u2028\t[1](2){0}"
"""What every format has to escape in some way."""


def source(path: str = "etc/sip.conf", before: str = "") -> Source:
    return Source(path, before + TEXT)


def at(where: Source, text: str) -> Place:
    start = where.text.index(text)
    return place(where, start, start + len(text))


def finding(where: Source, text: str = "user", **more: Any) -> Finding:
    return Finding("sip-transport-missing", "error", "answer", "it is wrong", at(where, text))._replace(**more)


def full(where: Source) -> Finding:
    """A finding with everything that one can have."""
    return finding(
        where,
        notes=(Note(at(where, "1001"), "the section"), Note(at(where, "host"), "the host [1]")),
        request="REGISTER",
        answers=(401, 403),
        fix=Fix("set type=friend", (replace(at(where, "user"), "friend"),), UNSAFE),
    )


def hostile() -> Report:
    """Every text of a report is hostile."""
    odd = Source(f"etc/{HOSTILE}".replace("\0", ""), f"[{HOSTILE}]\n")
    found = Finding(
        "sip-transport-missing", "error", "load", HOSTILE, place(odd, 1, 2), (Note(place(odd, 1, 2), HOSTILE),)
    )
    found = found._replace(fix=Fix(HOSTILE, (replace(place(odd, 1, 2), HOSTILE),), UNSAFE))
    return report(found, failures=[Failure(odd.path, 1, HOSTILE)])


def report(*findings: Finding, failures: list[Failure] | None = None, clean: tuple[Source, ...] = ()) -> Report:
    sources = dict.fromkeys([*(f.place.source for f in findings), *clean])
    return Report(list(findings), failures or [], list(sources), Targets((20, 20)))
