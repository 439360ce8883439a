"""``cfglint check``."""

from __future__ import annotations

import sys
from collections.abc import Generator, Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from typing import Any

import click

from cfglint.cli.known import sieves, sifts, with_known, write_baselines
from cfglint.cli.options import Input, with_input, with_output, with_selection, with_within
from cfglint.cli.output import FORMATS, Outputs, Progress, Wanted, chosen, parse_format, refuse_input
from cfglint.cli.within import read_inputs
from cfglint.engine import Report, joined, timed, together
from cfglint.findings import LEVELS, Failure
from cfglint.render.printable import printable
from cfglint.rendered import check
from cfglint.settings import FAIL_ON
from cfglint.tally import Tally, tally


@click.command("check", short_help="Say what is wrong, and where.")
@with_input
@with_within
@with_selection
@with_known
@click.option("--write-baseline", is_flag=True, help="Bring the baseline up to date: accept all that is found.")
@click.option(
    "-f",
    "--format",
    "formats",
    type=parse_format,
    metavar="FORMAT[=FILE]",
    multiple=True,
    help=f"{', '.join(FORMATS)} [text; github in GitHub Actions]. Repeatable: -f sarif=out.sarif -f text.",
)
@click.option("--fail-on", type=click.Choice(FAIL_ON), help="The level from which on the exit code is 1 [warning].")
@click.option("--no-cache", is_flag=True, help="Judge every tree anew: do not use or keep what earlier runs found.")
@click.option(
    "--debug-report",
    metavar="FILE",
    help="Write a zip archive for a report of a bug: what was read, with secrets masked; names and addresses stay.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with 0 whatever is found.")
@with_output
def command(
    formats: tuple[Wanted, ...],
    fail_on: str | None,
    no_cache: bool,
    debug_report: str | None,
    exit_zero: bool,
    baseline: str | None,
    diff_base: str | None,
    write_baseline: bool,
    output: str | None,
    color: str,
    quiet: bool,
    verbose: bool,
    **where: Any,
) -> None:
    """Say which phones and trunks will be refused although nothing is wrong with them, and why.

    PATH is a directory, which is searched for sip.conf, pjsip.conf and kamailio*.cfg, or a file, or '-' for standard
    input. Without any, it is /etc/asterisk and /etc/kamailio, as far as they exist. Without --target, only what holds
    for every supported version is told.

    \b
    Exit codes:
      0  nothing found, or nothing of the level that --fail-on names
      1  findings
      2  the work could not be done, or not all of it
    """
    wanted = chosen(formats, output)
    spent: dict[str, float] = {}
    with timed(spent, "finding what is to be judged"):
        inputs = read_inputs(**where)
    if verbose:
        inputs = [given._replace(request=given.request._replace(spent=spent)) for given in inputs]
    levels = [fail_on or given.settings.fail_on for given in inputs]
    strictest = min(levels, key=FAIL_ON.index, default=FAIL_ON[-1])
    outputs = Outputs(wanted, color=color, quiet=quiet, fail_on=strictest)
    read: list[str] = []
    with Progress(quiet) as progress:
        runs = [_parts(given, where, not no_cache, debug_report is not None, progress) for given in inputs]
        if len(inputs) == 1 and not (debug_report or write_baseline or sifts(inputs[0], baseline, diff_base)):
            parts, totals = runs[0], [outputs.total]
        else:
            with _bug_report(debug_report, inputs) as said:
                said += (joined(list(run)) for run in runs)
            if write_baseline:
                write_baselines(inputs, said, baseline)
            reports = [sieve(report) for sieve, report in zip(sieves(inputs, baseline, diff_base), said, strict=True)]
            parts, totals = (part for part in [together(reports)]), list(map(tally, reports))
        with closing(parts):
            for part in parts:
                if part.findings:
                    progress.hide()
                with timed(spent, WRITING):
                    outputs.take(part)
                read += (source.path for source in part.sources if verbose)
    with timed(spent, WRITING):
        outputs.finish()
    if verbose:
        for path in read:
            click.echo(f"read {printable(path)}", err=True)
        for what, seconds in spent.items():
            click.echo(f"{seconds * 1000:8.1f} ms {what}", err=True)
    tell_failures(outputs.total.failures)
    sys.exit(max(map(exit_code, totals, levels, [exit_zero] * len(totals)), default=0))


MANY = 8
"""From so many roots on a run is one over an estate."""

WRITING = "writing the report"
"""A phase of the run."""


def _parts(
    given: Input, where: Mapping[str, Any], cached: bool, remembers: bool, progress: Progress
) -> Generator[Report, None, None]:
    """The report, in parts; `remembers`: the input's files are to know afterwards what was read."""
    if len(given.request.roots) < MANY:
        yield check(given.request, given.files)
        return
    from cfglint import estate

    # A database changes without a trace; what is judged in place of a file lies elsewhere tomorrow.
    known = cached and not (given.archived or given.overlays or given.request.database)
    cache = estate.cache_for(given.request, [where["within"] or "", *where["paths"]]) if known else None
    files = given.files
    yield from estate.check(given.request, (lambda: files) if remembers else files.apart, cache, progress.tell)


@contextmanager
def _bug_report(file: str | None, inputs: list[Input]) -> Iterator[list[Report]]:
    """Writes the archive, if one is wanted, of the reports that the block puts into the list; also where it fails."""
    said: list[Report] = []
    crash = ""
    try:
        yield said
    except Exception:
        from traceback import format_exc

        crash = format_exc()
        raise
    finally:
        if file is not None:
            from cfglint.bugreport import bundle
            from cfglint.render.json import render as as_json
            from cfglint.writing import publish

            sources = dict.fromkeys(source for given in inputs for source in given.files.sources)
            refuse_input(file, sources)
            texts = {"arguments.txt": "\n".join([*map(repr, sys.argv[1:]), ""]), "crash.txt": crash}
            for number, report in enumerate(said):
                texts[f"report-{number}.json"] = "".join(as_json(report))
            publish({file: bundle(sources, texts)})


def tell_failures(failures: Iterable[Failure]) -> None:
    """What could not be done, on standard error."""
    for failure in failures:
        where = f"{failure.path}:{failure.line}: " if failure.line else f"{failure.path}: " if failure.path else ""
        click.echo(f"cfglint: {printable(where + failure.message)}", err=True)


def exit_code(total: Tally, fail_on: str, exit_zero: bool) -> int:
    """2 when something could not be done, 1 for findings at or above `fail_on`, else 0."""
    if total.failures:
        return 2
    if exit_zero or fail_on == "never":
        return 0
    return int(total.worst is not None and LEVELS.index(total.worst) >= LEVELS.index(fail_on))
