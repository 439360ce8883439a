"""Ready-made parsing tables, so that no run has to analyse a grammar.

``python -m cfglint.syntax.tables`` writes one module of plain literals per language beside this file. They are used
when their stamp fits the grammar's text and the installed lark, else the parser is built from the grammar: slower by
some 35 ms, with the same result, so a stale module can never be wrong. Nothing is ever unpickled.
"""

from __future__ import annotations

import os
import sys
import zlib
from importlib import import_module
from pathlib import Path
from typing import Any

import lark
from lark import Lark
from lark.grammar import Rule
from lark.lexer import Lexer, TerminalDef

LANGUAGES = {"asterisk": ("file", ("assignment",))}
"""Per language the start rule of a file, and the rules whose terminals are used one by one."""


def parser(language: str, lexer: type[Lexer], transformer: Any) -> Lark:
    """The LALR parser of a language's files, with our own lexer and a transformer that builds the nodes."""
    ready = _ready(language)
    if ready is None:
        return _build(language, lexer, transformer)
    instance: Lark = Lark.__new__(Lark)
    frontend = ready.DATA["parser"]
    data = {
        **ready.DATA,
        "options": {**ready.DATA["options"], "lexer": lexer},
        "parser": {**frontend, "lexer_conf": {**frontend["lexer_conf"], "lexer_type": lexer}},
    }
    return instance._load({"data": data, "memo": ready.MEMO}, transformer=transformer)


def patterns(language: str) -> dict[str, str]:
    """Regular expressions of the terminals that are used outside the parser, by name."""
    ready = _ready(language)
    if ready is not None:
        return dict(ready.PATTERNS)
    return _patterns(language)


def stamp(language: str) -> tuple[str, int]:
    """What the tables depend on: the version of lark and a checksum of the grammar."""
    return lark.__version__, zlib.crc32(grammar_text(language).encode())


def grammar_text(language: str) -> str:
    """The ``.lark`` file of a language; read through its loader, so that it may lie in a zip archive."""
    spec: Any = import_module("cfglint.grammars").__spec__  # by name: the package lies in another folder of the tree
    folder, loader = os.path.dirname(spec.origin), spec.loader
    data: bytes = loader.get_data(os.path.join(folder, f"{language}.lark"))
    return data.decode()


def _ready(language: str) -> Any:
    name = f"cfglint.syntax.tables_{language}"
    if name not in sys.modules:
        try:
            import_module(name)
        except ModuleNotFoundError:
            return None
    module: Any = sys.modules[name]
    return module if stamp(language) == module.STAMP else None


def _build(language: str, lexer: type[Lexer], transformer: Any) -> Lark:
    return Lark(
        grammar_text(language), parser="lalr", start=LANGUAGES[language][0], lexer=lexer, transformer=transformer
    )


def _patterns(language: str) -> dict[str, str]:
    found: dict[str, str] = {}
    for start in LANGUAGES[language][1]:
        for terminal in Lark(grammar_text(language), parser="lalr", start=start).terminals:
            found[terminal.name] = terminal.pattern.to_regexp()
    return found


def render(language: str) -> str:
    """The text of a language's table module."""
    built = _build(language, _Placeholder, None)
    data, memo = built.memo_serialize([TerminalDef, Rule])
    data["options"].update(lexer=None, _plugins={}, source_path=None)
    data["parser"]["lexer_conf"]["lexer_type"] = None
    data["parser"]["parser"] = _in_order(data["parser"]["parser"])
    lines = [
        f'"""Parsing tables of grammars/{language}.lark, written by python -m cfglint.syntax.tables: do not edit."""',
        "",
        "# ruff: noqa",
        "from typing import Any",
        "",
        f"STAMP = {stamp(language)!r}",
        f"PATTERNS: dict[str, str] = {_patterns(language)!r}",
        f"DATA: dict[str, Any] = {data!r}",
        f"MEMO: dict[int, Any] = {memo!r}",
    ]
    return "\n".join(lines) + "\n"


def _in_order(table: dict[str, Any]) -> dict[str, Any]:
    """A parsing table with tokens and states numbered alike in every run; Lark's own order varies, as that of sets."""
    names, states = table["tokens"], table["states"]
    token_number = {old: new for new, old in enumerate(sorted(names, key=lambda token: names[token]))}
    reached = list(table["start_states"].values())
    for state in reached:  # grows on the way
        for _, (action, target) in sorted(states[state].items(), key=lambda item: token_number[item[0]]):
            if action == _SHIFT and target not in reached:
                reached.append(target)
    state_number = {old: new for new, old in enumerate(reached)}
    return {
        "tokens": {token_number[old]: names[old] for old in sorted(names, key=lambda token: token_number[token])},
        "states": {
            state_number[state]: {
                token_number[token]: (action, state_number[target] if action == _SHIFT else target)
                for token, (action, target) in sorted(states[state].items(), key=lambda item: token_number[item[0]])
            }
            for state in reached
        },
        "start_states": {rule: state_number[state] for rule, state in table["start_states"].items()},
        "end_states": {rule: state_number[state] for rule, state in table["end_states"].items()},
    }


_SHIFT = 0


class _Placeholder(Lexer):
    """Stands for the real lexer while tables are made."""

    def __init__(self, conf: Any) -> None:
        pass

    def lex(self, lexer_state: Any, parser_state: Any) -> Any:
        raise NotImplementedError


def main() -> None:
    """Write the table modules of all languages."""
    for language in LANGUAGES:
        Path(__file__).with_name(f"tables_{language}.py").write_text(render(language))


if __name__ == "__main__":
    main()
