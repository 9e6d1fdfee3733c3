"""The brakes in Slack: buttons, commands and dialogs reach the domain, and the domain's answer the person."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.model import CaseState, Word
from bot.policy import Limits
from sandbox.slack.workspace import Workspace, demo_seed
from tests.bot.fakes import account
from tests.handlers.conftest import POLICY, Stage, staged


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    """The local workspace for a stage with rules of its own."""
    ready = Workspace(demo_seed(), limits=False)
    yield ready
    assert ready.lint_findings == []


async def test_an_approval_is_withdrawn_by_its_button(tmp_path: Path, workspace: Workspace) -> None:
    async with staged(tmp_path, workspace, replace(POLICY, approvals=2)) as stage:
        await stage.requested()
        await stage.approved()
        await stage.says("plan:1", "1 of 2 approved")

        await stage.person("ben").press(await stage.shown("plan:1"), "withdraw")

        await stage.told("ben", "Withdrawn")
        assert (await stage.view()).approvals == ()


async def test_a_run_is_stopped_by_its_button_and_says_by_whom(stage: Stage) -> None:
    await stage.requested()
    await stage.person("ben").press(await stage.shown("plan:1"), "approve")

    await stage.person("chloe").press(await stage.shown("progress"), "stop")
    await stage.says("stopped:1", "was stopped")
    await stage.work()

    view = await stage.view()
    assert (view.case.state, view.word("crm")) == (CaseState.NEEDS_PEOPLE, Word.REFUSED)
    assert stage.crm.writes() == []


async def test_an_account_is_chosen_in_a_dialog_and_the_new_plan_is_approved(stage: Stage) -> None:
    stage.crm.accounts["2"] = account(id="2")
    await stage.requested()
    opened = await stage.person("ben").press(await stage.shown("plan:1"), "choose")
    assert opened.view is not None

    result = await stage.person("ben").submit(opened.view, {"Accounts in CRM": ["dana@acme.test (2)"], "Reason": "HR"})

    assert result.ok, result
    await stage.says("plan:2", "Chosen by @Ben Sato.")
    await stage.person("chloe").press(await stage.shown("plan:2"), "approve")
    await stage.work()
    assert "delete 2" in stage.crm.writes()
    assert "delete 1" not in stage.crm.writes()


async def test_a_held_case_is_released_in_a_dialog_by_an_admin(tmp_path: Path, workspace: Workspace) -> None:
    async with staged(tmp_path, workspace, replace(POLICY, limits=Limits(per_day=1))) as stage:
        async with stage.store.begin() as tx:
            now = await tx.now()
        await stage.requested()
        async with stage.store.begin() as tx:
            await tx.note_start(1, 9, ["U0BEN"])
            assert await tx.started_since(None, now.replace(year=2020)) == 1
        await stage.approved()
        opened = await stage.person("root").press(await stage.shown("held:1"), "release")
        assert opened.view is not None
        refused = await stage.person("ben").press(await stage.shown("held:1"), "release")
        assert refused.view is None

        assert (await stage.person("root").submit(opened.view, {"Reason": "agreed"})).ok
        await stage.work()

        assert (await stage.view()).word("crm") is Word.REMOVED


async def test_the_glass_is_broken_by_a_command_and_a_dialog(tmp_path: Path, workspace: Workspace) -> None:
    async with staged(tmp_path, workspace, replace(POLICY, break_glass=True)) as stage:
        await stage.requested()
        await stage.shown("plan:1")
        opened = await stage.person("root").command("/offboard break-glass OFF-1")
        assert opened.view is not None
        wrong = {"Reason": "at the door", "The person's address": "erin@acme.test"}

        assert not (await stage.person("root").submit(opened.view, wrong)).ok
        right = {**wrong, "The person's address": "dana@acme.test"}
        assert (await stage.person("root").submit(opened.view, right)).ok
        await stage.work()

        assert (await stage.view()).word("crm") is Word.REMOVED
        await stage.says("glass:1", "At the door.")
