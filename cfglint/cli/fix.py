"""``cfglint fix``."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from typing import Any

import click

from cfglint.admission import Judged, fix
from cfglint.cli.asking import Asker, require_terminal
from cfglint.cli.check import exit_code, tell_failures
from cfglint.cli.known import Sieve, keeps_all, sieves, with_known
from cfglint.cli.options import Input, with_input, with_selection, with_within
from cfglint.cli.output import emit
from cfglint.cli.within import read_inputs
from cfglint.edits import UNSAFE
from cfglint.engine import Report, together
from cfglint.errors import UnwritableOutput, UsageProblem
from cfglint.files import Files
from cfglint.findings import Finding
from cfglint.fixing import Outcome, Wanted, everything, identity, read_with
from cfglint.render.printable import printable
from cfglint.rendered import Judged as Templated
from cfglint.rendered import check, concerns
from cfglint.settings import FAIL_ON
from cfglint.source import encode
from cfglint.tally import tally
from cfglint.writing import Change, first_backup, write


@click.command("fix", short_help="Mend it: print a patch, or change the files.")
@with_input
@with_within
@with_selection
@with_known
@click.option("--unsafe", is_flag=True, help="Also the fixes that a human should look at first.")
@click.option("-i", "--interactive", is_flag=True, help="Show each fix, unsafe ones, too, and ask.")
@click.option("--write", "apply", is_flag=True, help="Change the files instead of printing a patch.")
@click.option("--backup", is_flag=True, help="With --write: keep a copy of each changed file beside it.")
@click.option("--fail-on", type=click.Choice(FAIL_ON), help="The level from which on what remains counts [warning].")
@click.option(
    "-f",
    "--format",
    "form",
    type=click.Choice(("patch", "json")),
    default="patch",
    help="[patch; json holds the changed files' texts, with what remains, for programs]",
)
@click.option("-o", "--output", metavar="FILE", help="Write the patch to a file instead of standard output.")
def command(
    unsafe: bool,
    interactive: bool,
    apply: bool,
    backup: bool,
    form: str,
    fail_on: str | None,
    output: str | None,
    baseline: str | None,
    diff_base: str | None,
    **where: Any,
) -> None:
    """Print a patch that mends what can be mended, for 'git apply' or 'patch -p1', or apply it.

    A safe fix only makes the configuration do what its own lines already say, and lets nobody else in. Without
    --target, only what holds for every supported version is mended. The patch, as JSON too, is the one output in which
    secrets stand.

    \b
    Exit codes:
      0  nothing to fix, or all written and nothing left
      1  a patch was printed, or findings remain
      2  the work could not be done; nothing was changed
    """
    if backup and not apply:
        raise UsageProblem("--backup goes with --write")
    inputs = read_inputs(**where)
    if apply and (where["archive"] or any(given.overlays for given in inputs)):
        raise UsageProblem("--write needs files to write to: it does not go with --overlay, --archive or PATH '-'")
    if interactive:
        require_terminal()
    news = sieves(inputs, baseline, diff_base)
    fixed = list(_fixed(inputs, news, unsafe or interactive, Asker() if interactive else None))
    for judged in fixed:
        for finding, reason in judged.unfixed:
            place = f"{finding.place.source.path}:{finding.place.start.line}"
            click.echo(f"cfglint: {printable(f'{place}: not fixed, as {reason}')} [{finding.check}]", err=True)
    outcomes = [judged.outcome for judged in fixed]
    if apply:
        if backup:
            _require_unread_copies(inputs, outcomes)
        _write(outcomes, backup)
    else:
        from cfglint.render import fixes

        pieces = fixes.render(fixed) if form == "json" else (piece for judged in fixed for piece in _patch(judged))
        emit(pieces, output, [source for outcome in outcomes for source in outcome.before.sources])
    left = [sieve(outcome.after) for sieve, outcome in zip(news, outcomes, strict=True)]
    tell_failures(together(left).failures)
    if not interactive:  # where each fix was shown already
        _tell_rest(together(left), any(outcome.drafts for outcome in outcomes), unsafe)
    code = int(not apply and any(outcome.drafts for outcome in outcomes))
    for given, report in zip(inputs, left, strict=True):
        code = max(code, exit_code(tally(report), fail_on or given.settings.fail_on, exit_zero=False))
    sys.exit(code)


def _fixed(inputs: list[Input], news: list[Sieve], unsafe: bool, asker: Asker | None) -> Iterator[Judged]:
    """The fixes of each; a file that several share is handed on as the ones before leave it."""
    changed: dict[str, str] = {}
    for given, sieve in zip(inputs, news, strict=True):
        overlays = {**given.overlays, **changed}
        wanted = everything if asker is None else asker.about(given.request)
        if sieve is not keeps_all:
            wanted = _only_news(check(given.request, given.request.files(overlays)), sieve, wanted)
        templated = concerns(given.request, given.files.changed(changed))
        if templated is not None:
            yield _unfixed(templated, unsafe)
            continue
        judged = fix(given.request, overlays, unsafe=unsafe, wanted=wanted)
        changed |= {path: after for path, (_, after) in judged.outcome.texts.items()}
        yield judged


def _unfixed(templated: Templated, unsafe: bool) -> Judged:
    """Nothing is fixed where templates are read: what is seen is not what would be written."""
    report = templated.report
    withheld = [one for one in templated.unfixed if unsafe or (one.finding.fix and one.finding.fix.safety != UNSAFE)]
    return Judged(Outcome(report, report, [], {}, [], withheld), [], [])


def _only_news(report: Report, sieve: Sieve, wanted: Wanted) -> Wanted:
    """What is wanted of that which is news."""
    known = {identity(finding) for finding in report.findings} - {identity(f) for f in sieve(report).findings}

    def only_news(finding: Finding, report: Report, texts: Mapping[str, str]) -> bool:
        return identity(finding) not in known and wanted(finding, report, texts)

    return only_news


def _require_unread_copies(inputs: list[Input], outcomes: list[Outcome]) -> None:
    """No copy may lie where the pattern of an include would read it, beside the file it was made of."""
    for given, outcome in zip(inputs, outcomes, strict=True):
        copies = {first_backup(path): before for path, (before, _) in outcome.texts.items()}
        texts = {path: after for path, (_, after) in outcome.texts.items()}
        for path in sorted(read_with(given.request, {**texts, **copies}).intersection(copies)) if copies else ():
            raise UnwritableOutput(path, "the pattern of an include would read this copy, too; leave --backup off")


def _tell_rest(after: Report, changed: bool, unsafe: bool) -> None:
    """What was left, on standard error: where nothing is printed, one would not know why."""
    from cfglint.render.text import counted

    if after.findings:
        left = tally(after)
        hint = f"; --unsafe would mend {left.fixes[UNSAFE]}" if left.fixes[UNSAFE] and not unsafe else ""
        click.echo(f"left: {counted(left)}{hint}", err=True)
    elif not changed and after.sources:
        click.echo("nothing to fix", err=True)


def _write(outcomes: list[Outcome], backup: bool) -> None:
    changes: dict[str, Change] = {}
    for outcome in outcomes:
        for draft in outcome.drafts:
            before, after = (encode(text) for text in outcome.texts[draft.path])
            earlier = changes.get(draft.path)
            changes[draft.path] = Change(draft.path, earlier.before if earlier else before, after)
    for name in write(list(changes.values()), backup=backup):
        click.echo(f"kept {printable(Files().shown(name))}", err=True)
    for path in changes:
        click.echo(f"fixed {printable(path)}", err=True)


def _patch(judged: Judged) -> Iterator[str]:
    yield from _heading(judged)
    for draft in judged.outcome.drafts:
        yield draft.diff()


def _heading(judged: Judged) -> Iterator[str]:
    """Whom the patch helps or hurts, as comments that 'git apply' and 'patch' pass over."""
    told = [change for change in judged.changes if change.telling]
    for change in told:
        yield f"# {printable(str(change))}\n"
    if any(change.improved for change in told):
        yield "# nobody else is let in\n"
