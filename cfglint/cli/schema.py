"""``cfglint schema``."""

from __future__ import annotations

import click


@click.command("schema", short_help="Print the JSON schema of .cfglint.yaml.")
def command() -> None:
    """Print the JSON schema of .cfglint.yaml, for editors.

    An editor with a YAML language server takes it from the file's first line:
    '# yaml-language-server: $schema=cfglint.schema.json'.
    """
    from json import dumps, loads

    from cfglint import registry
    from cfglint.settings import schema

    found = loads(schema())
    definitions = found["definitions"]
    # Any beginning of an id is right, too; an editor offers what is listed.
    definitions["check"] = {"anyOf": [{"enum": registry.ids()}, definitions["check"]]}
    click.echo(dumps(found, indent=2))
