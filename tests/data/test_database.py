"""What is shown of a database's URL, and what is asked of one."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from cfglint.data import sql
from cfglint.data.database import NoColumn, NoData, NoTable, Remembered, without_password
from cfglint.data.dbtext import TextDatabase
from cfglint.data.sql import SqliteDatabase
from cfglint.files import Files
from cfglint.scope import Scope

PASSWORD = "Ar9"


@pytest.mark.parametrize(
    "url",
    [
        f"mysql://kamailio:{PASSWORD}@localhost/kamailio",
        f"postgresql+psycopg2://kamailio:{PASSWORD}@[::1]:5432/kamailio?sslmode=require",
        f"mysql://kamailio:a@b/{PASSWORD}@localhost/kamailio",
        f"mysql://kamailio:a:{PASSWORD}@localhost/kamailio",
        f"mysql://:{PASSWORD}@localhost/kamailio",
        f"mysql://localhost/kamailio?user=u&password={PASSWORD}&x=y",
        f"postgresql://h/k?sslkey=a&sslpassword={PASSWORD}",
    ],
)
def test_no_password_of_a_url_is_shown(url: str) -> None:
    assert PASSWORD not in without_password(url)


@pytest.mark.parametrize(
    "url", ["sqlite:////etc/kamailio/kamailio.sqlite", "mysql://kamailio@localhost/kamailio", "mysql://localhost/k"]
)
def test_a_url_without_one_is_shown_as_it_is(url: str) -> None:
    assert without_password(url) == url


@pytest.mark.parametrize(
    "url",
    [f"mysql://u:{PASSWORD}@h:port/d", f"mysql://u:x@y:{PASSWORD}@h/d", f"postgresql:/{PASSWORD}", PASSWORD, ""],
)
def test_a_url_that_cannot_be_read_is_told_without_its_password(url: str) -> None:
    pytest.importorskip("sqlalchemy", reason="only where pip install '.[db]' has brought it")
    with pytest.raises(NoData) as caught:
        sql.SqlDatabase(url).rows("subscriber")
    if "@" in url:
        assert PASSWORD not in str(caught.value)


def test_a_server_that_cannot_be_reached_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pymysql", reason="only where pip install '.[db]' has brought it")
    database = sql.SqlDatabase(f"mysql://u:{PASSWORD}@127.0.0.1:1/d")
    with pytest.raises(NoData, match="Can't connect") as caught:
        database.rows("subscriber")
    assert PASSWORD not in str(caught.value)
    monkeypatch.setattr(database._engine, "connect", None)  # who asks it again fails in another way
    with pytest.raises(NoData, match="Can't connect"):
        database.columns("address")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A database with three users."""
    path = tmp_path / "k.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE subscriber (id INTEGER PRIMARY KEY, username TEXT, domain TEXT)")
        connection.executemany("INSERT INTO subscriber VALUES (?, ?, 'a.example')", [(1, "a"), (2, "b"), (3, "c")])
    connection.close()
    return path


def test_rows_and_columns(path: Path) -> None:
    database = SqliteDatabase(f"sqlite:///{path}")
    assert database.columns("subscriber") == ["id", "username", "domain"]
    assert [row["username"] for row in database.rows("subscriber", limit=2)] == ["a", "b"]
    assert database.rows("subscriber", {"username": "c"}) == [{"id": 3, "username": "c", "domain": "a.example"}]
    with pytest.raises(NoTable):
        database.columns("trusted")
    with pytest.raises(NoColumn):
        database.rows("subscriber", {"ha1": ""})


@pytest.mark.parametrize("table", ['x"; DROP TABLE subscriber; --', "public.subscriber", "", "a b"])
def test_a_name_that_is_none_is_not_asked_for(path: Path, table: str) -> None:
    with pytest.raises(NoData) as caught:
        SqliteDatabase(f"sqlite:///{path}").rows(table)
    assert not isinstance(caught.value, NoTable), "nobody knows whether there is such a table"


def test_what_was_asked_before_is_remembered(path: Path) -> None:
    database = Remembered(SqliteDatabase(f"sqlite:///{path}"))
    before = (database.rows("subscriber", {"username": "a"}), database.columns("subscriber"))
    with pytest.raises(NoTable, match="trusted"):
        database.rows("trusted")
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM subscriber")
        connection.execute("CREATE TABLE trusted (src_ip TEXT)")
    connection.close()
    assert (database.rows("subscriber", {"username": "a"}), database.columns("subscriber")) == before
    assert database.rows("subscriber", {"username": "b"}) == []
    with pytest.raises(NoTable, match="trusted"):
        database.rows("trusted")


def test_text_tables(tmp_path: Path) -> None:
    (tmp_path / "trusted").write_bytes(b"id(int,auto) src_ip(string)\r\n1:192.0.2.1\r\n2:192.0.2.2\r\n")
    (tmp_path / "odd").write_text("# nothing\n")
    database = TextDatabase(Files(scope=Scope([str(tmp_path)])), str(tmp_path))
    assert database.columns("trusted") == ["id", "src_ip"]
    assert database.rows("trusted", limit=1) == [{"id": 1, "src_ip": "192.0.2.1"}]
    assert database.rows("trusted", {"src_ip": "192.0.2.2"}) == [{"id": 2, "src_ip": "192.0.2.2"}]
    with pytest.raises(NoTable):
        database.columns("address")
    with pytest.raises(NoData, match="names no columns"):
        database.columns("odd")


def test_a_column_of_sql_is_found_however_its_name_is_written(tmp_path: Path) -> None:
    path = tmp_path / "k.sqlite"
    with sqlite3.connect(path) as base:
        base.execute("CREATE TABLE subscriber (username TEXT, Password TEXT)")
        base.execute("INSERT INTO subscriber VALUES ('1001', 'x')")
    (row,) = SqliteDatabase(f"sqlite:///{path}").rows("subscriber", {"USERNAME": "1001"})
    assert row["PASSWORD"] == row["password"] == "x"
