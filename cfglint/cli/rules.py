"""``cfglint rules``."""

from __future__ import annotations

from collections.abc import Iterator

import click

from cfglint import registry
from cfglint.notices import NOTICES


@click.command("rules", short_help="List the checks.")
@click.argument("beginnings", metavar="[ID]...", nargs=-1)
@click.option("-f", "--format", "form", type=click.Choice(("text", "json")), default="text", help="[text]")
def command(beginnings: tuple[str, ...], form: str) -> None:
    """List the checks: all, or those of an ID; beginnings of ids count, too, such as 'pjsip' or 'acl-named'."""
    selection = registry.Selection(beginnings)
    selection.verify(registry.ids())
    rows = [row for row in _rows() if selection.takes(str(row["id"]))]
    if form == "json":
        from json import dumps

        click.echo(dumps(rows, indent=1))
        return
    width = max(len(str(row["id"])) for row in rows)
    for row in rows:
        click.echo(f"{str(row['id']).ljust(width)}  {str(row['level']).ljust(7)}  {row['summary']}")


def _rows() -> Iterator[dict[str, str | bool]]:
    for registered in registry.every():
        check = registered.check
        yield {
            "id": registered.id,
            "level": check.level,
            "category": check.category,
            "summary": registered.summary,
            "fixable": check.fix is not None,
        }
    for notice in NOTICES:
        yield {
            "id": notice.id,
            "level": notice.level,
            "category": notice.category,
            "summary": notice.summary,
            "fixable": False,
        }
