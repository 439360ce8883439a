"""``cfglint manual``: what ``--help`` says, as a page for man(1); the site's list of commands is made of it, too."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module

import click

from cfglint import __version__
from cfglint.namedtuples import NamedTuple

SHELLS = ("bash", "zsh", "fish")
"""Those that click completes for."""


class Entry(NamedTuple):
    """An option: how it is written, what its value is called, and what it does."""

    names: tuple[str, ...]
    value: str
    text: str


class Page(NamedTuple):
    """A command, as ``--help`` describes it."""

    name: str
    arguments: str
    text: str
    options: tuple[Entry, ...]


@click.command("manual")
def command() -> None:
    """Print the manual page: 'cfglint manual | man -l -'."""
    click.echo("".join(_roff()), nl=False)


def pages() -> Iterator[Page]:
    """Every command."""
    from cfglint.cli import COMMANDS, cli

    for name in COMMANDS:
        found: click.Command = import_module(f"cfglint.cli.{name.replace('-', '_')}").command
        context = click.Context(found, info_name=name, parent=click.Context(cli, info_name="cfglint"))
        arguments = " ".join(
            piece for parameter in found.params for piece in parameter.get_usage_pieces(context) if piece != "[OPTIONS]"
        )
        options = tuple(_entry(parameter, context) for parameter in found.params if isinstance(parameter, click.Option))
        text = "\n\n".join(" ".join(part.split()) for part in (found.help or "").split("\n\n"))
        yield Page(name, arguments, text, options)


def _entry(option: click.Option, context: click.Context) -> Entry:
    value = "" if option.is_flag else option.make_metavar(context)
    return Entry((*option.opts, *option.secondary_opts), value, option.help or "")


# ----------------------------------------------------------------------------------------------------------------- roff


def _roff() -> Iterator[str]:
    from cfglint.cli import cli

    about, _, codes = " ".join((cli.help or "").split()).partition(" Exit codes: ")
    yield f'.TH CFGLINT 1 "" "cfglint {__version__}" "User Commands"\n'
    yield f".SH NAME\ncfglint \\- {_escaped(about[0].lower() + about[1:].rstrip('.'))}\n"
    yield ".SH SYNOPSIS\n.B cfglint\n.I COMMAND\n[\\fIOPTION\\fR]... [\\fIPATH\\fR]...\n"
    yield f".SH DESCRIPTION\n{_paragraph(about)}.SH COMMANDS\n"
    for page in pages():
        yield f".SS cfglint {_escaped(page.name)} {_escaped(page.arguments)}".rstrip() + "\n"
        yield ".PP\n".join(_paragraph(part) for part in page.text.split("\n\n"))
        for option in page.options:
            names = ", ".join(f"\\fB{_escaped(name)}\\fR" for name in option.names)
            value = f" \\fI{_escaped(option.value)}\\fR" if option.value else ""
            yield f".TP\n{names}{value}\n{_paragraph(option.text)}"
    yield f".SH EXIT STATUS\n{_paragraph(codes)}"
    yield ".SH FILES\n.TP\n.I .cfglint.yaml\nSettings, in the directory that is checked or above it.\n"
    yield ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nNo colours, unless \\-\\-color says otherwise.\n"
    yield ".TP\n.B _CFGLINT_COMPLETE\n"
    shells = ", ".join(f"{shell}_source" for shell in SHELLS)
    yield _paragraph(f"Set to one of {shells}, cfglint prints the completion for that shell.")


def _paragraph(text: str) -> str:
    """A line that is no request, whatever it begins with."""
    return (f"\\&{_escaped(text)}" if text[:1] in (".", "'") else _escaped(text)) + "\n"


def _escaped(text: str) -> str:
    return re.sub(r"[\\-]", lambda found: "\\e" if found[0] == "\\" else "\\-", text)
