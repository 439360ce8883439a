"""Real database servers for a test run: in a temporary directory, on a Unix socket, as a user without rights."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from sqlalchemy.engine import Connection, Engine

PASSWORD = "s3cret@with/odd:signs"
USER = "reader"


def program(name: str, *folders: str) -> str | None:
    """A program of a server; Debian keeps them beside the path."""
    places = [*(str(path) for pattern in folders for path in sorted(Path("/").glob(pattern))), os.environ["PATH"]]
    return shutil.which(name, path=os.pathsep.join(places))


INITDB = program("initdb", "usr/lib/postgresql/*/bin")
PG_CTL = program("pg_ctl", "usr/lib/postgresql/*/bin")
MARIADBD = program("mariadbd", "usr/sbin")
MARIADB_INSTALL = program("mariadb-install-db", "usr/bin")


def _account() -> pwd.struct_passwd | None:
    """Who runs the server: servers refuse to be run by root. None: who runs the tests."""
    return pwd.getpwnam("nobody") if os.getuid() == 0 else None


def _run(*command: str | None, background: bool = False) -> subprocess.Popen[bytes]:
    account = _account()
    process = subprocess.Popen(
        [str(word) for word in command],
        user=account.pw_uid if account else None,
        group=account.pw_gid if account else None,
        extra_groups=[] if account else None,
        env={"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": "/nonexistent"},
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    if not background:
        assert process.wait(timeout=120) == 0, command
    return process


@contextmanager
def _folder() -> Iterator[Path]:
    """A directory with a short name, as those of sockets must be, that belongs to who runs the server."""
    folder = Path(tempfile.mkdtemp(prefix="cfglint-", dir="/tmp"))
    account = _account()
    if account:
        os.chown(folder, account.pw_uid, account.pw_gid)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def postgresql() -> Iterator[str]:
    """The URL of a PostgreSQL, as a user that has to give a password."""
    with _folder() as folder:
        data = folder / "data"
        (folder / "password").write_text(PASSWORD)
        (folder / "password").chmod(0o644)
        local = ("--auth", "scram-sha-256", "--pwfile", str(folder / "password"), "-U", USER)
        _run(INITDB, "-D", str(data), "-N", "-E", "UTF8", "--no-locale", *local)
        options = f"-k {folder} -c listen_addresses= -c fsync=off -c max_connections=10 -c shared_buffers=4MB"
        _run(PG_CTL, "-D", str(data), "-w", "-t", "60", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql://{USER}:{_quoted(PASSWORD)}@/postgres?host={folder}"
        finally:
            _run(PG_CTL, "-D", str(data), "-w", "-m", "immediate", "stop")


@contextmanager
def mariadb() -> Iterator[str]:
    """The URL of a MariaDB, as a user that has to give a password."""
    import sqlalchemy

    with _folder() as folder:
        data, socket = folder / "data", folder / "s"
        own = ("--no-defaults", f"--datadir={data}")
        _run(MARIADB_INSTALL, *own, "--auth-root-authentication-method=normal", "--skip-test-db")
        server = _run(
            MARIADBD, *own, f"--socket={socket}", "--skip-networking", "--innodb-buffer-pool-size=16M",
            f"--pid-file={folder / 'pid'}", f"--log-error={folder / 'log'}", background=True,
        )  # fmt: skip
        try:
            root = sqlalchemy.create_engine(f"mysql+pymysql://root@localhost/?unix_socket={socket}")
            with _when_there(root, server, folder / "log") as connection:
                connection.execute(sqlalchemy.text("CREATE DATABASE kamailio"))
                made = sqlalchemy.text(f"CREATE USER {USER}@localhost IDENTIFIED BY :password")
                connection.execute(made, {"password": PASSWORD})
                connection.execute(sqlalchemy.text(f"GRANT ALL ON kamailio.* TO {USER}@localhost"))
            root.dispose()
            yield f"mysql://{USER}:{_quoted(PASSWORD)}@localhost/kamailio?unix_socket={socket}"
        finally:
            server.terminate()
            server.wait(timeout=60)


def _when_there(engine: Engine, server: subprocess.Popen[bytes], log: Path) -> Connection:
    """A connection, as soon as the server takes one."""
    import sqlalchemy

    while True:
        try:
            return engine.connect()
        except sqlalchemy.exc.OperationalError:
            with suppress(subprocess.TimeoutExpired):
                raise RuntimeError(f"it ended with {server.wait(timeout=0.1)}: {log.read_text()}") from None


def _quoted(text: str) -> str:
    return quote(text, safe="")
