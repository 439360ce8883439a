"""Text from a configuration, made fit for a terminal."""

from __future__ import annotations

import re

_CONTROL = "[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff\ud800-\udfff]"


def printable(text: str) -> str:
    """Control characters, invisible ones, newlines and bytes that are not UTF-8 as escape sequences."""
    if text.isprintable():  # as nearly all texts are; none of the characters above is printable to Python
        return text
    return re.sub(_CONTROL, _escape, text.replace("\n", "\\n"))


def _escape(match: re.Match[str]) -> str:
    code = ord(match.group())
    if 0xDC80 <= code <= 0xDCFF:
        return f"\\x{code - 0xDC00:02x}"
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
