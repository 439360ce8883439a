"""uri_db: does the authenticated user have the right to a name? (modules/uri_db/checks.c)"""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.simulate.kamailio import tables
from cfglint.simulate.kamailio.message import SipUri, parse_uri
from cfglint.simulate.kamailio.values import Unknown, Value

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run

NO_CREDENTIALS, NO_USER, DATABASE_ERROR, NOT_IN_TABLE, OTHER_USER = -2, -4, -8, -9, -10


def _check(run: Run, uri: SipUri | None, user: str | None = None, realm: str | None = None) -> Value:
    if uri is None:
        return -1
    if not uri.user:
        run.say("the URI names no user")
        return NO_USER
    if user is None:
        if run.authorized is None:
            run.say("no credentials were checked before")
            return NO_CREDENTIALS
        user, realm = run.authorized.user.partition("@")[0], run.authorized.realm
    if run.setup.number("uri_db", "use_uri_table", 0):
        return _in_table(run, uri, user, realm or "")
    if uri.user.lower() == user.lower():
        return 1
    run.say(f"'{uri.user}' is not the digest user '{user}'")
    return OTHER_USER


def _in_table(run: Run, uri: SipUri, user: str, realm: str) -> Value:
    setup = run.setup
    where: dict[str, str | int] = {
        setup.text("uri_db", "user_column", "username"): user,
        setup.text("uri_db", "domain_column", "domain"): realm,
        setup.text("uri_db", "uriuser_column", "uri_user"): uri.user,
    }
    return tables.present(
        run,
        _url(run),
        setup.text("uri_db", "db_table", "uri"),
        where,
        question=f"may {user} use the name {uri.user}?",
        absent=NOT_IN_TABLE,
        failed=DATABASE_ERROR,
        note=f"table uri does not let {user} use the name {uri.user}",
    )


def _url(run: Run) -> str:
    return run.setup.text("uri_db", "db_url", tables.DEFAULT_URL)


def check_to(run: Run, arguments: Arguments) -> Value:
    """The user of To."""
    return _check(run, run.message.to_uri)


def check_from(run: Run, arguments: Arguments) -> Value:
    """The user of From."""
    return _check(run, run.message.from_uri)


def check_uri(run: Run, arguments: Arguments) -> Value:
    """The user of any URI, against the digest user or one that is given."""
    uri = arguments.text(0)
    if isinstance(uri, Unknown):
        return 1 if run.is_true(f"{uri.name} belongs to the digest user") else -1
    if len(arguments) < 2:
        return _check(run, parse_uri(uri))
    user, realm = arguments.text(1), arguments.text(2)
    if isinstance(user, Unknown) or isinstance(realm, Unknown):
        return 1 if run.is_true(f"{uri} belongs to {user}") else -1
    return _check(run, parse_uri(uri), user, realm)


def does_uri_exist(run: Run, arguments: Arguments) -> Value:
    """Is the user of the request-URI a subscriber?"""
    uri = None if isinstance(run.uri, Unknown) else parse_uri(run.uri)
    if uri is None:
        return 1 if run.is_true("the user that is called exists") else -1
    setup = run.setup
    by_uri = bool(setup.number("uri_db", "use_uri_table", 0))
    table = setup.text("uri_db", "db_table", "uri" if by_uri else "subscriber")
    column = (
        setup.text("uri_db", "uriuser_column", "uri_user")
        if by_uri
        else setup.text("uri_db", "user_column", "username")
    )
    where: dict[str, str | int] = {column: uri.user}
    if setup.number("uri_db", "use_domain", 1):
        where[setup.text("uri_db", "domain_column", "domain")] = uri.host
    return tables.present(run, _url(run), table, where, question=f"is {uri.user} in table {table}?")


FUNCTIONS = {
    "check_to": check_to,
    "check_from": check_from,
    "check_uri": check_uri,
    "does_uri_exist": does_uri_exist,
    "does_uri_user_exist": does_uri_exist,
}
