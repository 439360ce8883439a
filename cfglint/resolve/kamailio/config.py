"""What Kamailio makes of a configuration and all it includes: the tree of its live text, its defines, and all that went
wrong on the way."""

from __future__ import annotations

import gc
import os
import re
from collections.abc import Iterator, Mapping

from cfglint.files import Files
from cfglint.namedtuples import NamedTuple
from cfglint.resolve.kamailio import problems as kinds
from cfglint.resolve.kamailio.directives import Region
from cfglint.resolve.kamailio.includes import Include
from cfglint.resolve.kamailio.problems import ABORTS, Problem, Remark
from cfglint.resolve.kamailio.reader import Reader
from cfglint.source import Place, Source, Span
from cfglint.syntax.kamailio import faults, parser
from cfglint.syntax.kamailio.faults import Fault
from cfglint.syntax.kamailio.items import File, Route
from cfglint.syntax.kamailio.tokens import Definition, Home, Token
from cfglint.syntax.kamailio.words import DIRECTIVES, VERSIONS, WORDS, Version, reserved

CONFIG_DIRECTORY = "/etc/kamailio"

_INCLUDE = r"(?:include|import)_file[ \t]+\"([^\"\n]+)\""


class Piece(NamedTuple):
    """A stretch of a file: ``token``, ``directive``, ``dead``, or ``trivia`` (blanks, comments, dropped characters)."""

    kind: str
    start: int
    end: int


class Config:
    """A configuration as one version reads it."""

    __slots__ = (
        "decisions", "defines", "definitions", "file", "files", "homes", "includes", "incomplete", "mode", "path",
        "problems", "regions", "target", "tokens",
    )  # fmt: skip

    def __init__(self, path: str, target: Version, reader: Reader, file: File, problems: list[Problem]) -> None:
        self.path = path
        self.target = target
        self.file = file
        self.problems = problems
        self.files: list[Source] = reader.sources
        """Every file that was read, the root first."""
        self.homes: list[Home] = reader.homes
        """Every reading of a file, in order: an included file can be read several times."""
        self.tokens: list[Token] = reader.tokens
        self.regions: list[Region] = reader.directives.regions
        self.defines: dict[str, Definition] = reader.names.defines
        """The names that are defined at the end."""
        self.definitions: list[Definition] = reader.names.definitions
        """Every define that took effect, in order."""
        self.includes: list[Include] = reader.includes.all
        self.mode = reader.mode
        """``KAMAILIO``, ``MAX`` or ``SER``: what a dollar sign means."""
        self.incomplete = reader.incomplete
        self.decisions: set[str] = reader.names.decisions
        """The words, directives and names in it whose meaning depends on the version."""

    @property
    def aborted(self) -> Problem | None:
        """The first problem that makes the server refuse the configuration."""
        return next((problem for problem in self.problems if problem.effect == ABORTS), None)

    def dormant_includes(self) -> set[str]:
        """The names, without directories, of files that would be included if other conditions held."""
        dead = (region.home.source.text[region.start : region.end] for region in self.regions if region.kind == "dead")
        return {os.path.basename(name) for text in dead for name in re.findall(_INCLUDE, text)}

    def pieces(self, home: Home) -> Iterator[Piece]:
        """The stretches of one reading of a file, without a gap; their texts joined are the file's text."""
        spans = [
            *{Piece("token", t.start, t.end) for t in self.tokens if _belongs(t.home, home)},
            *(Piece(region.kind, region.start, region.end) for region in self.regions if region.home is home),
        ]
        spans.sort(key=lambda piece: (piece.start, piece.end))
        at = 0
        for piece in spans:
            start = max(piece.start, at)
            if start > at:
                yield Piece("trivia", at, start)
            if piece.end > start:
                yield Piece(piece.kind, start, piece.end)
                at = piece.end
        if at < len(home.source.text):
            yield Piece("trivia", at, len(home.source.text))


def _belongs(home: Home, file: Home) -> bool:
    """Is a token's home this reading of a file? That of an expanded token is a copy."""
    return home is file or (home.source is file.source and home.chain == file.chain)


def load(
    path: str,
    files: Files,
    target: Version | None = None,
    installed_at: str = CONFIG_DIRECTORY,
    arguments: Mapping[str, str | None] | None = None,
) -> Config:
    """Read a root and everything it includes, as `target` would; raises `UnreadableInput` for the root alone.

    `arguments` are the names that the command line defines (``-A``). Without a target the newest version that accepts
    the configuration is taken, the newest of all when none does, and then only what all of them refuse is a problem.
    """
    if target is not None:
        return _load(path, files, target, installed_at, arguments or {})
    config = None
    for version, candidate in _readings(path, files, installed_at, arguments or {}):
        if candidate.target == version and candidate.aborted is None:
            config = candidate
            break
        config = config or candidate
    assert config is not None
    config.problems = [p for p in config.problems if p.kind != kinds.RESERVED_DEFINE or p.detail not in WORDS]
    return config


def refusals(
    path: str,
    files: Files,
    installed_at: str = CONFIG_DIRECTORY,
    arguments: Mapping[str, str | None] | None = None,
) -> dict[Version, Problem]:
    """The versions that refuse a configuration, newest first, and why; it is parsed once per group of versions that
    read it alike, which is mostly once."""
    readings = _readings(path, files, installed_at, arguments or {})
    return {version: config.aborted for version, config in readings if config.aborted is not None}


def _readings(
    path: str, files: Files, installed_at: str, arguments: Mapping[str, str | None]
) -> Iterator[tuple[Version, Config]]:
    """Each version, newest first, with the configuration as it reads it; versions that read it alike share one."""
    alike: dict[tuple[object, ...], Config] = {}
    decisions: set[str] = set()
    for version in reversed(VERSIONS):
        signature = _signature(decisions, version)
        config = alike.get(signature)
        if config is None:
            config = _load(path, files, version, installed_at, arguments)
            if not config.decisions <= decisions:
                decisions |= config.decisions
                alike = {_signature(decisions, other.target): other for other in alike.values()}
            alike[_signature(decisions, version)] = config
        yield version, config


def _signature(decisions: set[str], version: Version) -> tuple[object, ...]:
    """What decides how a version reads a configuration: two with equal ones read it alike."""
    return tuple(_decided(name, version) for name in sorted(decisions))


def _decided(name: str, version: Version) -> object:
    if name in WORDS:
        return reserved(name, version)
    if name in DIRECTIVES:
        return version >= DIRECTIVES[name]
    if name.startswith("since "):
        major, _, minor = name[len("since ") :].partition(".")
        return version >= (int(major), int(minor))
    return version


def _load(path: str, files: Files, version: Version, installed_at: str, arguments: Mapping[str, str | None]) -> Config:
    collecting = gc.isenabled()
    gc.disable()
    try:
        reader = Reader(files, version, installed_at, arguments)
        reader.read(path)
        parsed = parser.parse(reader.tokens)
    finally:
        if collecting:
            gc.enable()
    reader.names.decisions.update(WORDS.keys() & {token.text for token in reader.tokens})
    syntactic = [_problem(fault) for fault in parsed.faults]
    if not reader.tokens:
        root = reader.sources[0]
        begin = len(root.text) - len(root.text.lstrip())
        place = Place(root, Span(begin, begin + len(root.line_text(begin).strip())))
        syntactic.append(Problem(kinds.NO_STATEMENT, place, ABORTS, parser.AT_END))
    problems = _together(reader.log.problems, syntactic)
    for token, since, what in parsed.newer:
        reader.names.decisions.add(f"since {since[0]}.{since[1]}")
        if version < since:
            problems.append(Problem(kinds.TOO_NEW, token.place, ABORTS, f"{what}: Kamailio {since[0]}.{since[1]}"))
    problems += _duplicates(parsed.file)
    return Config(path, version, reader, parsed.file, problems)


def _together(lexical: list[Problem], syntactic: list[Problem]) -> list[Problem]:
    """What lexer and parser found. A string or comment that is never closed swallows the rest of the file: what the
    parser misses at the end is its fault. If it misses nothing, the server only logs a line."""
    lexical = [_with_first_error(p, syntactic) if p.kind == kinds.UNCLOSED_CONDITION else p for p in lexical]
    if any(p.shape == faults.UNCLOSED_STRING for p in syntactic):  # then quotes are the wrong way round
        lexical = [p for p in lexical if p.kind != kinds.UNCLOSED_STRING]
    unclosed = (kinds.UNCLOSED_STRING, kinds.UNCLOSED_COMMENT, kinds.UNCLOSED_VARIABLE)
    swallowing = [p for p in lexical if p.kind in unclosed and p.effect != ABORTS]
    if not swallowing:
        return [*lexical, *syntactic]
    follow_up = [p for p in syntactic if p.detail == parser.AT_END]
    cause = swallowing[-1]
    end = len(cause.place.source.text)
    remark = Remark(Place(cause.place.source, Span(end, end)), "the server gives up here")
    if follow_up:
        lexical = [p._replace(effect=ABORTS, remarks=(remark,)) if p is cause else p for p in lexical]
    return [*lexical, *(p for p in syntactic if p not in follow_up)]


def _with_first_error(problem: Problem, syntactic: list[Problem]) -> Problem:
    """A condition that is never closed may have taken away what the parser misses: the two are told together."""
    for other in syntactic:
        noticed = other.remarks[-1].place if other.remarks else other.place
        if noticed.source is problem.place.source and noticed.span.start > problem.place.span.start:
            return problem._replace(remarks=(*problem.remarks, Remark(noticed, "the server gives up here")))
    return problem


def _problem(fault: Fault) -> Problem:
    remarks = []
    if fault.other is not None:
        remarks.append(Remark(fault.other, _OTHER.get(fault.shape, "it begins here")))
    if fault.noticed is not None and fault.noticed != fault.place:
        remarks.append(Remark(fault.noticed, "the server gives up here"))
    return Problem(kinds.SYNTAX, fault.place, ABORTS, fault.detail, tuple(remarks), fault.shape, fault.expected)


_OTHER = {
    faults.UNCLOSED_BLOCK: "an error inside of it",
    faults.STRAY_BRACE: "the last block ends here",
    faults.OUTSIDE_ROUTE: "the last block ends here",
    faults.LIST_GOES_ON: "the list begins here",
    faults.MISSING: "it was opened here",
}


def _duplicates(file: File) -> Iterator[Problem]:
    """Named routes that are defined twice (core/cfg.y, "duplicate route")."""
    seen: dict[tuple[str, str], Route] = {}
    for item in file.items:
        if isinstance(item, Route) and item.name is not None:
            first = seen.setdefault((item.kind, item.name), item)
            if first is not item and item.name_token is not None and first.name_token is not None:
                remark = Remark(first.name_token.place, "first defined here")
                yield Problem(kinds.DUPLICATE_ROUTE, item.name_token.place, ABORTS, item.name, (remark,))
