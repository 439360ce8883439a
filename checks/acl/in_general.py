"""permit, deny or acl stands in [general] of sip.conf, where it has no effect.

Why it matters: chan_sip knows address lists of peers, and for [general] only those of Contact addresses
(channels/chan_sip.c:reload_config). `permit`, `deny` and `acl` in [general] are skipped: nobody is refused by them.

Log: Nothing.

Fix: put the lines into a template that all accounts use.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.findings import Defect
from cfglint.model.asterisk import Tree

_PHONE = "\n[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=10.0.0.0/8\n"
EXAMPLES = [
    Example(
        bad="[general]\n«deny=0.0.0.0/0»\n«permit=10.0.0.0/8»\n\n[1001]\ntype=friend\nhost=dynamic\n",
        good="[general]\ncontactdeny=10.9.9.9\n" + _PHONE,
    ),
]


def find(tree: Tree) -> Iterator[Defect]:
    for option in tree.sip.ignored_addresses if tree.sip is not None else ():
        yield Defect(option.place, f"'{option.key}' has no effect in [general]: it restricts nobody")


CHECK = Check(find, level="warning", category="security")
