"""An entry of an address list cannot be read.

Why it matters: entries are numeric addresses with an optional mask, separated by commas without blanks; there are no
names, no ranges, no ports, no `any` and no `all` (main/acl.c:append_ha_core). One bad entry costs the whole owner:
chan_sip deletes the peer, res_pjsip drops the endpoint. Worse in two places: an object of `type=acl` is dropped
although the log says "Blocking ALL SIP traffic", and everybody passes; and acl.conf is rejected as a whole, so that
every `acl=` lets everybody pass.

Client sees: REGISTER -> 401 -> 403; an endpoint of chan_pjsip: REGISTER -> 401 -> 401; with alwaysauthreject=no:
REGISTER -> 404

Log:
    Bad ACL entry in configuration line ... : .... Deleting peer
    Invalid IP address: ...
    Invalid netmask: ...
    Invalid CIDR netmask: ...
    Could not create an object of type '...' with id '...' from configuration file '...'
    There is an error in ACL configuration. Blocking ALL SIP traffic.

RFC: 3261 section 10.3: an address-of-record that does not exist is answered with 404 (step 5). chan_sip hides that
behind a challenge and a 403.

Verdict: spurious. The account stands in the file and does not exist.

Does not help: typing the password again, another transport: there is no account to compare them with.

Fix: take the blanks away, write 0.0.0.0/0 for `any` and `all`, 192.0.2.0/24 for `192.0.2.*`. A permit that cannot be
mended so is deleted where others remain. Unsafe: the list begins to work.
"""

import re
from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, delete, replace
from cfglint.findings import Defect
from cfglint.model.acl import AccessList
from cfglint.model.addresses import Fault, is_readable
from cfglint.model.asterisk import Tree
from cfglint.model.editing import remove_line

from ._owners import by_entry, inherited, shown

EXAMPLES = [
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=10.0.0.0/8,« 192.168.1.0 / 24»\n",
        good="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=\npermit=10.0.0.0/8,!10.1.0.0/255.255.0.0\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=10.0.0.0/8,192.168.1.0/24\n",
    ),
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=«192.168.1.*»\npermit=«10.*.*.*»\n",
        good="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=192.168.1.0/24\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=192.168.1.0/24\npermit=10.0.0.0/8\n",
    ),
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=10.0.0.0/8\npermit=«office-lan»\n",
        good="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=10.0.0.0/8\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=10.0.0.0/8\n",
    ),
    Example(
        bad={"pjsip.conf": "[lan]\ntype=acl\ndeny=«all»\npermit=«10.0.0.0/33»\n"},
        good={"pjsip.conf": "[lan]\ntype=acl\ndeny=0.0.0.0/0\npermit=10.0.0.0/8\n"},
    ),
    Example(
        bad={
            "pjsip.conf": "[1001](!)\ntype=endpoint\npermit=office\n\n[1002]\ntype=endpoint\nacl=lan\n",
            "acl.conf": "[lan]\ndeny=0.0.0.0/0\npermit=«office.example.com»\n",
        },
        good={
            "pjsip.conf": "[1002]\ntype=endpoint\nacl=lan\n",
            "acl.conf": "[lan]\ndeny=0.0.0.0/0\npermit=192.0.2.7\n",
        },
    ),
]

_EVERYBODY = {"any": "0.0.0.0/0", "all": "0.0.0.0/0"}


def find(tree: Tree) -> Iterator[Defect]:
    for fault, lists in by_entry((fault, acl) for acl in tree.access_lists for fault in acl.faults):
        consequence, category = _consequence(tree, lists)
        yield Defect(
            fault.place,
            f"'{_text(fault)}' {fault.reason}: {consequence}",
            inherited(fault, lists),
            (fault, lists[0]),
            category=category,
            answers=tree.loss(lists[0]),
        )


def _text(fault: Fault) -> str:
    return fault.option.value[fault.start : fault.end]


def _consequence(tree: Tree, lists: list[AccessList]) -> tuple[str, str]:
    kind = lists[0].kind
    if kind == "named acl":
        return "acl.conf is rejected as a whole, and every acl= lets everybody pass", "security"
    if kind == "acl object":
        return f"{shown(lists)} is dropped and everybody passes, though the log says that all is blocked", "security"
    if kind == "section":
        return "chan_sip does not start", "load"
    return f"{shown(lists)} is dropped", "load"


def fix(subject: tuple[Fault, AccessList]) -> Fix | None:
    fault, acl = subject
    text, place = _text(fault), fault.place
    if place.text != text:
        return None
    better = _EVERYBODY.get(text.strip().lower()) or _network(text.strip()) or "".join(text.split())
    if better != text and is_readable(better):
        return Fix(f"write {better}", (replace(place, better),))
    return _deletion(fault) if any(rule.allow for rule in acl.rules) else None


def _network(text: str) -> str | None:
    """The network that an address with asterisks at its end stands for."""
    found = re.fullmatch(r"((?:\d+\.){1,3})\*(?:\.\*)*", text)
    if found is None or text.count(".") > 3:
        return None
    known = found[1].count(".")
    return f"{found[1]}{'.'.join(['0'] * (4 - known))}/{8 * known}"


def _deletion(fault: Fault) -> Fix | None:
    """Without the entry fewer are let in than were meant to be, never more."""
    option, value = fault.option, fault.option.value
    if not option.name.endswith("permit") or _text(fault).lstrip().startswith("!"):
        return None
    title = "delete the permit that cannot be read"
    if "," not in value:
        return Fix(title, (remove_line(option),))
    start, end = (fault.start - 1, fault.end) if fault.start else (fault.start, fault.end + 1)
    return Fix(title, (delete(option.part_place(start, end)),))


CHECK = Check(find, level="error", category="load", fix=fix)
