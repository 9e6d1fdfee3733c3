"""The two answers where no system knows the person, through the real listeners and the real domain."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.cases import Room
from bot.model import CaseState
from handlers import ids
from sandbox.slack.workspace import Workspace, demo_seed
from tests.handlers.conftest import CHANNEL, POLICY, Stage, staged

NOA = "/offboard noa@acme.test"


@pytest.fixture
async def discreet(tmp_path: Path) -> AsyncIterator[Stage]:
    """A stage on which the channel sees initials only."""
    workspace = Workspace(demo_seed(), limits=False)
    async with staged(tmp_path, workspace, POLICY, Room(CHANNEL, discreet=True)) as ready:
        yield ready
    assert workspace.lint_findings == []


async def test_an_approver_answers_with_one_click_and_the_case_is_closed_with_their_name(stage: Stage) -> None:
    await stage.requested(NOA)
    await stage.says("closing", "Somebody has to say in the thread whether the address is right.")

    await stage.person("ben").press(await stage.shown("nothing"), ids.NOTHING_TO_REMOVE)

    assert "OFF-1 is closed" in await stage.told("ben", "Noted, with your name")
    await stage.says("root", "closed")
    await stage.says("nothing", "@Ben Sato confirmed: this is the right address")
    await stage.says("closing", "@Ben Sato confirmed: this is the right address")
    assert stage.person("ben").buttons(await stage.shown("nothing")) == []


async def test_what_the_person_was_shown_is_in_the_audit(stage: Stage) -> None:
    await stage.requested(NOA)
    await stage.person("ben").press(await stage.shown("nothing"), ids.NOTHING_TO_REMOVE)

    chain = await stage.store.chain("case:1")

    (event,) = [one for one in chain.events if one.kind == "nothing confirmed"]
    (shown,) = [one.value for one in chain.values if one.seq == event.seq]
    assert "noa@acme.test" in shown


async def test_the_requester_cannot_answer_that_there_is_nothing(stage: Stage) -> None:
    await stage.requested(NOA)

    await stage.person("amy").press(await stage.shown("nothing"), ids.NOTHING_TO_REMOVE)

    assert "Nothing was done." in await stage.told("amy", "Nothing was done.")
    assert (await stage.view()).case.state is CaseState.NEEDS_PEOPLE


async def test_a_typing_error_is_corrected_and_the_right_person_gets_a_plan(stage: Stage) -> None:
    await stage.requested("/offboard dnaa@acme.test")
    modal = (await stage.person("amy").press(await stage.shown("nothing"), ids.CORRECT_ADDRESS)).view
    assert modal is not None
    assert "dnaa@acme.test" in str(modal)

    result = await stage.person("amy").submit(modal, {"E-mail": "dana@acme.test"})
    await stage.work()

    assert result.ok
    assert (await stage.view(1)).case.state is CaseState.CANCELLED
    assert (await stage.view(2)).case.state is CaseState.WAITING
    await stage.says("cancelled", "OFF-2 takes its place.")
    await stage.says("nothing", "This case is cancelled.")


async def test_a_corrected_form_that_is_wrong_again_keeps_the_case_as_it_is(stage: Stage) -> None:
    await stage.requested(NOA)
    modal = (await stage.person("amy").press(await stage.shown("nothing"), ids.CORRECT_ADDRESS)).view
    assert modal is not None

    result = await stage.person("amy").submit(modal, {"E-mail": "amy@acme.test"})

    assert not result.ok
    assert (await stage.view()).case.state is CaseState.NEEDS_PEOPLE


async def test_nobody_but_the_requester_gets_the_form(stage: Stage) -> None:
    await stage.requested(NOA)

    result = await stage.person("ben").press(await stage.shown("nothing"), ids.CORRECT_ADDRESS)

    assert result.view is None
    assert "Who may: @Amy Ortiz" in await stage.told("ben", "Only who asked")


async def test_a_discreet_case_is_answered_in_the_dialog_that_shows_the_address(discreet: Stage) -> None:
    await discreet.requested(NOA)
    message = await discreet.shown("nothing")
    assert "noa" not in discreet.workspace.text_of(message).lower()

    view = (await discreet.person("ben").press(message, ids.NOTHING_TO_REMOVE)).view
    assert view is not None
    assert "noa@acme.test" in str(view)
    assert (await discreet.view()).case.state is CaseState.NEEDS_PEOPLE
    await discreet.person("ben").press_in_view(view, ids.NOTHING_TO_REMOVE)

    await discreet.says("root", "closed")
    assert (await discreet.view()).case.confirmed_by == "U0BEN"


async def test_the_details_of_a_discreet_case_are_not_for_the_requester(discreet: Stage) -> None:
    await discreet.requested(NOA)

    result = await discreet.person("amy").press(await discreet.shown("nothing"), ids.NOTHING_TO_REMOVE)

    assert result.view is None
    assert "Nothing was done." in await discreet.told("amy", "Nothing was done.")
