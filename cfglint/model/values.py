"""How Asterisk reads the values of options."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import Any

from cfglint.numerals import decimal, saturated

TRUE_WORDS = frozenset(("yes", "true", "y", "t", "1", "on"))
"""main/utils.c:ast_true, in any case."""

FALSE_WORDS = frozenset(("no", "false", "n", "f", "0", "off"))
"""main/utils.c:ast_false, in any case."""

_NUMBER = re.compile(r"\s*\+?(?:0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)\Z")
_SIGNED = re.compile(r"\s*[+-]?(?:0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)\Z")
_DECIMAL = re.compile(r"\s*[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?\Z")
_CODEC = re.compile(r"!?(?P<name>.*?)(?::(?P<frame>[^:]*))?\Z", re.DOTALL)

CODECS = frozenset(
    (
        "adpcm alaw codec2 g719 g722 g723 g726 g726aal2 g729 gsm h261 h263 h263p h264 h265 ilbc jpeg lpc10 mpeg4 none"
        " opus png red silk silk8 silk12 silk16 silk24 siren14 siren7 slin slin12 slin16 slin24 slin32 slin44 slin48"
        " slin96 slin192 speex speex16 speex32 t140 t140red t38 testlaw ulaw vp8 vp9 amr amrwb evs"
    ).split()
)
"""Formats of main/codec_builtin.c and main/format_cache.c, the usual aliases, and those that modules commonly add."""


def is_true(value: str) -> bool:
    """Is it a true-word? Everything else, misspellings included, is false."""
    return value.lower() in TRUE_WORDS


def is_false(value: str) -> bool:
    """Is it a false-word? For the few options that are on unless switched off."""
    return value.lower() in FALSE_WORDS


@lru_cache(maxsize=1024)
def number(value: str) -> int | None:
    """An integer as strtoul(…, 0) reads it: ``010`` is 8, ``0x10`` is 16; None when it is none as a whole."""
    if not _SIGNED.match(value):
        return None
    text = value.strip()
    digits = text.lstrip("+-")
    if digits[:2] in ("0x", "0X"):
        found = int(digits, 16)
    else:
        found = int(digits, 8) if digits[0] == "0" else decimal(digits) or 0
    return saturated(-found if text[0] == "-" else found)


def invalid_reason(variants: list[dict[str, Any]], value: str) -> str | None:
    """Why no variant of an option takes a value, or None where one does, or where it cannot be told."""
    reason: str | None = None
    for variant in variants:
        reason = _variant_reason(variant, value)
        if reason is None:
            return None
    return reason


def _variant_reason(variant: dict[str, Any], value: str) -> str | None:
    reader = _READERS.get(variant["type"])
    if reader is None or "lenient" in variant:
        return None
    reason = reader(variant, value)
    if reason is not None and variant.get("also_bool") and value.lower() in TRUE_WORDS | FALSE_WORDS:
        return None
    return reason


def _uint(variant: dict[str, Any], value: str) -> str | None:
    """main/config.c:ast_parse_arg, PARSE_UINT32: no sign, nothing behind the digits."""
    if not _NUMBER.match(value):
        return "is not a whole number" if value.strip() else "is empty, a number is needed"
    found = number(value) or 0
    low, high = variant.get("range", (0, 2**32 - 1))
    return None if low <= found <= high else f"is not between {low} and {high}"


def _int(variant: dict[str, Any], value: str) -> str | None:
    if not _SIGNED.match(value):
        return "is not a whole number" if value.strip() else "is empty, a number is needed"
    found = number(value) or 0
    low, high = variant.get("range", (-(2**31), 2**31 - 1))
    return None if low <= found <= high else f"is not between {low} and {high}"


def _double(variant: dict[str, Any], value: str) -> str | None:
    return None if _DECIMAL.match(value) else "is not a number"


def _enum(variant: dict[str, Any], value: str) -> str | None:
    if value.lower() in (known.lower() for known in variant["values"]) or (
        not value and "default" in variant["values"]
    ):
        return None
    return f"is none of {', '.join(variant['values'])}"


def _comma_enum(variant: dict[str, Any], value: str) -> str | None:
    """Empty items are passed over (recorded: 16.28, 22.10)."""
    known = [v.lower() for v in variant["values"]]
    for item in value.split(","):
        if item.strip() and item.strip().lower() not in known:
            return f"has {item.strip()!r}, which is none of {', '.join(variant['values'])}"
    return None


def _codecs(variant: dict[str, Any], value: str) -> str | None:
    """main/format_cap.c:ast_format_cap_update_by_allow_disallow; an item may be ``!name`` and ``name:milliseconds``."""
    if not value:
        return None if variant.get("alias") else "is empty"
    if value[0] == "(" and value[-1] == ")":
        value = value[1:-1]
    for item in re.split(r"[,|]", value):
        found = _CODEC.match(item.strip())
        name = found.group("name") if found else item
        if not name.strip():
            return "has an empty item"
        if name.lower() != "all" and name.lower() not in CODECS:
            return f"names {name!r}, a codec that Asterisk does not know"
        frame = found.group("frame") if found else None
        if frame is not None and not re.match(r"\s*[0-9]", frame):
            return f"gives {name} a length of {frame!r}, which is no number of milliseconds"
    return None


def _name_value(variant: dict[str, Any], value: str) -> str | None:
    return None if not value or "=" in value else "has no '='"


def _sip_uri(variant: dict[str, Any], value: str) -> str | None:
    """res_pjsip/location.c:permanent_uri_handler; a display name is none of it (recorded: 16.28, 22.10)."""
    for item in value.split(","):
        uri = item.strip()
        if uri and not re.match(r"<?\s*sips?:", uri, re.IGNORECASE):
            return f"holds {uri!r}, which does not begin with sip: or sips:"
    return None


def _tos(variant: dict[str, Any], value: str) -> str | None:
    """main/acl.c:ast_str2tos: whatever begins with a number, or a name."""
    if re.match(r"\s*[+-]?[0-9]", value) or value.lower() in variant["values"]:
        return None
    return "is neither a number nor the name of a class such as cs3 or ef"


_PREFERENCES = {
    "prefer": ("pending", "configured"),
    "operation": ("intersect", "union", "only_preferred", "only_nonpreferred"),
    "keep": ("all", "first"),
    "transcode": ("allow", "prevent"),
}


def _codec_preferences(variant: dict[str, Any], value: str) -> str | None:
    """main/stream.c:ast_stream_codec_prefs_parse, with case; names it does not know have no effect."""
    for item in value.split(","):
        words = re.split("[: ]+", item.strip(": "))
        if item and len(words) < 2:
            return f"holds {item.strip()!r}, which is no name and value"
        known = _PREFERENCES.get(words[0], words[1:2])
        if item and words[1] not in known:
            return f"has {words[0]} {words[1]!r}, which is none of {', '.join(known)}"
    return None


_READERS = {
    "uint": _uint,
    "int": _int,
    "double": _double,
    "enum": _enum,
    "comma-enum": _comma_enum,
    "codecs": _codecs,
    "name=value": _name_value,
    "sip-uri": _sip_uri,
    "tos": _tos,
    "codec-prefs": _codec_preferences,
}
