"""``--within``: from changed files to the trees that are judged for them."""

from __future__ import annotations

from functools import partial
from typing import Any

import click

from cfglint.cli.options import Input, Options, read_input, request, settings_for, settings_path, verify
from cfglint.discover import Root, excluded, search
from cfglint.errors import UsageProblem
from cfglint.files import Files
from cfglint.render.printable import printable
from cfglint.scope import Scope

MAX_NAMED = 3
"""So many of the files that belong to no tree are named."""


def read_inputs(within: str | None, paths: tuple[str, ...], **options: Any) -> list[Input]:
    """What is to be judged: the paths as they are; or, `within` a directory, the trees that read any of them, together
    as far as one settings file counts for them."""
    if within is None:
        return [read_input(paths, **options)]
    given = Options(**options)
    if given.overlay or given.archive or given.stdin_filename is not None or given.language is not None:
        raise UsageProblem(
            "--within goes with files as they are: not with --overlay, --archive, --stdin-filename or --language"
        )
    from cfglint.affected import affected

    if not paths:
        click.echo("cfglint: --within: no file was named, so nothing is checked", err=True)
        return []
    scope = Scope([within], given.trust)
    files = Files(scope=scope)
    top = settings_for(within, given, files)
    found = affected(paths, search(within, files, top), files, given.installed_at or top.installed_at)
    if found.strays:
        _tell(found.strays, within)
    groups: dict[str | None, list[Root]] = {}
    for root in found.roots:
        groups.setdefault(settings_path(root.path, given, files), []).append(root)
    inputs = []
    for chosen in groups.values():
        settings = settings_for(chosen[0].path, given, files)
        verify(given, settings)
        kept = [root for root in chosen if not excluded(root, settings, within)]
        asked = request(kept, given, settings)._replace(files=partial(Files, scope=scope))
        inputs.append(Input(asked, files, {}, settings))
    return inputs


def _tell(strays: list[str], within: str) -> None:
    named = ", ".join(strays[:MAX_NAMED])
    more = f" and {len(strays) - MAX_NAMED} more" if len(strays) > MAX_NAMED else ""
    text = f"{named}{more}: not checked, as no tree below {within} includes {'it' if len(strays) == 1 else 'them'}"
    click.echo(f"cfglint: {printable(text)}", err=True)
