"""Ready-made parsing tables, so that no run has to analyse a grammar.

``python -m cfglint.syntax.tables`` writes one module of plain literals per language beside this file. They are used
when their stamp fits the grammar's text (and, where lark itself parses, the installed lark), else the parser is built
from the grammar: slower by some 35 ms, with the same result, so a stale module can never be wrong. Nothing is ever
unpickled.

Asterisk's files are parsed by lark. Kamailio's need error recovery that lark has no hooks for: its tables are turned
into those of `cfglint.syntax.automaton`, and lark is only imported when they have to be made.
"""

from __future__ import annotations

import os
import sys
import zlib
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

from cfglint.syntax.automaton import Automaton, Tables

if TYPE_CHECKING:
    from lark import Lark
    from lark.lexer import Lexer

LANGUAGES = {"asterisk": ("file", ("assignment",))}
"""Per language that lark parses: the start rule of a file, and the rules whose terminals are used one by one."""

AUTOMATA = {"kamailio": ("file", "scan"), "kamailio_pv": ("variable", "scan")}
"""Per language that `cfglint.syntax.automaton` parses: the start rule, and the one that names further terminals."""

FORMAT = 1
"""Of the tables of automata; part of their stamp."""


class Terminal(NamedTuple):
    """A terminal of a grammar."""

    name: str
    priority: int
    pattern: str


def parser(language: str, lexer: type[Lexer], transformer: Any) -> Lark:
    """The LALR parser of a language's files, with our own lexer and a transformer that builds the nodes."""
    from lark import Lark

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


def automaton(language: str) -> tuple[Automaton, list[Terminal]]:
    """The automaton of a language and the terminals its text is made of."""
    ready = _ready(language)
    tables, terminals = (ready.TABLES, ready.TERMINALS) if ready is not None else _automaton(language)
    return Automaton(Tables(*tables)), [Terminal(*terminal) for terminal in terminals]


def stamp(language: str) -> tuple[str | int, int]:
    """What the tables depend on: the version of lark or of our own format, and a checksum of the grammar."""
    checksum = zlib.crc32(grammar_text(language).encode())
    if language in AUTOMATA:
        return FORMAT, checksum
    import lark

    return lark.__version__, checksum


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


def _build(language: str, lexer: type[Lexer], transformer: Any) -> Lark:
    from lark import Lark

    return Lark(
        grammar_text(language), parser="lalr", start=LANGUAGES[language][0], lexer=lexer, transformer=transformer
    )


def _patterns(language: str) -> dict[str, str]:
    from lark import Lark

    found: dict[str, str] = {}
    for start in LANGUAGES[language][1]:
        for terminal in Lark(grammar_text(language), parser="lalr", start=start).terminals:
            found[terminal.name] = terminal.pattern.to_regexp()
    return found


def _automaton(language: str) -> tuple[tuple[Any, ...], tuple[tuple[Any, ...], ...]]:
    """Tables and terminals of a grammar, made by lark."""
    from lark import Lark
    from lark.parsers.lalr_analysis import Shift

    start, scan = AUTOMATA[language]
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
    if language in AUTOMATA:
        tables, terminals = _automaton(language)
        lines += [f"TABLES: Any = {tables!r}", f"TERMINALS: Any = {terminals!r}"]
        return "\n".join(lines) + "\n"
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

    built = _build(language, _placeholder(), None)
    data, memo = built.memo_serialize([TerminalDef, Rule])
    data["options"].update(lexer=None, _plugins={}, source_path=None)
    data["parser"]["lexer_conf"]["lexer_type"] = None
    data["parser"]["parser"] = _in_order(data["parser"]["parser"])
    lines += [
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


def _placeholder() -> type[Lexer]:
    """Stands for the real lexer while tables are made."""
    from lark.lexer import Lexer

    class Placeholder(Lexer):
        def __init__(self, conf: Any) -> None:
            pass

        def lex(self, lexer_state: Any, parser_state: Any) -> Any:
            raise NotImplementedError

    return Placeholder


def main() -> None:
    """Write the table modules of all languages."""
    for language in (*LANGUAGES, *AUTOMATA):
        name = os.path.join(os.path.dirname(__file__), f"tables_{language}.py")
        text = render(language)
        with open(name, "w") as stream:
            stream.write(text)


if __name__ == "__main__":
    main()
