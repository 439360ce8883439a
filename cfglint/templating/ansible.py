"""The filters and tests of Ansible that depend on nothing but their arguments, as its documentation describes them."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from os.path import basename, dirname
from typing import Any

_TRUE = ("true", "yes", "on", "1", "1.0", "t", "y")

_COMMENTS = {"plain": "# ", "erlang": "% ", "c": "// "}
_BLOCKS = {"cblock": ("/*", " * ", " */"), "xml": ("<!--", " - ", "-->")}


def boolean(value: Any) -> bool:
    """``bool``."""
    return str(value).strip().lower() in _TRUE


def ternary(value: Any, yes: Any, no: Any, none: Any = None) -> Any:
    """``ternary``."""
    if value is None and none is not None:
        return none
    return yes if value else no


def comment(text: str, style: str = "plain", decoration: str | None = None, **_: Any) -> str:
    """``comment``; a decoration of one's own is the way to the marks of other languages."""
    first, middle, last = _BLOCKS.get(style, ("", _COMMENTS.get(style, "# "), ""))
    mark = middle if decoration is None else decoration
    edge = mark.rstrip()
    lines = [first or edge, *(f"{mark}{line}".rstrip() for line in str(text).split("\n")), last or edge]
    return "\n".join(lines)


def digest(text: Any, algorithm: str = "sha1") -> str:
    """``hash``, such as the password of an md5_cred."""
    return hashlib.new(algorithm, str(text).encode()).hexdigest()


def combine(*mappings: Mapping[Any, Any], **_: Any) -> dict[Any, Any]:
    """``combine``, not recursive."""
    return {key: value for mapping in mappings for key, value in mapping.items()}


def replaced(value: Any, pattern: str, replacement: str = "", ignorecase: bool = False, **_: Any) -> str:
    """``regex_replace``."""
    return re.sub(pattern, replacement, str(value), flags=re.IGNORECASE if ignorecase else 0)


def mandatory(value: Any, *_: Any) -> Any:
    """``mandatory``."""
    return value


def _regex(value: Any, pattern: str, ignorecase: bool = False, how: str = "search") -> bool:
    return getattr(re.compile(pattern, re.IGNORECASE if ignorecase else 0), how)(str(value)) is not None


FILTERS: dict[str, Callable[..., Any]] = {
    "bool": boolean,
    "ternary": ternary,
    "comment": comment,
    "hash": digest,
    "md5": lambda text: digest(text, "md5"),
    "sha1": digest,
    "combine": combine,
    "regex_replace": replaced,
    "mandatory": mandatory,
    "basename": basename,
    "dirname": dirname,
    "b64encode": lambda text: base64.b64encode(str(text).encode()).decode(),
    "to_json": lambda value: json.dumps(value),
    "split": lambda text, separator=None: str(text).split(separator),
    "type_debug": lambda value: type(value).__name__,
}

TESTS: dict[str, Callable[..., bool]] = {
    "match": lambda value, pattern, ignorecase=False: _regex(value, pattern, ignorecase, "match"),
    "search": _regex,
    "regex": _regex,
    "truthy": bool,
    "falsy": lambda value: not value,
}

VARIABLES = {"ansible_managed": "Ansible managed"}
"""What Ansible brings along."""
