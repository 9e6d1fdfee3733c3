"""The real bot as a process of its own, in a folder of its own, knowing nothing of who started it."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

import aiohttp

ROOT = Path(__file__).resolve().parent.parent
_SECRETS = frozenset(
    {
        *("password", "api_key", "client_secret", "secret_key", "access_key", "private_key", "iam_password"),
        *("consumer_secret", "access_token", "access_token_secret", "security_token"),
    }
)
_KEPT = ("PATH", "HOME", "LANG", "SYSTEMROOT", "TMPDIR")
_READY_SECONDS = 60.0


class NotStarted(Exception):
    """The bot ended, or was not ready in time; holds the end of its log."""


class BotProcess:
    """`offboard serve` in `folder`. It can be killed and started again on the same files.

    `program` is what Python runs, before the port.
    """

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self.program: tuple[str, ...] = ("-m", "bot", "serve")
        self.port = free_port()
        self.log = folder / "bot.log"
        kept = {name: os.environ[name] for name in _KEPT if name in os.environ}
        self.environment = {**kept, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **environment}
        self._process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        """Where health, readiness and metrics are served."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        """The running process."""
        if self._process is None:
            raise NotStarted("the bot does not run")
        return self._process.pid

    async def start(self) -> None:
        """Start and wait until it is ready. Raises NotStarted."""
        await self.launch()
        await self.until_ready()

    async def launch(self, *arguments: str) -> None:
        """Start and do not wait."""
        with self.log.open("ab") as log:
            command = (*self.program, "--port", str(self.port), *arguments)
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, *command, cwd=self.folder, env=self.environment, stdout=log, stderr=log
            )

    async def migrate(self) -> None:
        """Run `offboard migrate` to its end. Raises NotStarted where that fails."""
        code, said = await self.run("migrate")
        if code != 0:
            raise NotStarted(said)

    async def run(self, *arguments: str) -> tuple[int, str]:
        """Run another command in the same folder and environment; its exit code and all it said."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            cwd=self.folder,
            env=self.environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        said, _ = await process.communicate()
        return process.returncode or 0, said.decode(errors="replace")

    async def until_ready(self) -> None:
        """Wait for `/readyz`. Raises NotStarted where the process ends before, or after a minute."""
        try:
            async with asyncio.timeout(_READY_SECONDS), aiohttp.ClientSession() as session:
                while not await self._is_ready(session):
                    await self._still_runs()
        except TimeoutError:
            raise NotStarted(f"the bot was not ready within {_READY_SECONDS:.0f} s:\n{self.tail()}") from None

    async def _is_ready(self, session: aiohttp.ClientSession) -> bool:
        try:
            async with session.get(f"{self.url}/readyz") as answer:
                return answer.ok
        except aiohttp.ClientError:
            return False

    async def _still_runs(self) -> None:
        code = await self.ended(0.05)
        if code is not None:
            raise NotStarted(f"the bot ended with {code}:\n{self.tail()}")

    async def ended(self, seconds: float) -> int | None:
        """Return the exit code if it ends within that time, else None."""
        if self._process is None:
            return 0
        try:
            async with asyncio.timeout(seconds):
                return await self._process.wait()
        except TimeoutError:
            return None

    async def wait(self) -> int:
        """Return the exit code once it has ended; a signal's number is below zero."""
        return 0 if self._process is None else await self._process.wait()

    async def kill(self) -> None:
        """End it at once, as a power cut would."""
        await self._end(signal.SIGKILL)

    async def stop(self) -> None:
        """End it in order, as an operator would."""
        await self._end(signal.SIGTERM)

    async def _end(self, number: signal.Signals) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.send_signal(number)
        await process.wait()

    def tail(self, lines: int = 20) -> str:
        """Return the end of its log."""
        return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])


def free_port() -> int:
    """Return a port of the loopback that nobody listens on at the moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def write_configuration(folder: Path, tables: Mapping[str, Mapping[str, object]]) -> Path:
    """Write `offboard.toml`, and each secret into a file of the folder `secrets`, whose path is returned."""
    secrets = folder / "secrets"
    secrets.mkdir()
    lines: list[str] = []
    for table, content in tables.items():
        lines.append(f"[{table}]")
        for key, value in content.items():
            if table.startswith("systems.") and key in _SECRETS:
                variable = "OFFBOARD_" + "__".join((*table.split("."), key)).upper()
                (secrets / variable).write_text(str(value), encoding="utf-8")
            else:
                lines.append(f"{key} = {_toml(value)}")
        lines.append("")
    (folder / "offboard.toml").write_text("\n".join(lines), encoding="utf-8")
    return secrets


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{json.dumps(str(key))} = {_toml(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, tuple | list | set | frozenset):
        return "[" + ", ".join(_toml(inner) for inner in value) + "]"
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    return json.dumps(str(value), ensure_ascii=False)
