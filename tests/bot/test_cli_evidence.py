"""`offboard evidence` and `offboard verify` from outside."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy.exc import OperationalError

from bot.cli import main
from bot.evidence import container
from bot.store import migrate_now, open_store
from tests.bot.conftest import House
from tests.bot.fakes import FakeSystem, account

CONFIGURATION = """
[slack]
channel = "C0CASES"
[policy]
requesters = ["U0AMY"]
approvers = ["S0SECURITY"]
[systems.hq]
provider = "vspc"
url = "https://console.acme.test"
"""
KEY = "a2V5IG9mIHRlc3RzLCB3b3J0aCBub3RoaW5nIGF0IGE="
Told = tuple[int, str, str]
Run = Callable[..., Told]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the bot is configured, and has removed one account."""
    for name in ("SLACK_SIGNING_SECRET", "DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
    monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
    monkeypatch.setenv("OFFBOARD_SYSTEMS__HQ__API_KEY", "key-of-hq")
    monkeypatch.setenv("OFFBOARD_EVIDENCE__SIGNING_KEY", KEY)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "offboard.toml").write_text(CONFIGURATION, encoding="utf-8")
    migrate_now("sqlite:///offboard.db")
    asyncio.run(_one_case())
    return tmp_path


async def _one_case() -> None:
    store = await open_store("sqlite:///offboard.db")
    try:
        await House(store, FakeSystem("crm", {"1": account()}), FakeSystem("wiki", identity="fake wiki")).ran()
    finally:
        await store.aclose()


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process."""

    def ran(*arguments: str) -> Told:
        try:
            code: object = main(arguments)
        except SystemExit as exiting:
            code = exiting.code
        said = capsys.readouterr()
        assert isinstance(code, int)
        return code, said.out, said.err

    return ran


def value(said: str, name: str) -> str:
    """What stands behind a name in what was printed."""
    return next(line.split()[1].rstrip(",") for line in said.splitlines() if line.startswith(f"{name}:"))


def test_a_pack_is_written_and_verifies_with_its_key_and_head(run: Run, folder: Path) -> None:
    code, out, _ = run("evidence", "OFF-1")
    key, head = value(out, "key"), value(out, "head")

    assert (code, out.splitlines()[0]) == (0, "OFF-1, edition 1: OFF-1-evidence-1.zip")
    assert (folder / "OFF-1-evidence-1.zip").stat().st_mode & 0o777 == 0o600
    code, out, _ = run("verify", "OFF-1-evidence-1.zip", "--key", key, "--head", head)
    assert (code, out.splitlines()[-1]) == (0, "unbroken, signed by the pinned key")
    assert run("verify", "--database", "--key", key, "--head", head)[0] == 0


def test_without_a_key_the_answer_is_that_the_signer_is_not_known(run: Run) -> None:
    run("evidence", "1", "--output", "pack.zip")

    code, out, _ = run("verify", "pack.zip")

    assert (code, out.splitlines()[-1]) == (1, "unbroken, signer not known")


def test_a_changed_pack_is_broken_and_the_file_is_named(run: Run, folder: Path) -> None:
    key = value(run("evidence", "off-1", "--output", "pack.zip")[1], "key")
    files = container.read((folder / "pack.zip").read_bytes())
    files["outcomes.json"] = files["outcomes.json"].replace(b"removed", b"skipped")
    (folder / "pack.zip").write_bytes(container.write(files))

    code, out, _ = run("verify", "pack.zip", "--key", key)

    assert (code, out.splitlines()[-1]) == (1, "broken: outcomes.json was changed")


def test_who_took_evidence_is_in_the_audit(run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "olga")
    run("evidence", "OFF-1")

    events = container.read((folder / "OFF-1-evidence-1.zip").read_bytes())["events.jsonl"].splitlines()

    assert b'"kind":"evidence given out"' in events[-1]
    assert b"olga" in events[-1]


def test_the_database_is_unbroken_and_says_how_far_it_is_sealed(run: Run) -> None:
    code, out, _ = run("verify", "--database")

    assert (code, out.splitlines()[-1]) == (0, "unbroken")
    assert "of the events are not sealed yet" in out


def test_a_head_that_the_database_does_not_reach_breaks_it(run: Run) -> None:
    code, out, _ = run("verify", "--database", "--head", f"case:1:99:{'0' * 64}")

    assert code == 1
    assert "broken: case:1:99: events are missing at the end" in out


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("evidence",), "CASE"),
        (("evidence", "twelve"), "OFF-12"),
        (("evidence", "OFF-1", "--output", "nowhere/pack.zip"), "--output"),
        (("verify",), "PACK"),
        (("verify", "nowhere.zip"), "PACK"),
        (("verify", "."), "PACK"),
        (("verify", "pack.zip", "--database"), "--database"),
        (("verify", "pack.zip", "--key", "abc"), "--key"),
        (("verify", "--database", "--head", "abc"), "--head"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_what_cannot_be_meant_is_told_in_one_line(run: Run, arguments: tuple[str, ...], word: str) -> None:
    code, out, err = run(*arguments)

    assert (code, out, err.count("\n")) == (2, "", 1)
    assert word in err


def test_a_case_that_is_not_there_is_refused(run: Run) -> None:
    assert run("evidence", "OFF-7") == (1, "", "offboard: There is no case OFF-7.\n")


def test_a_database_that_is_not_there_is_not_made_and_called_unbroken(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///other.db")

    code, _, err = run("verify", "--database")

    assert (code, err) == (2, "offboard: DATABASE_URL: there is no file other.db\n")
    assert not (folder / "other.db").exists()


def test_without_any_key_there_is_no_evidence_yet(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OFFBOARD_EVIDENCE__SIGNING_KEY")

    code, _, err = run("evidence", "OFF-1")

    assert code == 2
    assert "evidence.signing_key" in err


def test_who_checked_the_audit_is_in_it_and_that_check_breaks_nothing(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getuser", lambda: "olga")
    first = run("verify", "--database")
    second = run("verify", "--database")

    assert (first[0], second[0]) == (0, 0)
    assert asyncio.run(_checks()) == [("audit checked", "olga")] * 2


async def _checks() -> list[tuple[str, str]]:
    store = await open_store("sqlite:///offboard.db")
    try:
        chain = await store.chain("refusals")
    finally:
        await store.aclose()
    return [(event.kind, value.value) for event in chain.events for value in chain.values if value.seq == event.seq]


def test_a_database_that_takes_no_writes_is_checked_all_the_same(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OperationalError("INSERT", {}, sqlite3.OperationalError("attempt to write a readonly database"))

    monkeypatch.setattr("bot.store.tx.SqlTx.audit", full)

    code, out, _ = run("verify", "--database")

    assert (code, out.splitlines()[-1]) == (0, "unbroken")
    assert "this check is not in the audit" in out
