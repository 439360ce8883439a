"""``cfglint ignore``."""

from __future__ import annotations

import os
import re
import sys
from typing import Any

import click

from cfglint.cli.options import Options, read_input, settings_for, with_input
from cfglint.cli.output import emit
from cfglint.discover import roots_in
from cfglint.dismissal import comment, setting
from cfglint.edits import Draft, Edit
from cfglint.errors import UsageProblem
from cfglint.files import Files
from cfglint.registry import ids, verify
from cfglint.render.printable import printable
from cfglint.rendered import check
from cfglint.settings import FILE_NAME
from cfglint.source import Source, encode

_PLACE = re.compile(r"(?P<path>.+):(?P<line>[1-9][0-9]*)\Z", re.DOTALL)


@click.command("ignore", short_help="Leave a finding out, with a reason.")
@click.argument("name", metavar="ID")
@click.argument("where", metavar="[FILE:LINE|FILES]", required=False)
@click.option("--reason", default="", metavar="TEXT", help="Why, for whoever comes next.")
@click.option("--write", "apply", is_flag=True, help="Change the file instead of printing a patch.")
@with_input
def command(name: str, where: str | None, reason: str, apply: bool, paths: tuple[str, ...], **options: Any) -> None:
    """Leave a finding out, with a reason for whoever comes next: print the patch for it, or write it.

    FILE:LINE adds a comment beside the finding; FILES (a file, a directory or a pattern) an entry in the settings;
    without either the check is left out everywhere. PATHs are the trees that read the file [the nearest one above].

    Exit codes: 0 nothing to do, or written; 1 a patch was printed; 2 the work could not be done.
    """
    if options["archive"] or options["overlay"] or options["stdin_filename"]:
        raise UsageProblem("ignore goes with files as they are: not with --archive, --overlay or --stdin-filename")
    verify(name, ids())
    reason = " ".join(reason.split())
    place = _PLACE.match(where) if where else None
    if where is None or place is None or os.path.lexists(where):
        settings = settings_for(where or os.curdir, Options(**options), Files())
        _require(reason, settings.require_reasons)
        source, edits = setting(settings, settings.path or FILE_NAME, where, name, reason)
    else:
        path = place["path"]
        given = read_input(paths or _trees(path), **options)
        _require(reason, given.settings.require_reasons)
        report = check(given.request, given.files)
        if report.sources and not report.trees:
            raise UsageProblem(f"{path}: templates are not written to; add the comment yourself, or leave :LINE away")
        source, edits = comment(given.request, report, name, path, int(place["line"]), reason)
    _deliver(source, edits, name, apply)


def _require(reason: str, required: bool) -> None:
    if required and not any(map(str.isalnum, reason)):
        raise UsageProblem("the settings ask for a reason: add --reason")


def _trees(path: str) -> tuple[str, ...]:
    """The roots of the nearest directory above a file whose configuration reads it; else the file itself."""
    from cfglint.affected import affected

    files = Files()
    folder = os.path.dirname(os.path.abspath(path))
    while True:
        found = affected([path], roots_in(folder, files), files).roots
        if found or folder == os.path.dirname(folder):
            return tuple(os.path.relpath(root.path) for root in found) or (path,)
        folder = os.path.dirname(folder)


def _deliver(source: Source, edits: list[Edit], name: str, apply: bool) -> None:
    draft = Draft(source)
    draft.apply((edit, name) for edit in edits)
    new = not os.path.lexists(source.path)
    if not edits:
        click.echo(f"cfglint: {printable(source.path)}: leaves it out already", err=True)
        return
    if not apply:
        emit([draft.diff(new=new)], None, ())
        sys.exit(1)
    from cfglint.writing import Change, publish, write

    if new:
        publish({source.path: encode(draft.text)})
    else:
        write([Change(source.path, encode(source.text), encode(draft.text))])
    click.echo(f"wrote {printable(source.path)}", err=True)
