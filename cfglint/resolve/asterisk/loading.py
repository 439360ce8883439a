"""Loads a file and all it includes, as main/config.c:ast_config_internal_load does.

Where the server gives up a whole load, reading goes on as if the offending line were not there, so that one mistake
does not hide the others; `Config.aborted` tells that it happened.
"""

from __future__ import annotations

import os
import re

from cfglint.errors import UnreadableInput
from cfglint.files import Files, part_below
from cfglint.regexes import Budget, TooCostly
from cfglint.resolve.asterisk import (
    ABORTS,
    DETACHED_OPTIONS,
    EMPTY_BASE,
    EXEC,
    IGNORED,
    IN_COMMENT,
    LATE_BOM,
    NO_ARGUMENT,
    NO_CATEGORY,
    NOT_FOUND,
    OPEN_COMMENT,
    STRAY_CLOSE,
    TOO_DEEP,
    TOO_LARGE,
    TRUNCATES,
    UNKNOWN_BASE,
    UNKNOWN_DIRECTIVE,
    UNKNOWN_TARGET,
    UNREADABLE,
    Config,
    Option,
    Problem,
    Section,
    folded,
)
from cfglint.resolve.globs import Glob, TooWide
from cfglint.source import Place, Source, Span
from cfglint.syntax import asterisk as syntax
from cfglint.syntax.asterisk import Assignment, Broken, Directive, File, Header, Item, Run, Single
from cfglint.syntax.comments import BLANKS

CONFIG_DIRECTORY = "/etc/asterisk"

MAX_DEPTH = 10
"""MAX_INCLUDE_LEVEL: how deep includes may nest."""

MAX_LOADS = 20_000
"""So many files are read for one root; includes that multiply would otherwise never end."""

MAX_OPTIONS = 4_000_000
"""So many options are held for one root, those that sections inherit counted each time; templates that multiply would
otherwise fill the memory."""

MAX_NAMES = 500_000
"""So many names in directories are looked at for the patterns of one root's includes."""


def load(path: str, files: Files, *, installed_at: str = CONFIG_DIRECTORY, exec_includes: bool = False) -> Config:
    """Load a root file. Raises `UnreadableInput` when the root itself cannot be read.

    Relative includes start at the root's directory, as the server starts at its configuration directory; an absolute
    include below `installed_at` is read from there, too. `exec_includes`: asterisk.conf allows ``#exec``, so what it
    would print is unknown.
    """
    root = files.read(path)
    loader = _Loader(Config(root, path), files, installed_at, exec_includes)
    loader.read_file(root, root=True)
    for file in loader.config.trees.values():
        file.forget_lines()
    return loader.config


class _Loader:
    """Reads files into a `Config`; the fields are the loader's own state in main/config.c."""

    def __init__(self, config: Config, files: Files, installed_at: str, exec_includes: bool) -> None:
        self.config = config
        self.files = files
        self.directory = os.path.dirname(os.path.abspath(config.path))
        self.installed_at = installed_at
        self.exec_includes = exec_includes
        self.current: Section | None = None  # struct ast_config.current: where an included file starts
        self.level = 1  # struct ast_config.include_level
        self.loads = 0
        self.options = 0
        self.too_large = False
        self._comment: Place | None = None  # what opened the comment that a file of a pattern leaves to the next one
        self.glob = Glob(files, MAX_NAMES)
        self.budget = Budget()
        self._parsed: dict[tuple[Source, int, bool], File] = {}

    # ------------------------------------------------------------------------------------------------------- files

    def read_file(self, source: Source, depth: int = 0, first: bool = True, root: bool = False) -> tuple[bool, int]:
        """Read one file. False when the server would have stopped within it; with the depth of open comments."""
        file = self._parsed.get((source, depth, first))
        if file is None:
            file = self._parsed[source, depth, first] = syntax.parse(source, depth, first)
            self.config.trees.setdefault(source, file)
        self._comments(file, depth)
        if depth:
            self._problem(IN_COMMENT, source, Span(0, 0), IGNORED, source.path, self._comment)
        if not first and source.text.startswith("\ufeff"):
            self._problem(LATE_BOM, source, Span(0, 1), IGNORED)
        section = self.current
        effect = ABORTS if root else TRUNCATES
        for node in file.nodes:
            if isinstance(node, Run):
                self.options += node.end - node.start >> 4  # a guess, for the bound only
                if section is None:
                    complete = self._orphans(file, node, effect)
                else:
                    complete = self._options(file, node, section, effect)
            elif isinstance(node, Header):
                opened = self._header(source, node, effect)
                complete = opened is not None
                section = opened or section
            elif isinstance(node, Directive):
                complete = self._directive(source, node, effect)
            elif isinstance(node, Single):
                complete = self._single(source, node, section, effect)
            elif isinstance(node, Broken):
                complete = self._broken(source, node, node.at, section, effect)
            else:
                complete = True
            if not complete and not root:
                return False, file.depth
        return True, file.depth

    def _comments(self, file: File, before: int) -> None:
        """Block comments that are open at the end of a file, or closed without having been opened."""
        depth, opened = before, []
        for mark in file.marks:
            if mark.depth > max(depth, 0):
                opened.append(mark)
            elif mark.depth < 0 <= depth:
                self._comment = Place(file.source, Span(mark.offset, mark.offset + 3))
                self._problem(STRAY_CLOSE, *self._comment, IGNORED)
            elif mark.depth < depth and opened:
                opened.pop()
            depth = mark.depth
        if file.depth > 0 and opened:
            at = opened[0].offset
            self._comment = Place(file.source, Span(at, at + 3))
            self._problem(OPEN_COMMENT, *self._comment, IGNORED)

    def _problem(
        self, kind: str, source: Source, span: Span, effect: str, detail: str = "", other: Place | None = None
    ) -> bool:
        """Note a problem; returns whether the server reads on."""
        problem = Problem(kind, Place(source, span), effect, detail, other)
        self.config.problems.append(problem)
        if effect == ABORTS and self.config.aborted is None:
            self.config.aborted = problem
        return effect == IGNORED

    def _give_up(self, source: Source, span: Span) -> None:
        """Say once that not everything is read."""
        if not self.too_large:
            self.too_large = self.config.incomplete = True
            self._problem(TOO_LARGE, source, span, IGNORED)

    # ----------------------------------------------------------------------------------------------------- options

    def _options(self, file: File, run: Run, section: Section, effect: str) -> bool:
        source, add = file.source, section.options.append
        for start, entry in file.entries(run):
            if type(entry) is Assignment:
                if entry.operator == "+=":
                    self._append(section, entry, source, start)
                else:
                    # As Option(...), at half the price.
                    add(tuple.__new__(Option, (entry.name, entry.value, entry, source, start, section)))
            else:
                assert type(entry) is Broken
                at = Span(entry.at.start + start, entry.at.end + start)
                if not self._broken(source, entry, at, section, effect) and effect == TRUNCATES:
                    return False
        return True

    def _orphans(self, file: File, run: Run, effect: str) -> bool:
        """Lines before any section: the first is fatal."""
        for start, entry in file.entries(run):
            if type(entry) is Assignment:
                self._problem(NO_CATEGORY, file.source, _written(entry, start), effect)
                return False
            assert type(entry) is Broken
            at = Span(entry.at.start + start, entry.at.end + start)
            if not self._broken(file.source, entry, at, None, effect):
                return False
        return True

    def _single(self, source: Source, node: Single, section: Section | None, effect: str) -> bool:
        if section is None:
            return self._problem(NO_CATEGORY, source, _written(node.assignment, node.start), effect)
        entry = node.assignment
        if entry.operator == "+=":
            self._append(section, entry, source, node.start)
        else:
            section.options.append(Option(entry.name, entry.value, entry, source, node.start, section))
        return True

    def _append(self, section: Section, entry: Assignment, source: Source, start: int) -> None:
        """``key += value``: goes on with the last variable spelled so, and (ast_variable_update) replaces the first one
        of that name and value."""
        try:
            self.budget.spend("", len(section.options))
        except TooCostly:
            self._give_up(source, _written(entry, start))
            return
        model = next((o for o in reversed(section.options) if o.key == entry.key), None)
        if model is None:
            section.options.append(Option(entry.name, entry.value, entry, source, start, section))
            return
        end = start + entry.value_span.start
        blanks = source.text[start + entry.key_span.end : end].partition("=")[2]
        value = (model.value + blanks + entry.value).strip(BLANKS)
        for index, option in enumerate(section.options):
            if option.name == entry.name and (not model.value or folded(option.value) == folded(model.value)):
                section.options[index] = Option(entry.name, value, entry, source, start, section)
                return

    def _broken(self, source: Source, node: Broken, at: Span, section: Section | None, effect: str) -> bool:
        """A line that cannot be used. Without a section the lack of one comes first; a header needs none."""
        if node.fault in (syntax.NO_CLOSING_BRACKET, syntax.NO_CLOSING_PAREN):
            return self._problem(node.fault, source, at, effect)
        if node.fault == syntax.TOO_LONG:
            line = source.line_text(at.start)
            start = source.line_span(at.start).start + len(line) - len(line.lstrip(BLANKS))
            return self._problem(node.fault, source, Span(start, start + min(len(line.strip(BLANKS)), 32)), IGNORED)
        if section is None:
            return self._problem(NO_CATEGORY, source, at, effect)
        return self._problem(node.fault, source, at, effect if node.fault == syntax.BAD_ESCAPE else IGNORED)

    # ---------------------------------------------------------------------------------------------------- sections

    def _header(self, source: Source, node: Header, effect: str) -> Section | None:
        """Open a section; None when the server stops here."""
        fresh = Section(node.name, source, node)
        section, appended = fresh, False
        if node.detached is not None:
            self._problem(DETACHED_OPTIONS, source, node.detached, IGNORED, node.name)
        for item in node.items or ():
            if item.text == "!":
                section.template = True
            elif item.text.startswith("+"):
                try:
                    target = self._target(node.name, item.text[1:])
                except TooCostly:
                    self._give_up(source, item.span)
                    fresh.incomplete = True
                    continue
                if target is None:
                    self._problem(UNKNOWN_TARGET, source, item.span, effect, node.name, self._template(node.name))
                    if effect == TRUNCATES:
                        return None
                    fresh.incomplete = True
                    continue
                section = target
                if not appended:
                    appended = True
                    self.current = target
                    target.template |= fresh.template
                    target.options += [o._replace(home=target) if o.home is fresh else o for o in fresh.options]
                    target.bases += fresh.bases
            elif not self._inherit(section, source, item, effect) and effect == TRUNCATES:
                return None
        if not appended:
            self.config.add(fresh)
            self.current = fresh
        return section

    def _inherit(self, section: Section, source: Source, item: Item, effect: str) -> bool:
        if item.text:
            bases = self.config.named(item.text)
        else:
            # An empty name matches any section (does_category_match).
            bases = self.config.sections[:1]
            if bases:
                self._problem(EMPTY_BASE, source, item.span, IGNORED, bases[0].name)
        if not bases:
            section.incomplete = True
            stripped = item.text.strip(BLANKS)
            meant = self.config.named(stripped) if stripped else []
            other = meant[0].name_place if meant else None
            return self._problem(UNKNOWN_BASE, source, item.span, effect, item.text, other)
        section.bases += (bases[0],)
        self.options += len(bases[0].options)
        if self.options > MAX_OPTIONS:
            self._give_up(source, item.span)
            return True
        section.options += bases[0].options
        section.incomplete |= bases[0].incomplete
        return True

    def _target(self, name: str, wanted: str) -> Section | None:
        """The first section that ``(+filter)`` appends to (category_get_sep). Raises `TooCostly`."""
        terms = [term.strip(BLANKS) for term in wanted.split("&")] if wanted else []
        candidates = self.config.named(name) if name else self.config.sections
        return next((s for s in candidates if _fits(s, terms, self.budget)), None)

    def _template(self, name: str) -> Place | None:
        return next((s.name_place for s in self.config.named(name) if s.template), None)

    # -------------------------------------------------------------------------------------------------- directives

    def _directive(self, source: Source, node: Directive, effect: str) -> bool:
        word = node.word.lower()
        if word not in ("include", "tryinclude", "exec"):
            return self._problem(UNKNOWN_DIRECTIVE, source, node.word_span, IGNORED, node.word)
        if word == "exec" and not self.exec_includes:
            return self._problem(EXEC, source, node.word_span, IGNORED, "disabled")
        if node.argument is None:
            return self._problem(NO_ARGUMENT, source, node.word_span, IGNORED, node.word)
        if word == "exec":
            self.config.incomplete = True
            return self._problem(EXEC, source, node.word_span, IGNORED, "enabled")
        return self._include(source, node, word == "tryinclude", effect)

    def _include(self, source: Source, node: Directive, optional: bool, effect: str) -> bool:
        name = node.argument or ""
        if self.level == MAX_DEPTH + 1:
            return optional or self._problem(TOO_DEEP, source, node.argument_span, effect, name)
        try:
            paths = self.glob.expand(self._locate(name))
        except TooWide:
            self._give_up(source, node.argument_span)
            return True
        self.level += 1
        complete, count, depth = True, 0, 0
        for path in paths:
            if not self.files.is_regular(path):
                continue
            self.loads += 1
            if self.loads > MAX_LOADS or self.options > MAX_OPTIONS:
                self._give_up(source, node.argument_span)
                count += 1
                break
            try:
                included = self.files.read(path)
            except UnreadableInput as error:
                # The server cannot open it either, or runs as somebody who can: what it holds is unknown.
                self.config.incomplete = True
                self._problem(UNREADABLE, source, node.argument_span, IGNORED, error.reason)
                count += 1
                continue
            if included not in self.config.trees:
                self.config.files.append(included)
            count += 1
            complete, depth = self.read_file(included, depth, first=count == 1)
            if not complete:
                break
        if complete:
            self.level -= 1  # ast_config_internal_load leaves the level as it is behind a broken file
        if count or optional:
            return True
        self.config.incomplete = True
        return self._problem(NOT_FOUND, source, node.argument_span, effect, name)

    def _locate(self, name: str) -> str:
        name = name.partition("\0")[0]
        if not name.startswith("/"):
            return f"{self.directory}/{name}"
        inside = part_below(name, self.installed_at)
        return f"{self.directory}/{inside}" if inside is not None else name


def _written(entry: Assignment, start: int) -> Span:
    """From an assignment's name to the end of its value; `start` is the offset of its line."""
    return Span(start + entry.key_span.start, start + entry.value_span.end)


def _fits(section: Section, terms: list[str], budget: Budget) -> bool:
    """Does a section pass the filter of ``(+filter)``? (main/config.c:does_category_match) Raises `TooCostly`."""
    budget.spend("", 0)
    if not terms:
        return not section.template
    template_allowed = False
    for term in terms:
        name, equals, value = (part.strip(BLANKS) for part in term.partition("="))
        if not equals:
            return False
        if name == "TEMPLATES":
            if value.lower() == "restrict" and not section.template:
                return False
            template_allowed |= section.template and value.lower() in ("include", "restrict")
            continue
        if not any(
            _matches(name, option.key, budget) and _matches(value, option.value, budget) for option in section.options
        ):
            return False
    return not section.template or template_allowed


def _matches(pattern: str, text: str, budget: Budget) -> bool:
    """Does an expression of a filter match? One that regcomp(3) refuses matches nothing. Raises `TooCostly`."""
    budget.spend(pattern, len(text))
    try:
        return re.search(pattern, text) is not None
    except (re.error, OverflowError):
        return False
