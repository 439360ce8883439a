"""YAML that people write for cfglint, read with ruamel.yaml, and edits of it that leave everything else as it is.

Writing a document anew, even from a tree that knows its comments, moves blanks, quotes and line ends that nobody asked
to be moved. So nodes tell where they stand in the text, and only there the text is edited.
"""

from __future__ import annotations

import re
from typing import Any

from cfglint.edits import Edit, insert, insert_line_after, replace
from cfglint.errors import SettingsProblem
from cfglint.files import read_bytes
from cfglint.namedtuples import NamedTuple
from cfglint.source import Place, Source, Span

_PLAIN = r"(?a)[A-Za-z_][\w./-]*\Z"
_WORDS = frozenset("true false yes no on off null y n".split())
"""What YAML, of this or an older version, takes for something else than text."""


def read_yaml(path: str, shown: str, typ: str = "safe") -> Any:
    """What a YAML file holds; with ``typ="rt"`` mappings and lists know their lines. Raises `SettingsProblem` with path
    and line, or `UnreadableInput`."""
    return parse_yaml(read_bytes(path, shown), shown, typ)


def parse_yaml(data: bytes | str, shown: str, typ: str = "safe") -> Any:
    """What YAML holds. Raises `SettingsProblem`."""
    return _guarded("load", data, shown, typ)


def _guarded(what: str, data: bytes | str, shown: str, typ: str) -> Any:
    from ruamel.yaml import YAML
    from ruamel.yaml.error import MarkedYAMLError, YAMLError

    try:
        return getattr(YAML(typ=typ, pure=True), what)(data)
    except MarkedYAMLError as error:
        mark = error.problem_mark
        raise SettingsProblem(shown, mark.line + 1 if mark else 1, f"is not YAML: {error.problem}") from error
    except (YAMLError, UnicodeError, ValueError, RecursionError) as error:
        line = _impossible_day(data, shown) if isinstance(error, ValueError) and what == "load" else 1
        raise SettingsProblem(shown, line, f"is not YAML: {str(error).splitlines()[0]}") from error


def _impossible_day(data: bytes | str, shown: str) -> int:
    """The line of a day that no calendar has: the one value that fails to be made without saying where."""
    waiting, seen = [_guarded("compose", data, shown, "rt")], set()
    while waiting:
        node = waiting.pop()
        if isinstance(node, tuple):
            waiting += reversed(node)
        elif isinstance(node.value, str):
            if str(node.tag).endswith(":timestamp") and not _is_day(node.value):
                return int(node.start_mark.line) + 1
        elif id(node) not in seen:
            seen.add(id(node))
            waiting += reversed(node.value)
    return 1


def _is_day(text: str) -> bool:
    from datetime import date

    try:
        date(*map(int, text.replace("T", " ").split()[0].split("-")))
    except ValueError:
        return False
    return True


def line_of(collection: Any, key: Any) -> int:
    """The line of a mapping's key, or of a list's item by its number; both as `parse_yaml` reads them with ``rt``."""
    positions: Any = collection.lc
    try:
        line: int = (positions.key if isinstance(collection, dict) else positions.item)(key)[0]
    except (KeyError, TypeError):  # it comes from somewhere else, through a merge key
        line = positions.line
    return line + 1


def scalar(text: str) -> str:
    """Text as YAML writes it, in quotes where it has to be."""
    if re.match(_PLAIN, text) and text.lower() not in _WORDS:
        return text
    from json import dumps

    quoted = dumps(text, ensure_ascii=False)
    return "".join(c if c.isprintable() else f"\\U{ord(c):08x}" for c in quoted)


# ------------------------------------------------------------------------------------------------------------- editing


class Entry(NamedTuple):
    """A mapping's key and value as nodes."""

    key: Any
    value: Any

    @property
    def empty(self) -> bool:
        """Is there nothing behind the key?"""
        return isinstance(self.value.value, str) and not self.value.value and self.value.style is None


def compose(source: Source) -> Any:
    """The node of a YAML file's whole document, None for one without content. Raises `SettingsProblem`."""
    node = _guarded("compose", source.text, source.path, "rt")
    return None if node is None or not node.value else node


def entry(mapping: Any, key: str) -> Entry | None:
    """A mapping's entry, None where it has no such key."""
    return next((Entry(*found) for found in mapping.value if found[0].value == key), None) if mapping else None


def place_of(source: Source, node: Any) -> Place:
    """Where a scalar, or a collection in brackets, stands."""
    return Place(source, Span(node.start_mark.index, node.end_mark.index))


def last_offset(source: Source, node: Any) -> int:
    """The offset behind the last character of a node that is not empty. (A block's own mark stands at what follows.)"""
    while isinstance(node.value, list) and node.value and not node.flow_style:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    offset: int = node.end_mark.index
    while offset and source.text[offset - 1].isspace():
        offset -= 1
    return offset


def add_item(source: Source, mapping: Any, key: str, item: str, comment: str = "") -> list[Edit]:
    """Add an item to the list behind a mapping's key; both are made where they are missing, and a single value becomes
    a list. `item` is text as YAML writes it, `mapping` None for an empty document."""
    found = entry(mapping, key)
    if found is None or found.empty:
        return add_entry(source, mapping, key, f"[{item}]", comment)
    node, place = found.value, place_of(source, found.value)
    if isinstance(node.value, str):
        edit = replace(place, f"[{place.text}, {item}]")
    elif not node.value:
        edit = replace(place, f"[{item}]")
    elif node.flow_style:
        edit = insert(source, last_offset(source, node.value[-1]), f", {item}")
    else:
        line = f"{' ' * node.start_mark.column}- {item}{_behind(comment)}"
        return [insert_line_after(source, last_offset(source, node), line)]
    return [edit, *_remark(source, node, comment)]


def add_entry(source: Source, mapping: Any, key: str, value: str, comment: str = "") -> list[Edit]:
    """Add a key to a mapping, or a value to a key that has none. `value` is text as YAML writes it, beside the key or
    on the lines below."""
    found = entry(mapping, key)
    if found is not None:
        colon = source.text.index(":", found.key.end_mark.index) + 1
        return [insert(source, colon, f" {value}"), *_remark(source, found.key, comment)]
    text = f"{scalar(key)}:{value if value.startswith(source.newline) else f' {value}'}"
    if mapping is None:
        end = len(source.text)
        lead = "" if not end or source.text.endswith("\n") else source.newline
        return [insert(source, end, f"{lead}{text}{_behind(comment)}{source.newline}")]
    if mapping.flow_style:
        end = last_offset(source, mapping.value[-1][1]) if mapping.value else mapping.end_mark.index - 1
        return [insert(source, end, f", {text}" if mapping.value else text), *_remark(source, mapping, comment)]
    line = f"{' ' * mapping.start_mark.column}{text}{_behind(comment)}"
    return [insert_line_after(source, last_offset(source, mapping), line)]


def _behind(comment: str) -> str:
    return f"  # {comment}" if comment else ""


def _remark(source: Source, node: Any, comment: str) -> list[Edit]:
    """A comment at the end of the line on which a node ends, or above it where something else follows there."""
    if not comment:
        return []
    start, end = source.line_span(node.end_mark.index)
    line = source.text[start:end]
    if source.text[node.end_mark.index : end].strip(" \t\r\n:]}"):
        indentation = line[: len(line) - len(line.lstrip(" "))]
        return [insert(source, start, f"{indentation}# {comment}{source.newline}")]
    return [insert(source, start + len(line.rstrip()), f"  # {comment}")]
