"""File name patterns of ``#include`` as glibc's glob(3) expands them: with braces, sorted by byte."""

from __future__ import annotations

import os
from fnmatch import translate
from re import compile as compile_pattern

MAGIC = frozenset("*?[")


def expand(pattern: str) -> list[str]:
    """Paths that a pattern stands for, in the order the server reads them.

    As with GLOB_NOMAGIC, a pattern without ``*``, ``?`` and ``[`` stands for itself, whether the file exists or not.
    """
    paths: list[str] = []
    for single in _braces(pattern):
        if not MAGIC & set(single):
            paths.append(single)
        else:
            paths += sorted(_matches(single), key=os.fsencode)
    return paths


def _braces(pattern: str, limit: int = 1000) -> list[str]:
    """``a{b,c}`` as ``ab`` and ``ac``, nested braces included."""
    opening = pattern.find("{")
    if opening < 0:
        return [pattern]
    depth, parts, begin = 0, [], opening + 1
    for at in range(opening, len(pattern)):
        character = pattern[at]
        if character == "{":
            depth += 1
        elif character == "," and depth == 1:
            parts.append(pattern[begin:at])
            begin = at + 1
        elif character == "}":
            depth -= 1
            if depth == 0:
                parts.append(pattern[begin:at])
                ends = _braces(pattern[at + 1 :], limit)
                return [
                    pattern[:opening] + middle + end
                    for part in parts
                    for middle in _braces(part, limit)
                    for end in ends
                ][:limit]
    return [pattern]


def _matches(pattern: str) -> list[str]:
    """Existing paths; as in the shell, a leading dot is only matched by a dot."""
    folders = ["/"] if pattern.startswith("/") else [""]
    parts = [part for part in pattern.split("/") if part]
    for part in parts:
        found: list[str] = []
        for folder in folders:
            if not MAGIC & set(part):
                path = os.path.join(folder, part)
                if os.path.lexists(path):
                    found.append(path)
                continue
            matches = compile_pattern(translate(part)).match
            try:
                names = os.listdir(folder or ".")
            except OSError:
                continue
            found += [
                os.path.join(folder, name)
                for name in names
                if matches(name) and (part.startswith(".") or not name.startswith("."))
            ]
        folders = found
    return folders
