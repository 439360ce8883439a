"""Tables of real servers through ``--db``: what checks and traces make of rows, and of what is wrong with a table."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from cfglint.data import sql
from tests.cli.support import run
from tests.data import servers

pytest.importorskip("sqlalchemy", reason="only where pip install '.[db]' has brought SQLAlchemy")

SCRIPT = """#!KAMAILIO
loadmodule "db_%(driver)s.so"
loadmodule "tm.so"
loadmodule "sl.so"
loadmodule "textops.so"
loadmodule "usrloc.so"
loadmodule "registrar.so"
loadmodule "auth.so"
loadmodule "auth_db.so"
loadmodule "permissions.so"
modparam("auth_db|permissions", "db_url", "%(driver)s://kamailio@localhost/kamailio")
modparam("auth_db", "calculate_ha1", 1)
modparam("auth_db", "password_column", "password")
listen=udp:192.0.2.10:5060
request_route {
    if (is_method("REGISTER")) {
        if (!www_authenticate("$fd", "subscriber")) {
            www_challenge("$fd", "0");
            exit;
        }
        save("location");
        exit;
    }
    if (!allow_source_address("2")) {
        sl_send_reply("403", "Forbidden");
        exit;
    }
    sl_send_reply("200", "OK");
}
"""
TABLES = """
CREATE TABLE version (table_name VARCHAR(32) NOT NULL, table_version INTEGER NOT NULL);
INSERT INTO version VALUES ('subscriber', 7), ('address', 6), ('trusted', 6);
CREATE TABLE subscriber (id INTEGER PRIMARY KEY, username VARCHAR(64), domain VARCHAR(64), password VARCHAR(64));
INSERT INTO subscriber VALUES (1, 'alice', 'example.com', 'wonderland');
CREATE TABLE address (id INTEGER PRIMARY KEY, grp INTEGER, ip_addr VARCHAR(50), mask INTEGER, port SMALLINT,
  tag VARCHAR(64));
INSERT INTO address VALUES (1, 2, '198.51.100.0', 24, 0, NULL);
CREATE TABLE trusted (id INTEGER PRIMARY KEY, src_ip VARCHAR(50), proto VARCHAR(4), from_pattern VARCHAR(64),
  ruri_pattern VARCHAR(64), tag VARCHAR(64), priority INTEGER);
"""
REQUESTS = """
requests:
  - {id: right, method: REGISTER, from: alice@example.com, to: alice@example.com, auth_user: alice,
     password: wonderland, source: 203.0.113.7, destination: '192.0.2.10:5060'}
  - {id: wrong, method: REGISTER, from: alice@example.com, to: alice@example.com, auth_user: alice,
     password: guess, source: 203.0.113.7, destination: '192.0.2.10:5060'}
  - {id: unknown, method: REGISTER, from: bob@example.com, to: bob@example.com, auth_user: bob,
     password: builder, source: 203.0.113.7, destination: '192.0.2.10:5060'}
  - {id: listed, method: INVITE, from: 1@198.51.100.20, to: 2@192.0.2.10, source: 198.51.100.20,
     destination: '192.0.2.10:5060'}
  - {id: stranger, method: INVITE, from: 1@203.0.113.66, to: 2@192.0.2.10, source: 203.0.113.66,
     destination: '192.0.2.10:5060'}
"""
SERVERS = [
    pytest.param(
        (servers.postgresql, "postgres"),
        marks=pytest.mark.skipif(servers.PG_CTL is None, reason="there is no PostgreSQL here"),
        id="postgresql",
    ),
    pytest.param(
        (servers.mariadb, "mysql"),
        marks=pytest.mark.skipif(servers.MARIADBD is None, reason="there is no MariaDB here"),
        id="mariadb",
    ),
]


class Server:
    """A running server with the tables, and a configuration beside it."""

    def __init__(self, url: str, driver: str, folder: Path) -> None:
        self.url, self.folder = url, folder
        (folder / "kamailio.cfg").write_text(SCRIPT % {"driver": driver})
        (folder / "requests.yaml").write_text(REQUESTS)

    def change(self, *statements: str) -> None:
        """Run statements that may write."""
        import sqlalchemy

        dialect, _, rest = self.url.partition("://")
        engine = sqlalchemy.create_engine(f"{sql.DRIVERS[dialect][0]}://{rest}")
        with engine.begin() as connection:
            for statement in statements:
                connection.execute(sqlalchemy.text(statement))
        engine.dispose()

    def fill(self) -> None:
        """Make the tables anew."""
        names = ("version", "subscriber", "address", "trusted")
        made = [statement for statement in TABLES.split(";") if statement.strip()]
        self.change(*(f"DROP TABLE IF EXISTS {name}" for name in names), *made)

    def told(self, command: str, *arguments: str) -> dict[str, Any]:
        """What a command says; never the password."""
        sql.connect.cache_clear()  # as in a process of its own
        given = (self.folder, "--db", self.url, "--target", "kamailio=6.1", "--format", "json")
        done = run(command, *given, *arguments)
        assert servers.PASSWORD not in done.output + done.stderr
        assert self.url not in done.output + done.stderr
        told: dict[str, Any] = json.loads(done.stdout)
        return told

    def findings(self) -> list[tuple[str, str, str]]:
        """Checks, levels and messages about the database."""
        checks = ("kamailio-table", "kamailio-column-missing", "kamailio-database-unreadable")
        report = self.told("check", "--select", ",".join(checks))
        assert report["failures"] == []
        return [(f["check"], f["level"], f["message"]) for f in report["findings"]]

    def answers(self) -> dict[str, list[int]]:
        """What each request gets."""
        path = str(self.folder / "requests.yaml")
        return {r["id"]: r["statuses"] for r in self.told("trace", "--requests", path)["requests"]}


@pytest.fixture(scope="module", params=SERVERS)
def running(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    """URL and driver of a server."""
    start, driver = request.param
    with start() as url:
        yield url, driver


@pytest.fixture
def server(running: tuple[str, str], tmp_path: Path) -> Server:
    """A server with all its tables as they should be."""
    found = Server(*running, tmp_path)
    found.fill()
    return found


def test_rows_decide(server: Server) -> None:
    assert server.findings() == []
    assert server.answers() == {
        "right": [401, 200],
        "wrong": [401, 401],
        "unknown": [401, 401],
        "listed": [200],
        "stranger": [403],
    }


def test_names_in_capitals(server: Server) -> None:
    """PostgreSQL folds them, but not in the row with the version; MariaDB on Linux does not."""
    path = server.folder / "kamailio.cfg"
    path.write_text(path.read_text().replace('"subscriber"', '"Subscriber"'))
    (told,) = [check for check, _, _ in server.findings()]
    assert told == ("kamailio-table-version" if "postgres" in server.url else "kamailio-table-missing")


@pytest.mark.parametrize(
    ("statement", "check", "level", "words"),
    [
        ("DROP TABLE address", "kamailio-table-missing", "error", "table 'address'"),
        ("DROP TABLE subscriber", "kamailio-table-missing", "error", "table 'subscriber'"),
        (
            "UPDATE version SET table_version = 5 WHERE table_name = 'address'",
            "kamailio-table-version",
            "error",
            "tells 5",
        ),
        ("DELETE FROM version WHERE table_name = 'trusted'", "kamailio-table-version", "error", "tells none"),
        ("INSERT INTO version VALUES ('trusted', 6)", "kamailio-table-version", "error", "tells several"),
        ("ALTER TABLE subscriber DROP COLUMN password", "kamailio-column-missing", "error", "column 'password'"),
        ("ALTER TABLE address DROP COLUMN mask", "kamailio-column-missing", "error", "column 'mask'"),
    ],
)
def test_what_is_wrong_with_a_table_is_told(server: Server, statement: str, check: str, level: str, words: str) -> None:
    server.change(statement)
    ((found, loud, message),) = server.findings()
    assert (found, loud) == (check, level)
    assert words in message
    assert server.answers()["stranger"] == [403]
    told = server.told("trace", "--requests", str(server.folder / "requests.yaml"))["requests"]
    doubted = all(any("whether the server starts" in unknown for unknown in answer["unknowns"]) for answer in told)
    assert doubted == ("subscriber" not in statement), "the rows of users are looked up by the call alone"


def test_without_the_table_of_versions_nothing_starts(server: Server) -> None:
    server.change("DROP TABLE version")
    assert {check for check, _, _ in server.findings()} == {"kamailio-table-version"}


def test_nothing_can_be_written(server: Server) -> None:
    import sqlalchemy

    database = sql.SqlDatabase(server.url)
    with database._connected() as connection, pytest.raises(sqlalchemy.exc.SQLAlchemyError, match=r"(?i)read.only"):
        connection.execute(sqlalchemy.text("DELETE FROM subscriber"))


def test_a_wrong_password(server: Server) -> None:
    server.url = server.url.replace("s3cret", "wrong")
    ((check, level, message),) = server.findings()
    assert (check, level) == ("kamailio-database-unreadable", "warning")
    assert servers.USER in message
    told = server.told("trace", "--requests", str(server.folder / "requests.yaml"))["requests"]
    assert not any(answer["certain"] for answer in told)


def test_a_database_that_is_not_there(server: Server) -> None:
    server.url = server.url.replace("/postgres?", "/other?").replace("/kamailio?", "/other?")
    ((check, _, message),) = server.findings()
    assert check == "kamailio-database-unreadable"
    assert "other" in message


def test_a_server_that_is_down(server: Server) -> None:
    server.url += "-gone"
    ((check, level, _),) = server.findings()
    assert (check, level) == ("kamailio-database-unreadable", "warning")
    assert server.told("check")["failures"] == []
