"""``--baseline`` and ``--diff-base``: only what is news."""

from __future__ import annotations

import os
from collections.abc import Callable

import click

from cfglint.cli.options import Function, Input, decorate
from cfglint.engine import Report, together
from cfglint.errors import UsageProblem
from cfglint.files import Files
from cfglint.render.printable import printable
from cfglint.rendered import check
from cfglint.source import Source, encode

_OPTIONS = (
    click.option("--baseline", metavar="FILE", help="Findings that are known and left out."),
    click.option("--diff-base", metavar="REV", help="Only what came in since a revision of git, such as HEAD."),
)

Sieve = Callable[[Report], Report]
"""Takes out of a report what is no news."""


def with_known(function: Function) -> Function:
    """Adds --baseline and --diff-base."""
    return decorate(function, _OPTIONS)


def sifts(given: Input, baseline: str | None, diff_base: str | None) -> bool:
    """Is anything to be left out because it is known? That shows when all is there."""
    return diff_base is not None or bool(baseline or given.settings.baseline)


def sieves(inputs: list[Input], baseline: str | None, diff_base: str | None) -> list[Sieve]:
    """For each input what its reports go through."""
    return [_sieve(given, baseline, diff_base) for given in inputs]


def _sieve(given: Input, baseline: str | None, diff_base: str | None) -> Sieve:
    if diff_base is not None and given.archived:
        raise UsageProblem("--diff-base does not go with --archive: there is no repository in it")
    accepted = _accepted(given, baseline) if sifts(given, baseline, None) else keeps_all
    return _since(given, diff_base, accepted) if diff_base is not None else accepted


def keeps_all(report: Report) -> Report:
    """The sieve that keeps all."""
    return report


def _accepted(given: Input, file: str | None) -> Sieve:
    from datetime import date

    from cfglint.baseline import news, parse

    baseline, today = parse(_read(given, file)), date.today()
    return lambda report: news(baseline, report, given.request.policy, given.files, today)


def _read(given: Input, file: str | None) -> Source:
    """The baseline's text: from where the command is given, or from where the settings come from."""
    if file is not None:
        return Files().read(file)
    assert given.settings.baseline is not None
    return given.files.read(given.settings.baseline)


def _since(given: Input, revision: str, accepted: Sieve) -> Sieve:
    from cfglint.comparison import beyond
    from cfglint.revision import files_at

    before: list[Report] = []

    def sieve(report: Report) -> Report:
        if not before:  # the same for every report of this input
            roots, read = [root.path for root in given.request.roots], [source.path for source in report.sources]
            old = files_at(revision, roots, read, given.files.scope)
            before.append(accepted(check(given.request, old)))
        left = accepted(report)
        found = beyond(before[0].findings, left.findings)
        return left._replace(findings=found, known=left.known + len(left.findings) - len(found))

    return sieve


def write_baselines(inputs: list[Input], reports: list[Report], file: str | None) -> None:
    """Bring the baseline, or each where the settings name several, up to date with what was found."""
    from datetime import date

    from cfglint.baseline import begun, parse, updated
    from cfglint.writing import Change, publish, write

    groups: dict[str, list[tuple[Input, Report]]] = {}
    for given, report in zip(inputs, reports, strict=True):
        path = file or given.settings.baseline
        if path is None:
            raise UsageProblem("--write-baseline: say where, with --baseline FILE or 'baseline: FILE' in .cfglint.yaml")
        if given.archived and file is None:
            raise UsageProblem("--write-baseline: an archive is not written to; name a file with --baseline FILE")
        groups.setdefault(path, []).append((given, report))
    for path, group in groups.items():
        report = together([report for _, report in group])
        if os.path.lexists(path):
            old = Files().read(path)
            text = updated(parse(old), report, group[0][0].files, date.today())
            if text != old.text:
                write([Change(path, encode(old.text), encode(text))])
        else:
            publish({path: encode(begun(path, report))})
        click.echo(f"wrote {printable(os.path.relpath(path))}", err=True)
