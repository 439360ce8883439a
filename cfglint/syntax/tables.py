"""Ready-made parsing tables, so that no run has to analyse a grammar.

``python -m cfglint.syntax.tables`` lets lark make the tables of each grammar and writes them, for
`cfglint.syntax.automaton`, to one module of plain literals per language beside this file. They are used when their
stamp fits the grammar's text, else lark makes them anew: slower by some 35 ms, with the same result, so a stale module
can never be wrong. Nothing is ever unpickled, and lark is only imported when tables have to be made.
"""

from __future__ import annotations

import os
import sys
import zlib
from importlib import import_module
from typing import Any

from cfglint.namedtuples import NamedTuple
from cfglint.syntax.automaton import Automaton, Tables

LANGUAGES = {
    "asterisk": ("file", "assignment"),
    "kamailio": ("file", "scan"),
    "kamailio_pv": ("variable", "scan"),
}
"""Per language the rule that parsing starts with, and the one that names further terminals."""

FORMAT = 1
"""Of the tables; part of their stamp."""


class Terminal(NamedTuple):
    """A terminal of a grammar."""

    name: str
    priority: int
    pattern: str


def automaton(language: str) -> tuple[Automaton, list[Terminal]]:
    """The automaton of a language and the terminals its text is made of."""
    ready = _ready(language)
    tables, terminals = (ready.TABLES, ready.TERMINALS) if ready is not None else _automaton(language)
    return Automaton(Tables(*tables)), [Terminal(*terminal) for terminal in terminals]


def stamp(language: str) -> tuple[int, int]:
    """What the tables depend on: our own format, and a checksum of the grammar."""
    return FORMAT, zlib.crc32(grammar_text(language).encode())


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
    return module if getattr(module, "STAMP", None) == stamp(language) else None


def _automaton(language: str) -> tuple[tuple[Any, ...], tuple[tuple[Any, ...], ...]]:
    """Tables and terminals of a grammar, made by lark."""
    from lark import Lark
    from lark.parsers.lalr_analysis import Shift

    start, scan = LANGUAGES[language]
    built = Lark(grammar_text(language), parser="lalr", start=start, lexer="basic", keep_all_tokens=True)
    extra = Lark(grammar_text(language), parser="lalr", start=scan, lexer="basic", keep_all_tokens=True)
    terminals = {t.name: (t.name, t.priority, t.pattern.to_regexp()) for t in (*extra.terminals, *built.terminals)}
    frontend: Any = built.parser
    table = frontend.parser._parse_table
    reached = [table.start_states[start]]
    for state in reached:  # numbered alike in every run; grows on the way
        for _, (move, target) in sorted(table.states[state].items(), key=lambda item: item[0]):
            if move is Shift and target not in reached:
                reached.append(target)
    number = {state: index for index, state in enumerate(reached)}
    rules: dict[Any, int] = {}
    lookaheads: dict[tuple[str, ...], int] = {}
    states = []
    for state in reached:
        targets: dict[str, int] = {}
        reductions: dict[int, list[str]] = {}
        for symbol, (move, what) in sorted(table.states[state].items(), key=lambda item: item[0]):
            if move is Shift:
                targets[symbol] = number[what]
            else:
                reductions.setdefault(rules.setdefault(what, len(rules)), []).append(symbol)
        sets = [lookaheads.setdefault(tuple(kinds), len(lookaheads)) for kinds in reductions.values()]
        states.append((tuple(targets), tuple(targets.values()), tuple(reductions), tuple(sets)))
    described = tuple((len(rule.expansion), str(rule.origin.name), _action(rule)) for rule in rules)
    tables = (0, number[table.end_states[start]], described, tuple(states), tuple(lookaheads))
    return tables, tuple(sorted(terminals.values()))


def _action(rule: Any) -> str:
    """The name of a rule's action: its alias or its own name; empty where lark puts the only child in its place."""
    if rule.alias:
        return str(rule.alias)
    return "" if rule.options.expand1 and len(rule.expansion) == 1 else str(rule.origin.name)


def render(language: str) -> str:
    """The text of a language's table module."""
    lines = [
        f'"""Parsing tables of grammars/{language}.lark, written by python -m cfglint.syntax.tables: do not edit."""',
        "",
        "# ruff: noqa",
        "from typing import Any",
        "",
        f"STAMP = {stamp(language)!r}",
    ]
    tables, terminals = _automaton(language)
    lines += [f"TABLES: Any = {tables!r}", f"TERMINALS: Any = {terminals!r}"]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write the table modules of all languages."""
    for language in LANGUAGES:
        name = os.path.join(os.path.dirname(__file__), f"tables_{language}.py")
        text = render(language)
        with open(name, "w") as stream:
            stream.write(text)


if __name__ == "__main__":
    main()
