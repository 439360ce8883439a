"""Where a command's output goes, and in which formats."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterable, Iterator
from importlib import import_module

import click

from cfglint.engine import Report
from cfglint.errors import UnwritableOutput, UsageProblem
from cfglint.namedtuples import NamedTuple
from cfglint.source import Source, encode

FORMATS = {
    "text": "text:render",
    "concise": "text:concise",
    "json": "json:render",
    "sarif": "sarif:render",
    "junit": "junit:render",
    "github": "github:render",
    "gitlab": "gitlab:render",
    "checkstyle": "checkstyle:render",
    "html": "html:render",
}
"""Format to module and function below cfglint.render."""


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


def render(wanted: Iterable[Wanted], report: Report, *, color: str, quiet: bool, fail_on: str) -> None:
    """Show a report in every format that is wanted; files first, all or none."""
    rendered = []
    for form, file in wanted:
        module, _, function = FORMATS[form].partition(":")
        renderer = getattr(import_module(f"cfglint.render.{module}"), function)
        pieces: Iterator[str] = renderer(report, color=wants_color(color, file), quiet=quiet, fail_on=fail_on)
        rendered.append((pieces, file))
    emit_all(rendered, report.sources)


def wants_color(choice: str, output: str | None) -> bool:
    """Shall the output be coloured? ``auto``: on a terminal, unless NO_COLOR is set (https://no-color.org)."""
    if choice != "auto":
        return choice == "always"
    return output is None and sys.stdout.isatty() and not os.environ.get("NO_COLOR")


def emit(pieces: Iterable[str], output: str | None, sources: Iterable[Source]) -> None:
    """Write to standard output or to a file, which must be none of those that were read."""
    emit_all([(pieces, output)], sources)


def emit_all(outputs: Iterable[tuple[Iterable[str], str | None]], sources: Iterable[Source]) -> None:
    """Write each output to its file, all or none, or to standard output where it has none."""
    printed: list[bytes] = []
    files: dict[str, bytes] = {}
    for pieces, file in outputs:
        data = encode("".join(pieces))  # a patch must give back the very bytes of a file
        if file is None:
            printed.append(data)
        else:
            refuse_input(file, sources)
            files[file] = data
    if files:
        from cfglint.writing import publish

        publish(files)
    for data in printed:
        try:
            click.echo(data, nl=False)
        except BrokenPipeError:
            raise  # whoever reads has seen enough; click ends the run quietly
        except OSError as error:
            raise UnwritableOutput("standard output", f"cannot be written: {error.strerror}") from error


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

    def __exit__(self, *error: object) -> None:
        if self._told:
            click.echo("\r\033[K", err=True, nl=False)
