"""``cfglint show``."""

from __future__ import annotations

import sys
from typing import Any

import click

from cfglint.cli.check import emit
from cfglint.cli.options import read_input, with_input
from cfglint.engine import trees
from cfglint.errors import UsageProblem
from cfglint.findings import Failure
from cfglint.render.printable import printable


@click.command("show")
@with_input
@click.option("-f", "--format", "form", type=click.Choice(("text", "json")), default="text", help="[text]")
@click.option("-o", "--output", metavar="FILE", help="Write to a file instead of standard output.")
def command(form: str, output: str | None, **where: Any) -> None:
    """Show a configuration as the server sees it: sections in order, inherited options where they were copied.

    PATH is one file, or a directory with one root. Secrets are masked in the text, and shown in JSON.
    """
    given = read_input(**where)
    if len(given.request.roots) != 1:
        names = ", ".join(given.files.shown(root.path) for root in given.request.roots)
        raise UsageProblem(f"show takes one root, and here are several; name one of {names}")
    failures: list[Failure] = []
    from cfglint.render.configuration import as_json, as_text

    render = as_json if form == "json" else as_text
    for tree in trees(given.request, given.files, failures):
        for config in tree.roots.values():
            emit(render(config), output)
            if config.aborted is not None:
                start = config.aborted.place.start
                where_ = f"{config.aborted.place.source.path}:{start.line}"
                click.echo(f"cfglint: {printable(where_)}: the server rejects the whole file here", err=True)
    for failure in failures:
        click.echo(f"cfglint: {printable(f'{failure.path}: {failure.message}')}", err=True)
    sys.exit(2 if failures else 0)
