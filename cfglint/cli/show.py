"""``cfglint show``."""

from __future__ import annotations

import sys
from typing import Any

import click

from cfglint.cli.check import emit, tell_failures
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
    failures: list[Failure] = []
    configs = [c for tree in trees(given.request, given.files, failures) for c in tree.roots.values()]
    if len(configs) > 1:
        names = ", ".join(config.root.path for config in configs)
        raise UsageProblem(f"show takes one root, and here are several; name one of {names}")
    from cfglint.render.configuration import as_json, as_text

    render = as_json if form == "json" else as_text
    for config in configs:
        emit(render(config), output, config.files)
        if config.aborted is not None:
            at = f"{config.aborted.place.source.path}:{config.aborted.place.start.line}"
            click.echo(f"cfglint: {printable(at)}: the server rejects the whole file here", err=True)
    tell_failures(failures)
    sys.exit(2 if failures else 0)
