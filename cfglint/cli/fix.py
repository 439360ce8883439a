"""``cfglint fix``."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

import click

from cfglint.admission import Judged, fix
from cfglint.cli.check import exit_code, tell_failures
from cfglint.cli.options import read_input, with_input, with_selection
from cfglint.cli.output import emit
from cfglint.errors import UsageProblem
from cfglint.render.printable import printable
from cfglint.settings import FAIL_ON
from cfglint.source import encode
from cfglint.writing import Change, write


@click.command("fix")
@with_input
@with_selection
@click.option("--unsafe", is_flag=True, help="Also the fixes that a human should look at first.")
@click.option("--write", "apply", is_flag=True, help="Change the files instead of printing a patch.")
@click.option("--backup", is_flag=True, help="With --write: keep a copy of each changed file beside it.")
@click.option("--fail-on", type=click.Choice(FAIL_ON), help="The level from which on what remains counts [warning].")
@click.option("-o", "--output", metavar="FILE", help="Write the patch to a file instead of standard output.")
def command(
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    unsafe: bool,
    apply: bool,
    backup: bool,
    fail_on: str | None,
    output: str | None,
    **where: Any,
) -> None:
    """Print a patch that mends what can be mended, for 'git apply' or 'patch -p1', or apply it.

    The patch is the one output in which secrets stand. Exit codes: 0 nothing to fix, or all written and nothing left;
    1 a patch was printed, or findings remain; 2 the work could not be done.
    """
    given = read_input(**where, select=select, ignore=ignore)
    if backup and not apply:
        raise UsageProblem("--backup goes with --write")
    if apply and given.overlays:
        raise UsageProblem("--write cannot go with --overlay or standard input: there is no file to write to")
    judged = fix(given.request, given.overlays, unsafe=unsafe)
    outcome = judged.outcome
    for finding in judged.refused:
        text = f"{finding.place.source.path}:{finding.place.start.line}: not fixed, as it would let a stranger in"
        click.echo(f"cfglint: {printable(text)} [{finding.check}]", err=True)
    if apply:
        changes = [Change(d.path, *(encode(text) for text in outcome.texts[d.path])) for d in outcome.drafts]
        for name in write(changes, backup=backup):
            click.echo(f"kept {printable(name)}", err=True)
        for change in changes:
            click.echo(f"fixed {printable(change.path)}", err=True)
    else:
        patch = [*_heading(judged), *(draft.diff() for draft in outcome.drafts)]
        emit(patch, output, outcome.before.sources)
    tell_failures(outcome.after.failures)
    code = exit_code(outcome.after, fail_on or given.settings.fail_on, exit_zero=False)
    sys.exit(max(code, int(bool(outcome.drafts) and not apply)))


def _heading(judged: Judged) -> Iterator[str]:
    """Whom the patch helps, as comments that 'git apply' and 'patch' pass over."""
    helped = [change for change in judged.changes if change.improved]
    for change in helped:
        yield f"# {printable(str(change))}\n"
    if helped:
        yield "# nobody else is let in\n"
