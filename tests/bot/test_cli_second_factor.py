"""`offboard second-factor` from outside: what it prints, what it keeps, and with which exit code it ends."""

from __future__ import annotations

import asyncio
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pyotp
import pytest

from bot.app.lock import only_one
from bot.authenticators import KeyBox
from bot.cli import main
from bot.store import migrate_now, open_store
from bot.store.chains import Chain

CONFIGURATION = """
[slack]
channel = "C0CASES"
[policy]
requesters = ["U0AMY"]
approvers = ["S0SECURITY"]
second_factor = "totp"
[systems.hq]
provider = "vspc"
url = "https://console.acme.test"
"""
OPERATORS_KEY = "the operator's key, of 32 characters"
ROOT = Path(__file__).parents[2]
SQLITE = "sqlite:///offboard.db"
Told = tuple[int, str, str]
Run = Callable[..., Told]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the bot is configured; no token of Slack is needed."""
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("OFFBOARD_SYSTEMS__HQ__API_KEY", "key-of-hq")
    monkeypatch.setenv("OFFBOARD_POLICY__SECOND_FACTOR_KEY", OPERATORS_KEY)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "offboard.toml").write_text(CONFIGURATION, encoding="utf-8")
    migrate_now(SQLITE)
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the command in this process."""

    def ran(*arguments: str) -> Told:
        try:
            code: object = main(("second-factor", *arguments))
        except SystemExit as exiting:
            code = exiting.code
        said = capsys.readouterr()
        assert isinstance(code, int)
        return code, said.out, said.err

    return ran


def printed(out: str, name: str) -> str:
    return next(line.split()[1] for line in out.splitlines() if line.startswith(f"{name}:"))


def stored(folder: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(folder / "offboard.db")) as connection:
        return list(connection.execute("SELECT user_id, secret FROM second_factors"))


def refusals(url: str = SQLITE) -> Chain:
    """The chain of the audit that belongs to no case."""

    async def read() -> Chain:
        store = await open_store(url)
        try:
            return await store.chain("refusals")
        finally:
            await store.aclose()

    return asyncio.run(read())


def test_enrol_prints_the_key_its_address_and_a_qr_code(run: Run, folder: Path) -> None:
    code, out, _ = run("enrol", "U0BEN")

    key = printed(out, "key")
    assert code == 0
    assert printed(out, "uri") == f"otpauth://totp/offboard:U0BEN?secret={key}&issuer=offboard"
    assert out.count("█") > 100
    ((user, secret),) = stored(folder)
    assert (user, KeyBox.of(OPERATORS_KEY).decrypt("U0BEN", secret)) == ("U0BEN", key)


def test_a_terminal_that_cannot_show_the_qr_code_shows_the_key_all_the_same(folder: Path) -> None:
    environment = os.environ | {"PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "bot", "second-factor", "enrol", "U0BEN"]
    found = subprocess.run(  # noqa: S603 - our own program
        command, env=environment | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False, cwd=folder
    )

    assert found.returncode == 0, found.stderr
    assert "This terminal cannot show the QR code: type the key in." in found.stdout
    assert len(printed(found.stdout, "key")) == 32


def test_the_key_lies_nowhere_in_the_clear(run: Run, folder: Path) -> None:
    key = printed(run("enrol", "U0BEN")[1], "key")

    files = [path.read_bytes() for path in folder.iterdir() if path.is_file()]

    assert len(files) > 1
    assert [content for content in files if key.encode() in content or key.lower().encode() in content] == []


def test_who_is_enrolled_already_keeps_the_key_until_it_is_revoked(run: Run, folder: Path) -> None:
    run("enrol", "U0BEN")
    before = stored(folder)

    code, out, err = run("enrol", "U0BEN")
    assert (code, out, err.count("\n")) == (1, "", 1)
    assert "--replace" in err
    assert stored(folder) == before

    assert run("revoke", "U0BEN")[0] == 0
    assert stored(folder) == []
    assert run("enrol", "U0BEN")[0] == 0


def test_a_key_may_be_replaced_in_one_step(run: Run, folder: Path) -> None:
    first = printed(run("enrol", "U0BEN")[1], "key")

    code, out, _ = run("enrol", "U0BEN", "--replace")

    assert code == 0
    assert printed(out, "key") != first
    assert len(stored(folder)) == 1


def test_list_tells_ids_and_dates_and_never_a_key(run: Run, folder: Path) -> None:
    keys = [printed(run("enrol", user)[1], "key") for user in ("U0CHLOE", "U0BEN")]
    with closing(sqlite3.connect(folder / "offboard.db")) as connection, connection:
        connection.execute("UPDATE second_factors SET last_step = 2, paused_until = '2026-12-01 09:30:00.000000'")

    code, out, _ = run("list")

    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == ["U0BEN", "U0CHLOE"]
    assert "last code of 1970-01-01 00:01, no code counts until 2026-12-01 09:30" in out
    assert [word for word in (*keys, *(secret for _, secret in stored(folder))) if word in out] == []


def test_the_audit_holds_who_was_enrolled_and_revoked_and_nothing_else(run: Run) -> None:
    key = printed(run("enrol", "U0BEN")[1], "key")
    run("enrol", "U0BEN", "--replace")
    run("revoke", "U0BEN")

    chain = refusals()

    kinds = [event.kind.removeprefix("second factor ") for event in chain.events]
    assert kinds == ["enrolled", "revoked", "enrolled", "revoked"]
    assert {event.body for event in chain.events} == {'{"facts":{"user":"U0BEN"},"personal":{}}'}
    assert key not in repr(chain)


def test_it_works_while_the_bot_holds_the_file(run: Run, folder: Path) -> None:
    with only_one(folder / "offboard.db"):
        assert run("enrol", "U0BEN")[0] == 0
        assert run("list")[0] == 0
        assert run("revoke", "U0BEN")[0] == 0


def test_it_works_on_either_database(run: Run, migrated_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", migrated_url)

    key = printed(run("enrol", "U0BEN")[1], "key")

    assert pyotp.TOTP(key).now().isdecimal()
    assert run("list")[1].startswith("U0BEN  enrolled ")
    assert run("revoke", "U0BEN")[0] == 0
    assert run("list") == (0, "", "")


def test_revoking_somebody_who_is_not_enrolled_is_refused(run: Run) -> None:
    code, out, err = run("revoke", "U0BEN")

    assert (code, out) == (1, "")
    assert "U0BEN has no authenticator enrolled" in err


def test_without_the_operators_key_nobody_is_enrolled(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OFFBOARD_POLICY__SECOND_FACTOR_KEY")

    code, out, err = run("enrol", "U0BEN")

    assert (code, out, err.count("\n")) == (2, "", 1)
    assert "OFFBOARD_POLICY__SECOND_FACTOR_KEY" in err
    assert stored(folder) == []


def test_the_bot_does_not_start_without_the_operators_key(
    run: Run, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("OFFBOARD_POLICY__SECOND_FACTOR_KEY")
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")

    code = main(("serve",))

    how = "set OFFBOARD_POLICY__SECOND_FACTOR_KEY to 32 or more random characters"
    assert capsys.readouterr().err.splitlines()[-1] == f"offboard: policy.second_factor_key: missing; {how}"
    assert code == 2


def test_a_key_that_is_too_short_is_named_and_not_shown(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OFFBOARD_POLICY__SECOND_FACTOR_KEY", "hunter2")

    code, _, err = run("enrol", "U0BEN")

    assert code == 2
    assert "policy.second_factor_key" in err
    assert "hunter2" not in err


def test_a_database_that_is_not_there_is_not_made(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///elsewhere.db")

    assert run("enrol", "U0BEN")[0] == 2
    assert not Path("elsewhere.db").exists()


@pytest.mark.parametrize("arguments", [(), ("enrol",), ("enrol", "ben"), ("enrol", "S0SEC"), ("revoke", ""), ("show",)])
def test_what_cannot_be_meant_is_told_in_one_line(run: Run, arguments: tuple[str, ...]) -> None:
    code, out, err = run(*arguments)

    assert (code, out, err.count("\n")) == (2, "", 1)
