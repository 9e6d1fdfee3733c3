"""The real program where something is wrong: what is refused, what is waited for, and how it ends."""

from __future__ import annotations

import asyncio
import io
import json
import os
import re
import signal
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple
from urllib.parse import urlsplit

import aiohttp
import pytest

from sandbox.bot_process import free_port
from sandbox.slack.workspace import Workspace, demo_seed
from sandbox.stage import BOT_TOKEN, Stage, Staging, stage
from sandbox.walk import open_case

ONE = Staging(kinds=("vspc",), limits=False, slack_limits=False)
ONE_BY_HTTP = Staging(kinds=("vspc",), limits=False, slack_limits=False, http=True)
DANA = "dana@acme.test"
ABSENT = "Slack could not be reached. Trying again."


class Ended(NamedTuple):
    """How a command ended."""

    code: int
    out: str
    err: str


async def offboard(play: Stage, *arguments: str, **environment: str) -> Ended:
    """Run a command to its end, where the bot would run."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        *arguments,
        cwd=play.folder,
        env={**play.bot.environment, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = await process.communicate()
    return Ended(process.returncode or 0, out.decode(), err.decode())


async def asked(play: Stage, path: str) -> tuple[int, str]:
    """Return status and text that the bot answers, as soon as it listens."""
    async with aiohttp.ClientSession() as session:
        while True:
            try:
                async with session.get(play.bot.url + path) as answer:
                    return answer.status, await answer.text()
            except aiohttp.ClientConnectionError:
                assert await play.bot.ended(0.05) is None, play.bot.tail()


async def until_logged(play: Stage, words: str) -> None:
    """Wait until the bot's log has these words."""
    async with asyncio.timeout(60):
        while words not in play.bot.tail():
            assert await play.bot.ended(0.05) is None, play.bot.tail()


def assert_refused(ended: Ended, *words: str) -> None:
    """It ended with 1, and its last line says why; there is no traceback."""
    said = ended.err.splitlines()
    assert ended.code == 1
    assert said[-1].startswith("offboard: ")
    assert all(word in said[-1] for word in words), said[-1]
    assert sum(line.startswith("offboard: ") for line in said) == 1
    assert "Traceback" not in ended.err


@pytest.mark.parametrize(
    ("environment", "words"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-wrong"}, ("SLACK_BOT_TOKEN", "not valid")),
        ({"SLACK_APP_TOKEN": "xapp-wrong"}, ("SLACK_APP_TOKEN", "not valid")),
        ({"SLACK_APP_TOKEN": BOT_TOKEN}, ("SLACK_APP_TOKEN", "not the right kind")),
        ({"OFFBOARD_SLACK__CHANNEL": "C0GENERAL"}, ("slack.channel", "not in the channel C0GENERAL")),
        ({"OFFBOARD_SLACK__CHANNEL": "C0NOWHERE"}, ("slack.channel", "not in the channel C0NOWHERE")),
    ],
    ids=["bot token", "app token", "bot token as app token", "channel without the bot", "no such channel"],
)
async def test_what_slack_refuses_ends_the_start_with_one_line(
    environment: Mapping[str, str], words: tuple[str, ...]
) -> None:
    async with stage(ONE, start_bot=False) as play:
        ended = await offboard(play, "serve", "--port", "0", **environment)

        assert_refused(ended, *words)
        assert "wrong" not in ended.err


@pytest.mark.parametrize(("pending", "words"), [(False, "is shared with"), (True, "is about to be shared with")])
async def test_a_channel_that_another_company_reads_ends_the_start_and_may_be_allowed(
    pending: bool, words: str
) -> None:
    async with stage(ONE, start_bot=False) as play:
        play.workspace.share("C0CASES", pending=pending)

        assert_refused(await offboard(play, "serve", "--port", "0"), "slack.channel", words, "allow_public")
        refused = json.loads((await offboard(play, "doctor", "--json")).out)
        allowed = json.loads((await offboard(play, "doctor", "--json", OFFBOARD_SLACK__ALLOW_PUBLIC="true")).out)
        assert [check["name"] for check in refused["checks"] if not check["ok"]] == ["channel"]
        assert allowed["ok"] is True


async def test_a_second_process_on_the_same_file_is_refused_and_the_first_goes_on() -> None:
    async with stage(ONE) as play:
        assert_refused(await offboard(play, "serve", "--port", "0"), "Another process serves offboard.db")
        assert_refused(await offboard(play, "migrate"), "Another process serves offboard.db")

        assert await asked(play, "/readyz") == (200, "ready\n")


async def test_on_sqlite_nobody_else_could_do_the_work_so_serving_without_it_is_refused() -> None:
    async with stage(ONE, start_bot=False) as play:
        for arguments, word in ((("serve", "--no-worker"), "--no-worker"), (("worker",), "needs Postgres")):
            ended = await offboard(play, *arguments)

            assert ended.code == 2
            assert word in ended.err.splitlines()[-1]
            assert len(ended.err.splitlines()) == 1


async def test_doctor_on_postgres_is_not_well_without_a_worker_and_names_the_ones_that_live(postgres_url: str) -> None:
    async with stage(Staging(kinds=("vspc",), limits=False, database_url=postgres_url), start_bot=False) as play:
        await play.bot.migrate()
        alone = await offboard(play, "doctor")
        await play.bot.start()
        beside = await offboard(play, "doctor", "--json")

        assert "FAIL  workers: none is alive" in alone.out
        said = {check["name"]: check["says"] for check in json.loads(beside.out)["checks"]}
        assert re.fullmatch(r"executor-1 on \S+, heartbeat \d+ s ago", said["workers"])


async def test_postgres_without_tables_names_the_command_that_makes_them(postgres_url: str) -> None:
    async with stage(Staging(kinds=("vspc",), database_url=postgres_url), start_bot=False) as play:
        ended = await offboard(play, "serve", "--port", "0")

        assert ended.code == 2
        assert ended.err.splitlines()[-1].endswith("run `offboard migrate`.")


async def test_without_slack_it_lives_and_waits_and_is_ready_once_slack_is_there() -> None:
    async with stage(ONE, start_bot=False) as play:
        await play.workspace.stop()
        await play.bot.launch()
        assert await asked(play, "/healthz") == (200, "alive\n")
        await until_logged(play, ABSENT)
        assert await asked(play, "/readyz") == (503, "Slack: not reached yet\n")

        returned = Workspace(demo_seed(), limits=False)
        await returned.start(port=urlsplit(play.workspace.api_url).port or 0)
        try:
            await play.bot.until_ready()
        finally:
            await play.bot.stop()
            await returned.stop()

        assert play.bot.tail().count(ABSENT) == 1


async def test_without_postgres_it_lives_and_waits_and_still_ends_when_told_to() -> None:
    absent = f"postgresql://bot:hunter2@127.0.0.1:{free_port()}/cases"
    async with stage(Staging(kinds=("vspc",), database_url=absent), start_bot=False) as play:
        await play.bot.launch()

        assert await asked(play, "/healthz") == (200, "alive\n")
        assert await asked(play, "/readyz") == (503, "database: not reached yet\n")
        os.kill(play.bot.pid, signal.SIGTERM)
        assert await play.bot.ended(20) == 0
        assert "hunter2" not in play.bot.tail()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT], ids=lambda number: number.name)
async def test_it_ends_in_order_when_told_to(number: signal.Signals) -> None:
    async with stage(ONE) as play:
        os.kill(play.bot.pid, number)

        assert await play.bot.ended(20) == 0
        assert "Traceback" not in play.bot.tail()


async def test_a_quiet_start_and_end_logs_nothing_that_worries() -> None:
    key = {"OFFBOARD_EVIDENCE__SIGNING_KEY": "a2V5IG9mIHRlc3RzLCB3b3J0aCBub3RoaW5nIGF0IGE="}
    async with stage(replace(ONE, environment=key)) as play:
        os.kill(play.bot.pid, signal.SIGTERM)
        await play.bot.ended(20)

        assert all(" INFO " in line for line in play.bot.tail().splitlines())


async def test_doctor_has_one_good_line_for_everything_it_looked_at() -> None:
    async with stage(Staging(limits=False)) as play:
        ended = await offboard(play, "doctor")

        lines = ended.out.splitlines()
        assert ended.code == 0, ended.out
        assert all(line.startswith("ok  ") for line in lines)
        names = [line.split()[1].rstrip(":") for line in lines]
        assert names[:8] == [
            "configuration",
            "slack",
            "channel",
            "approvers",
            "clock",
            "database",
            "workers",
            "evidence",
        ]
        assert len(names) == 13
        assert "members on no list, who can read every case: 1" in lines[2]


async def test_doctor_names_the_system_whose_password_is_wrong_and_passes_the_others() -> None:
    async with stage(Staging(limits=False), start_bot=False) as play:
        ended = await offboard(play, "doctor", "--json", OFFBOARD_SYSTEMS__VEEAM_HQ__PASSWORD="wrong-hunter2")

        found = json.loads(ended.out)
        assert ended.code == 1
        assert found["ok"] is False
        assert [check["name"] for check in found["checks"] if not check["ok"]] == ["systems.veeam_hq"]
        assert "hunter2" not in ended.out + ended.err


async def test_doctor_changes_nothing_and_says_that_serve_makes_the_database() -> None:
    async with stage(ONE, start_bot=False) as play:
        ended = await offboard(play, "doctor")

        assert ended.code == 0, ended.out
        assert "`serve` makes it" in ended.out
        assert not (play.folder / "offboard.db").exists()


async def test_metrics_count_cases_and_name_nobody() -> None:
    async with stage(ONE) as play:
        thread = await open_case(play, DANA)
        await play.workspace.until(lambda: thread.with_button("approve"), 60)

        status, text = await asked(play, "/metrics")

        assert status == 200
        assert 'offboard_cases{state="waiting"} 1.0' in text
        assert not [word for word in ("dana", "acme", "U0", "C0", "vspc", "OFF-") if word in text]


async def posted(play: Stage, body: bytes, headers: Mapping[str, str]) -> int:
    """Return the status with which the bot answers a call of somebody who says to be Slack."""
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{play.bot.url}/slack/events", data=io.BytesIO(body), headers=headers) as answer,
    ):
        return answer.status


async def test_over_http_only_slack_is_heard() -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded", "X-Slack-Request-Timestamp": "1"}
    as_json = {"Content-Type": "application/json"}
    async with stage(ONE_BY_HTTP) as play:
        command = b"command=%2Foffboard&text=dana%40acme.test&user_id=U0AMY&team_id=T0ACME&trigger_id=1"
        assert await posted(play, command, form) == 401
        assert await posted(play, command, {**form, "X-Slack-Signature": "v0=" + "0" * 64}) == 401
        assert await posted(play, b"{}", as_json) == 401
        assert await posted(play, b"{", as_json) == 401
        assert await posted(play, b"payload=%7B", form) == 401
        assert await posted(play, b"\xff\xfe", form) == 401
        assert await posted(play, b"a" * (1024 * 1024 + 1), form) == 413

        assert play.workspace.messages("C0CASES") == []
