"""Lines of address lists, as the model reads them."""

from __future__ import annotations

from cfglint.files import Files
from cfglint.model.acl import NAMED_SENSES, read_list
from cfglint.model.addresses import Fault, Rule
from cfglint.resolve.asterisk.loading import load


def rules_of(lines: str) -> tuple[list[Rule], Fault | None]:
    """The rules of permit and deny lines, and the first entry that cannot be read."""
    config = load("acl.conf", Files({"acl.conf": f"[list]\n{lines}\n"}))
    found = read_list("named acl", "source", "list", config.sections[0], config.sections[0].options, NAMED_SENSES)
    assert found is not None
    return list(found.rules), found.faults[0] if found.faults else None
