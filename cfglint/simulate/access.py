"""Is an address let through? (main/acl.c:ast_apply_acl_internal, main/named_acl.c)"""

from __future__ import annotations

from cfglint.model.acl import AccessList, NamedAcls
from cfglint.model.addresses import Rule, evaluate
from cfglint.namedtuples import NamedTuple
from cfglint.source import Place


class Verdict(NamedTuple):
    """Whether an address passes, and by which line."""

    allowed: bool
    text: str
    place: Place | None = None


def admit(lists: list[AccessList], acls: NamedAcls, family: int, address: int, shown: str) -> Verdict:
    """Rules and each named ACL must let the address through; the last rule that applies to it decides."""
    verdict = Verdict(True, f"no address list refuses {shown}")
    for access in lists:
        allowed, rule = evaluate(access.rules, family, address)
        if not allowed:
            return _refused(access.shown, shown, rule)
        if rule is not None:
            verdict = Verdict(True, f"{access.shown} permits {shown}", rule.place)
        for reference in access.references:
            if not acls.available:
                continue  # without a table of named ACLs every reference lets everybody pass
            named = acls.lists.get(reference.name)
            if named is None:
                text = f"{access.shown} names acl '{reference.name}', which does not exist: nobody passes"
                return Verdict(False, text, reference.place)
            allowed, rule = evaluate(named.rules, family, address)
            if not allowed:
                return _refused(named.shown, shown, rule)
    return verdict


def _refused(owner: str, shown: str, rule: Rule | None) -> Verdict:
    return Verdict(False, f"{owner} denies {shown}", rule.place if rule is not None else None)
