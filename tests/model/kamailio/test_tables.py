"""Which tables modules want, and when: what Kamailio 5.6.3 did with databases that lacked them."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from cfglint.files import Files
from cfglint.knowledge.versions import Targets
from cfglint.model.kamailio import KamailioTree
from cfglint.model.kamailio.tables import NO_COLUMN, NO_TABLE, OTHER_VERSION, UNREADABLE, Fault, faults

COLUMNS = {
    "subscriber": "username, domain, password, ha1, ha1b",
    "address": "grp, ip_addr, mask, port, tag",
    "trusted": "src_ip, proto, from_pattern, ruri_pattern, tag, priority",
    "domain": "domain, did",
    "domain_attrs": "did, name, type, value",
    "grp": "username, domain, grp",
    "re_grp": "reg_exp, group_id",
    "location": "username, domain, contact",
    "secfilter": "action, type, data",
    "dispatcher": "setid, destination, flags, priority, attrs",
    "htable": "key_name, key_type, value_type, key_value, expires",
    "dbaliases": "alias_username, alias_domain, username, domain",
    "dialog": "hash_entry",
    "dialog_vars": "hash_entry",
    "uri": "username, domain, uri_user",
}
VERSIONS = {
    "subscriber": 7, "address": 6, "trusted": 6, "domain": 2, "domain_attrs": 1, "grp": 2, "re_grp": 1, "location": 9,
    "secfilter": 1, "dispatcher": 4, "dialog": 7, "dialog_vars": 1, "uri": 1,
}  # fmt: skip

PERMISSIONS = 'modparam("permissions", "db_url", "sqlite:///k.db")\n'
TRUSTED = (["permissions"], PERMISSIONS, "allow_trusted();")
CACHED = (["permissions"], PERMISSIONS + 'modparam("permissions", "db_mode", 1)\n', "exit;")
ADDRESSES = (["permissions"], PERMISSIONS, 'allow_source_address("1");')
FILE = (["permissions"], PERMISSIONS + 'modparam("permissions", "address_file", "/etc/hosts")\n', "exit;")
BACKEND = (["permissions"], PERMISSIONS + 'modparam("permissions", "load_backends", 2)\n', "exit;")
AUTH = 'modparam("auth_db", "db_url", "sqlite:///k.db")\n'
CHECK = (["auth", "auth_db"], AUTH, 'auth_check("$fd", "subscriber", "1");')
WWW = (["auth", "auth_db"], AUTH, 'www_authenticate("$fd", "subscriber");')
UNASKED = (
    ["auth", "auth_db"],
    AUTH + 'modparam("auth_db", "version_table", 0)\n',
    'www_authenticate("$fd", "subscriber");',
)
DOMAIN = (["domain"], 'modparam("domain", "db_url", "sqlite:///k.db")\n', "exit;")
GROUP = (["group"], 'modparam("group", "db_url", "sqlite:///k.db")\n', 'is_user_in("From", "x");')
PATTERNS = (["group"], GROUP[1] + 'modparam("group", "re_table", "re_grp")\n', "exit;")
URI = (["uri_db"], 'modparam("uri_db", "db_url", "sqlite:///k.db")\n', "does_uri_exist();")
USRLOC = 'modparam("usrloc", "db_url", "sqlite:///k.db")\n'
SAVE = (["usrloc", "registrar"], USRLOC + 'modparam("usrloc", "db_mode", 1)\n', 'save("location");')
UNUSED = (["usrloc", "registrar"], USRLOC + 'modparam("usrloc", "db_mode", 1)\n', "exit;")
MEMORY = (["usrloc", "registrar"], USRLOC, 'save("location");')
SECFILTER = (["secfilter"], 'modparam("secfilter", "db_url", "sqlite:///k.db")\n', "exit;")
DISPATCHER = (["dispatcher"], 'modparam("dispatcher", "db_url", "sqlite:///k.db")\n', "exit;")
HTABLE = (
    ["htable"],
    'modparam("htable", "db_url", "sqlite:///k.db")\nmodparam("htable", "htable", "a=>size=4;dbtable=htable;")\n',
    "exit;",
)
ALIAS = (["alias_db"], 'modparam("alias_db", "db_url", "sqlite:///k.db")\n', 'alias_db_lookup("dbaliases");')
DIALOG = (["dialog"], 'modparam("dialog", "db_url", "sqlite:///k.db")\nmodparam("dialog", "db_mode", 1)\n', "exit;")
Script = tuple[list[str], str, str]


def found(
    folder: Path, script: Script, statements: Sequence[str] = (), database: str = "", core: str = ""
) -> list[Fault]:
    """What is wrong with a database of all tables after some statements."""
    modules, parameters, body = script
    path = folder / "k.db"
    with sqlite3.connect(path) as connection:
        for table, columns in COLUMNS.items():
            connection.execute(f"CREATE TABLE {table} ({columns})")
        connection.execute("CREATE TABLE version (table_name, table_version)")
        connection.executemany("INSERT INTO version VALUES (?, ?)", VERSIONS.items())
        for statement in statements:
            connection.execute(statement)
    connection.close()
    loaded = "".join(f'loadmodule "{name}.so"\n' for name in ["db_sqlite", "tm", "sl", *modules])
    config = folder / "kamailio.cfg"
    config.write_text(f"#!KAMAILIO\n{core}{loaded}{parameters}request_route {{\n{body}\n}}\n")
    tree = KamailioTree(str(config), Files(), Targets(None, (5, 6)), database=database or f"sqlite:///{path}")
    return list(faults(tree.kamailio))


def without_version(table: str) -> list[str]:
    return [f"DELETE FROM version WHERE table_name = '{table}'"]


def without(table: str) -> list[str]:
    return [f"DROP TABLE {table}"]


@pytest.mark.parametrize(
    "script",
    [
        TRUSTED, CACHED, ADDRESSES, FILE, BACKEND, CHECK, WWW, UNASKED, DOMAIN, GROUP, PATTERNS, URI, SAVE, UNUSED,
        MEMORY, SECFILTER, DISPATCHER, HTABLE, ALIAS, DIALOG,
    ],
)  # fmt: skip
def test_nothing_is_wrong_with_all_tables(tmp_path: Path, script: Script) -> None:
    assert found(tmp_path, script) == []


@pytest.mark.parametrize(
    ("script", "statements"),
    [
        (TRUSTED, without_version("trusted")),
        (CACHED, without("trusted")),
        (CACHED, ["ALTER TABLE trusted DROP COLUMN priority"]),
        (ADDRESSES, without("address")),
        (ADDRESSES, ["ALTER TABLE address DROP COLUMN tag"]),
        (WWW, without_version("subscriber")),
        (DOMAIN, without_version("domain")),
        (DOMAIN, without_version("domain_attrs")),
        (DOMAIN, without("domain")),
        (DOMAIN, ["ALTER TABLE domain DROP COLUMN did"]),
        (GROUP, without_version("grp")),
        (PATTERNS, without_version("re_grp")),
        (URI, without_version("subscriber")),
        (SAVE, without_version("location")),
        (SAVE, without("location")),
        (SECFILTER, without_version("secfilter")),
        (SECFILTER, without("secfilter")),
        (DISPATCHER, without_version("dispatcher")),
        (DISPATCHER, without("dispatcher")),
        (HTABLE, without("htable")),
        (DIALOG, without_version("dialog")),
        (ADDRESSES, without("version")),
    ],
)
def test_the_server_did_not_start(tmp_path: Path, script: Script, statements: list[str]) -> None:
    fault = found(tmp_path, script, statements)[0]
    assert fault.kind == OTHER_VERSION or (fault.kind in (NO_TABLE, NO_COLUMN) and fault.table.read == "at start")


@pytest.mark.parametrize(
    ("script", "statements"),
    [
        (FILE, without_version("address")),
        (BACKEND, without_version("address")),
        (CHECK, without_version("subscriber")),
        (UNASKED, without_version("subscriber")),
        (UNUSED, without_version("location")),
        (MEMORY, without("location")),
        (DISPATCHER, ["UPDATE version SET table_version = 3 WHERE table_name = 'dispatcher'"]),
        (HTABLE, without_version("htable")),
        (ALIAS, without_version("dbaliases")),
        (ADDRESSES, without("trusted")),
    ],
)
def test_the_server_started_and_nothing_was_missing(tmp_path: Path, script: Script, statements: list[str]) -> None:
    assert found(tmp_path, script, statements) == []


@pytest.mark.parametrize(
    ("script", "statements", "kind"),
    [
        (TRUSTED, without("trusted"), NO_TABLE),
        (TRUSTED, ["ALTER TABLE trusted DROP COLUMN priority"], NO_COLUMN),
        (CHECK, without("subscriber"), NO_TABLE),
        (WWW, without("subscriber"), NO_TABLE),
        (CHECK, ["ALTER TABLE subscriber DROP COLUMN ha1"], NO_COLUMN),
        (GROUP, without("grp"), NO_TABLE),
        (ALIAS, without("dbaliases"), NO_TABLE),
    ],
)
def test_the_server_started_and_queries_failed(
    tmp_path: Path, script: Script, statements: list[str], kind: str
) -> None:
    (fault,) = found(tmp_path, script, statements)
    assert (fault.kind, fault.table.read) == (kind, "when called")


def test_versions_may_be_in_another_table(tmp_path: Path) -> None:
    renamed = ["ALTER TABLE version RENAME TO versions"]
    assert found(tmp_path, ADDRESSES, renamed, core='version_table = "versions"\n') == []


def test_one_database_for_modules_that_name_several(tmp_path: Path) -> None:
    """Nobody knows which tables it is to hold."""
    two = ([*DOMAIN[0], "permissions"], DOMAIN[1] + PERMISSIONS.replace("k.db", "other.db"), "exit;")
    assert found(tmp_path, two, without("address")) == []


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    """It is told once."""
    (fault,) = found(tmp_path, DOMAIN, database=f"sqlite:///{tmp_path}/none.db")
    assert fault.kind == UNREADABLE
    assert "there is no such file" in fault.detail


def test_without_the_option_nothing_is_told(tmp_path: Path) -> None:
    path = tmp_path / "kamailio.cfg"
    path.write_text('loadmodule "domain.so"\n' + DOMAIN[1] + "request_route { exit; }\n")
    assert list(faults(KamailioTree(str(path), Files(), Targets(None, None)).kamailio)) == []
