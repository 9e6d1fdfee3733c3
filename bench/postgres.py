"""A Postgres of our own for a measurement, as durable as it comes: with fsync, on the disk."""

from __future__ import annotations

import asyncio
import os
import pwd
import shutil
import tempfile
from asyncio.subprocess import DEVNULL
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.app.database import upgrade
from sandbox.bot_process import free_port

_SETTINGS = """
listen_addresses = '127.0.0.1'
unix_socket_directories = '{folder}'
port = {port}
max_connections = 100
"""


class NoPostgres(Exception):
    """Postgres is not installed here."""


@asynccontextmanager
async def server() -> AsyncIterator[str]:
    """Start one and give the address of a migrated database; nothing of it is left afterwards. Raises NoPostgres."""
    binaries = _binaries()
    folder = Path(tempfile.mkdtemp(prefix="offboard-bench-pg-"))
    if (user := _user()) is not None:
        shutil.chown(folder, user)
    data, port = folder / "data", free_port()
    try:
        await _run(folder, binaries / "initdb", "-D", data, "-U", "offboard", "-A", "trust", "-E", "UTF8")
        (data / "postgresql.auto.conf").write_text(_SETTINGS.format(folder=folder, port=port), encoding="utf-8")
        await _run(folder, binaries / "pg_ctl", "-D", data, "-l", folder / "log", "-w", "start")
        url = f"postgresql://offboard@127.0.0.1:{port}/postgres"
        await upgrade(url)
        yield url
    finally:
        if (data / "postmaster.pid").exists():
            await _run(folder, binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _binaries() -> Path:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name))
    if folders:
        return folders[-1]
    found = shutil.which("initdb")
    if found is None:
        raise NoPostgres("Postgres is not installed")
    return Path(found).resolve().parent


def _user() -> str | None:
    """Whom to run it as: Postgres refuses to be root."""
    if os.geteuid() != 0:
        return None
    return "postgres" if "postgres" in {entry.pw_name for entry in pwd.getpwall()} else "nobody"


async def _run(folder: Path, *command: str | Path) -> None:
    user = _user()
    before = ["runuser", "-u", user, "--"] if user else []
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C", "HOME": str(folder)}
    process = await asyncio.create_subprocess_exec(
        *before, *map(str, command), stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, cwd=folder, env=environment
    )
    if await process.wait() != 0:
        raise NoPostgres(f"{Path(command[0]).name} failed")
