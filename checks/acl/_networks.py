"""Where the phones probably are, for a list that names no network at all."""

from __future__ import annotations

from collections import Counter

from cfglint.model.addresses import Rule, format_address, prefix_length, read_rules
from cfglint.model.asterisk import Tree
from cfglint.namedtuples import NamedTuple
from cfglint.resolve.asterisk import Option

from ._owners import is_inbound

PRIVATE = (("10.0.0.0", 8), ("172.16.0.0", 12), ("192.168.0.0", 16))
"""The networks of homes and offices (RFC 1918), which no packet from outside comes from."""

MOST = 8
"""With more networks than so many, which of them is meant cannot be told."""


class Networks(NamedTuple):
    """IPv4 networks as address and prefix length, and how a title names them."""

    networks: tuple[tuple[str, int], ...]
    shown: str


def expected(tree: Tree) -> Networks:
    """The networks that the configuration calls local, else those that most other accounts permit, else the private
    ones."""
    local = _known([rule for option in _local(tree) for rule in read_rules(option, allow=True)[0]])
    if 0 < len(local) <= MOST:
        return Networks(local, "the local networks")
    lists = [acl for acl in tree.access_lists if acl.purpose != "media" and not acl.faults and is_inbound(tree, acl)]
    permitted = Counter(found for acl in lists if (found := _known(acl.rules)))
    common = permitted.most_common(1)
    if common and len(common[0][0]) <= MOST:
        return Networks(common[0][0], "the networks that others permit")
    return Networks(PRIVATE, "all private networks")


def _local(tree: Tree) -> list[Option]:
    found = tree.sip.general_options("localnet") if tree.sip is not None else []
    if tree.pjsip is not None:
        found += [o for item in tree.pjsip.declared["transport"] for o in item.all("local_net")]
    return found


def _known(rules: list[Rule] | tuple[Rule, ...]) -> tuple[tuple[str, int], ...]:
    """The IPv4 networks of permits, without those for everybody."""
    found = {
        (format_address(4, rule.network), length): None
        for rule in rules
        if rule.allow and rule.family == 4 and (length := prefix_length(4, rule.mask))
    }
    return tuple(found)
