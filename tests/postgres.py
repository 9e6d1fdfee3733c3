"""A real Postgres for the tests: one server a session, an empty database a test.

Another test takes the fixture `postgres_url`, or `database_url` to run once on SQLite and once here.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest
from psycopg import sql

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
_TRIES = 3


@dataclass(frozen=True, slots=True)
class Server:
    """A running server on loopback that trusts everybody who reaches it."""

    port: int

    def url(self, database: str) -> str:
        return f"postgresql://offboard@127.0.0.1:{self.port}/{database}"

    def run(self, statement: str, database: str) -> None:
        """Run a statement about a database, which no transaction may hold."""
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(sql.Identifier(database)))


def _binaries() -> Path | None:
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
    data = folder / "data"
    _run(
        binaries / "initdb",
        "-D",
        data,
        "-U",
        "offboard",
        "-A",
        "trust",
        "-E",
        "UTF8",
        "--no-locale",
        "-N",
        folder=folder,
    )
    for left in reversed(range(_TRIES)):
        port = _free_port()
        (data / "postgresql.auto.conf").write_text(_SETTINGS.format(folder=folder, port=port))
        try:
            _run(binaries / "pg_ctl", "-D", data, "-l", folder / "server.log", "-w", "start", folder=folder)
        except subprocess.CalledProcessError:
            if not left:
                raise
        else:
            return Server(port)
    raise AssertionError


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    """The session's server. Where Postgres is not installed the test is skipped, in CI it fails."""
    binaries = _binaries()
    if binaries is None:
        reason = "Postgres is not installed"
        if os.environ.get("CI") == "true":
            pytest.fail(reason)
        pytest.skip(reason)
    folder = Path(tempfile.mkdtemp(prefix="offboard-pg-"))
    if (user := _user()) is not None:
        shutil.chown(folder, user)
    try:
        yield _start(binaries, folder)
    finally:
        if (folder / "data" / "postmaster.pid").exists():
            _run(binaries / "pg_ctl", "-D", folder / "data", "-m", "immediate", "-w", "stop", folder=folder)
        shutil.rmtree(folder)


@pytest.fixture
def postgres_url(postgres_server: Server) -> Iterator[str]:
    """The address of an empty database that is dropped after the test."""
    name = f"test_{uuid.uuid4().hex}"
    postgres_server.run("CREATE DATABASE {}", name)
    yield postgres_server.url(name)
    postgres_server.run("DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """The address of a file that is not there yet."""
    return f"sqlite:///{tmp_path / 'offboard.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database: every test that takes this runs on both kinds."""
    url: str = request.getfixturevalue(f"{request.param}_url")
    return url
