"""``cfglint explain``."""

from __future__ import annotations

import sys

import click

from cfglint import registry, suppress, symptoms
from cfglint.errors import UsageProblem
from cfglint.render.printable import printable

MAX_LOG = 10_000_000
"""So many bytes of a log are read from standard input."""


@click.command("explain")
@click.argument("subject", metavar="[ID|STATUS]", required=False)
@click.option("--log", metavar="TEXT", help="Explain a line of the server's log; '-' reads lines from standard input.")
def command(subject: str | None, log: str | None) -> None:
    """Tell what a check is about, what a status such as 403 can mean, or which checks explain a line of the log."""
    if (subject is None) == (log is None):
        raise UsageProblem("say what to explain: the id of a check, a status such as 403, or --log TEXT")
    from cfglint.render import explanation

    if log is not None:
        click.echo("".join(explanation.messages(_found(log))), nl=False)
    elif subject in _statuses():
        click.echo("".join(explanation.status(_statuses()[subject], symptoms.every())), nl=False)
    elif subject == suppress.UNUSED:
        click.echo(f"{suppress.UNUSED} (warning, style)\n\n{suppress.UNUSED_DOCUMENTATION}", nl=False)
    else:
        known = {registered.id: registered for registered in registry.every()}
        if subject not in known:
            raise _unknown(str(subject), [*known, suppress.UNUSED])
        click.echo("".join(explanation.check(known[subject])), nl=False)


def _statuses() -> dict[str | None, int | str]:
    return {str(status): status for status in symptoms.STATUSES}


def _unknown(subject: str, known: list[str]) -> UsageProblem:
    if subject.isdecimal():
        return UsageProblem(f"nothing is known of status {subject}; of {', '.join(map(str, _statuses()))} it is")
    return registry.unknown(subject, known)


def _found(log: str) -> dict[str, list[symptoms.Explained]]:
    """The messages in one line, or in all lines of standard input."""
    text = sys.stdin.buffer.read(MAX_LOG).decode("utf-8", "replace") if log == "-" else log
    found = symptoms.by_message(text.splitlines(), symptoms.every())
    if not found:
        what = "the lines" if log == "-" else f"'{printable(log)}'"
        raise UsageProblem(f"no check knows {what}; 'cfglint check' looks at the configuration itself")
    return found
