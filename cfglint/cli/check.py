"""``cfglint check``."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable
from importlib import import_module
from typing import Any

import click

from cfglint.cli.options import read_input, wants_color, with_input, with_output, with_selection
from cfglint.engine import Report, check
from cfglint.errors import UnwritableOutput, UsageProblem
from cfglint.findings import LEVELS, Failure
from cfglint.render.printable import printable
from cfglint.settings import FAIL_ON
from cfglint.source import Source, encode

FORMATS = {"text": "text:render", "concise": "text:concise", "json": "json:render"}
"""Format to module and function below cfglint.render."""


@click.command("check")
@with_input
@with_selection
@click.option("-f", "--format", "form", type=click.Choice(tuple(FORMATS)), default="text", help="[text]")
@click.option("--fail-on", type=click.Choice(FAIL_ON), help="The level from which on the exit code is 1 [warning].")
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@with_output
def command(
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    form: str,
    fail_on: str | None,
    exit_zero: bool,
    output: str | None,
    color: str,
    quiet: bool,
    verbose: bool,
    **where: Any,
) -> None:
    """Say which phones and trunks will be refused although nothing is wrong with them, and why.

    PATH is a directory, which is searched for sip.conf, pjsip.conf and kamailio*.cfg, or a file, or '-'.
    """
    given = read_input(**where, select=select, ignore=ignore)
    report = check(given.request, given.files)
    if verbose:
        for source in report.sources:
            click.echo(f"read {printable(source.path)}", err=True)
    module, _, function = FORMATS[form].partition(":")
    render = getattr(import_module(f"cfglint.render.{module}"), function)
    emit(render(report, color=wants_color(color, output), quiet=quiet), output, report.sources)
    tell_failures(report.failures)
    sys.exit(exit_code(report, fail_on or given.settings.fail_on, exit_zero))


def tell_failures(failures: Iterable[Failure]) -> None:
    """What could not be done, on standard error."""
    for failure in failures:
        where = f"{failure.path}:{failure.line}: " if failure.line else f"{failure.path}: " if failure.path else ""
        click.echo(f"cfglint: {printable(where + failure.message)}", err=True)


def exit_code(report: Report, fail_on: str, exit_zero: bool) -> int:
    """2 when something could not be done, 1 for findings at or above `fail_on`, else 0."""
    if report.failures:
        return 2
    if exit_zero or fail_on == "never":
        return 0
    worst = report.worst()
    return int(worst is not None and LEVELS.index(worst) >= LEVELS.index(fail_on))


def emit(pieces: Iterable[str], output: str | None, sources: Iterable[Source]) -> None:
    """Write to standard output or to a file, which must be none of those that were read; all or nothing, as far as it
    depends on us."""
    data = encode("".join(pieces))  # a patch must give back the very bytes of a file
    if output is not None and os.path.exists(output):
        for source in sources:
            if os.path.exists(source.path) and os.path.samefile(source.path, output):
                raise UsageProblem(f"--output {output}: is one of the files that are checked; name another")
    try:
        if output is None:
            click.echo(data, nl=False)
        else:
            with open(output, "wb") as stream:
                stream.write(data)
    except BrokenPipeError:
        raise  # whoever reads has seen enough; click ends the run quietly
    except OSError as error:
        raise UnwritableOutput(output or "standard output", f"cannot be written: {error.strerror}") from error
