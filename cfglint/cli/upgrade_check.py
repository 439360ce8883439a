"""``cfglint upgrade-check``."""

from __future__ import annotations

import sys
from typing import Any

import click

from cfglint.cli.check import tell_failures
from cfglint.cli.options import read_input, with_input, with_selection
from cfglint.cli.output import emit
from cfglint.errors import UsageProblem
from cfglint.findings import LEVELS
from cfglint.knowledge.versions import parse_targets
from cfglint.rendered import settled
from cfglint.upgrade import Upgrade, upgrade


@click.command("upgrade-check")
@with_input
@with_selection
@click.option("--from", "before", metavar="PRODUCT=VERSION", multiple=True, help="The server as it is.")
@click.option("--to", "after", metavar="PRODUCT=VERSION", multiple=True, help="The server as it is going to be.")
@click.option("-f", "--format", "form", type=click.Choice(("text", "json")), default="text", help="[text]")
@click.option("-o", "--output", metavar="FILE", help="Write to a file instead of standard output.")
def command(before: tuple[str, ...], after: tuple[str, ...], form: str, output: str | None, **where: Any) -> None:
    """List whose answer another version changes, and why.

    Requests are simulated in both versions: of every account and trunk, and of strangers; besides, the findings are
    listed that appear. Exit codes: 0 nothing changes; 1 an answer changes, or a warning or error appears; 2 the work
    could not be done.
    """
    if where["targets"] or where["target_files"]:
        raise UsageProblem("upgrade-check compares two versions: name them with --from and --to, not with --target")
    given = read_input(**where)
    request, files = settled(given.request, given.files)
    found = upgrade(request, files, parse_targets(before, "--from"), parse_targets(after, "--to"))
    from cfglint.render.upgrade import as_json, as_text

    emit((as_json if form == "json" else as_text)(found), output, files.sources)
    tell_failures(found.failures)
    sys.exit(_exit_code(found))


def _exit_code(found: Upgrade) -> int:
    if found.failures:
        return 2
    return int(bool(found.changes) or any(finding.level != LEVELS[0] for finding in found.appearing))
