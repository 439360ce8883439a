"""The problems of a configuration, as the checks of syntax word them."""

from __future__ import annotations

from collections.abc import Iterator

from cfglint.findings import Note
from cfglint.resolve.kamailio.config import Config
from cfglint.resolve.kamailio.problems import ABORTS, SYNTAX, Problem
from cfglint.syntax.kamailio.faults import message
from cfglint.syntax.kamailio.lexer import reserved_words


def of_kind(config: Config, *kinds: str) -> Iterator[Problem]:
    """The problems of some kinds."""
    return (problem for problem in config.problems if problem.kind in kinds)


def of_shape(config: Config, *shapes: str) -> Iterator[Problem]:
    """The syntax errors of some shapes."""
    return (problem for problem in config.problems if problem.kind == SYNTAX and problem.shape in shapes)


def notes(problem: Problem) -> tuple[Note, ...]:
    """Its other places."""
    return tuple(Note(remark.place, remark.text) for remark in problem.remarks)


def sentence(config: Config, problem: Problem) -> str:
    """What a syntax error says."""
    return message(problem.shape, problem.detail, problem.expected, parameters(config))


def parameters(config: Config) -> tuple[str, ...]:
    """The core parameters that there are."""
    return tuple(word for word, kind in reserved_words(config.target).items() if kind.endswith("PARAMETER"))


def level(problem: Problem) -> str | None:
    """An error when the server refuses the configuration for it, else the check's own level."""
    return "error" if problem.effect == ABORTS else None


def category(problem: Problem) -> str | None:
    """A matter of syntax when the server refuses the configuration for it, else the check's own category."""
    return "syntax" if problem.effect == ABORTS else None
