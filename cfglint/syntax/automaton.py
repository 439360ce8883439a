"""A compact LALR automaton, made of lark's tables, and the loop that drives it.

The tables are plain tuples, so that a ready-made module of them loads in no time and lark is not needed to parse; a row
is unfolded when the automaton first gets to its state. Errors are for the caller to handle: `Run.feed` says which token
does not fit and leaves the stacks as they are, ready to be repaired.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from cfglint.namedtuples import NamedTuple

END = "$END"

Action = Callable[[list[Any]], Any]


class Rule(NamedTuple):
    """A rule of the grammar: how many symbols it takes off the stack, which symbol it makes, and the name of the action
    that makes its value; an empty name passes the only child on."""

    size: int
    symbol: str
    action: str


class Tables(NamedTuple):
    """What a grammar comes to. A state is a tuple of four: tokens and where they shift to, symbols and where they lead
    to, rules to reduce by, and for each of these the number of a set of tokens that ask for it."""

    start: int
    end: int
    rules: tuple[tuple[int, str, str], ...]
    states: tuple[tuple[tuple[str, ...], tuple[int, ...], tuple[int, ...], tuple[int, ...]], ...]
    lookaheads: tuple[tuple[str, ...], ...]


class Automaton:
    """The tables, unfolded as far as they are used. In a row a number from 0 on is the state to shift or go to, a
    negative one is the complement of the rule to reduce by."""

    __slots__ = ("_rows", "_tables", "end", "rules", "start")

    def __init__(self, tables: Tables) -> None:
        self._tables = tables
        self._rows: list[dict[str, int] | None] = [None] * len(tables.states)
        self.start, self.end = tables.start, tables.end
        self.rules = tuple(Rule(*rule) for rule in tables.rules)

    def row(self, state: int) -> dict[str, int]:
        """What a state does with each symbol."""
        row = self._rows[state]
        if row is None:
            symbols, targets, reductions, sets = self._tables.states[state]
            row = self._rows[state] = dict(zip(symbols, targets, strict=True))
            for rule, chosen in zip(reductions, sets, strict=True):
                row.update(dict.fromkeys(self._tables.lookaheads[chosen], ~rule))
        return row

    def actions(self, builder: object) -> list[Action | None]:
        """The builder's method for each rule, None where the only child is passed on."""
        return [getattr(builder, rule.action) if rule.action else None for rule in self.rules]


class Run:
    """One parse: the stacks of states and values."""

    __slots__ = ("_actions", "automaton", "result", "states", "too_deep", "values", "watch")

    def __init__(self, automaton: Automaton, actions: list[Action | None], watch: int = 1 << 60) -> None:
        self.automaton = automaton
        self._actions = actions
        self.watch = watch
        """When the stack is higher than this, `too_deep` is asked whether that is too much."""
        self.too_deep: Callable[[], bool] = lambda: False
        self.states = [automaton.start]
        self.values: list[Any] = []
        self.result: Any = None

    def feed(self, tokens: Sequence[Any], index: int) -> int:
        """Take tokens from `index` on; returns the index of the first that does not fit, or their number. A token is
        anything whose first item is the terminal's name."""
        automaton, actions, states, values = self.automaton, self._actions, self.states, self.values
        rules, row_of, cached = automaton.rules, automaton.row, automaton._rows
        watch = self.watch
        row = row_of(states[-1])
        count = len(tokens)
        while index < count:
            token = tokens[index]
            kind = token[0]
            while True:
                if kind not in row:
                    return index
                move = row[kind]
                if move >= 0:
                    break
                size, symbol, _ = rules[~move]
                action = actions[~move]
                if action is None:
                    if size != 1:
                        raise AssertionError(symbol)
                    states.pop()
                elif size:
                    children = values[-size:]
                    del values[-size:], states[-size:]
                    values.append(action(children))
                else:
                    values.append(action([]))
                state = row_of(states[-1])[symbol]
                states.append(state)
                row = cached[state] or row_of(state)
            states.append(move)
            values.append(token)
            row = cached[move] or row_of(move)
            index += 1
            if len(states) > watch:
                if self.too_deep():
                    return index
                watch = self.watch = len(states) * 5 // 4
        return index

    def finish(self) -> bool:
        """Take the end of the input; false when something is missing. The stacks are left alone if so."""
        if not self.accepts((END,)):
            return False
        rules = self.automaton.rules
        while len(self.values) > 1 or self.states[-1] != self.automaton.end:
            size, symbol, _ = rules[~self.automaton.row(self.states[-1])[END]]
            self._reduce(self.automaton.row(self.states[-1])[END], size, symbol)
        self.result = self.values[-1]
        return True

    def _reduce(self, move: int, size: int, symbol: str) -> None:
        action = self._actions[~move]
        children = self.values[len(self.values) - size :]
        del self.values[len(self.values) - size :], self.states[len(self.states) - size :]
        self.values.append(children[0] if action is None else action(children))
        self.states.append(self.automaton.row(self.states[-1])[symbol])

    def accepts(self, kinds: Sequence[str], states: list[int] | None = None) -> bool:
        """Would tokens of these terminals fit one after the other? Nothing is changed. `END` must be the last."""
        automaton = self.automaton
        stack = list(self.states if states is None else states)
        for kind in kinds:
            while True:
                if kind == END and stack[-1] == automaton.end:
                    return True
                move = automaton.row(stack[-1]).get(kind)
                if move is None:
                    return False
                if move >= 0:
                    break
                size, symbol, _ = automaton.rules[~move]
                if size:
                    del stack[-size:]
                stack.append(automaton.row(stack[-1])[symbol])
            stack.append(move)
        return True

    def expected(self) -> list[str]:
        """The terminals that fit next."""
        row = self.automaton.row(self.states[-1])
        return [kind for kind in row if kind.isupper() and self.accepts((kind,))]
