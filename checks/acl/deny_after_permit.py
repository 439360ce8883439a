"""A deny below a permit cancels the permit.

Why it matters: main/acl.c:ast_apply_ha goes through the whole list, and the last entry that applies decides, not the
first and not the most exact one. With `permit=10.1.0.0/16` above `deny=0.0.0.0/0` nobody gets in. Lines of a template
count before the section's own ones.

A deny that narrows is no mistake: of the permit something must be left, or a permit must follow it.

Client sees: REGISTER -> 401 -> 403; INVITE -> 403; with alwaysauthreject=no: REGISTER -> 404; an endpoint of
chan_pjsip: REGISTER -> 401 -> 401; as type=acl: REGISTER -> 403

Log:
    Rejecting '...' due to a failure to pass ACL '...'
    Registration from '...' failed for '...' - Device does not match ACL
    Request '...' from '...' failed for '...' (callid: ...) - Not match Endpoint ACL
    Incoming SIP message from ... did not pass ACL test

RFC: 3261 section 21.4.4: credentials will not help, says 403. That is so here; but chan_sip asks a REGISTER for them
first, and chan_pjsip asks again and again.

Verdict: spurious. The permit says who should get in.

Does not help: typing the password again, another transport, NAT settings: the address that the packet came from
decides.

Fix: move the deny above the permits, where both stand in the same section. Unsafe: it lets in whom the permits name.
Where the deny comes from a template the order of the sections has to change, which is yours to decide.
"""

from collections.abc import Iterator
from typing import NamedTuple

from cfglint.check import Check, Example
from cfglint.edits import Fix, delete, insert
from cfglint.findings import Defect, Note
from cfglint.model.acl import AccessList
from cfglint.model.addresses import Rule, cancelled, read_rules
from cfglint.model.asterisk import Tree

from ._owners import is_inbound

EXAMPLES = [
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic\npermit=10.1.0.0/16\npermit = 10.9.9.9\ndeny = «0.0.0.0/0» ; all\n",
        good="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=10.1.0.0/16\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\ndeny = 0.0.0.0/0 ; all\npermit=10.1.0.0/16\npermit = 10.9.9.9\n",
    ),
    Example(
        bad="[lock](!)\ndeny=«0.0.0.0/0»\n[1001]\ntype=friend\nhost=dynamic\npermit=10.0.0.0/8\n[1001](+,lock)\n",
        good=(
            "[lan](!)\npermit=10.0.0.0/8\n"
            "[1001](lan)\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=192.168.1.0/24\n"
        ),
    ),
    Example(
        bad={
            "pjsip.conf": "[1001]\ntype=endpoint\nauth=1001\nacl=lan\n",
            "acl.conf": "[lan]\npermit=10.1.2.3\ndeny=«10.1.0.0/16»\n",
        },
        good={
            "pjsip.conf": "[1001]\ntype=endpoint\nauth=1001\nacl=lan\n",
            "acl.conf": "[lan]\npermit=10.0.0.0/8\ndeny=10.1.0.0/16\npermit=10.1.2.3\n",
        },
        fixed={
            "pjsip.conf": "[1001]\ntype=endpoint\nauth=1001\nacl=lan\n",
            "acl.conf": "[lan]\ndeny=10.1.0.0/16\npermit=10.1.2.3\n",
        },
    ),
]


class Reversal(NamedTuple):
    """A deny and the permits it cancels."""

    deny: Rule
    permits: list[Rule]
    acl: AccessList


def find(tree: Tree) -> Iterator[Defect]:
    seen = set()
    for group in tree.alike:
        pairs = cancelled(group[0].rules)
        for acl in group if pairs else ():
            for found in _reversals(acl, pairs):
                key = id(found.deny.option), found.deny.start, *(id(permit.option) for permit in found.permits)
                if key not in seen:
                    seen.add(key)
                    yield _defect(tree, found)


def _reversals(acl: AccessList, pairs: list[tuple[int, int]]) -> Iterator[Reversal]:
    by_deny: dict[int, list[Rule]] = {}
    for permit, deny in pairs:
        rule, home = acl.rules[permit], acl.rules[deny].option.home
        overridden = rule.option.home is not home and any(later.allow for later in acl.rules[deny + 1 :])
        if not overridden:
            by_deny.setdefault(deny, []).append(rule)
    for deny, permits in by_deny.items():
        yield Reversal(acl.rules[deny], permits, acl)


def _defect(tree: Tree, found: Reversal) -> Defect:
    deny, permits, acl = found
    home = deny.option.home
    together = all(permit.option.home is home for permit in permits)
    notes = [Note(permit.place, "this permit has no effect") for permit in permits[:3]]
    if not together:
        text = f"{acl.shown} has its permits from [{permits[0].option.home.name}], its deny from [{home.name}]"
        notes.append(Note(acl.section.name_place, text))
    owner = f"[{home.name}]" if together else acl.shown
    users = [user for user in tree.users(acl) if user.purpose != "media"]
    # A section's own deny over what it inherits may close one account on purpose.
    sure = deny.everybody and is_inbound(tree, acl) and (together or home is not acl.section)
    return Defect(
        deny.place,
        f"{owner}: the deny '{deny.text}' stands below the permit '{permits[0].text}' and cancels it, as the last entry"
        " that applies decides",
        tuple(notes),
        found if together else None,
        level="error" if sure and users else "warning",
        category="answer" if users else "load",
        answers=tree.refusal(users[0]) if users else (),
    )


def fix(found: Reversal) -> Fix | None:
    deny, first = found.deny.option, found.permits[0].option
    line = deny.line_place
    denies_only = not any(rule.allow for rule in read_rules(deny, allow=False)[0])
    if deny.source is not first.source or first.start >= deny.start or not denies_only or "--" in line.text:
        return None
    text = line.text if line.text.endswith("\n") else line.text + deny.source.newline
    return Fix("move the deny above the permits", (insert(deny.source, first.start, text), delete(line)))


CHECK = Check(find, level="error", category="answer", fix=fix, request="REGISTER")
