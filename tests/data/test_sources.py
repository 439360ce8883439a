"""Which databases a configuration can make cfglint ask, and how."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from cfglint.data import sql
from cfglint.data.database import Database, NoData
from cfglint.data.sources import AUTO, Data
from cfglint.files import Files
from cfglint.scope import Scope


def asked(folder: Path, url: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The URL that a driver gets for a module's own one."""
    urls: list[str] = []

    def connect(url: str) -> Database:
        urls.append(url)
        return sql.SqliteDatabase(url)

    monkeypatch.setattr(sql, "connect", connect)
    Data(Files(scope=Scope([str(folder)])), str(folder), "/etc/kamailio", AUTO).database(url)
    return urls[0]


@pytest.mark.parametrize(
    ("url", "given"),
    [
        ("mysql://u:p@h/d", "mysql://u:p@h/d"),
        ("mysql://u:p@h/d?local_infile=1", "mysql://u:p@h/d"),
        ("postgres://u:p@h:99/d?service=x&passfile=/etc/shadow", "postgres://u:p@h:99/d"),
        ("sqlite:///k.db", "sqlite:///{0}/k.db"),
        ("sqlite:////etc/kamailio/k.db?mode=rwc", "sqlite:///{0}/k.db"),
        ("sqlite://k.db", "sqlite:///{0}/k.db"),
    ],
)
def test_a_module_names_a_server_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str, given: str
) -> None:
    (tmp_path / "k.db").write_bytes(b"")
    assert asked(tmp_path, url, monkeypatch) == given.format(tmp_path)


@pytest.mark.parametrize("url", ["unixodbc://u@h/d", "mssql+pyodbc://h/d", "evil://x", "http://h/d", ""])
def test_other_kinds_are_not_asked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    with pytest.raises(NoData, match="a database of the kind"):
        asked(tmp_path, url, monkeypatch)


def test_a_private_file_elsewhere_is_not_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    tree = tmp_path / "tree"
    tree.mkdir()
    (tmp_path / "private.db").touch(mode=0o600)
    with pytest.raises(NoData, match="is not for everybody to read"):
        asked(tree, f"sqlite:///{tmp_path}/private.db", monkeypatch)


def test_without_the_option_no_server_is_asked(tmp_path: Path) -> None:
    assert Data(Files(), str(tmp_path), "/etc/kamailio", None).database("mysql://u:p@h/d") is None


def test_a_view_without_end_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "k.db"
    with sqlite3.connect(path) as connection:
        connection.execute(
            "CREATE VIEW subscriber AS WITH RECURSIVE c(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM c)"
            " SELECT max(n) AS username FROM c"
        )
    monkeypatch.setattr(sql, "MAX_INSTRUCTIONS", 100_000)
    with pytest.raises(NoData, match="interrupted"):
        sql.SqliteDatabase(f"sqlite:///{path}").rows("subscriber")
