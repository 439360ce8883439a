"""An address or a mask is abbreviated, or has leading zeros, and means another one.

Why it matters: main/netsock2.c:ast_sockaddr_parse leaves numbers to the C library, which fills short forms from the
right: `192.168/16` is 192.0.0.168/16 and `10/8` is 0.0.0.10/8; a mask of `255.255.255` is 255.255.0.255; and a leading
zero makes a part octal: 010.0.0.1 is 8.0.0.1. All of it is taken without a word, and the phones of the real network are
refused, or let in where they should not be.

What stays the same when written in full, such as `0/0`, `10.0/8` and `127.1`, is left alone.

Client sees: REGISTER -> 401 -> 403; INVITE -> 403; with alwaysauthreject=no: REGISTER -> 404; an endpoint of
chan_pjsip: REGISTER -> 401 -> 401; as type=acl: REGISTER -> 403

Log:
    Rejecting '...' due to a failure to pass ACL '...'
    Registration from '...' failed for '...' - Device does not match ACL
    Request '...' from '...' failed for '...' (callid: ...) - Not match Endpoint ACL
    Incoming SIP message from ... did not pass ACL test

RFC: 3261 section 21.4.4: credentials will not help, says 403. That is so here; but chan_sip asks a REGISTER for them
first, and chan_pjsip asks again and again.

Verdict: spurious. The network that was meant is another one.

Does not help: typing the password again, another transport, NAT settings: the address that the packet came from
decides.

Fix: fill the missing parts with zeros and drop the leading ones. Unsafe: it changes who gets in.
"""

import re
from collections.abc import Iterator

from cfglint.check import Check, Example
from cfglint.edits import Fix, replace
from cfglint.findings import Defect
from cfglint.model.addresses import Rule, full_mask, is_abbreviated, parse_address
from cfglint.model.asterisk import Tree

from ._owners import Misread, inherited, misread, shown

EXAMPLES = [
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic\ndeny=0/0\npermit=10.0/8,«192.168/16»\n",
        good="[1001]\ntype=friend\nhost=dynamic\ndeny=0/0\npermit=192.168.0.0/16\npermit=127.1\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\ndeny=0/0\npermit=10.0/8,192.168.0.0/16\n",
    ),
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=«192.168.1.0/255.255.255»\n",
        good="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=192.168.1.0/255.255.255.0\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=192.168.1.0/255.255.255.0\n",
    ),
    Example(
        bad="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=«192.168.010.020»\npermit=«172.16»\n",
        good="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=192.168.001.001\npermit=0xc0a80101\n",
        fixed="[1001]\ntype=friend\nhost=dynamic\ndeny=0.0.0.0/0\npermit=192.168.10.20\npermit=172.16.0.0/16\n",
    ),
]


def find(tree: Tree) -> Iterator[Defect]:
    for found in misread(tree, _meant):
        rule, lists = found.rule, found.lists
        level, category = found.verdict(tree, "error")
        yield Defect(
            rule.place,
            f"'{rule.text}' is read as {rule.shown} in {shown(lists)}, not as {_full_text(rule)}",
            inherited(rule, lists),
            found,
            level=level,
            category=category,
        )


def _meant(rule: Rule) -> tuple[int, int] | None:
    literal, mask_text = _filled(rule.literal), _filled(rule.mask_text or "")
    short = literal.count(".") > rule.literal.count(".")
    if rule.family == 6 or (short and rule.mask_text is None and rule.literal.startswith("127")):
        return None
    address, mask = parse_address(literal), rule.mask
    if is_abbreviated(rule.mask_text or ""):
        parsed = parse_address(mask_text)
        mask = parsed[1] if not isinstance(parsed, str) else mask
    elif short and rule.mask_text is None:
        mask = full_mask(4) ^ full_mask(4) >> 8 * (rule.literal.count(".") + 1)
    if isinstance(address, str) or (address[1] & mask, mask) == (rule.network, rule.mask):
        return None
    return address[1] & mask, mask


def _filled(text: str) -> str:
    """An IPv4 number as people read it: decimal parts, the missing ones zero. Anything else comes back as it is."""
    parts = text.split(".")
    if len(parts) > 4 or not all(re.fullmatch("[0-9]{1,3}", part) for part in parts) or text in ("0", "00", "000"):
        return text
    return ".".join([*(str(int(part)) for part in parts), *["0"] * (4 - len(parts))])


def _full_text(rule: Rule) -> str:
    """The entry as it was meant."""
    literal = _filled(rule.literal)
    sign = "!" if rule.text.startswith("!") else ""
    if rule.mask_text is None:
        short = literal.count(".") > rule.literal.count(".")
        return f"{sign}{literal}/{8 * (rule.literal.count('.') + 1)}" if short else f"{sign}{literal}"
    return f"{sign}{literal}/{_filled(rule.mask_text) if '.' in rule.mask_text else rule.mask_text}"


def fix(found: Misread) -> Fix | None:
    rule, place = found.rule, found.rule.place
    full = _full_text(rule)
    return Fix(f"write {full}", (replace(place, full),)) if place.text == rule.text else None


CHECK = Check(find, level="error", category="answer", fix=fix, request="REGISTER")
