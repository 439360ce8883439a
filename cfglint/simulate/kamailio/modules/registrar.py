"""registrar: REGISTER is saved, and calls are sent to where phones registered from (modules/registrar/save.c,
lookup.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.simulate.kamailio import location, variables
from cfglint.simulate.kamailio.message import SipUri, parse_uri
from cfglint.simulate.kamailio.state import Contact
from cfglint.simulate.kamailio.values import Unknown, Value
from cfglint.source import Place

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run

MEMORY_ONLY, NO_REPLY, REPLACE = 1, 2, 4
"""Flags of save()."""
INSERTED, UPDATED, DELETED, LISTED = 1, 2, 3, 4
"""What save() gives back."""
ERROR, TOO_MANY = -1, -2
STRICT_PATH = 2
"""The value of path_mode with which a Path header asks for a phone that supports it."""


def save(run: Run, arguments: Arguments) -> Value:
    """Save the Contact of a REGISTER, and reply unless flag 2 is set (save.c:save)."""
    table, flags = arguments.raw(0, "location"), arguments.number(1)
    uri: SipUri | None = run.message.to_uri
    if len(arguments) > 2:
        uri = variables.uri_of(run, arguments.text(2))
    silent = isinstance(flags, int) and bool(flags & NO_REPLY)
    if uri is None:
        run.say("there is no address of record to save")
        return ERROR
    code = _saved(run, table, uri, bool(isinstance(flags, int) and flags & REPLACE), silent)
    if code > 0 and not silent and run.kind != "reply_route":
        run.reply(200, "OK", place=run.here)
    return code


def _fail(run: Run, status: int, why: str, silent: bool, place: Place | None = None) -> int:
    run.say(f"the registration is refused: {why}", place)
    if not silent:
        run.reply(status, why, place=place)
    return TOO_MANY if status == 503 else ERROR


def _saved(run: Run, table: str, uri: SipUri, replace: bool, silent: bool) -> int:
    message, setup = run.message, run.setup
    aor = location.aor_of(run, uri)
    held = location.contacts(run, table, aor)
    if held is None:
        run.assume(f"which contacts table {table} holds for {aor}")
        held = []
    asked = message.request.expires if message.request.expires is not None else 600
    if message.contact == "*":
        if asked:
            return _fail(run, 400, "Contact is * and Expires is not 0", silent)
        location.keep(run, table, aor, [])
        return DELETED
    if not message.contact:
        return LISTED
    if _path_is_refused(run):
        setting = setup.setting("registrar", "path_mode") or setup.setting("registrar", "use_path")
        return _fail(run, 420, "Bad Extension", silent, setting.place if setting else None)
    least, most = setup.number("registrar", "min_expires", 60), setup.number("registrar", "max_expires", 3600)
    if 0 < asked < least and setup.number("registrar", "min_expires_mode", 0):
        setting = setup.setting("registrar", "min_expires")
        return _fail(run, 423, "Interval Too Brief", silent, setting.place if setting else None)
    lifetime = asked and max(asked, least)
    if lifetime and most:
        lifetime = min(lifetime, most)
    new = Contact(message.contact, message.now + lifetime, _received(run), message.call_id)
    others = [contact for contact in held if not location.same(run, contact, new)]
    known = len(others) < len(held)
    limit = setup.number("registrar", "max_contacts", 0)
    if lifetime and not replace and limit and len(others) + 1 > limit:
        setting = setup.setting("registrar", "max_contacts")
        why = f"{aor} has {len(others)} other contacts already, and max_contacts is {limit}"
        return _fail(run, 503, why, silent, setting.place if setting else None)
    if not lifetime:
        location.keep(run, table, aor, others)
        run.say(f"the contact of {aor} is removed")
        return DELETED if known else INSERTED
    location.keep(run, table, aor, [new] if replace else [*others, new])
    run.say(f"{message.contact} is {'refreshed' if known else 'saved'} for {aor}")
    return UPDATED if known else INSERTED


def _path_is_refused(run: Run) -> bool:
    """Was a Path put in front of a phone that does not say it supports such? (path_mode 2, the default; recorded)"""
    setup = run.setup
    if (
        not setup.number("registrar", "use_path", 0)
        or setup.number("registrar", "path_mode", STRICT_PATH) != STRICT_PATH
    ):
        return False
    supported = [word.strip().lower() for value in run.message.all("supported") for word in value.split(",")]
    return bool(run.message.all("path")) and "path" not in supported


def _received(run: Run) -> str:
    """The address behind NAT that fix_nated_register() has put into the AVP of received_avp."""
    name = run.setup.text("registrar", "received_avp", "")
    value = variables.read_text(run, name) if name else None
    return value if isinstance(value, str) else ""


def _looked_up(run: Run, arguments: Arguments) -> tuple[str, str | None]:
    """Table and address of record that a call of lookup() means."""
    uri: SipUri | None
    if len(arguments) > 1:
        uri = variables.uri_of(run, arguments.text(1))
    else:
        uri = None if isinstance(run.uri, Unknown) else parse_uri(run.uri)
    return arguments.raw(0, "location"), location.aor_of(run, uri) if uri is not None else None


def lookup(run: Run, arguments: Arguments) -> Value:
    """Send the request to the contacts of its user (lookup.c:lookup)."""
    table, aor = _looked_up(run, arguments)
    held = location.contacts(run, table, aor) if aor is not None else None
    if held is None:
        if run.choose(f"is {aor or 'the user that is called'} registered?", "no", "yes"):
            run.uri = Unknown("the contact of a phone")
            run.destination_uri = ""
            return 1
        return -1
    if not held:
        run.say(f"{aor} has no contact in table {table}")
        return -1
    first, *others = held[::-1] if run.setup.number("usrloc", "desc_time_order", 0) else held
    run.uri, run.destination_uri = first.uri, first.received
    if run.setup.number("registrar", "append_branches", 1):
        run.branches += [(contact.uri, contact.received) for contact in others]
    run.say(f"{aor} is at {first.uri}" + (f" and {len(others)} others" if others else ""))
    return 1


def registered(run: Run, arguments: Arguments) -> Value:
    """Has an address of record any contact?"""
    table, aor = _looked_up(run, arguments)
    held = location.contacts(run, table, aor) if aor is not None else None
    if held is None:
        return 1 if run.choose(f"is {aor or 'the user that is called'} registered?", "no", "yes") else -1
    return 1 if held else -1


def unregister(run: Run, arguments: Arguments) -> Value:
    """Remove all contacts of an address of record."""
    table, aor = _looked_up(run, arguments)
    if aor is not None:
        location.keep(run, table, aor, [])
    return 1


FUNCTIONS = {
    "save": save,
    "lookup": lookup,
    "lookup_branches": lookup,
    "lookup_to_dset": registered,
    "registered": registered,
    "unregister": unregister,
    "add_sock_hdr": lambda run, arguments: 1,
    "reg_fetch_contacts": registered,
    "reg_free_contacts": lambda run, arguments: 1,
}
