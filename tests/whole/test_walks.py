"""The main job from end to end: the real bot as a process, the workspace and the five systems."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from functools import partial

import pytest

from sandbox.slack.workspace import Message
from sandbox.stage import CHANNEL, Stage, Staging, stage
from sandbox.systems.all import ENTRIES
from sandbox.walk import Thread, approve, disagreements, open_case, standing

DANA = "dana@acme.test"
QUICK = Staging(limits=False, slack_limits=False)


async def walked(play: Stage, mail: str = DANA, results: int = 5) -> Thread:
    """A case that was asked for, approved and has ended, with every card in the thread up to date."""
    thread = await open_case(play, mail)
    await approve(thread)
    await play.workspace.until(lambda: thread.closing() and thread.has_settled(results), 60)
    return thread


def assert_read_around_every_removal(play: Stage, mail: str) -> None:
    """In every journal: no write follows another without a read between, and each has a read before and after."""
    for simulator in play.world.by_kind.values():
        assert simulator.journal.unread_writes() == []
        for entry in simulator.journal.writes():
            assert entry.account is not None
            assert simulator.journal.reread_around(entry.account)


@pytest.mark.parametrize("http", [False, True], ids=["socket mode", "http"])
async def test_five_systems_give_up_the_leavers_accounts_and_nobody_elses(http: bool) -> None:
    async with stage(replace(QUICK, http=http)) as play:
        before = standing(play, DANA)

        thread = await walked(play)

        assert thread.words() == {label: "removed" for _, label in ENTRIES.values()}
        assert disagreements(play, DANA, thread.words(), before) == []
        assert_read_around_every_removal(play, DANA)
        assert "closed" in play.workspace.text_of(thread.root)


async def test_the_same_walk_on_postgres(postgres_url: str) -> None:
    async with stage(replace(QUICK, database_url=postgres_url), start_bot=False) as play:
        await play.bot.migrate()
        await play.bot.start()
        before = standing(play, DANA)

        thread = await walked(play)

        assert disagreements(play, DANA, thread.words(), before) == []
        assert_read_around_every_removal(play, DANA)


async def test_somebody_in_some_systems_is_removed_there_and_absent_elsewhere() -> None:
    async with stage(QUICK) as play:
        thread = await walked(play, "sam@acme.test", results=4)

        assert thread.words() == {
            "Veeam Enterprise Manager": "removed",
            "Veeam Service Provider Console": "absent",
            "LivePerson": "removed",
            "RSA Cloud Access Service": "absent",
        }
        closing = thread.closing()
        assert closing is not None
        assert "Huawei Cloud HSS: not looked at: nothing is assigned" in play.workspace.text_of(closing)


async def test_somebody_with_no_account_needs_no_approval_and_the_case_says_where_it_looked() -> None:
    async with stage(QUICK) as play:
        thread = await open_case(play, "noa@acme.test")
        closing = await play.workspace.until(thread.closing, 60)

        assert thread.with_button("approve") is None
        text = play.workspace.text_of(closing)
        assert all(label in text for _, label in ENTRIES.values())
        assert all(not simulator.journal.writes() for simulator in play.world.by_kind.values())


async def test_two_accounts_with_one_address_are_shown_and_neither_is_chosen() -> None:
    async with stage(QUICK) as play:
        robins = {kind: simulator.of("robin@acme.test") for kind, simulator in play.world.by_kind.items()}
        thread = await open_case(play, "robin@acme.test")
        await play.workspace.until(lambda: thread.closing() or thread.with_button("approve"), 60)
        if thread.with_button("approve") is not None:
            await approve(thread)
            await play.workspace.until(thread.closing, 60)

        for kind in ("vspc", "liveperson", "rsa_cas"):
            assert thread.words()[ENTRIES[kind][1]] == "manual"
        assert robins == {kind: simulator.of("robin@acme.test") for kind, simulator in play.world.by_kind.items()}


async def test_outsider_requester_and_second_click_get_nothing_done() -> None:
    async with stage(QUICK) as play:
        otto = play.workspace.as_person("U0OTTO")
        refused = await otto.command(f"/offboard {DANA}")
        assert refused.view is None
        assert "Who may: @Amy Ortiz @hr" in told(play, refused.ephemerals)

        thread = await open_case(play, DANA)
        plan = await play.workspace.until(lambda: thread.with_button("approve"), 60)
        for user in ("U0OTTO", "U0AMY"):
            await play.workspace.as_person(user).press(plan, "approve")
            await play.workspace.until(partial(was_refused, play, user), 20)
        assert all(not simulator.journal.writes() for simulator in play.world.by_kind.values())


def was_refused(play: Stage, user: str) -> bool:
    """Whether this person was told privately that nothing was done."""
    return "Nothing was done" in told(play, play.workspace.as_person(user).ephemerals)


def told(play: Stage, messages: Iterable[Message]) -> str:
    """What somebody was told privately."""
    return "\n".join(play.workspace.text_of(message) for message in messages)


async def test_a_declined_case_names_who_and_why_and_touches_nothing() -> None:
    async with stage(QUICK) as play:
        thread = await open_case(play, DANA)
        plan = await play.workspace.until(lambda: thread.with_button("decline"), 60)
        ben = play.workspace.as_person("U0BEN")
        shown = await ben.press(plan, "decline")
        assert shown.view is not None
        await ben.submit(shown.view, {"words": "she stays until June"})
        await play.workspace.until(lambda: "declined" in play.workspace.text_of(thread.root), 60)
        await play.workspace.until(
            lambda: any("until June" in play.workspace.text_of(m) for m in thread.messages()), 60
        )

        said = "\n".join(
            play.workspace.text_of(message) for message in play.workspace.messages(CHANNEL, thread.root_ts)
        )
        assert "Ben Sato" in said
        assert all(not simulator.journal.writes() for simulator in play.world.by_kind.values())
