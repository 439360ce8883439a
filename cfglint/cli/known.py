"""``--baseline`` and ``--diff-base``: only what is news."""

from __future__ import annotations

import os
from collections.abc import Callable

import click

from cfglint.cli.options import Function, Input, decorate
from cfglint.engine import Report, check, together
from cfglint.errors import UsageProblem
from cfglint.render.printable import printable
from cfglint.source import encode

_OPTIONS = (
    click.option("--baseline", metavar="FILE", help="Findings that are known and left out."),
    click.option("--diff-base", metavar="REV", help="Only what came in since a revision of git, such as HEAD."),
)

Sieve = Callable[[Report], Report]
"""Takes out of a report what is no news."""


def with_known(function: Function) -> Function:
    """Adds --baseline and --diff-base."""
    return decorate(function, _OPTIONS)


def sieves(inputs: list[Input], baseline: str | None, diff_base: str | None) -> list[Sieve]:
    """For each input what its reports go through."""
    return [_sieve(given, baseline or given.settings.baseline, diff_base) for given in inputs]


def _sieve(given: Input, path: str | None, revision: str | None) -> Sieve:
    accepted = _accepted(given, path) if path is not None else everything
    return _since(given, revision, accepted) if revision is not None else accepted


def everything(report: Report) -> Report:
    """The sieve that keeps all."""
    return report


def _accepted(given: Input, path: str) -> Sieve:
    from datetime import date

    from cfglint.baseline import load, news

    baseline, today = load(path), date.today()
    return lambda report: news(baseline, report, given.request.policy, today)


def _since(given: Input, revision: str, accepted: Sieve) -> Sieve:
    from cfglint.comparison import beyond
    from cfglint.revision import files_at

    before: list[Report] = []

    def sieve(report: Report) -> Report:
        if not before:  # the same for every report of this input
            old = files_at(revision, [root.path for root in given.request.roots], [s.path for s in report.sources])
            before.append(accepted(check(given.request, old)))
        left = accepted(report)
        found = beyond(before[0].findings, left.findings)
        return left._replace(findings=found, known=left.known + len(left.findings) - len(found))

    return sieve


def write_baselines(inputs: list[Input], reports: list[Report], file: str | None) -> None:
    """Bring the baseline, or each where the settings name several, up to date with what was found."""
    from datetime import date

    from cfglint.baseline import load, written
    from cfglint.writing import Change, publish, write

    groups: dict[str, list[Report]] = {}
    for given, report in zip(inputs, reports, strict=True):
        path = file or given.settings.baseline
        if path is None:
            raise UsageProblem("--write-baseline: say where, with --baseline FILE or 'baseline: FILE' in .cfglint.yaml")
        groups.setdefault(path, []).append(report)
    for path, group in groups.items():
        old = load(path) if os.path.lexists(path) else None
        text = encode(written(old, path, together(group), date.today()))
        if old is None:
            publish({path: text})
        elif encode(old.source.text) != text:
            write([Change(path, encode(old.source.text), text)])
        click.echo(f"wrote {printable(os.path.relpath(path))}", err=True)
