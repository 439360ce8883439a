"""``cfglint show``."""

from __future__ import annotations

import sys
from importlib import import_module
from typing import Any

import click

from cfglint.cli.check import tell_failures
from cfglint.cli.options import read_input, with_input
from cfglint.cli.output import emit
from cfglint.errors import UsageProblem
from cfglint.findings import Failure
from cfglint.render.printable import printable
from cfglint.rendered import settled
from cfglint.trees import trees


@click.command("show", short_help="Show a configuration as the server reads it.")
@with_input
@click.option("-f", "--format", "form", type=click.Choice(("text", "json")), default="text", help="[text]")
@click.option("-o", "--output", metavar="FILE", help="Write to a file instead of standard output.")
def command(form: str, output: str | None, **where: Any) -> None:
    """Show a configuration as the server sees it, with includes, templates and defines resolved.

    PATH is one file, or a directory with one root. Secrets are masked in the text, and shown in JSON.
    """
    given = read_input(**where)
    failures: list[Failure] = []
    request, files = settled(given.request, given.files)
    found = trees(request.roots, files, request.targets, request.installed_at, failures)
    configs: list[Any] = [config for tree in found for config in tree.roots.values()]
    if len(configs) > 1:
        names = ", ".join(config.files[0].path for config in configs)
        raise UsageProblem(f"show takes one root, and here are several; name one of {names}")
    for tree, config in zip(found, configs, strict=False):
        module = import_module(f"cfglint.render.{tree.language}_configuration")
        emit((module.as_json if form == "json" else module.as_text)(config), output, config.files)
        if config.aborted is not None:
            at = f"{config.aborted.place.source.path}:{config.aborted.place.start.line}"
            click.echo(f"cfglint: {printable(at)}: the server rejects the whole file here", err=True)
    tell_failures(failures)
    sys.exit(2 if failures else 0)
