"""auth_db: credentials against a table (modules/auth_db/authorize.c)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cfglint.data.database import Row
from cfglint.simulate.client import Credentials
from cfglint.simulate.kamailio import digest, tables, variables
from cfglint.simulate.kamailio.values import Unknown, Value
from cfglint.simulate.request import WRONG

if TYPE_CHECKING:
    from cfglint.simulate.kamailio.arguments import Arguments
    from cfglint.simulate.kamailio.run import Run

MODULE = "auth_db"
CHECK_IDENTITY, SKIP_FROM = 1, 2
SKIP_CREDENTIALS = 2


def _told(run: Run, code: int) -> int:
    run.say(digest.IN_WORDS[code])
    return code


def _authenticate(run: Run, arguments: Arguments, method: str | Unknown, *, proxy: bool) -> Value:
    realm, table = arguments.single(0), arguments.single(1)
    if isinstance(realm, Unknown) or isinstance(table, Unknown):
        return Unknown("the realm or table that is asked for")
    if not realm or not table:
        run.say("the realm or the table is empty")
        return digest.ERROR
    realm = digest.stripped(run, realm)
    found = digest.credentials_for(run, realm, proxy=proxy)
    if isinstance(found, int):
        return found
    code = _verify(run, found, realm, table)
    return _told(
        run, digest.WRONG_PASSWORD if code == digest.OK and digest.of_other_method(run, found, method) else code
    )


def _verify(run: Run, credentials: Credentials, realm: str, table: str) -> int:
    setup = run.setup
    user, at, domain = credentials.user.partition("@")
    calculated = bool(setup.number(MODULE, "calculate_ha1", 0))
    where: dict[str, str | int] = {setup.text(MODULE, "user_column", "username"): user}
    if setup.number(MODULE, "use_domain", 0):
        where[setup.text(MODULE, "domain_column", "domain")] = domain if at else realm
    column = setup.text(MODULE, "password_column", "ha1")
    if at and not calculated:
        column = setup.text(MODULE, "password_column_2", "ha1b")
    try:
        rows = tables.select(run, setup.text(MODULE, "db_url", tables.DEFAULT_URL), table, where)
        if rows:
            tables.required(rows[0], column, *_loaded_columns(run))
    except tables.Failed as reason:
        run.say(f"the server cannot ask table {table}: {reason}")
        return digest.ERROR
    if rows is None:
        return _supposed(run, credentials, user, table)
    if not rows:
        run.say(f"table {table} has no {' and '.join(f'{name} {value!r}' for name, value in where.items())}")
        return digest.UNKNOWN_USER
    return _compared(run, credentials, realm, rows[0], column, calculated)


def _supposed(run: Run, credentials: Credentials, user: str, table: str) -> int:
    if credentials.password in (WRONG, ""):
        return digest.WRONG_PASSWORD
    subject = f"does table {table} hold {user} with the password that the client has?"
    taken = run.choose(subject, "yes", "no: the password is another", "no: there is no such user")
    return (digest.OK, digest.WRONG_PASSWORD, digest.UNKNOWN_USER)[taken]


def _compared(run: Run, credentials: Credentials, realm: str, row: Row, column: str, calculated: bool) -> int:
    stored = row[column]
    if stored is None:
        run.say(f"column {column} is NULL")
        return digest.ERROR
    plain = row.get("password")
    known = str(plain) if plain else (str(stored) if calculated else None)
    made = digest.hashed(digest.algorithm(run), f"{credentials.user}:{realm}:{stored}")
    ha1 = made if calculated else str(stored)
    code = digest.compare(run, credentials, ha1, known)
    if code == digest.OK:
        _load(run, row)
    return code


def _loaded(run: Run) -> list[tuple[str, str]]:
    """load_credentials: ``$avp(name)=column;column2``; a bare column goes into the AVP of its name."""
    found = []
    for part in run.setup.text(MODULE, "load_credentials", "").split(";"):
        target, equals, column = part.strip().rpartition("=")
        if column:
            found.append((target if equals else f"$avp({column})", column))
    return found


def _loaded_columns(run: Run) -> list[str]:
    return [column for _, column in _loaded(run)]


def _load(run: Run, row: Row) -> None:
    for target, column in _loaded(run):
        value = row.get(column)
        if value is not None:
            variables.assign(run, target, value if isinstance(value, int) else str(value))


def www_authenticate(run: Run, arguments: Arguments) -> Value:
    """By Authorization."""
    return _authenticate(run, arguments, arguments.text(2, run.message.method), proxy=False)


def proxy_authenticate(run: Run, arguments: Arguments) -> Value:
    """By Proxy-Authorization."""
    return _authenticate(run, arguments, run.message.method, proxy=True)


def auth_check(run: Run, arguments: Arguments) -> Value:
    """By Authorization for REGISTER, else by Proxy-Authorization; with flag 1 the digest user must be From or To."""
    if run.message.method in ("ACK", "CANCEL"):
        run.say(f"{run.message.method} counts as authenticated")
        return digest.OK
    proxy = run.message.method != "REGISTER"
    code = _authenticate(run, arguments, run.message.method, proxy=proxy)
    flags = arguments.number(2)
    found = run.message.proxy_authorization if proxy else run.message.authorization
    if code == digest.OK and found is not None and isinstance(flags, int) and flags & CHECK_IDENTITY:
        use_domain = bool(run.setup.number(MODULE, "use_domain", 0))
        return digest.identity(run, found, skip_from=bool(flags & SKIP_FROM), use_domain=use_domain)
    return code


def is_subscriber(run: Run, arguments: Arguments) -> Value:
    """Is the user of a URI in the table?"""
    uri, table = variables.uri_of(run, arguments.single(0)), arguments.single(1)
    flags = arguments.number(2)
    if not _loaded(run) and isinstance(flags, int) and not flags & SKIP_CREDENTIALS:
        run.say("is_subscriber() asks for no column, as load_credentials is empty, and the query fails")
        return -1
    if uri is None or isinstance(table, Unknown):
        return 1 if run.is_true(f"{arguments.raw(0)} is a subscriber") else -1
    where: dict[str, str | int] = {run.setup.text(MODULE, "user_column", "username"): uri.user}
    if isinstance(flags, int) and flags & 1:
        where[run.setup.text(MODULE, "domain_column", "domain")] = uri.host
    url = run.setup.text(MODULE, "db_url", tables.DEFAULT_URL)
    return tables.present(run, url, table, where, question=f"does table {table} hold {uri.user}?")


FUNCTIONS = {
    "www_authenticate": www_authenticate,
    "www_authorize": www_authenticate,
    "proxy_authenticate": proxy_authenticate,
    "proxy_authorize": proxy_authenticate,
    "auth_check": auth_check,
    "is_subscriber": is_subscriber,
}
