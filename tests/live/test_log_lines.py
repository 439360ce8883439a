"""The messages that checks name against the servers' source: CFGLINT_ASTERISK_SOURCE and CFGLINT_KAMAILIO_SOURCE hold
paths of source trees, separated by colons; each message must stand in one of them."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from cfglint import symptoms

SOURCES = {
    product: os.environ.get(f"CFGLINT_{product.upper()}_SOURCE", "").split(":") for product in ("asterisk", "kamailio")
}

_LITERALS = re.compile(r'"(?:[^"\\\n]|\\.)*"(?:\s*(?:\\\n|PRI\w+)?\s*"(?:[^"\\\n]|\\.)*")*')
_CONVERSION = re.compile(r"%[-+ #0]*[\d*]*(?:\.[\d*]+)?(?:hh|h|ll|l|z|j|t)?[a-zA-Z]")


@cache
def literals(product: str) -> frozenset[str]:
    """All texts in a server's source, ``...`` for each conversion."""
    return frozenset(
        text for folder in SOURCES[product] if folder for path in Path(folder).rglob("*.[chyl]") for text in texts(path)
    )


def texts(path: Path) -> Iterator[str]:
    for match in _LITERALS.finditer(path.read_text(errors="replace")):
        joined = "".join(re.findall(r'"((?:[^"\\]|\\.)*)"', match[0]))
        plain = re.sub(r"\\(.)", lambda escape: {"n": "\n", "t": "\t"}.get(escape[1], escape[1]), joined)
        yield _CONVERSION.sub(symptoms.GAP, plain).replace("%%", "%").strip()


def is_said(message: str, product: str) -> bool:
    """Does the message stand in the source, or is it made of one text put into another?"""
    known = literals(product)
    if any(message in text for text in known):
        return True
    for text in known:
        if symptoms.GAP in text and len(text) > 8:
            match = re.fullmatch("(.*)".join(map(re.escape, text.split(symptoms.GAP))), message)
            if match and all(inner in ("", symptoms.GAP) or inner in known for inner in match.groups()):
                return True
    return False


@pytest.mark.parametrize("check", [pytest.param(check, id=check.registered.id) for check in symptoms.every()])
def test_the_server_says_so(check: symptoms.Explained) -> None:
    product = "kamailio" if check.registered.family == "kamailio" else "asterisk"
    if not any(SOURCES[product]):
        pytest.skip(f"no source of {product}")
    assert [message for message in check.documentation.log if not is_said(message, product)] == []
