"""group: members of groups, from a table (modules/group/group.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.simulate.kamailio import tables, variables
from cfglint.simulate.kamailio.message import SipUri, parse_uri
from cfglint.simulate.kamailio.values import Unknown, Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run

NO_USER, DATABASE_ERROR, NO_MEMBER = -1, -5, -6


def is_user_in(run: Run, arguments: Arguments) -> Value:
    """Is the user of a URI, or the authenticated user, in a group?"""
    what, group = arguments.raw(0), arguments.raw(1)
    user, domain = _whom(run, what)
    if user is None:
        return Unknown(f"the user of {what}")
    if not user:
        run.say(f"{what} names no user")
        return NO_USER
    setup = run.setup
    where: dict[str, str | int] = {
        setup.text("group", "user_column", "username"): user,
        setup.text("group", "group_column", "grp"): group,
    }
    if setup.number("group", "use_domain", 0):
        where[setup.text("group", "domain_column", "domain")] = domain
    return tables.present(
        run,
        setup.text("group", "db_url", tables.DEFAULT_URL),
        setup.text("group", "table", "grp"),
        where,
        question=f"is {user} in group {group}?",
        absent=NO_MEMBER,
        failed=DATABASE_ERROR,
        note=f"{user} is not in group {group}",
    )


def _whom(run: Run, what: str) -> tuple[str | None, str]:
    """User and domain; None where nobody can know them."""
    name = what.strip().lower()
    uri: SipUri | None
    if name == "credentials":
        found = run.authorized
        return (found.user.partition("@")[0], found.realm) if found is not None else ("", "")
    if name == "from":
        uri = run.message.from_uri
    elif name == "to":
        uri = run.message.to_uri
    else:
        written = run.uri if name == "request-uri" else variables.read_text(run, what)
        if isinstance(written, Unknown):
            return None, ""
        uri = parse_uri(str(written or ""))
    return (uri.user, uri.host) if uri is not None else ("", "")


FUNCTIONS = {"is_user_in": is_user_in, "is_in_group": is_user_in}
