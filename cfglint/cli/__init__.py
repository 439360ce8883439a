"""The command line: a module for each command, imported when it is called. Parses arguments, calls the engine, picks
the exit code; no logic."""

from __future__ import annotations

from importlib import import_module

import click

from cfglint import __version__
from cfglint.errors import CfglintError

INTERRUPTED = 130
"""The shell's code for what was ended from the keyboard; click's own would be 1, which says findings."""

COMMANDS = ("check", "fix", "trace", "show", "upgrade-check", "explain", "rules", "ignore", "schema", "manual")

EXAMPLES = """\b
Examples:
  cfglint check /etc/asterisk                  what is wrong
  cfglint fix /etc/asterisk                    a patch for it
  cfglint trace /etc/asterisk --as-phone 201   what phone 201 is told, and why
  cfglint explain pjsip-aor-max-contacts-zero  what a check is about
"""


class _Commands(click.Group):
    """Imports a command's module only when it is needed, and says a user's mistake in one line."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = import_module(f"cfglint.cli.{cmd_name.replace('-', '_')}").command
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        if args and args[0] not in COMMANDS and not args[0].startswith("-"):
            from cfglint.knowledge.names import nearest

            close = nearest(args[0], COMMANDS)
            ctx.fail(f"No such command {args[0]!r}" + (f"; did you mean {close}?" if close else "."))
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except CfglintError as error:
            from cfglint.render.printable import printable

            click.echo(f"cfglint: {printable(str(error))}", err=True)
            ctx.exit(error.exit_code)
        except KeyboardInterrupt:
            ctx.exit(INTERRUPTED)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]}, epilog=EXAMPLES)
@click.version_option(__version__, "--version", prog_name="cfglint", message="%(prog)s %(version)s")
def cli() -> None:
    """Find what makes Asterisk and Kamailio answer a good phone with 403, and mend it.

    Exit codes: 0 nothing found, 1 findings, 2 the work could not be done. 'cfglint COMMAND --help' tells more.
    """
