"""A whole discreet case: initials in the channel, the plan in a dialog, the evidence to a few people directly."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cases import Room
from bot.evidence.checking import check_pack
from bot.evidence.making import Evidence, Made
from bot.model import Case, CaseState
from handlers import ids
from handlers.outbox import Called
from sandbox.slack.workspace import View, Workspace, demo_seed
from tests.bot.evidence.packed import OURS
from tests.handlers.conftest import CHANNEL, Stage, staged
from tests.handlers.post import Post, closed, opened


@pytest.fixture
async def discreet(tmp_path: Path) -> AsyncIterator[Stage]:
    async with staged(tmp_path, Workspace(demo_seed(), limits=False), room=Room(CHANNEL, discreet=True)) as ready:
        yield ready
    assert ready.workspace.lint_findings == []


def in_the_channel(workspace: Workspace) -> str:
    """All that anybody in the channel can read: texts, blocks, names of files."""
    roots = workspace.messages(CHANNEL)
    every = [*roots, *(message for root in roots for message in workspace.messages(CHANNEL, root.ts))]
    return str([(message.text, message.blocks, message.metadata, message.files) for message in every])


async def reviewed(stage: Stage, who: str) -> View:
    result = await stage.person(who).press(await stage.shown("plan:1"), ids.REVIEW)
    assert result.view is not None
    return result.view


async def test_from_the_request_to_the_end_nobody_in_the_channel_reads_who_leaves(discreet: Stage) -> None:
    stage = discreet
    root = await stage.requested()
    assert "OFF-1 · D" in stage.workspace.text_of(root)
    await stage.says("plan:1", "Review")

    view = await reviewed(stage, "ben")
    assert "dana@acme.test" in str(view.blocks)
    await stage.person("ben").press_in_view(view, ids.APPROVE)
    await stage.work()

    await stage.says("closing", "CRM: removed")
    await stage.says("root", "closed")
    told = in_the_channel(stage.workspace).lower()
    assert "dana" not in told
    assert "u0dana" not in told


async def test_who_reviewed_what_is_in_the_audit_before_who_approved(discreet: Stage) -> None:
    await discreet.requested()
    view = await reviewed(discreet, "ben")
    await discreet.person("ben").press_in_view(view, ids.APPROVE)
    await discreet.work()

    kinds = [event.kind for event in (await discreet.store.chain("case:1")).events]

    assert kinds.index("plan reviewed") < kinds.index("approved")


async def test_the_requester_does_not_get_to_see_the_plan_and_that_is_in_the_audit(discreet: Stage) -> None:
    await discreet.requested()

    result = await discreet.person("amy").press(await discreet.shown("plan:1"), ids.REVIEW)

    assert result.view is None
    assert "Nothing was done." in await discreet.told("amy", "Nothing was done.")
    refused = [event.body for event in (await discreet.store.chain("case:1")).events if event.kind == "refused"]
    assert ['"act":"review"' in body for body in refused] == [True]


async def test_an_approval_of_another_digest_than_the_one_reviewed_does_nothing(discreet: Stage) -> None:
    await discreet.requested()
    plan = (await discreet.view()).plans[0]

    said = await discreet.cases.approve(1, plan.turn, "1" + "0" * 64, "U0BEN", "T0ACME", lambda _: "initials")

    assert not said.ok
    assert (await discreet.view()).case.state is CaseState.WAITING


async def test_the_evidence_goes_to_requester_and_admins_directly_and_not_into_the_thread(tmp_path: Path) -> None:
    post = await opened(tmp_path)
    await _with_packs(post)
    await post.house.ran()
    await post.all()

    assert "evidence" not in in_the_channel(post.workspace)
    for user in ("U0AMY", "U0ROOT"):
        ((name, content),) = _files(post, user)
        assert name == "OFF-1-evidence-1.zip"
        assert check_pack(content, [OURS.fingerprint]).ok
    events = (await post.house.store.chain("case:1")).events
    given = [event.body for event in events if event.kind == "evidence given out"]
    assert ["U0AMY" in given[0], "U0ROOT" in given[1], len(given)] == [True, True, 2]
    await closed(post)
    assert post.workspace.lint_findings == []


async def _with_packs(post: Post) -> None:
    """Let the post serve discreet cases and give out their evidence."""
    post.house.govern(post.house.policy, discreet=True)

    async def make(case_id: int, to: str) -> Made:
        return await Evidence(post.house.store, OURS).make(case_id, to, {})

    async def receivers(_: Case) -> tuple[str, ...]:
        return ("U0AMY", "U0ROOT")

    post.poster = post.slack.poster(post.house.store, Called(receivers=receivers), post.now, make)


def _files(post: Post, user: str) -> list[tuple[str, bytes]]:
    """Name and content of every file that the bot sent to one person."""
    sent = [file for message in post.workspace.as_person(user).dms for file in message.files]
    return [(str(file["name"]), post.workspace.files[str(file["id"])]) for file in sent]
