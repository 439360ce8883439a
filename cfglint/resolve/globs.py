"""File name patterns of ``#include`` as glibc's glob(3) expands them: with braces, sorted by byte."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator

from cfglint.files import Files

_MAGIC = re.compile(r"[*?]|\[.*\]", re.DOTALL)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ELEMENT = re.compile(
    r"\[(?P<not>[!^]?)(?P<set>(?:\[:[a-z]+:\]|\\.|[^\\])(?:\[:[a-z]+:\]|\\.|[^\]\\])*)\]|\\.|.", re.DOTALL
)
_MEMBER = re.compile(r"\[:(?P<class>[a-z]+):\]|\\?(?P<first>.)(?:-\\?(?P<last>.))?", re.DOTALL)
_CLASSES = {
    "digit": "0-9",
    "alpha": "a-zA-Z",
    "alnum": "a-zA-Z0-9",
    "lower": "a-z",
    "upper": "A-Z",
    "xdigit": "0-9a-fA-F",
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
        paths = [path for single in _braces(pattern) for path in self._expand(single)]
        if "{" in pattern and not any(map(self._files.exists, paths)):
            # When no alternative exists, braces are letters like others.
            literal = self._expand(pattern)
            return literal if any(map(self._files.exists, literal)) else paths
        return paths

    def _expand(self, single: str) -> list[str]:
        """The same without braces."""
        self._spend(1 + len(single) ** 2 // 1000)  # taking a long pattern to pieces may take that much longer
        if _MAGIC.search(single):
            return sorted(self._matches(single), key=os.fsencode)
        return [_ESCAPED.sub(r"\1", single)]

    def _spend(self, names: int) -> None:
        self._left -= names
        if self._left < 0:
            raise TooWide

    def _matches(self, pattern: str) -> list[str]:
        """Existing paths; as in the shell, a leading dot is only matched by a dot. A slash divides even when it is
        escaped."""
        pattern = _ESCAPED.sub(lambda found: found[1] if found[1] == "/" else found[0], pattern)
        folders = ["/"] if pattern.startswith("/") else [""]
        for part in pattern.split("/"):
            if not part:
                continue
            if not _MAGIC.search(part):
                plain = _ESCAPED.sub(r"\1", part)
                folders = [path for folder in folders if self._files.exists(path := os.path.join(folder, plain))]
                continue
            matches = _Name(part).matches
            hidden = part.startswith((".", "\\."))
            found: list[str] = []
            for folder in folders:
                names = self._files.names(folder)
                self._spend(len(names) + 1)
                found += [os.path.join(folder, name) for name in names if matches(name) and (hidden or name[0] != ".")]
            folders = found
        return [path + "/" for path in folders] if pattern.endswith("/") else folders


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


class _Name:
    """The pattern of one name. Between its stars each element stands for one character, so the leftmost match of each
    stretch will do, and there is nothing to go back to."""

    def __init__(self, pattern: str) -> None:
        stretches, lengths = [""], [0]
        for element in _ELEMENT.finditer(pattern):
            if element.group() == "*":
                stretches.append("")
                lengths.append(0)
            else:
                stretches[-1] += _one(element)
                lengths[-1] += 1
        self._stretches = [re.compile(stretch, re.DOTALL) for stretch in stretches]
        self._tail = lengths[-1] if len(lengths) > 1 else None

    def matches(self, name: str) -> bool:
        """Does it stand for a name as a whole?"""
        first, *middle = self._stretches
        if self._tail is None:
            return first.fullmatch(name) is not None
        found, last = first.match(name), middle.pop()
        for stretch in middle:
            found = found and stretch.search(name, found.end())
        at = len(name) - self._tail
        return found is not None and found.end() <= at and last.match(name, at) is not None


def _one(element: re.Match[str]) -> str:
    """The regular expression of an element that stands for one character."""
    if element["set"] is not None:
        members = "".join(map(_members, _MEMBER.finditer(element["set"])))
        return f"[^{members}]" if element["not"] else f"[{members}]" if members else "(?!)"
    return "." if element.group() == "?" else re.escape(element.group()[-1])


def _members(member: re.Match[str]) -> str:
    if member["class"]:
        return _CLASSES.get(member["class"], "")
    first, last = member["first"], member["last"] or member["first"]
    return f"{re.escape(first)}-{re.escape(last)}" if first <= last else ""
