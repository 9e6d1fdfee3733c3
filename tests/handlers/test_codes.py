"""Approving with a code, from the button to the run, in the workspace."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyotp
import pytest

from bot.authenticators import KeyBox, make_key
from bot.cases import Room, Said
from bot.domain.second_factor import WITH_CODE
from bot.model import CaseState
from bot.store import second_factors
from handlers import ids
from handlers.views.dialogs import code_dialog
from handlers.views.plan import plan_messages
from sandbox.slack.workspace import Result, View, Workspace, demo_seed
from tests.handlers.conftest import CHANNEL, POLICY, Stage, staged
from tests.handlers.ears import Ears, opened
from tests.handlers.forging import Hand, World, submit
from tests.handlers.made import CRM, made_account, made_plan, made_view, planned, view_defects
from tests.handlers.scenes import Scene, typed, waiting
from tests.handlers.test_forged import forged_forms

BOX = KeyBox.of("the operator's key, of 32 characters")
TOTP = replace(POLICY, second_factor=True, break_glass=True)
PLAN = made_plan(planned(CRM, made_account()))
ASKS = Said(ok=False, text="", needs_code=True)


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    ready = Workspace(demo_seed(), limits=False)
    yield ready
    assert ready.lint_findings == []


@pytest.fixture
async def guarded(tmp_path: Path, workspace: Workspace) -> AsyncIterator[Stage]:
    """A stage on which every approval needs a code."""
    async with staged(tmp_path, workspace, TOTP, keys=BOX) as ready:
        yield ready


async def enrolled(stage: Stage, user_id: str = "U0BEN") -> str:
    """The key of somebody's authenticator app."""
    key = make_key()
    async with stage.store.begin() as tx:
        assert await second_factors.enrol(tx.connection, user_id, BOX.encrypt(user_id, key), await tx.now())
    return key


def code_now(key: str) -> str:
    return pyotp.TOTP(key).now()


def wrong_code(key: str) -> str:
    """A code that the app shows at no time near the present."""
    now = datetime.now(UTC)
    near = {pyotp.TOTP(key).at(now + timedelta(seconds=30 * steps)) for steps in range(-3, 4)}
    return next(code for code in map(str, range(100_000, 100_009)) if code not in near)


async def pressed(stage: Stage, who: str = "ben") -> View:
    """The dialog that Approve opens."""
    await stage.requested()
    return opened((await stage.person(who).press(await stage.shown("plan:1"), ids.APPROVE)).view)


async def test_approve_opens_a_dialog_that_asks_for_one_code(ears: Ears) -> None:
    ears.cases.says = ASKS
    (message,) = plan_messages(made_view(plans=(PLAN,)), 1)

    view = opened((await ears.person("ben").press(await ears.posted(message), ids.APPROVE)).view)

    assert (view.title, view.callback_id) == ("Approve OFF-12", "offboard_code")
    assert view_defects(code_dialog("12:1:1abc")) == []


async def test_the_code_is_handed_on_with_the_plan_that_was_shown(ears: Ears) -> None:
    ears.cases.views = (made_view(plans=(PLAN,)),)
    ears.cases.says = ASKS
    (message,) = plan_messages(ears.cases.views[0], 1)
    view = opened((await ears.person("ben").press(await ears.posted(message), ids.APPROVE)).view)
    ears.cases.says = Said(ok=True, text="Approved. The run has begun.")

    result = await ears.person("ben").submit(view, {"Code": "123 456"})

    assert result.ok
    name, *what, shown = ears.cases.asked[-1]
    assert (name, what) == ("approve", [12, 1, "1abc", "U0BEN", "T0ACME", "123 456"])
    assert "1 account in 1 system would be taken away" in str(shown)
    assert "would disable the user, then delete the user." in str(shown)
    assert "Approved. The run has begun." in ears.workspace.text_of(opened(ears.person("ben").open_view))


async def test_with_the_right_code_the_case_runs(guarded: Stage) -> None:
    key = await enrolled(guarded)
    view = await pressed(guarded)
    assert (await guarded.view()).approvals == ()

    result = await guarded.person("ben").submit(view, {"Code": code_now(key)})

    assert result.ok
    await guarded.work()
    await guarded.shown("closing")
    (given,) = (await guarded.view()).approvals
    assert given.why.endswith(WITH_CODE)


async def test_what_is_kept_as_shown_is_the_stored_plan_drawn_anew(guarded: Stage) -> None:
    key = await enrolled(guarded)
    view = await pressed(guarded)
    await guarded.person("ben").submit(view, {"Code": code_now(key)})

    chain = await guarded.store.chain("case:1")

    (shown,) = [one.value for one in chain.values if one.field == "shown"]
    assert "1 account in 1 system would be taken away." in shown
    assert "dana@acme.test" in shown


async def test_a_wrong_code_is_told_under_the_field_and_the_right_one_still_counts(guarded: Stage) -> None:
    key = await enrolled(guarded)
    view = await pressed(guarded)

    result = await guarded.person("ben").submit(view, {"Code": wrong_code(key)})

    assert "This code is wrong. Nothing was done." in result.field_errors["Code"]
    assert (await guarded.view()).case.state is CaseState.WAITING
    assert (await guarded.person("ben").submit(view, {"Code": code_now(key)})).ok
    assert (await guarded.view()).case.state is CaseState.RUNNING


async def test_who_has_no_authenticator_gets_no_dialog_but_a_word(guarded: Stage) -> None:
    await guarded.requested()

    result = await guarded.person("ben").press(await guarded.shown("plan:1"), ids.APPROVE)

    assert result.view is None
    assert "offboard second-factor enrol U0BEN" in await guarded.told("ben", "no authenticator enrolled")


async def test_who_may_not_approve_gets_no_dialog_for_a_code(guarded: Stage) -> None:
    await enrolled(guarded, "U0OTTO")
    await guarded.requested()

    result = await guarded.person("otto").press(await guarded.shown("plan:1"), ids.APPROVE)

    assert result.view is None
    assert await guarded.told("otto", "You are not an approver")


async def test_five_wrong_codes_are_told_to_the_admin_directly(guarded: Stage) -> None:
    key = await enrolled(guarded)
    view = await pressed(guarded)
    for _ in range(5):
        result = await guarded.person("ben").submit(view, {"Code": wrong_code(key)})

    assert "none counts until" in result.field_errors["Code"]

    def told() -> str:
        texts = [guarded.workspace.text_of(one) for one in guarded.person("root").dms]
        return next((text for text in texts if "wrong codes in a row" in text), "")

    assert "U0BEN" in await guarded.workspace.until(told)


async def test_a_discreet_case_asks_for_the_code_on_top_of_its_review(tmp_path: Path, workspace: Workspace) -> None:
    async with staged(tmp_path, workspace, TOTP, Room(CHANNEL, discreet=True), BOX) as stage:
        key = await enrolled(stage)
        await stage.requested()
        review = opened((await stage.person("ben").press(await stage.shown("plan:1"), ids.REVIEW)).view)
        asked = opened((await stage.person("ben").press_in_view(review, ids.APPROVE)).view)
        assert (asked.callback_id, asked.title) == (ids.CODE_VIEW, "Approve OFF-1")

        result = await stage.person("ben").submit(asked, {"Code": code_now(key)})

        assert result.ok

        def told() -> bool:
            view = stage.person("ben").open_view
            return view is not None and "The run has begun" in stage.workspace.text_of(view)

        assert await workspace.until(told)
        (given,) = (await stage.view()).approvals
        assert given.why.endswith(WITH_CODE)


async def test_a_discreet_case_takes_no_code_from_somebody_who_did_not_review(
    tmp_path: Path, workspace: Workspace
) -> None:
    async with staged(tmp_path, workspace, TOTP, Room(CHANNEL, discreet=True), BOX) as stage:
        key = await enrolled(stage)
        genuine = await waiting(stage)

        answer = await submit(stage, ids.CODE_VIEW, genuine, typed(code=code_now(key)), Hand())

        assert "Press Review" in answer.body["errors"][ids.CODE]
        assert (await stage.view()).approvals == ()


async def test_a_forged_code_form_does_nothing_and_a_genuine_one_does(guarded: Stage) -> None:
    key = await enrolled(guarded)
    genuine = await waiting(guarded)
    await forged_forms(guarded, ids.CODE_VIEW, Scene(waiting, values=typed(code=code_now(key))), genuine)
    before = await World.of(guarded)

    await submit(guarded, ids.CODE_VIEW, genuine, typed(code=code_now(key)), Hand())

    assert await World.of(guarded) != before


async def glass(stage: Stage, code: str) -> Result:
    """Break-glass by the admin, with that code."""
    view = opened((await stage.person("root").command("/offboard break-glass OFF-1")).view)
    fields = {"Reason": "locked out", "The person's address": "dana@acme.test", "Code": code}
    return await stage.person("root").submit(view, fields)


async def test_breaking_the_glass_asks_for_a_code_in_its_dialog(guarded: Stage) -> None:
    key = await enrolled(guarded, "U0ROOT")
    await guarded.requested()
    await guarded.shown("plan:1")

    wrong = await glass(guarded, wrong_code(key))
    assert "This code is wrong" in wrong.field_errors["Code"]
    assert (await guarded.view()).case.state is CaseState.WAITING

    assert (await glass(guarded, code_now(key))).ok
    assert (await guarded.view()).case.state is CaseState.RUNNING
