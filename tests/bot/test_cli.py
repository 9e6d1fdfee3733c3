"""The commands from outside: what they print, where, and with which exit code."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
import tomllib
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import pytest

from bot.cli import main
from providers.catalog import OURS

ROOT = Path(__file__).parents[2]
COMMANDS = ("demo", "serve", "migrate", "doctor", "manifest", "systems", "evidence", "verify")
GOOD = """
[slack]
channel = "C0CASES"
[policy]
requesters = ["U0AMY"]
approvers = ["S0SECURITY"]
[systems.hq]
provider = "vspc"
url = "https://console.acme.test"
"""
TWIN = """
[systems.hq_too]
provider = "vspc"
url = "https://console.acme.test"
"""


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to run in, with nothing of this machine's environment."""
    for name in ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_APP_TOKEN", "SLACK_API_URL", "DATABASE_URL", "PORT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def run(folder: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs a command in this process."""

    def ran(*arguments: str) -> Ended:
        try:
            code: object = main(arguments)
        except SystemExit as exiting:
            code = exiting.code
        said = capsys.readouterr()
        assert isinstance(code, int)
        return Ended(code, said.out, said.err)

    return ran


@pytest.fixture
def configured(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Writes a good configuration, or this text in its place."""

    def write(text: str) -> None:
        (folder / "offboard.toml").write_text(text, encoding="utf-8")
        monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-1")
        monkeypatch.setenv("SLACK_APP_TOKEN", "xapp-1")
        monkeypatch.setenv("OFFBOARD_SYSTEMS__HQ__API_KEY", "key-of-hq")

    return write


def assert_one_line(ended: Ended, code: int, *words: str) -> None:
    """A mistake is one line on standard error that says `words`, and nothing else anywhere."""
    assert ended.code == code
    assert ended.out == ""
    assert ended.err.count("\n") == 1
    assert all(word in ended.err for word in words), ended.err


@pytest.mark.parametrize("command", [(), *((name,) for name in COMMANDS)], ids=lambda command: " ".join(command) or "-")
def test_every_command_explains_itself(run: Run, command: tuple[str, ...]) -> None:
    ended = run(*command, "--help")

    assert ended.code == 0
    assert ended.out.startswith(" ".join(("usage: offboard", *command)))
    assert ended.err == ""


def test_the_help_names_every_command(run: Run) -> None:
    said = run("--help").out

    assert all(f"    {name} " in said for name in COMMANDS)


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ((), "COMMAND"),
        (("remove",), "remove"),
        (("serve", "--prot", "1"), "--prot"),
        (("serve", "--port", "many"), "--port"),
        (("serve", "--port", "65536"), "--port"),
        (("demo", "--port", "-1"), "--port"),
        (("serve", "--no-worker"), "--no-worker"),
        (("migrate", "now"), "now"),
        (("manifest", "--socket", "--url", "https://bot.acme.test"), "--url"),
        (("manifest", "--url", "http://bot.acme.test"), "--url"),
        (("manifest", "--url", "bot"), "--url"),
    ],
    ids=" ".join,
)
def test_wrong_arguments_are_told_in_one_line(run: Run, arguments: tuple[str, ...], word: str) -> None:
    assert_one_line(run(*arguments), 2, word)


@pytest.mark.parametrize(
    ("text", "variables", "key"),
    [
        ("", {}, "slack: missing"),
        (GOOD.replace('channel = "C0CASES"', ""), {}, "slack.channel: missing"),
        (GOOD.replace('approvers = ["S0SECURITY"]', ""), {}, "policy.approvers: missing"),
        (GOOD.replace('provider = "vspc"', ""), {}, "systems.hq.provider: missing"),
        (GOOD.replace('url = "https://console.acme.test"', ""), {}, "systems.hq.url: missing"),
        (GOOD + 'colour = "red"', {}, "systems.hq.colour: not known"),
        (GOOD.replace("[policy]", "[policy]\napprovers_needed = 2"), {}, "policy.approvers_needed: not known"),
        (GOOD.replace('"vspc"', '"okta"'), {}, "systems.hq.provider: okta is not one of"),
        (GOOD.replace("[systems.hq]", "[systems.HQ]"), {}, "systems.HQ"),
        (GOOD.replace("https:", "http:"), {}, "systems.hq.url"),
        (GOOD.replace("[policy]", "[policy]\napprovals = 0"), {}, "policy.approvals"),
        (GOOD.replace("[slack]", "[slack]\ndiscreet = 2"), {}, "slack.discreet"),
        (GOOD + "[policy", {}, "offboard.toml: not readable as TOML"),
        (GOOD + TWIN, {"OFFBOARD_SYSTEMS__HQ_TOO__API_KEY": "key-of-hq"}, "systems.hq_too: the same as systems.hq"),
        (
            GOOD + 'label = "HQ"\n' + TWIN + 'label = "HQ"',
            {"OFFBOARD_SYSTEMS__HQ_TOO__API_KEY": "another"},
            "systems.hq_too: the same as systems.hq (label HQ)",
        ),
        (GOOD, {"OFFBOARD_POLICY__APPROVLAS": "2"}, "policy.approvlas: not known"),
        (GOOD, {"OFFBOARD_POLCY__APPROVALS": "2"}, "OFFBOARD_POLCY__APPROVALS: means nothing"),
        (GOOD, {"OFFBOARD_APPROVALS": "2"}, "OFFBOARD_APPROVALS: means nothing"),
        (GOOD, {"OFFBOARD_CONFIG": "elsewhere.toml"}, "OFFBOARD_CONFIG"),
        (GOOD, {"OFFBOARD_SECRETS_DIR": "nowhere"}, "OFFBOARD_SECRETS_DIR"),
        (GOOD, {"SLACK_BOT_TOKEN": ""}, "SLACK_BOT_TOKEN: missing"),
        (GOOD, {"SLACK_APP_TOKEN": ""}, "SLACK_SIGNING_SECRET: missing"),
        (GOOD, {"PORT": "many"}, "PORT"),
        (GOOD, {"DATABASE_URL": "mysql://acme/bot"}, "DATABASE_URL"),
        (GOOD, {"DATABASE_URL": "sqlite://"}, "DATABASE_URL"),
        (GOOD, {"DATABASE_URL": "the file"}, "DATABASE_URL"),
        (GOOD, {"DATABASE_URL": "sqlite:////proc/offboard.db"}, "DATABASE_URL"),
    ],
    ids=lambda value: value if isinstance(value, str) and len(value) < 60 and "[" not in value else "",
)
def test_serve_does_not_start_on_a_wrong_configuration_and_names_the_key(
    run: Run,
    configured: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    variables: dict[str, str],
    key: str,
) -> None:
    configured(text)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    assert_one_line(run("serve", "--port", "0"), 2, key)


def test_a_mistake_never_shows_a_secret(run: Run, configured: Callable[[str], None]) -> None:
    configured(GOOD + 'pass_word = "hunter2-hunter2"')

    ended = run("doctor")

    assert_one_line(ended, 2, "systems.hq.pass_word: not known")
    assert "hunter2" not in ended.err


def test_a_port_that_cannot_be_listened_on_is_named(run: Run, configured: Callable[[str], None]) -> None:
    configured(GOOD)

    assert_one_line(run("serve", "--host", "192.0.2.1", "--port", "3999"), 2, "--host", "192.0.2.1", "3999")


@pytest.mark.parametrize("arguments", [(), ("--socket",)], ids=["by default", "--socket"])
def test_the_manifest_is_for_socket_mode(run: Run, arguments: tuple[str, ...]) -> None:
    manifest = json.loads(run("manifest", *arguments).out)

    assert manifest["settings"]["socket_mode_enabled"] is True
    assert "url" not in manifest["features"]["slash_commands"][0]


def test_the_manifest_for_http_sends_everything_to_one_address(run: Run) -> None:
    manifest = json.loads(run("manifest", "--url", "https://bot.acme.test/").out)

    address = "https://bot.acme.test/slack/events"
    assert manifest["settings"]["socket_mode_enabled"] is False
    assert manifest["features"]["slash_commands"][0]["url"] == address
    assert manifest["settings"]["interactivity"]["request_url"] == address
    assert manifest["settings"]["event_subscriptions"]["request_url"] == address


def test_the_table_of_systems_has_every_kind(run: Run) -> None:
    said = run("systems").out

    assert all(f"{kind.name}  ({kind.quality})" in said and kind.actions in said for kind in OURS)


def test_the_table_of_systems_stars_every_secret(run: Run) -> None:
    ways = {row["kind"]: row["logs_on_with"] for row in json.loads(run("systems", "--json").out)}

    assert list(ways) == [kind.name for kind in OURS]
    assert ways["veeam_em"] == [["username", "password*"]]
    assert ways["rsa_cas"] == [["access_id", "access_key*"], ["issuer", "client_id", "private_key*"]]


def test_migrate_makes_the_tables_and_may_be_run_again(run: Run, folder: Path) -> None:
    assert run("migrate").code == 0
    assert run("migrate").code == 0

    with closing(sqlite3.connect(folder / "offboard.db")) as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert {"cases", "outcomes", "audit_events"} < tables


def test_migrate_needs_no_configuration_but_the_database(
    run: Run, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:///sub/cases.db")

    assert run("migrate").code == 0
    assert (folder / "sub" / "cases.db").stat().st_mode & 0o077 == 0


def test_a_database_that_cannot_be_reached_is_one_line_without_the_password(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://bot:hunter2@127.0.0.1:1/cases")

    ended = run("migrate")

    assert_one_line(ended, 1, "DATABASE_URL", "could not be reached")
    assert "hunter2" not in ended.err


def test_a_file_that_is_no_database_is_one_line(run: Run, folder: Path) -> None:
    (folder / "offboard.db").write_text("a shopping list, and long enough to be read as pages " * 20, encoding="utf-8")

    assert_one_line(run("migrate"), 2, "DATABASE_URL")


def test_python_dash_m_bot_is_the_same_program(run: Run, folder: Path) -> None:
    command = [sys.executable, "-m", "bot", "systems", "--json"]
    alone = subprocess.run(  # noqa: S603 - our own program
        command, cwd=folder, env={"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=True
    )
    scripts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["scripts"]

    assert alone.stdout == run("systems", "--json").out
    assert scripts == {"offboard": f"{main.__module__}:{main.__name__}"}


def test_a_mistake_ends_the_process_with_its_code_and_no_traceback(folder: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "bot", "serve"],
        cwd=folder,
        env={"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )

    assert_one_line(Ended(ended.returncode, ended.stdout, ended.stderr), 2, "SLACK_BOT_TOKEN: missing")
