"""``cfglint explain``."""

from __future__ import annotations

import sys

import click

from cfglint import registry, symptoms
from cfglint.cli import completion
from cfglint.errors import UsageProblem
from cfglint.notices import NOTICES
from cfglint.render.printable import printable

MAX_LOG = 10_000_000
"""So many bytes of a log are read from standard input."""


@click.command("explain", short_help="Explain a check, a status or a line of the log.")
@click.argument("subject", metavar="[ID|STATUS]", required=False, shell_complete=completion.subjects)
@click.option("--log", metavar="TEXT", help="Explain a line of the server's log; '-' reads lines from standard input.")
def command(subject: str | None, log: str | None) -> None:
    """Tell what a check is about, what a status such as 403 can mean, or which checks explain a line of the log."""
    from cfglint.render import explanation

    if log is not None and subject is not None:
        raise UsageProblem(f"--log does not go with {subject!r}: explain the one or the other")
    if log is not None:
        pieces = explanation.messages(_found(log))
    elif subject is None:
        raise UsageProblem("say what to explain: the id of a check, a status such as 403, or --log TEXT")
    elif (status := _status(subject)) is not None:
        pieces = explanation.status(status, symptoms.every())
    else:
        checks = {registered.id: registered for registered in registry.every()}
        notices = {notice.id: notice for notice in NOTICES}
        if subject in notices:
            pieces = explanation.notice(notices[subject])
        elif subject in checks:
            pieces = explanation.check(checks[subject])
        elif subject and any(registry.covers(subject, name) for name in checks):
            raise UsageProblem(f"{subject!r} is the beginning of several checks; 'cfglint rules {subject}' lists them")
        else:
            raise registry.unknown(subject, registry.ids())
    click.echo("".join(pieces), nl=False)


def _status(subject: str) -> int | str | None:
    known = {str(status): status for status in symptoms.STATUSES}
    if subject.isdecimal() and subject not in known:
        raise UsageProblem(f"nothing is known of status {subject}, but of {', '.join(known)}")
    return known.get(subject)


def _found(log: str) -> dict[str, list[symptoms.Explained]]:
    """The messages in one line, or in all lines of standard input."""
    text = sys.stdin.buffer.read(MAX_LOG).decode("utf-8", "replace") if log == "-" else log
    found = symptoms.by_message(text.splitlines(), symptoms.every())
    if not found:
        what = "the lines" if log == "-" else f"'{printable(log)}'"
        raise UsageProblem(f"no check knows {what}; 'cfglint check' looks at the configuration itself")
    return found
