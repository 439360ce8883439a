"""Reads a Kamailio configuration: the preprocessor between lexer and parser (core/cfg.lex, core/ppcfg.c).

The result is one list of live tokens, over all included files, each with its origin; what is directive, dead region or
between tokens is known by its offsets, so that every file can be put together again from its pieces.
"""

from __future__ import annotations

from collections.abc import Mapping

from cfglint.files import Files
from cfglint.regexes import Budget, TooCostly
from cfglint.resolve.kamailio import problems as kinds
from cfglint.resolve.kamailio.directives import Directives, Region, line_end, place_of
from cfglint.resolve.kamailio.expansion import expand
from cfglint.resolve.kamailio.includes import Includes
from cfglint.resolve.kamailio.names import Names
from cfglint.resolve.kamailio.problems import ABORTS, IGNORED, Log
from cfglint.resolve.kamailio.substitution import BadRuleError, RiskyRuleError, Rule, parse_rule, quoted
from cfglint.source import Source
from cfglint.syntax.kamailio.lexer import comment_end, lexer, reserved_words
from cfglint.syntax.kamailio.tokens import LEAVES, Definition, Home, String, Token, Variable, Word, unquoted
from cfglint.syntax.kamailio.words import DIRECTIVES, Version

_CLASSES = ("f", "t", "fr", "tr", "fu", "tu", "fd", "td", "g")
"""Classes of SER's attributes: ``$f.name``."""
_LOOKALIKES = frozenset(
    ["undef", "undefine", "elif", "elseif", "elsif", "if", "include", "import", "ifeq", "define", "def", "trydef"]
)
_MODES = {"SER": "SER", "KAMAILIO": "KAMAILIO", "OPENSER": "KAMAILIO", "ALL": "MAX", "MAXCOMPAT": "MAX"}


class Reader:
    """Reads the root and everything it includes; afterwards its attributes tell what was found."""

    def __init__(self, files: Files, version: Version, installed_at: str, arguments: Mapping[str, str | None]) -> None:
        self.version = version
        self.log = Log()
        self.names = Names(version, arguments, self.log)
        self.directives = Directives(version, self.names, self.log)
        self.includes = Includes(files, installed_at, self.log)
        self.lexer = lexer()
        self.words = reserved_words(version)
        self.tokens: list[Token] = []
        self.sources: list[Source] = []
        self.homes: list[Home] = []
        self.mode = "MAX"
        self.brought = 0
        """Number of tokens that came out of defines."""
        self._rules: list[Rule] = []
        self._budget = Budget()
        self._incomplete = False

    @property
    def incomplete(self) -> bool:
        """Could something not be read, or does it depend on the environment? There may be more than is known."""
        return self._incomplete or self.includes.incomplete or self.directives.incomplete

    def read(self, path: str) -> None:
        """Read the root; raises `UnreadableInput`."""
        source = self.includes.root(path)
        self._read_file(source, Home(source))
        self.includes.leave()
        self.directives.finish()

    def _read_file(self, source: Source, home: Home) -> None:
        self.homes.append(home)
        if source not in self.sources:
            self.sources.append(source)
        text, at, end, directives = source.text, 0, len(source.text), self.directives
        while at < end:
            at = directives.skip(text, at, home) if directives.dead else self._scan(text, at, home)

    def _scan(self, text: str, at: int, home: Home) -> int:
        """Take live tokens from a file until something other than a token comes; returns where to go on."""
        words, defines, punctuation = self.words, self.names.defines, self.lexer.punctuation
        append, make = self.tokens.append, tuple.__new__
        for match in self.lexer.token.finditer(text, at):
            kind = match.lastgroup
            start, end = match.span(kind)  # type: ignore[arg-type]
            if kind == "PUNCTUATION":
                character = text[start]
                append(make(Token, (punctuation[character], start, end, character, home)))
            elif kind == "WORD" or kind == "LABEL":
                word = text[start:end]
                reserved = words.get(word)
                if reserved is not None:
                    if reserved == "INCLUDE":
                        return self._include(text, start, end, home, word == "import_file")
                    append(make(LEAVES.get(reserved, Token), (reserved, start, end, word, home)))
                    if reserved == "EVENT_ROUTE":
                        return self._event_name(text, end, home)
                elif word in defines:
                    return expand(self, word, text, start, end, home)
                else:
                    append(make(Word, ("WORD", start, end, word, home)))
            elif kind == "NUMBER" or kind == "OPERATOR" or kind == "EQUALITY":
                append(make(LEAVES.get(kind, Token), (kind, start, end, text[start:end], home)))
            elif kind == "STRING":
                self._string(text[start:end], start, end, home)
            elif kind == "DIRECTIVE":
                return self._directive(text, start, end, home)
            elif kind == "FINISH":
                break
            else:
                after = self.other(kind or "", text, start, end, home)
                if after != end:
                    return after
        return len(text)

    def other(self, kind: str, text: str, start: int, end: int, home: Home) -> int:
        """The rarer tokens; returns where to go on."""
        if kind == "PV":
            return self._variable(text, start, end, home)
        if kind == "MODE":
            self.mode = _MODES[text[start:end].strip("#/!\n")]
        elif kind == "NOTE":
            self._note(text, start, end, home)
        elif kind == "OPEN_COMMENT":
            stop = comment_end(text, start)
            if stop < 0:
                self.log.add(kinds.UNCLOSED_COMMENT, place_of(home, start, end), IGNORED)
            return stop if stop >= 0 else len(text)
        elif kind == "OPEN_STRING":
            self.log.add(kinds.UNCLOSED_STRING, place_of(home, start, end), IGNORED)
            return len(text)
        elif kind == "OPEN_PV":
            return self._open_variable(text, start, end, home)
        elif kind == "DROPPED":
            self.log.dropped(place_of(home, start, end), text[start])
        else:
            self.tokens.append(LEAVES.get(kind, Token)(kind, start, end, text[start:end], home))
        return end

    def _note(self, text: str, start: int, end: int, home: Home) -> None:
        """A comment that looks like a directive or a mode line."""
        line = text[start:end]
        word = next(iter(line.lstrip("#/!").split(None, 1)), "")
        stem = word.rstrip(":")
        if line.startswith("//"):
            return
        if stem in _MODES and line[2:3] not in (" ", "\t"):
            if line[2:] in (stem, stem + "\r"):  # only the newline is not the expected one
                return
            self.log.add(kinds.ODD_MODE_LINE, place_of(home, start, start + len(line.rstrip())), IGNORED, stem)
        elif stem in ("else", "endif"):
            self.log.add(kinds.TEXT_BEHIND_DIRECTIVE, place_of(home, start, start + len(line.rstrip())), IGNORED, stem)
        elif stem.isidentifier() and line[2:3] not in (" ", "\t") and (stem in _LOOKALIKES or stem in DIRECTIVES):
            if stem in DIRECTIVES:
                self.names.decisions.add(stem)
            self.log.add(kinds.UNKNOWN_DIRECTIVE, place_of(home, start, start + 2 + len(word)), IGNORED, stem)

    def _string(self, text: str, start: int, end: int, home: Home) -> None:
        text = self.substituted_string(text)
        previous = self.tokens[-1].type if self.tokens else ""
        token = String("STRING", start, end, text, home)
        self.tokens.append(token)
        if previous == "SUBST":
            self._add_rule(self.tokens[-2].text, token)
        elif previous == "LOADMODULE" or (previous == "LPAREN" and self._follows("LOADMODULE")):
            self.names.loaded(token)

    def _follows(self, kind: str) -> bool:
        """Stands a token of this terminal two tokens before the last?"""
        return len(self.tokens) > 2 and self.tokens[-3].type == kind

    def substituted_string(self, text: str) -> str:
        """A STRING token's text after all substitutions."""
        if not self._rules:
            return text
        value = unquoted(text)
        changed = self._substituted(value)
        return text if changed == value else quoted(changed)

    def _substituted(self, value: str) -> str:
        try:
            for rule in self._rules:
                value = rule.apply(value, self._budget)
        except TooCostly:
            self._incomplete = True
        return value

    def _add_rule(self, directive: str, token: String) -> None:
        """``#!subst`` and its relatives (core/ppcfg.c:pp_subst_add, pp_substdef_add)."""
        try:
            rule = parse_rule(token.value)
        except RiskyRuleError:
            self._incomplete = True
            return
        except BadRuleError as error:
            self.log.add(kinds.BAD_SUBSTITUTION, token.place, ABORTS, str(error))
            return
        self._rules.append(rule)
        if directive == "subst":
            return
        value = rule.replacement
        if "$" in value:
            self._incomplete = True
        if directive == "substdefs":
            value = f'"{value}"'
        self.names.define(Definition(rule.name, value, directive, token.place))

    def _variable(self, text: str, start: int, end: int, home: Home) -> int:
        """A pseudo-variable, or what the compatibility modes make of it."""
        word = text[start:end]
        if self.mode != "KAMAILIO" and (self.mode == "SER" or word[1:].isidentifier()):
            bare = word[1:]
            prefixed = bare in _CLASSES and text[end : end + 1] == "."
            if self.mode == "SER" or prefixed or text[end : end + 1] == "[":
                match = self.lexer.token.match("%" + text[start + 1 : end + 200])
                stop = start + match.end() if match is not None and match.lastgroup == "ATTRIBUTE" else end
                self.tokens.append(Token("ATTRIBUTE", start, stop, text[start:stop], home))
                return stop
        if self._rules:
            word = self._substituted(word)
        self.tokens.append(Variable("PV", start, end, word, home))
        return end

    def _open_variable(self, text: str, start: int, end: int, home: Home) -> int:
        """A pseudo-variable whose parentheses nest deeper than the lexer counts, or are not closed in the line. The
        server reads on to the end of the file, and forgets what stands before a newline."""
        if text[end - 1] != "(":
            self.tokens.append(Variable("PV", start, end, text[start:end], home))
            return end
        depth = 1
        for match in self.lexer.patterns["PARENTHESIS"].finditer(text, end):
            depth += 1 if match[0] == "(" else -1
            if not depth:
                stop = match.end()
                if "\n" in text[end:stop]:
                    self.log.add(kinds.UNCLOSED_VARIABLE, place_of(home, start, end), ABORTS, text[start : end - 1])
                self.tokens.append(Variable("PV", start, stop, text[start:stop], home))
                return stop
        self.log.add(kinds.UNCLOSED_VARIABLE, place_of(home, start, end), IGNORED, text[start : end - 1])
        return len(text)

    def _event_name(self, text: str, at: int, home: Home) -> int:
        """Behind ``event_route`` the server only knows brackets, blanks and names; all else is dropped, up to ``]``."""
        stop = text.find("]", at)
        begin = text.find("[", at)
        if begin < 0 or stop < begin or "\n" in text[at:stop]:
            return at
        self.tokens.append(Token("LBRACKET", begin, begin + 1, "[", home))
        for match in self.lexer.patterns["EVENT"].finditer(text, begin, stop):
            self.tokens.append(Token("EVENT_NAME", match.start(), match.end(), match[0], home))
        self.tokens.append(Token("RBRACKET", stop, stop + 1, "]", home))
        return stop + 1

    def _directive(self, text: str, start: int, end: int, home: Home) -> int:
        word = text[start:end].lstrip("#!")
        if word in DIRECTIVES:
            self.names.decisions.add(word)
            if DIRECTIVES[word] > self.version:
                if word in ("defenvs", "trydefenvs") and DIRECTIVES[word[:-1]] <= self.version:
                    word, end = word[:-1], end - 1
                elif text[start] == "#":
                    stop = line_end(text, end)
                    self.log.add(kinds.UNKNOWN_DIRECTIVE, place_of(home, start, end), IGNORED, word)
                    return stop
                else:  # "!!" is no comment
                    for at in (start, start + 1):
                        self.tokens.append(Token("PREFIX_OPERATOR", at, at + 1, "!", home))
                    return start + 2
        if word in ("include_file", "import_file"):
            return self._include(text, start, end, home, word == "import_file")
        if word.startswith("subst"):
            self.tokens.append(Token("SUBST", start, end, word, home))
            return end
        return self.directives.carry_out(word, text, start, end, home)

    def _include(self, text: str, start: int, at: int, home: Home, optional: bool) -> int:
        match = self.lexer.patterns["FILE_NAME"].search(text, at)
        if match is None:
            return len(text)
        written, stop = match[0], match.end()
        self.directives.regions.append(Region("directive", home, start, stop))
        place = place_of(home, match.start(), stop)
        source = self.includes.enter(self._substituted(written), place, home, optional)
        if source is not None:
            self._read_file(source, Home(source, (*home.chain, place)))
            self.includes.leave()
        return stop
