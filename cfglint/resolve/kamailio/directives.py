"""Kamailio's directives: defining names, conditions, and what takes its value from elsewhere (core/cfg.lex)."""

from __future__ import annotations

from cfglint.namedtuples import NamedTuple
from cfglint.resolve.kamailio import problems as kinds
from cfglint.resolve.kamailio.names import Names
from cfglint.resolve.kamailio.problems import ABORTS, IGNORED, Log, Remark
from cfglint.source import Place, Span
from cfglint.syntax.kamailio.lexer import lexer
from cfglint.syntax.kamailio.tokens import Definition, Home
from cfglint.syntax.kamailio.words import DIRECTIVES, Version

MAX_CONDITIONS = 512

CONDITIONS = ("ifdef", "ifndef", "ifexp")
_BLANKS = " \t\b\r"


class Condition(NamedTuple):
    """An open ``#!ifdef``: its place, whether what follows is live as far as it decides, and its last ``#!else``."""

    place: Place
    live: bool
    otherwise: Place | None


class Region(NamedTuple):
    """A stretch of a file that brings no token: a ``directive``, or ``dead`` text between conditions."""

    kind: str
    home: Home
    start: int
    end: int


class Directives:
    """Carries out directives; each method gets the text behind the directive's word and returns where to go on."""

    def __init__(self, version: Version, names: Names, log: Log) -> None:
        self.regions: list[Region] = []
        self.dead = False
        """Is the text at this point dead?"""
        self.incomplete = False
        self._version = version
        self._names = names
        self._log = log
        self._conditions: list[Condition] = []
        self._level = 0
        self._patterns = lexer().patterns

    def carry_out(self, word: str, text: str, start: int, end: int, home: Home) -> int:
        """A directive that neither includes nor substitutes."""
        if word in CONDITIONS:
            stop = self._condition(word, text, start, end, home)
        elif word in ("else", "endif"):
            stop = self._turn(word, text, start, end, home)
        elif "env" in word:
            stop = self._environment(word, text, end, home)
        else:
            stop = self._read_define(word, text, end, home)
        self.regions.append(Region("directive", home, start, stop))
        return stop

    def skip(self, text: str, at: int, home: Home) -> int:
        """Pass over dead text: only conditions count there, even in comments and strings."""
        for match in self._patterns["DEAD_DIRECTIVE"].finditer(text, at):
            word = match[1]
            if word == "ifexp":
                self._names.decisions.add(word)
                if DIRECTIVES[word] > self._version:
                    continue
            start = match.start()
            self._bury(text, at, start, home)
            end = start + 2 + len(word)
            return self.carry_out(word, text, start, end, home)
        self._bury(text, at, len(text), home)
        return len(text)

    def _bury(self, text: str, start: int, end: int, home: Home) -> None:
        """Note a dead region, and what would have ended it were it written otherwise."""
        if start < end:
            self.regions.append(Region("dead", home, start, end))
            for match in self._patterns["TRAILING"].finditer(text, start, end):
                place = place_of(home, match.start(), match.start() + len(match[0].rstrip()))
                self._log.add(kinds.TEXT_BEHIND_DIRECTIVE, place, IGNORED, match[1])

    def finish(self) -> None:
        """At the end: conditions that were not closed. The server only counts (core/ppcfg.c:pp_ifdef_level_error)."""
        for condition in self._conditions:
            self._log.add(kinds.UNCLOSED_CONDITION, condition.place, ABORTS if self._level else IGNORED)
        if self._level < 0:
            problems = self._log.problems
            problems[:] = [p._replace(effect=ABORTS) if p.kind == kinds.STRAY_ENDIF else p for p in problems]

    def _name(self, text: str, at: int, home: Home) -> tuple[str, Place, int] | None:
        """The name behind a directive; what is no name before it is dropped, newlines too."""
        match = self._patterns["DEFINE_NAME"].search(text, at)
        if match is None:
            return None
        name = match[0].rstrip("-")
        place = place_of(home, match.start(), match.start() + len(name))
        if match[1]:
            self._log.add(kinds.NAME_WITH_DASH, place, ABORTS, name)
        return name, place, match.end()

    def _read_define(self, word: str, text: str, at: int, home: Home) -> int:
        found = self._name(text, at, home)
        if found is None:
            return len(text)
        name, place, at = found
        while text[at : at + 1] and text[at] in _BLANKS:
            at += 1
        match = self._patterns["VALUE"].match(text, at)
        stop = match.end() if match is not None else at
        value: str | None = None
        offsets: tuple[int, ...] | range | None = None
        if match is not None and (stop < len(text) or home.chain):
            value, offsets = match[0], range(at, stop)
            if "\\\n" in value[1:]:
                kept = [i for i in range(at, stop) if i == at or not _joint(text, i, at)]
                value, offsets = "".join(text[i] for i in kept), tuple(kept)
        directive = {"def": "define", "trydef": "trydefine", "redef": "redefine"}.get(word, word)
        if directive.startswith("defexp") and value is not None:
            value = self._evaluated(value, place, directive == "defexps")
        self._names.define(Definition(name, value, directive, place, offsets), directive)
        return min(stop + 1, len(text))

    def _evaluated(self, expression: str, place: Place, with_quotes: bool) -> str | None:
        from cfglint.resolve.kamailio.snexpr import BadExpressionError, evaluate, formatted

        try:
            value = formatted(evaluate(expression.strip(" \t\r\n"), self._names.value_of))
        except BadExpressionError as error:
            self._log.add(kinds.BAD_EXPRESSION, place, IGNORED, str(error))
            return None
        return f'"{value}"' if with_quotes else value

    def _condition(self, word: str, text: str, start: int, at: int, home: Home) -> int:
        place = place_of(home, start, at)
        self._level += 1
        if len(self._conditions) >= MAX_CONDITIONS:
            self._log.add(kinds.TOO_DEEP_CONDITIONS, place, ABORTS)
            return line_end(text, at)
        if word == "ifexp":
            stop = line_end(text, at)
            place = place_of(home, start, start + len(text[start:stop].rstrip()))
            live = self._holds(text[at:stop], place)
        else:
            found = self._name(text, at, home)
            if found is None:
                return len(text)
            name, named, at = found
            place = place_of(home, start, named.span.end)
            live = self._names.is_defined(name) == (word == "ifdef")
            stop = line_end(text, at)
        self._conditions.append(Condition(place, live, None))
        self.dead = self.dead or not live
        return stop

    def _holds(self, expression: str, place: Place) -> bool:
        from cfglint.resolve.kamailio.snexpr import BadExpressionError, evaluate

        try:
            return bool(evaluate(expression.strip(" \t\r\n"), self._names.value_of))
        except BadExpressionError as error:
            self._log.add(kinds.BAD_EXPRESSION, place, IGNORED, str(error))
            return False

    def _turn(self, word: str, text: str, start: int, end: int, home: Home) -> int:
        """``#!else`` or ``#!endif``."""
        stop = line_end(text, end)
        place = place_of(home, start, end)
        if word == "endif":
            self._level -= 1
        if not self._conditions:
            kind = kinds.STRAY_ENDIF if word == "endif" else kinds.STRAY_ELSE_DIRECTIVE
            self._log.add(kind, place, IGNORED, word)
            return stop
        last = self._conditions.pop()
        if word == "else":
            if last.otherwise is not None:
                remarks = (Remark(last.place, "the condition begins here"), Remark(last.otherwise, "its first #!else"))
                self._log.add(kinds.REPEATED_ELSE, place, IGNORED, "", remarks)
            self._conditions.append(Condition(last.place, not last.live, place))
        self.dead = not all(condition.live for condition in self._conditions)
        return stop

    def _environment(self, word: str, text: str, at: int, home: Home) -> int:
        """``#!defenv`` and its relatives: the value is only known on the server."""
        while text[at : at + 1] in (" ", "\t"):
            at += 1
        match = self._patterns["FILE_NAME"].match(text, at)
        if match is None:
            return at
        name = match[0].partition("=")[0]
        place = place_of(home, match.start(), match.start() + len(name))
        self.incomplete = True
        if not word.startswith("try"):
            self._names.define(Definition(name, '""' if word.endswith("s") else "0", word, place))
        return match.end()


def place_of(home: Home, start: int, end: int) -> Place:
    """The place from `start` to `end` in the file of a home."""
    return Place(home.source, Span(start, end))


def line_end(text: str, at: int) -> int:
    """Offset behind the line that holds `at`."""
    stop = text.find("\n", at)
    return stop + 1 if stop >= 0 else len(text)


def _joint(text: str, at: int, begin: int) -> bool:
    """Is a character part of a backslash-newline of a define's value? Its first character never is."""
    if text[at] == "\n":
        return True
    return text[at] == "\\" and at > begin and text[at + 1 : at + 2] == "\n"
