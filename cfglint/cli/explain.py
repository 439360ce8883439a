"""``cfglint explain``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import click

from cfglint import registry
from cfglint.errors import UsageProblem
from cfglint.knowledge.names import nearest
from cfglint.notices import NOTICES
from cfglint.registry import Registered

WIDTH = 110
"""A longer line of an example is cut."""


@click.command("explain")
@click.argument("check", metavar="ID")
def command(check: str) -> None:
    """Tell what a check is about: why it matters, what the server does, a bad and a good example, and the fix."""
    for notice in NOTICES:
        if notice.id == check:
            click.echo(f"{notice.id} ({notice.level}, {notice.category})\n\n{notice.documentation}", nl=False)
            return
    known = {registered.id: registered for registered in registry.every()}
    if check not in known:
        close = nearest(check, registry.ids())
        raise UsageProblem(
            f"there is no check {check!r}; " + (f"did you mean {close}?" if close else "'cfglint rules' lists them")
        )
    for piece in _explanation(known[check]):
        click.echo(piece)


def _explanation(registered: Registered) -> Iterator[str]:
    check = registered.check
    fixable = "; can be fixed" if check.fix is not None else ""
    yield f"{registered.id} ({check.level}, {check.category}{fixable})\n"
    yield registered.documentation.strip()
    if registered.examples:
        example = registered.examples[0]
        yield "\nBad:\n"
        yield _shown(example.bad)
        yield "Good:\n"
        yield _shown(example.good)
        if example.fixed is not None and example.fixed != example.good:
            yield "Fixed:\n"
            yield _shown(example.fixed)


def _shown(text: str | Mapping[str, str]) -> str:
    files = {"": text} if isinstance(text, str) else text
    lines = []
    for name, content in files.items():
        if name:
            lines.append(f"    ; {name}")
        for line in content.replace("«", "").replace("»", "").splitlines():
            shown = line if len(line) <= WIDTH else f"{line[: WIDTH - 3]}..."
            lines.append(f"    {shown}".rstrip())
    return "\n".join(lines) + "\n"
