"""Parses the live tokens of a Kamailio configuration, and goes on behind errors.

An error is repaired by the smallest change that lets the next tokens fit: a token put in, taken as something else, or
left out; else everything up to the next statement or item is given up. What follows from an error is not told again.
"""

from __future__ import annotations

import gc

from cfglint.namedtuples import NamedTuple
from cfglint.source import Place, Span
from cfglint.syntax.automaton import END
from cfglint.syntax.kamailio import faults
from cfglint.syntax.kamailio.faults import Fault
from cfglint.syntax.kamailio.items import File
from cfglint.syntax.kamailio.nodes import Broken
from cfglint.syntax.kamailio.stack import AHEAD, Stack
from cfglint.syntax.kamailio.tokens import String, Token, Word
from cfglint.syntax.kamailio.words import Version

MAX_FAULTS = 50

AT_END = "$END"
"""The detail of a fault that is only noticed at the end of the input."""
_PARTS = frozenset(
    ("COMMA", "COLON", "EQUAL", "DOT", "MINUS", "STAR", "SLASH", "OPERATOR", "EQUALITY", "COMPARISON", "MATCH")
)


_FOREIGN = frozenset(("!~", "++", "--", "+=", "-=", "===", "!==", "<>", "=>", "=!", "||=", "**"))
"""Operators of other languages, as two tokens of this one."""


class Parsed(NamedTuple):
    """The tree, what is wrong, and the constructs that not all versions have, with the first that does."""

    file: File
    faults: list[Fault]
    newer: list[tuple[Token, Version, str]]


def parse(tokens: list[Token]) -> Parsed:
    """Parse live tokens; the list may be changed where a token is taken as another."""
    collecting = gc.isenabled()
    gc.disable()
    try:
        return _Parser(tokens).parse()
    finally:
        if collecting:
            gc.enable()


class _Parser(Stack):
    """One parse with its repairs."""

    def __init__(self, tokens: list[Token]) -> None:
        super().__init__(tokens)
        self.faults: list[Fault] = []
        self.quiet = -1
        """Up to this index an error follows from the last one."""

    def parse(self) -> Parsed:
        tokens, run = self.tokens, self.run
        index = 0
        while True:
            index = run.feed(tokens, index)
            if self.deep or len(self.faults) >= MAX_FAULTS:
                self._give_up(index)
                break
            if index < len(tokens):
                index = self._repair(index)
                continue
            if run.finish():
                break
            self._end()
        items = run.result if run.result is not None else self.items()
        return Parsed(File([item for item in items if not isinstance(item, Broken)]), self.faults, self.builder.newer)

    # --------------------------------------------------------------------------------------------------------- repairs

    def _repair(self, index: int) -> int:
        """Report the error at a token and get the stacks right; returns the token to go on with."""
        token = self.tokens[index]
        kind = token.type
        previous = self.tokens[index - 1] if index else None
        if self._string_runs_on(index):
            return len(self.tokens)
        inside = self.open("LBRACE")
        if inside and self.begins_item(index):
            return self._unclosed(index)
        if kind == "RBRACE":
            if previous is not None and previous.type == "LBRACE" and self.fits(["SEMICOLON"], index):
                self._report(index, faults.EMPTY_BLOCK, _joined(previous, token), noticed=token.place)
                return self.insert("SEMICOLON", previous, index)
            if not inside:
                return self._stray_brace(index)
        if kind == "ELSE" and self.statement_may_begin():
            self._report(index, faults.STRAY_ELSE, token.place)
            self.quiet = index + 2
            return self._stray(index + 1)
        for repair in (self._operator, self._put_in, self._take_as, self._known_shapes, self._leave_out):
            after = repair(index, previous)
            if after is not None:
                return after
        return self._panic(index)

    def _put_in(self, index: int, previous: Token | None) -> int | None:
        """A token is missing before this one."""
        if previous is None:
            return None
        for kinds in (
            ["SEMICOLON"],
            ["RPAREN"],
            ["RPAREN", "SEMICOLON"],
            ["RPAREN", "RPAREN"],
            ["COMMA"],
            ["RBRACKET"],
        ):
            if self.fits(kinds, index):
                if kinds[0] == "COMMA" and not self.open("LPAREN"):
                    continue
                other = self.open("LPAREN")[-1:] if kinds[0] == "RPAREN" else []
                self._report(
                    index, faults.MISSING, previous.place, kinds[0], noticed=self.tokens[index].place,
                    other=other[0].place if other else None,
                )  # fmt: skip
                for kind in kinds:
                    self.insert(kind, previous, index)
                return index
        return None

    def _take_as(self, index: int, previous: Token | None) -> int | None:
        """A token would fit as something else: a reserved word as a name, a word as a string."""
        token = self.tokens[index]
        word = token.text.isidentifier()
        named = word and token.type not in ("WORD", "RETURN", "BREAK", "IF", "CASE", "ELSE", "WHILE")
        if named and self.fits(["WORD"], index + 1) and not self.begins_item(index):
            self._report(index, faults.RESERVED_WORD, token.place, token.text)
            self.tokens[index] = Word("WORD", *token[1:])
            return index
        if token.type == "RBRACKET" and self.fits(["RBRACE"], index + 1) and self.open("LBRACE"):
            self._report(index, faults.UNEXPECTED, token.place, "]", ("RBRACE",))
            self.tokens[index] = Token("RBRACE", *token[1:])
            return index
        if token.type == "WORD" and self.fits(["STRING"], index + 1):
            self._report(index, faults.UNQUOTED_WORD, token.place, token.text)
            self.tokens[index] = String("STRING", *token[1:])
            return index
        if previous is not None and previous.type == "WORD" and self.run.values[-1] is previous:
            states = self.run.states[:-1]
            kinds = ["STRING", *(t.type for t in self.tokens[index : index + AHEAD])]
            if self.run.accepts(kinds, states):
                self._report(index, faults.UNQUOTED_WORD, previous.place, previous.text, noticed=token.place)
                del self.run.states[-1:], self.run.values[-1:]
                self.run.feed([String("STRING", *previous[1:])], 0)
                return index
        return None

    def _operator(self, index: int, previous: Token | None) -> int | None:
        """An operator of other languages: ``!~``, ``++``, ``+=``, ``===``."""
        following = self.tokens[index + 1] if index + 1 < len(self.tokens) else None
        for first, last in ((previous, self.tokens[index]), (self.tokens[index], following)):
            if first is None or last is None or first.end != last.start or first.home is not last.home:
                continue
            if first.text + last.text in _FOREIGN:
                place = _joined(first, last)
                self._report(index, faults.BAD_OPERATOR, place, place.text, noticed=self.tokens[index].place)
                break
        else:
            return None
        return self._panic(index, quietly=True)

    def _known_shapes(self, index: int, previous: Token | None) -> int | None:
        """Mistakes that are easily named."""
        token = self.tokens[index]
        if self.open("LBRACE"):
            return None
        values = self.run.values
        if token.type == "EQUAL" and previous is not None and previous.text.isidentifier():
            heads = [v for v in values if isinstance(v, Token) and v.type in ("ALIAS", "LISTEN")]
            if heads:
                self._report(index, faults.LIST_GOES_ON, previous.place, heads[-1].text, noticed=token.place,
                             other=heads[-1].place)  # fmt: skip
            elif previous.type == "WORD" and values and values[-1] is previous:
                self._report(index, faults.UNKNOWN_PARAMETER, previous.place, previous.text, noticed=token.place)
            else:
                return None
            return self._panic(index, quietly=True)
        if previous is not None and previous.type == "WORD" and token.type == "LPAREN" and values[-1] is previous:
            self._report(index, faults.OUTSIDE_ROUTE, previous.place, previous.text, noticed=token.place,
                         other=self.last_route())  # fmt: skip
            return self._panic(index, quietly=True)
        return None

    def _leave_out(self, index: int, previous: Token | None) -> int | None:
        """The token is one too many."""
        token = self.tokens[index]
        if token.type in ("LBRACE", "RBRACE", "LPAREN") or not self.tokens[index + 1 : index + 2]:
            return None
        if not self.fits([], index + 1) or (token.type in _PARTS and not self.same_line(index)):
            return None
        self._report(index, faults.UNEXPECTED, token.place, token.text)
        self.quiet = index + 1
        return index + 1

    def _panic(self, index: int, quietly: bool = False) -> int:
        """Give up what is open, down to the last place where a statement or an item may begin."""
        tokens, run = self.tokens, self.run
        token = tokens[index]
        if not quietly:
            expected = tuple(run.expected())
            self._report(index, faults.UNEXPECTED, token.place, token.text, expected)
        if self.closed("RBRACE") and run.accepts(["SEMICOLON"]):  # what is complete stays
            self.insert("SEMICOLON", run.values[-1], index)
        level, symbol = self.base("statement")
        if not self.open("LBRACE"):
            level, symbol = self.base("item")
        dropped = run.values[level:]
        switch = any(isinstance(v, Token) and v.type in ("SWITCH", "SOCKET") for v in dropped)
        start = next((v for v in dropped if hasattr(v, "start")), token)
        del run.states[level + 1 :], run.values[level:]
        depth = 0
        after = index
        while after < len(tokens):
            kind = tokens[after].type
            if kind == "LBRACE":
                if not depth and not switch and symbol == "statement":
                    break
                depth += 1
            elif kind == "RBRACE":
                if not depth:
                    break
                depth -= 1
                if not depth and symbol == "statement":
                    after += 1
                    break
            elif kind == "SEMICOLON" and not depth and symbol == "statement":
                after += 1
                break
            elif self.begins_item(after) and (not depth or kind != "ROUTE") and after > index:
                break
            after += 1
        if symbol == "item" and after < len(tokens) and tokens[after].type == "RBRACE":
            after += 1
        self.push(symbol, Broken([start, tokens[max(after - 1, index)]]))
        self.quiet = max(after, index)
        if after < len(tokens) and tokens[after].type == "LBRACE":
            return self._stray(after)
        if after == index and tokens[after].type not in ("RBRACE",) and not self.begins_item(after):
            after += 1
        return after

    def _stray(self, index: int) -> int:
        """Read a block that belongs to something broken."""
        token = self.tokens[index] if index < len(self.tokens) else None
        if token is not None and token.type == "LBRACE" and self.run.accepts(["STRAY"]):
            self.run.feed([Token("STRAY", token.start, token.start, "", token.home)], 0)
        return index

    def _unclosed(self, index: int) -> int:
        """A route or the like begins inside of a block: a brace is missing."""
        begin = index - 1 if self.tokens[index].type in ("LBRACKET", "LBRACE") else index
        culprit = self._culprit(index)
        self._report_block(index, culprit, self.tokens[index].place)
        self.quiet = begin
        if begin < index:  # the word is on the stack already
            del self.run.states[-1:], self.run.values[-1:]
        self._close()
        if not self.run.accepts([self.tokens[begin].type]):
            self.cut(*self.base("item"), culprit)
        return begin

    def _report_block(self, index: int, culprit: Token, noticed: Place, detail: str = "") -> None:
        """An error inside of a block that is not closed may well be the reason; the two are told together."""
        inside = (fault.noticed or fault.place for fault in self.faults if _within(fault.place, culprit))
        self._report(index, faults.UNCLOSED_BLOCK, culprit.place, detail, noticed=noticed, other=next(inside, None))

    def _close(self) -> None:
        """Close the open blocks as if their braces were there; a block that cannot be closed is given up."""
        run = self.run
        while opened := self.open("LBRACE"):
            innermost = next(i for i, value in enumerate(run.values) if value is opened[-1])
            if not run.accepts(["RBRACE"]):
                level, symbol = self.base("statement")
                if level > innermost:
                    self.cut(level, symbol, opened[-1])
            if run.accepts(["RBRACE"]):
                last = run.values[-1]
                end = last.end if hasattr(last, "end") else opened[-1].end
                run.feed([Token("RBRACE", end, end, "}", opened[-1].home)], 0)
                continue
            level, symbol = self.base("statement", innermost)
            if level > innermost or len(opened) == 1:
                level, symbol = self.base("item", innermost)
            self.cut(level, symbol, opened[-1])

    def _stray_brace(self, index: int) -> int:
        token = self.tokens[index]
        self._report(index, faults.STRAY_BRACE, token.place, other=self.last_route())
        level, symbol = self.base("item")
        if level < len(self.run.values):
            self.cut(level, symbol, token)
        self.quiet = index + 1
        return index + 1

    def _string_runs_on(self, index: int) -> bool:
        """Does the error come from a string that was not closed? Then all quotes behind it are the wrong way round."""
        for near in (index - 1, index):
            string = self.tokens[near] if 0 <= near < len(self.tokens) else None
            if string is None or string.type != "STRING" or "\n" not in string.text or string.home.expansion:
                continue
            if self.fits(["SEMICOLON"], index) and near < index:
                continue
            line = string.text[: string.text.find("\n")].rstrip("\r")
            place = Place(string.home.source, Span(string.start, string.start + len(line)))
            end = Span(string.end - 1, string.end)
            noticed = Place(string.home.source, end) if near == index else self.tokens[index].place
            self._report(index, faults.UNCLOSED_STRING, place, noticed=noticed)
            self._give_up(index)
            return True
        return False

    # ------------------------------------------------------------------------------------------------------ the end

    def _end(self) -> None:
        """The input ended too early: report it, and close what is open."""
        run = self.run
        opened = self.open("LBRACE")
        last = self.tokens[-1] if self.tokens else None
        if last is None:
            run.result = []
            run.feed([Token("SEMICOLON", 0, 0, ";", None)], 0)  # type: ignore[arg-type]
            return
        if opened:
            self._report_block(len(self.tokens), self._culprit(len(self.tokens)), _behind(last), AT_END)
            self._close()
        else:
            expected = tuple(run.expected())
            self._report(len(self.tokens), faults.UNFINISHED, last.place, AT_END, expected, _behind(last))
        if not run.accepts([END]):
            self.cut(*self.base("item"), last)

    def _give_up(self, index: int) -> None:
        """Stop here, with the items that are complete."""
        place = self.tokens[min(index, len(self.tokens) - 1)].place
        if self.deep:
            self.faults.append(Fault(faults.TOO_DEEP, place))
        elif len(self.faults) >= MAX_FAULTS:
            self.faults.append(Fault(faults.TOO_MANY, place))
        self.cut(*self.base("item"), self.tokens[0])
        self.run.result = self.items()

    def _culprit(self, index: int) -> Token:
        """Which of the braces before a token is the one without a partner? The first that is closed by a brace which
        stands further left, else the outermost that is open."""
        opened: list[Token] = []
        suspect: Token | None = None
        still_open = self.open("LBRACE")
        first = next((i for i, t in enumerate(self.tokens) if t is still_open[0]), 0)
        for token in self.tokens[first:index]:
            if token.home.expansion is not None:
                continue
            if token.type == "LBRACE":
                opened.append(token)
            elif token.type == "RBRACE" and opened:
                partner = opened.pop()
                if suspect is None and _indent(token) < _indent(partner) and _is_first(token):
                    suspect = partner
        if suspect is not None:
            return suspect
        return still_open[0] if len(still_open) == 1 or not opened else opened[-1] if len(opened) > 1 else opened[0]

    def _report(
        self,
        index: int,
        shape: str,
        place: Place,
        detail: str = "",
        expected: tuple[str, ...] = (),
        noticed: Place | None = None,
        other: Place | None = None,
    ) -> None:
        if index > self.quiet:
            self.faults.append(Fault(shape, place, detail, expected, noticed, other))
        self.quiet = max(self.quiet, index)


def _joined(first: Token, last: Token) -> Place:
    """From one token to another, when they stand in one file."""
    if first.home.source is not last.home.source or last.end < first.start:
        return last.place
    return Place(first.home.source, Span(first.start, last.end))


def _within(place: Place, opening: Token) -> bool:
    return place.source is opening.home.source and place.span.start >= opening.start


def _behind(token: Token) -> Place:
    end = len(token.home.source.text)
    return Place(token.home.source, Span(end, end))


def _indent(token: Token) -> int:
    line = token.home.source.line_text(token.start).expandtabs()
    return len(line) - len(line.lstrip())


def _is_first(token: Token) -> bool:
    """Is a token the first in its line?"""
    source = token.home.source
    return not source.text[source.line_span(token.start).start : token.start].strip()
