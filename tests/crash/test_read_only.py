"""The program is started where it may not write: it ends at once and says in one line which key is wrong."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from sandbox.stage import Stage, Staging, stage

_AS_ANYBODY = ("setpriv", "--bounding-set=-dac_override", "--inh-caps=-dac_override") if os.geteuid() == 0 else ()
"""What takes from root the right to write where nobody may."""


@pytest.fixture
async def play() -> AsyncIterator[Stage]:
    async with stage(Staging(kinds=("vspc",)), start_bot=False) as ready:
        await ready.bot.migrate()
        yield ready


@contextmanager
def read_only(*paths: Path) -> Iterator[None]:
    """Let nobody write there."""
    before = [path.stat().st_mode for path in paths]
    for path in paths:
        path.chmod(path.stat().st_mode & ~0o222)
    try:
        yield
    finally:
        for path, mode in zip(paths, before, strict=True):
            path.chmod(mode)


async def started(play: Stage) -> subprocess.CompletedProcess[str]:
    """Start the bot and wait for its end."""
    command = (*_AS_ANYBODY, sys.executable, "-m", "bot", "serve", "--port", str(play.bot.port))
    return await asyncio.to_thread(
        subprocess.run,
        command,
        cwd=play.folder,
        env=play.bot.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def told(ended: subprocess.CompletedProcess[str]) -> str:
    """The only line that is no line of the log."""
    (line,) = [line for line in ended.stderr.splitlines() if not line.startswith("20")]
    return line


async def test_on_a_file_that_is_read_only_the_start_ends_with_one_line_that_names_the_key(play: Stage) -> None:
    with read_only(play.folder / "offboard.db"):
        ended = await started(play)

    assert (ended.returncode, ended.stdout) == (2, ""), ended.stderr
    assert told(ended) == "offboard: DATABASE_URL: the file cannot be used as a database (SQLITE_READONLY)"


async def test_in_a_folder_that_is_read_only_the_start_ends_with_one_line_that_names_the_key(play: Stage) -> None:
    (play.folder / "offboard.db.lock").unlink()
    with read_only(play.folder / "offboard.db", play.folder):
        ended = await started(play)

    assert (ended.returncode, ended.stdout) == (2, ""), ended.stderr
    assert told(ended) == "offboard: DATABASE_URL: no file can be written beside offboard.db: Permission denied"
