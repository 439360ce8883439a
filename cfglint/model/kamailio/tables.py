"""The tables that the modules of a Kamailio configuration read, and what they want of them.

Most modules ask for the version of their tables when they are initialised (src/lib/srdb1/db.c:db_check_table_version),
and do not start with another one than they know; ``kamailio -c`` stops before. The versions are the same from 5.4 to
6.1. What becomes of the server was tried with 5.6.3.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from cfglint.data.database import Database, NoColumn, NoData, NoTable, Row
from cfglint.knowledge.kamailio import holding
from cfglint.knowledge.kamailio_effects import ADDRESSES, TRUSTED
from cfglint.model.kamailio.script import constant
from cfglint.namedtuples import NamedTuple
from cfglint.source import Place
from cfglint.syntax.kamailio.items import Parameter
from cfglint.syntax.kamailio.nodes import String

if TYPE_CHECKING:
    from cfglint.model.kamailio import Kamailio, Loaded

AT_START, WHEN_CALLED, NEVER = "at start", "when called", "never"
"""When a module reads the rows of a table."""


class Table(NamedTuple):
    """A table that a module wants."""

    module: str
    name: str
    versions: tuple[int, ...]
    """The versions that the module takes; none: it does not ask."""
    read: str
    """`AT_START`: without it the server does not start; `WHEN_CALLED`: the functions of the module fail."""
    columns: tuple[str, ...]
    """Columns that are read; there may be more."""
    url: str
    place: Place
    """The line that names the table, else the one that names the database, else the one that loads the module."""


class Module:
    """The parameters of one module, with their defaults."""

    def __init__(self, kamailio: Kamailio, loaded: Loaded) -> None:
        self.kamailio = kamailio
        self.name = loaded.name
        self._loaded = loaded

    def value(self, parameter: str) -> int | str | None:
        """The value of a parameter; None where it has none, or nobody can tell."""
        setting = self.kamailio.parameters.last(self.name, parameter)
        if setting is not None:
            return setting.value
        facts = self._loaded.facts
        known = holding(facts.parameter(parameter), self.kamailio.exports.releases) if facts is not None else []
        return known[0].default if known else None

    def table(
        self, name: str, versions: tuple[int, ...], read: str, columns: tuple[str, ...] = (), place: Place | None = None
    ) -> Iterator[Table]:
        """The table that a parameter, or `place`, names; `columns` are the parameters that name columns."""
        text = self.value(name) if place is None else name
        url = self.value("db_url")
        if isinstance(text, str) and text and isinstance(url, str) and url:
            named = tuple(str(self.value(column)) for column in columns)
            yield Table(self.name, text, versions, read, named, url, place or self._place(name))

    def called(
        self, functions: tuple[str, ...], at: int, versions: tuple[int, ...], read: str, *columns: str
    ) -> Iterator[Table]:
        """The tables that calls name as their argument number `at`."""
        for located in self.kamailio.calls_of(*functions):
            arguments = located.call.arguments
            name = constant(arguments[at]) if len(arguments) > at else None
            if name is not None and "$" not in name:
                yield from self.table(name, versions, read, columns, arguments[at].place)

    def _place(self, parameter: str) -> Place:
        for name in (parameter, "db_url"):
            setting = self.kamailio.parameters.last(self.name, name)
            if setting is not None:
                return setting.node.value.place
        return self._loaded.node.place


def tables(kamailio: Kamailio) -> Iterator[Table]:
    """The tables that the configuration reads, each once for each module."""
    seen = set()
    for loaded in kamailio.loaded.values():
        wanted = WANTED.get(loaded.name)
        for table in wanted(Module(kamailio, loaded)) if wanted is not None else ():
            if (table.module, table.name) not in seen:
                seen.add((table.module, table.name))
                yield table


def _permissions(module: Module) -> Iterator[Table]:
    backends = module.value("load_backends")
    if not isinstance(backends, int):
        return
    if backends & ADDRESSES and not module.value("address_file"):
        yield from module.table(
            "address_table", (6,), AT_START, ("grp_col", "ip_addr_col", "mask_col", "port_col", "tag_col")
        )
    if backends & TRUSTED:
        columns = ("source_col", "proto_col", "from_col", "ruri_col", "tag_col", "priority_col")
        asked = WHEN_CALLED if module.kamailio.calls_of("allow_trusted") else NEVER
        yield from module.table("trusted_table", (6,), AT_START if module.value("db_mode") else asked, columns)


def _auth_db(module: Module) -> Iterator[Table]:
    """www_authenticate() and its like ask for the version, auth_check() does not (auth_db_mod.c:auth_fixup)."""
    versions = (7,) if module.value("version_table") else ()
    columns = ["user_column", "password_column"] + ["domain_column"] * bool(module.value("use_domain"))
    checking = ("www_authenticate", "www_authorize", "proxy_authenticate", "proxy_authorize")
    yield from module.called(checking, 1, versions, WHEN_CALLED, *columns)
    yield from module.called(("auth_check",), 1, (), WHEN_CALLED, *columns)
    yield from module.called(("is_subscriber",), 1, (), WHEN_CALLED, "user_column")


def _domain(module: Module) -> Iterator[Table]:
    yield from module.table("domain_table", (2,), AT_START, ("domain_col", "did_col"))
    yield from module.table("domain_attrs_table", (1,), AT_START, ("did_col", "name_col", "type_col", "value_col"))


def _group(module: Module) -> Iterator[Table]:
    columns = ("user_column", "group_column", *["domain_column"] * bool(module.value("use_domain")))
    asked = WHEN_CALLED if module.kamailio.calls_of("is_user_in") else NEVER
    yield from module.table("table", (2,), asked, columns)
    yield from module.table("re_table", (1,), AT_START, ("re_exp_column", "re_gid_column"))


def _uri_db(module: Module) -> Iterator[Table]:
    if not module.value("use_uri_table"):
        asked = WHEN_CALLED if module.kamailio.calls_of("does_uri_exist") else NEVER
        yield from module.table("db_table", (7,), asked, ("user_column",))
    elif module.value("db_table") != "subscriber":  # which kamailio-uri-table-missing tells
        functions = ("check_to", "check_from", "check_uri", "does_uri_exist")
        asked = WHEN_CALLED if module.kamailio.calls_of(*functions) else NEVER
        yield from module.table("db_table", (1,), asked, ("user_column", "domain_column", "uriuser_column"))


def _usrloc(module: Module) -> Iterator[Table]:
    """Its tables are those that the functions of registrar name."""
    if module.value("db_mode"):
        versions = (9,) if module.value("version_table") else ()
        functions = ("save", "lookup", "lookup_branches", "registered", "unregister", "reg_fetch_contacts")
        yield from module.called(functions, 0, versions, AT_START, "user_column", "contact_column")


def _secfilter(module: Module) -> Iterator[Table]:
    yield from module.table("table_name", (1,), AT_START, ("action_col", "type_col", "data_col"))


def _dispatcher(module: Module) -> Iterator[Table]:
    yield from module.table("table_name", (1, 2, 3, 4), AT_START, ("setid_col", "destination_col"))


def _alias_db(module: Module) -> Iterator[Table]:
    columns = ("alias_user_column", "user_column", "domain_column")
    yield from module.called(("alias_db_lookup",), 0, (), WHEN_CALLED, *columns)


def _htable(module: Module) -> Iterator[Table]:
    """The tables that definitions name: ``name=>size=8;dbtable=bans;``."""
    for setting in module.kamailio.parameters.all("htable", "htable"):
        options = dict(part.partition("=")[::2] for part in (setting.text or "").partition("=>")[2].split(";"))
        name = options.get("dbtable", "").strip()
        if name and "cols" not in options:
            yield from module.table(
                name, (), AT_START, ("key_name_column", "key_value_column"), setting.node.value.place
            )


def _userblocklist(module: Module) -> Iterator[Table]:
    yield from module.table("userblocklist_table", (1,), AT_START)
    yield from module.table("globalblocklist_table", (1,), AT_START)


def _dialog(module: Module) -> Iterator[Table]:
    if module.value("db_mode"):
        yield from module.table("table_name", (7,), AT_START)
        yield from module.table("vars_table_name", (1,), AT_START)


WANTED: dict[str, Callable[[Module], Iterator[Table]]] = {
    "permissions": _permissions,
    "auth_db": _auth_db,
    "domain": _domain,
    "group": _group,
    "uri_db": _uri_db,
    "usrloc": _usrloc,
    "secfilter": _secfilter,
    "dispatcher": _dispatcher,
    "alias_db": _alias_db,
    "htable": _htable,
    "userblocklist": _userblocklist,
    "dialog": _dialog,
}
"""By module: the tables that it wants."""


# ------------------------------------------------------------------------------------------------------- what is there

UNREADABLE, NO_TABLE, NO_COLUMN, OTHER_VERSION = "unreadable", "no table", "no column", "other version"
"""What can be wrong with a table."""


class Fault(NamedTuple):
    """Something that is wrong with a table."""

    kind: str
    table: Table
    database: str
    """How to call the database."""
    detail: str
    """Why it cannot be read; the column that is missing; the version that it has."""


def faults(kamailio: Kamailio) -> Iterator[Fault]:
    """What is wrong with the tables, as far as databases are at hand; nothing where the user named one database and the
    modules name several: nobody knows which tables it is to hold."""
    wanted = list(tables(kamailio))
    servers = {table.url for table in wanted if not _is_text(table)}
    unreadable = set()
    for table in wanted:
        if kamailio.data is None or (kamailio.data.is_named and len(servers) > 1 and not _is_text(table)):
            continue
        try:
            database = kamailio.data.database(table.url)
            if database is not None:
                yield from _faults_of(table, database, version_table(kamailio))
        except NoData as error:
            if str(error) not in unreadable:
                unreadable.add(str(error))
                yield Fault(UNREADABLE, table, "", str(error))


def version_table(kamailio: Kamailio) -> str:
    """The table with the versions of tables (``version_table`` of the core)."""
    for item in kamailio.file.items:
        if isinstance(item, Parameter) and item.name == "version_table" and isinstance(item.value, String):
            return item.value.value
    return "version"


def _is_text(table: Table) -> bool:
    return table.url.startswith(("text:", "dbtext:"))


def _faults_of(table: Table, database: Database, versions: str) -> Iterator[Fault]:
    """Raises `NoData` where the database cannot be read."""
    if _is_text(table) and not _has(database, versions):
        return  # its directory may be no part of the checkout
    if not _has(database, table.name):
        if table.read != NEVER:
            yield Fault(NO_TABLE, table, database.name, "")
        return
    if table.versions:
        found = _version(table, database, versions)
        if found not in map(str, table.versions):
            yield Fault(OTHER_VERSION, table, database.name, found)
            return
    if table.read != NEVER:
        there = {name.lower() for name in database.columns(table.name)}
        for column in table.columns:
            if column.lower() not in there:
                yield Fault(NO_COLUMN, table, database.name, column)


class Rows(NamedTuple):
    """The rows of a table, and the line that says where they are."""

    rows: list[Row]
    place: Place


def rows(kamailio: Kamailio, module: str, parameter: str) -> Rows | None:
    """The rows of the table that a parameter of a module names; None where they cannot be read."""
    loaded = kamailio.loaded.get(module)
    if loaded is None or kamailio.data is None:
        return None
    for table in Module(kamailio, loaded).table(parameter, (), AT_START):
        try:
            database = kamailio.data.database(table.url)
            return Rows(database.rows(table.name), table.place) if database is not None else None
        except NoData:
            return None
    return None


def _has(database: Database, table: str) -> bool:
    try:
        return bool(database.columns(table))
    except NoTable:
        return False


def _version(table: Table, database: Database, versions: str) -> str:
    """The version of a table in words; the server takes a missing row for 0 (src/lib/srdb1/db.c:db_table_version)."""
    try:
        rows = database.rows(versions, {"table_name": table.name}, 2)
    except (NoTable, NoColumn):
        return "none"
    return "several" if len(rows) > 1 else str(rows[0].get("table_version")) if rows else "0"
