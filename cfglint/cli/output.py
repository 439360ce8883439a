"""Where a command's output goes, and in which formats."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from importlib import import_module
from typing import Protocol

import click

from cfglint.engine import Report, joined
from cfglint.errors import ClosedOutput, UsageProblem
from cfglint.namedtuples import NamedTuple
from cfglint.source import Source, encode
from cfglint.tally import Tally

FORMATS = {
    "text": "text:Text",
    "concise": "text:Concise",
    "json": "json:Json",
    "sarif": "sarif:render",
    "junit": "junit:render",
    "github": "github:render",
    "gitlab": "gitlab:render",
    "checkstyle": "checkstyle:render",
    "html": "html:render",
}
"""Format to what makes it below cfglint.render: a class takes a report part by part, a function all of it."""

PRINTED_AT_ONCE = ("text", "concise")
"""What is of use before it is whole."""


INTERVAL = 0.2
"""Seconds from one telling of the progress to the next."""


class Wanted(NamedTuple):
    """A format, and the file it goes to; None is standard output."""

    form: str
    file: str | None = None


def parse_format(value: str) -> Wanted:
    """``FORMAT`` or ``FORMAT=FILE``."""
    form, equals, file = value.partition("=")
    if form not in FORMATS:
        raise click.BadParameter(f"{form!r} is not one of {', '.join(FORMATS)}.")
    if equals and not file:
        raise click.BadParameter(f"{value!r} names no file behind the equals sign.")
    return Wanted(form, file or None)


def chosen(formats: tuple[Wanted, ...], output: str | None) -> list[Wanted]:
    """Every format with its destination. `output` is where the one goes that names no file.

    Without any, it is text; in a job of GitHub Actions, whose log makes annotations of it, github. Raises
    `UsageProblem` where two would go to one place, or `output` would stay empty.
    """
    if not formats:
        in_job = bool(os.environ.get("GITHUB_ACTIONS")) and output is None and not sys.stdout.isatty()
        formats = (Wanted("github" if in_job else "text"),)
    found = [Wanted(form, file or output) for form, file in formats]
    if output is not None and all(file for _, file in formats):
        raise UsageProblem(f"--output {output}: every format has a file of its own already; leave one of the two out")
    for number, wanted in enumerate(found):
        for other in found[:number]:
            if _same(wanted.file, other.file):
                place = wanted.file or "standard output"
                raise UsageProblem(
                    f"--format: {other.form} and {wanted.form} would both go to {place}; give one a file: FORMAT=FILE"
                )
    return found


def _same(one: str | None, other: str | None) -> bool:
    if one is None or other is None:
        return one is other
    return os.path.realpath(one) == os.path.realpath(other)


class Stream(Protocol):
    """A format that is written while parts of the report are still to come."""

    def part(self, report: Report) -> Iterator[str]:
        """The next part."""

    def end(self, total: Tally) -> Iterator[str]:
        """The rest, when all parts are there."""


class Outputs:
    """Shows a report that comes in parts in every format that is wanted. What goes to a file, or is of no use before it
    is whole, is written in the end: files first, all or none."""

    def __init__(self, wanted: Iterable[Wanted], *, color: str, quiet: bool, fail_on: str) -> None:
        self.total = Tally()
        self._streams: list[tuple[Wanted, Stream, list[str]]] = []
        self._others: list[tuple[Wanted, Callable[[Report], Iterator[str]]]] = []
        self._parts: list[Report] = []
        self._failed: OSError | None = None
        for one in wanted:
            module, _, name = FORMATS[one.form].partition(":")
            made = getattr(import_module(f"cfglint.render.{module}"), name)
            options = {"color": wants_color(color, one.file), "quiet": quiet}
            if isinstance(made, type):
                self._streams.append((one, made(**options), []))
            else:
                self._others.append((one, partial(made, **options, fail_on=fail_on)))

    def take(self, part: Report) -> None:
        """Show the next part, as far as that is possible, and count it."""
        for one in (*(one for one, *_ in self._streams), *(one for one, _ in self._others)):
            if one.file is not None:
                refuse_input(one.file, part.sources)
        self.total.add(part)
        for one, stream, held in self._streams:
            self._put(one, stream.part(part), held)
        if self._others:
            self._parts.append(part)

    def finish(self) -> None:
        """Show all that is left."""
        for one, stream, held in self._streams:
            self._put(one, stream.end(self.total), held)
        report = joined(self._parts) if self._others else None
        outputs: list[tuple[Iterable[str], str | None]] = [(held, one.file) for one, _, held in self._streams]
        outputs += [(render(report), one.file) for one, render in self._others if report is not None]
        emit_all(outputs)
        if self._failed is not None:
            raise self._failed

    def _put(self, one: Wanted, pieces: Iterator[str], held: list[str]) -> None:
        if one.file is not None or one.form not in PRINTED_AT_ONCE:
            held += pieces
        elif self._failed is None:
            try:
                put("".join(pieces))
            except BrokenPipeError as error:
                if len(self._streams) + len(self._others) == 1:
                    raise  # whoever reads has seen enough; click ends the run quietly
                self._failed = error  # and the files are still wanted


def wants_color(choice: str, output: str | None) -> bool:
    """Shall the output be coloured? ``auto``: on a terminal, unless NO_COLOR is set (https://no-color.org)."""
    if choice != "auto":
        return choice == "always"
    return output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def emit(pieces: Iterable[str], output: str | None, sources: Iterable[Source]) -> None:
    """Write to standard output or to a file, which must be none of those that were read."""
    if output is not None:
        refuse_input(output, sources)
    emit_all([(pieces, output)])


def emit_all(outputs: Iterable[tuple[Iterable[str], str | None]]) -> None:
    """Write each output to its file, all or none, or to standard output where it has none."""
    texts = [("".join(pieces), file) for pieces, file in outputs]
    files = {file: encode(text) for text, file in texts if file is not None}
    if files:
        from cfglint.writing import publish

        publish(files)
    for text, file in texts:
        if file is None:
            put(text)


def put(text: str) -> None:
    """Print text, byte for byte. Raises `ClosedOutput`, or `BrokenPipeError` where nobody reads any more."""
    try:
        click.echo(encode(text), nl=False)  # a patch must give back the very bytes of a file
    except BrokenPipeError:
        raise
    except OSError as error:
        raise ClosedOutput(str(error.strerror)) from error


def refuse_input(file: str, sources: Iterable[Source]) -> None:
    """Raises `UsageProblem` where a file to be written is one of those that were read."""
    if os.path.exists(file):
        for source in sources:
            if os.path.exists(source.path) and os.path.samefile(source.path, file):
                raise UsageProblem(f"{file}: is one of the files that are checked; name another for the output")


class Progress:
    """How far a long run is, in one line of a terminal's that it takes away in the end; nothing anywhere else."""

    def __init__(self, quiet: bool) -> None:
        self._shown = not quiet and sys.stderr.isatty()
        self._told = 0.0

    def __enter__(self) -> Progress:
        return self

    def tell(self, done: int, whole: int) -> None:
        """So many trees are judged."""
        if self._shown and time.monotonic() - self._told > INTERVAL:
            self._told = time.monotonic()
            click.echo(f"\rcfglint: {done} of {whole} trees", err=True, nl=False)

    def hide(self) -> None:
        """Take the line away, as something else is to be shown, perhaps on the same terminal."""
        if self._told:
            self._told = 0.0
            click.echo("\r\033[K", err=True, nl=False)

    def __exit__(self, *error: object) -> None:
        self.hide()
