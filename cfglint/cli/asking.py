"""Shows fixes one by one on a terminal, and asks about each."""

from __future__ import annotations

import sys
from collections.abc import Mapping

import click

from cfglint.admission import effect
from cfglint.engine import Report, Request
from cfglint.errors import UsageProblem
from cfglint.findings import Finding
from cfglint.fixing import Identity, Wanted, identity
from cfglint.render.printable import printable

QUESTION = "make this change? [y,n,a,q,?]"
HELP = """\
y - make this change
n - leave it as it is
a - make this change and all that remain
q - leave this one and all that remain
? - show this
"""


def require_terminal() -> None:
    """Raises `UsageProblem` where nobody can answer."""
    if not sys.stdin.isatty():
        raise UsageProblem("--interactive needs a terminal to ask on; without one choose the checks with --select")


class Asker:
    """What somebody answers; no question is asked twice."""

    def __init__(self) -> None:
        self._answers: dict[Identity, bool] = {}
        self._rest: bool | None = None
        """What holds for all that is not asked any more."""

    def about(self, request: Request) -> Wanted:
        """Asks about the fixes of one run."""

        def wanted(finding: Finding, report: Report, texts: Mapping[str, str]) -> bool:
            key = identity(finding)
            if key not in self._answers:
                self._answers[key] = self._ask(finding, request, report, texts)
            return self._answers[key]

        return wanted

    def _ask(self, finding: Finding, request: Request, report: Report, texts: Mapping[str, str]) -> bool:
        if self._rest is not None:
            return self._rest
        from cfglint.render.proposal import proposal

        changes = effect(request, report, texts, finding)
        harm = next((change for change in changes if change.harmful), None)
        click.echo("\n".join(proposal(finding, changes)), err=True)
        if harm is not None:
            click.echo(f"not offered, as it would let a stranger in ({printable(str(harm))})\n", err=True)
            return False
        return self._answer()

    def _answer(self) -> bool:
        while True:
            try:
                answer = click.prompt(QUESTION, "?", prompt_suffix=" ", show_default=False, err=True)
            except click.Abort:
                raise UsageProblem("--interactive: there is no answer any more; nothing was changed") from None
            key = answer.strip().lower()[:1]
            if key in ("a", "q"):
                self._rest = key == "a"
            if key in ("y", "n", "a", "q"):
                click.echo(err=True)
                return key in ("y", "a")
            click.echo(HELP, nl=False, err=True)
