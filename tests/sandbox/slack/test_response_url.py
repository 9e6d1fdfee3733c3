"""response_url: who sees an answer, what it replaces, how often and how long it works."""

from typing import Any

import aiohttp
import pytest

from sandbox.slack.workspace import Message, Workspace
from tests.sandbox.slack.conftest import Clock
from tests.sandbox.slack.payload import section


async def said(url: str, **body: object) -> tuple[int, dict[str, Any]]:
    async with aiohttp.ClientSession() as session, session.post(url, json=body) as answer:
        return answer.status, await answer.json()


@pytest.fixture
def url(workspace: Workspace) -> str:
    return workspace._hooks.make("U0AMY", "C0CASES")


async def test_an_answer_is_private_unless_it_says_otherwise(workspace: Workspace, url: str) -> None:
    await said(url, text="for you")
    await said(url, text="for all", response_type="in_channel")
    assert [message.text for message in workspace.as_person("U0AMY").ephemerals] == ["for you"]
    assert [message.text for message in workspace.messages("C0CASES")] == ["for all"]


async def test_it_works_five_times(url: str) -> None:
    answers = [await said(url, text="again") for _ in range(6)]
    assert [status for status, _ in answers] == [200] * 5 + [404]
    assert answers[-1][1] == {"ok": False, "error": "used_url"}


async def test_it_works_for_thirty_minutes(url: str, clock: Clock) -> None:
    clock.now += 30 * 60 + 1
    assert await said(url, text="late") == (404, {"ok": False, "error": "expired_url"})


async def test_a_private_message_is_replaced_and_deleted_by_its_own_address(workspace: Workspace, url: str) -> None:
    await said(url, text="first")
    amy = workspace.as_person("U0AMY")
    own = workspace._hooks.make("U0AMY", "C0CASES", amy.ephemerals[0])
    await said(own, text="second", replace_original=True)
    assert [message.text for message in amy.ephemerals] == ["second"]
    await said(own, delete_original=True)
    assert amy.ephemerals == []


async def test_a_channel_message_is_replaced_by_its_own_address(workspace: Workspace) -> None:
    state = workspace._backend.state
    shown = state.post(Message(state.next_ts(), "C0CASES", "U0BOT", "before"))
    await said(workspace._hooks.make("U0AMY", "C0CASES", shown), text="after", replace_original=True)
    assert [message.text for message in workspace.messages("C0CASES")] == ["after"]


async def test_bad_blocks_are_refused_and_noted(workspace: Workspace, url: str) -> None:
    assert await said(url, text="x", blocks=[section("")]) == (400, {"ok": False, "error": "invalid_blocks"})
    assert len(workspace.lint_findings) == 1


async def test_an_address_nobody_was_given_leads_nowhere(url: str) -> None:
    status, _ = await said(url + "x", text="guess")
    assert status == 404
