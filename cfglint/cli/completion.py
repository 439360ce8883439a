"""What the shell completes besides commands and options."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem


def paths(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Files and directories."""
    from click.shell_completion import CompletionItem

    return [CompletionItem(incomplete, type="file")]


def subjects(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """For ``explain``: checks and statuses."""
    from click.shell_completion import CompletionItem

    from cfglint import symptoms

    found = checks(context, parameter, incomplete)
    statuses = {str(code): status.name for code, status in symptoms.STATUSES.items()}
    return found + [CompletionItem(code, help=name) for code, name in statuses.items() if code.startswith(incomplete)]


def checks(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[CompletionItem]:
    """Ids, also behind a comma."""
    from click.shell_completion import CompletionItem

    from cfglint import registry
    from cfglint.notices import NOTICES

    before, comma, start = incomplete.rpartition(",")
    known = {registered.id: registered.summary for registered in registry.every()}
    known |= {notice.id: notice.summary for notice in NOTICES}
    return [
        CompletionItem(before + comma + name, help=summary) for name, summary in known.items() if name.startswith(start)
    ]
