"""A real Postgres for the tests: one server a session, an empty database a test.

A test takes `migrated_url` to run once on a migrated SQLite file and once on a migrated database here, `database_url`
for empty ones, or `postgres_url` and `sqlite_url` for one kind.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

from bot.store import migrate_now
from tests.memory import memory
from tests.migrated import migrated_file

_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = '{folder}'
port = {port}
max_connections = 60
shared_buffers = '16MB'
fsync = off
synchronous_commit = off
full_page_writes = off
timezone = 'America/St_Johns'
"""
_INITDB = ("-U", "offboard", "-A", "trust", "-E", "UTF8", "--no-locale", "-N")
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Server:
    """A running server on loopback that trusts everybody who reaches it."""

    port: int
    binaries: Path
    folder: Path

    def stop(self) -> None:
        """Take it down at once, every connection with it."""
        _run(self.binaries / "pg_ctl", "-D", self.folder / "data", "-m", "immediate", "-w", "stop", folder=self.folder)

    def start(self) -> None:
        """Start it on the same port, and wait until it answers."""
        log = self.folder / "server.log"
        _run(self.binaries / "pg_ctl", "-D", self.folder / "data", "-l", log, "-w", "start", folder=self.folder)

    def url(self, database: str) -> str:
        return f"postgresql://offboard@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str, database: str) -> None:
        """Run a statement about a database, which no transaction may hold."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(database)))


def installed() -> Path | None:
    """The folder of the newest Postgres's programs, None where there is none."""
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    found = shutil.which("initdb")
    return folders[-1] if folders else Path(found).resolve().parent if found else None


def _user() -> str | None:
    """Whom to run the server as: Postgres refuses to be root."""
    if os.geteuid() != 0:
        return None
    names = {entry.pw_name for entry in pwd.getpwall()}
    return "postgres" if "postgres" in names else "nobody"


def _run(*command: str | Path, folder: Path) -> None:
    user = _user()
    before = ["runuser", "-u", user, "--"] if user else []
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": str(folder)}
    with (folder / "commands.log").open("ab") as log:
        subprocess.run(  # noqa: S603 - fixed commands of the system's own Postgres
            [*before, *map(str, command)], check=True, stdout=log, stderr=log, cwd=folder, env=environment
        )


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _start(binaries: Path, folder: Path) -> Server:
    """Start it on a free port; another one where somebody took that port meanwhile."""
    _run(binaries / "initdb", "-D", folder / "data", *_INITDB, folder=folder)
    return first_started(_on_a_free_port(binaries, folder) for _ in range(_TRIES))


def _on_a_free_port(binaries: Path, folder: Path) -> Server:
    server = Server(_free_port(), binaries, folder)
    (folder / "data" / "postgresql.auto.conf").write_text(_SETTINGS.format(folder=folder, port=server.port))
    return server


def first_started(servers: Iterable[Server]) -> Server:
    """Start one after the other until one runs. Raises CalledProcessError where none does."""
    failed: subprocess.CalledProcessError | None = None
    for server in servers:
        try:
            server.start()
        except subprocess.CalledProcessError as error:
            failed = error
        else:
            return server
    raise failed or LookupError("no server to start")


@contextmanager
def running_server(binaries: Path) -> Iterator[Server]:
    """A server of one's own, gone with everything in it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="offboard-pg-", dir=memory()))
    if (user := _user()) is not None:
        shutil.chown(folder, user)
    try:
        yield _start(binaries, folder)
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            Server(0, binaries, folder).stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """The session's server. Where Postgres is not installed the test is skipped, in CI it fails."""
    binaries = installed()
    if binaries is None:
        reason = "Postgres is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    with running_server(binaries) as server:
        yield server


@contextmanager
def database(server: Server, statement: str = "CREATE DATABASE {}") -> Iterator[str]:
    """Make a database and drop it at the end; its address."""
    name = f"test_{uuid.uuid4().hex}"
    server.run(statement, name)
    try:
        yield server.url(name)
    finally:
        server.run("DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture
def postgres_url(postgres_server: Server) -> Iterator[str]:
    """The address of an empty database that is dropped after the test."""
    with database(postgres_server) as url:
        yield url


@pytest.fixture(scope="session")
def _postgres_template(postgres_server: Server) -> None:
    postgres_server.run("CREATE DATABASE {}", "migrated")
    migrate_now(postgres_server.url("migrated"))


@pytest.fixture
def migrated_postgres_url(postgres_server: Server, _postgres_template: None) -> Iterator[str]:
    """The address of a migrated database that is dropped after the test."""
    with database(postgres_server, "CREATE DATABASE {} TEMPLATE migrated") as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a file that is not there yet."""
    return f"sqlite:///{tmp_path / 'offboard.db'}"


@pytest.fixture
def migrated_sqlite_url(tmp_path: Path) -> str:
    """The address of a migrated file."""
    return migrated_file(tmp_path / "offboard.db")


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url


@pytest.fixture(params=["sqlite", "postgres"])
def migrated_url(request: pytest.FixtureRequest) -> str:
    """A migrated database of each kind."""
    url: str = request.getfixturevalue(f"migrated_{request.param}_url")
    return url
