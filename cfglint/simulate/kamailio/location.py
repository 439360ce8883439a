"""Registered contacts: what registrar saves and looks up in usrloc's memory (modules/registrar/save.c, lookup.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.simulate.kamailio import tables
from cfglint.simulate.kamailio.message import SipUri
from cfglint.simulate.kamailio.state import Contact

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.run import Run

BY_CONTACT, BY_CONTACT_AND_CALL, BY_CALL = 0, 1, 3
"""Values of usrloc's matching_mode."""


def aor_of(run: Run, uri: SipUri) -> str:
    """The address of record that a URI stands for (registrar/common.c:extract_aor)."""
    aor = f"{uri.user}@{uri.host}" if run.setup.number("usrloc", "use_domain", 0) else uri.user
    prefix = run.setup.text("registrar", "realm_prefix", "")
    if prefix and "@" in aor:
        user, _, host = aor.partition("@")
        aor = f"{user}@{host.removeprefix(prefix)}"
    return aor if run.setup.number("registrar", "case_sensitive", 0) else aor.lower()


def contacts(run: Run, table: str, aor: str) -> list[Contact] | None:
    """The contacts that have not expired; None where a database holds them that nobody can read."""
    held = run.memory.contacts.get((table, aor))
    if held is None:
        stored = _stored(run, table, aor)
        if stored is None:
            return None
        held = tuple(stored)
    return [contact for contact in held if contact.expires > run.message.now]


def keep(run: Run, table: str, aor: str, held: list[Contact]) -> None:
    """Replace the contacts of an address of record."""
    run.memory.contacts[table, aor] = tuple(held)


def _stored(run: Run, table: str, aor: str) -> list[Contact] | None:
    """What the database held when the server started; nothing without one (usrloc's db_mode 0)."""
    if not run.setup.number("usrloc", "db_mode", 0):
        return []
    user, at, domain = aor.partition("@")
    where: dict[str, str | int] = {"username": user}
    if at:
        where["domain"] = domain
    try:
        rows = tables.select(run, run.setup.text("usrloc", "db_url", tables.DEFAULT_URL), table, where)
    except tables.Failed:
        return []
    if rows is None:
        return None
    never = float("inf")
    return [
        Contact(str(row.get("contact")), never, str(row.get("received") or ""), str(row.get("callid"))) for row in rows
    ]


def same(run: Run, one: Contact, other: Contact) -> bool:
    """Are two contacts the same to the location table?"""
    mode = run.setup.number("usrloc", "matching_mode", BY_CONTACT)
    if mode == BY_CALL:
        return one.call_id == other.call_id
    if mode == BY_CONTACT_AND_CALL:
        return (one.uri, one.call_id) == (other.uri, other.call_id)
    return one.uri == other.uri
