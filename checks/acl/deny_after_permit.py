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

Fix: move the deny above the permits, where both stand in the same section. Where one of them comes from a template, the
permits are written once more below the deny: in the template itself if it concerns all accounts that use it, else in
the accounts alone. Unsafe: it lets in whom the permits name.
"""

from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, delete, insert
from cfglint.findings import Defect, Note
from cfglint.model.acl import AccessList
from cfglint.model.addresses import Rule, cancelled, read_rules
from cfglint.model.asterisk import Tree
from cfglint.model.editing import add_below, remove_line
from cfglint.namedtuples import NamedTuple
from cfglint.resolve.asterisk import Option

from ._below import add_behind
from ._owners import is_inbound, shown

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
        fixed="[lock](!)\ndeny=0.0.0.0/0\n[1001]\ntype=friend\nhost=dynamic\n[1001](+,lock)\npermit=10.0.0.0/8\n",
    ),
    Example(
        bad="[lan](!)\npermit=10.0.0.0/8\n[lock](!)\ndeny=«0.0.0.0/0»\n"
        "[1001](lan,lock)\ntype=friend\nhost=dynamic\n[1002](lan,lock)\ntype=friend\nhost=dynamic\n",
        good="[lan](!)\npermit=10.0.0.0/8\n[lock](!)\ndeny=0.0.0.0/0\n[1001](lock,lan)\ntype=friend\nhost=dynamic\n",
        fixed="[lan](!)\npermit=10.0.0.0/8\n[lock](!)\ndeny=0.0.0.0/0\npermit=10.0.0.0/8\n"
        "[1001](lan,lock)\ntype=friend\nhost=dynamic\n[1002](lan,lock)\ntype=friend\nhost=dynamic\n",
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
    """A deny and the permits it cancels, in one or several lists."""

    tree: Tree
    deny: Rule
    permits: list[Rule]
    lists: list[AccessList]


def find(tree: Tree) -> Iterator[Defect]:
    found: dict[tuple[int, ...], Reversal] = {}
    for group in tree.alike:
        pairs = cancelled(group[0].rules)
        for acl in group if pairs else ():
            for deny, permits in _reversals(acl, pairs):
                key = id(deny.option), deny.start, *(id(permit.option) for permit in permits)
                found.setdefault(key, Reversal(tree, deny, permits, [])).lists.append(acl)
    for reversal in found.values():
        yield _defect(reversal)


def _reversals(acl: AccessList, pairs: list[tuple[int, int]]) -> Iterator[tuple[Rule, list[Rule]]]:
    by_deny: dict[int, list[Rule]] = {}
    for permit, deny in pairs:
        rule, home = acl.rules[permit], acl.rules[deny].option.home
        overridden = rule.option.home is not home and any(later.allow for later in acl.rules[deny + 1 :])
        if not overridden:
            by_deny.setdefault(deny, []).append(rule)
    for deny, permits in by_deny.items():
        yield acl.rules[deny], permits


def _defect(found: Reversal) -> Defect:
    tree, deny, permits, (acl, *_) = found
    home = deny.option.home
    together = all(permit.option.home is home for permit in permits)
    notes = [Note(permit.place, "this permit has no effect") for permit in permits[:3]]
    if not together:
        text = f"{acl.shown} has its permits from [{permits[0].option.home.name}], its deny from [{home.name}]"
        notes.append(Note(acl.section.name_place, text))
    owner = f"[{home.name}]" if together else shown(found.lists)
    users = [user for user in tree.users(acl) if user.purpose != "media"]
    # A section's own deny over what it inherits may close one account on purpose.
    sure = deny.everybody and is_inbound(tree, acl) and (together or home is not acl.section)
    return Defect(
        deny.place,
        f"{owner}: the deny '{deny.text}' stands below the permit '{permits[0].text}' and cancels it, as the last entry"
        " that applies decides",
        tuple(notes),
        found,
        level="error" if sure and users else "warning",
        category="answer" if users else "load",
        answers=tree.refusal(users[0]) if users else (),
    )


def fix(found: Reversal) -> Fix | None:
    tree, deny, permits, lists = found
    if all(permit.option.home is deny.option.home for permit in permits):
        return _moved(deny.option, permits[0].option)
    lines = list(dict.fromkeys(permit.option for permit in permits))
    settings = [(line.key, line.value) for line in lines]
    if len(lists) > 1 and len(tree.holders[id(deny.option)]) == len(lists):
        title = f"repeat the permit below the deny in [{deny.option.home.name}], for all who inherit it"
        return Fix(title, (add_below(deny.option, *settings),))
    return _below(found, settings, lines)


def _moved(deny: Option, first: Option) -> Fix | None:
    line = deny.line_place
    denies_only = not any(rule.allow for rule in read_rules(deny, allow=False)[0])
    if deny.source is not first.source or first.start >= deny.start or not denies_only or "--" in line.text:
        return None
    text = line.text if line.text.endswith("\n") else line.text + deny.source.newline
    return Fix("move the deny above the permits", (insert(deny.source, first.start, text), delete(line)))


def _below(found: Reversal, settings: list[tuple[str, str]], lines: list[Option]) -> Fix | None:
    """The permits below the deny, in the accounts concerned alone; an account's own permits are moved there."""
    edits = [add_behind(found.tree, acl, found.deny.option, *settings) for acl in found.lists]
    if None in edits:
        return None
    own = [line for line in lines if len(found.lists) == 1 and line.home is found.lists[0].section]
    verb = "move" if len(own) == len(lines) else "repeat"
    kept = tuple(edit for edit in edits if edit is not None)
    return Fix(f"{verb} the permit below the deny, for {shown(found.lists)} alone", (*kept, *map(remove_line, own)))


CHECK = Check(find, level="error", category="answer", fix=fix, request="REGISTER")
