"""alias_db: other names of users, from a table (modules/alias_db/alookup.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.simulate.kamailio import tables
from cfglint.simulate.kamailio.message import parse_uri
from cfglint.simulate.kamailio.values import Unknown, Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run


def lookup(run: Run, arguments: Arguments) -> Value:
    """Put the user behind an alias into the request-URI."""
    table = arguments.raw(0, "dbaliases")
    uri = None if isinstance(run.uri, Unknown) else parse_uri(run.uri)
    if uri is None or not uri.user:
        return -1
    setup = run.setup
    where: dict[str, str | int] = {setup.text("alias_db", "alias_user_column", "alias_username"): uri.user}
    if setup.number("alias_db", "use_domain", 0):
        host = uri.host.removeprefix(setup.text("alias_db", "domain_prefix", ""))
        where[setup.text("alias_db", "alias_domain_column", "alias_domain")] = host
    try:
        rows = tables.select(run, setup.text("alias_db", "db_url", tables.DEFAULT_URL), table, where)
    except tables.Failed as reason:
        run.say(str(reason))
        return -1
    if rows is None:
        if run.choose(f"is {uri.user} an alias in table {table}?", "no", "yes"):
            run.uri = Unknown(f"the user behind {uri.user}")
            return 1
        return -1
    if not rows:
        return -1
    users = [f"sip:{row.get('username')}@{row.get('domain')}" for row in rows]
    run.uri, run.destination_uri = users[0], ""
    if setup.number("alias_db", "append_branches", 0):
        run.branches += [(user, "") for user in users[1:]]
    run.say(f"{uri.user} is an alias of {users[0]}")
    return 1


FUNCTIONS = {"alias_db_lookup": lookup}
