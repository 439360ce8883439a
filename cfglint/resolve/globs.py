"""File name patterns of ``#include`` as glibc's glob(3) expands them: with braces, sorted by byte."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from fnmatch import translate

from cfglint.files import Files

_MAGIC = re.compile(r"[*?]|\[.*\]", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_BRACKET = re.compile(r"\[(?P<not>[!^]?)(?P<set>\]?(?:\[:[a-z]+:\]|\\.|[^\]])*)\]", re.DOTALL)
_CLASS = re.compile(r"\[:[a-z]+:\]")
_CLASSES = {
    "[:digit:]": "0-9",
    "[:alpha:]": "a-zA-Z",
    "[:alnum:]": "a-zA-Z0-9",
    "[:lower:]": "a-z",
    "[:upper:]": "A-Z",
    "[:xdigit:]": "0-9a-fA-F",
}


class TooWide(Exception):
    """A pattern stands for more names than may be looked at."""


class Glob:
    """Expands the patterns of one run; all of them together may look at `limit` names."""

    def __init__(self, files: Files, limit: int) -> None:
        self._files = files
        self._left = limit

    def expand(self, pattern: str) -> list[str]:
        """Paths that a pattern stands for, in the order the server reads them; raises `TooWide`.

        As with GLOB_NOMAGIC, a pattern without ``*``, ``?`` and ``[`` stands for itself, whether the file exists or
        not.
        """
        paths: list[str] = []
        for single in _braces(pattern):
            self._spend(1)
            if _MAGIC.search(single):
                paths += sorted(self._matches(single), key=os.fsencode)
            else:
                paths.append(_ESCAPED.sub(r"\1", single))
        return paths

    def _spend(self, names: int) -> None:
        self._left -= names
        if self._left < 0:
            raise TooWide

    def _matches(self, pattern: str) -> list[str]:
        """Existing paths; as in the shell, a leading dot is only matched by a dot."""
        folders = ["/"] if pattern.startswith("/") else [""]
        for part in pattern.split("/"):
            if not part:
                continue
            if not _MAGIC.search(part):
                plain = _ESCAPED.sub(r"\1", part)
                folders = [path for folder in folders if self._files.exists(path := os.path.join(folder, plain))]
                continue
            matches = re.compile(translate(_as_fnmatch(part))).match
            hidden = part.startswith((".", "\\."))
            found: list[str] = []
            for folder in folders:
                names = self._files.names(folder)
                self._spend(len(names) + 1)
                found += [os.path.join(folder, name) for name in names if matches(name) and (hidden or name[0] != ".")]
            folders = found
        return folders


def _braces(pattern: str) -> Iterator[str]:
    """``a{b,c}`` as ``ab`` and ``ac``, nested braces included, one after the other: there may be very many."""
    waiting = [pattern]
    while waiting:
        single = waiting.pop()
        opening = _find_opening(single)
        parts = _alternatives(single, opening) if opening >= 0 else None
        if parts is None:
            yield single
        else:
            waiting += reversed(parts)


def _find_opening(pattern: str) -> int:
    at = pattern.find("{")
    while at > 0 and (at - len(pattern[:at].rstrip("\\"))) % 2:
        at = pattern.find("{", at + 1)
    return at


def _alternatives(pattern: str, opening: int) -> list[str] | None:
    """The pattern with each of the alternatives of the brace at `opening`; None if it is not closed."""
    depth, parts, begin, at = 0, [], opening + 1, opening + 1
    while at < len(pattern):
        character = pattern[at]
        if character == "\\":
            at += 1
        elif character == "{":
            depth += 1
        elif character in ",}" and depth == 0:
            parts.append(pattern[begin:at])
            begin = at + 1
            if character == "}":
                return [pattern[:opening] + part + pattern[begin:] for part in parts]
        elif character == "}":
            depth -= 1
        at += 1
    return None


def _as_fnmatch(part: str) -> str:
    """A pattern of glob(3) in the words of Python's fnmatch, which knows no backslash and no classes."""
    out, at = [], 0
    while at < len(part):
        bracket = _BRACKET.match(part, at)
        if bracket:
            members = _ESCAPED.sub(r"\1", _CLASS.sub(lambda found: _CLASSES.get(found.group(), ""), bracket["set"]))
            out.append(("[!" if bracket["not"] else "[") + members + "]")
            at = bracket.end()
        elif part[at] == "\\" and at + 1 < len(part):
            out.append(f"[{part[at + 1]}]" if part[at + 1] in "*?[" else part[at + 1])
            at += 2
        else:
            out.append("[[]" if part[at] == "[" else part[at])
            at += 1
    return "".join(out)
