"""The buttons on messages that time has brought, through the real listeners."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot.cases import Said
from bot.model import CaseState
from handlers import ids
from handlers.views.calls import restored
from handlers.views.message import Message as Rendered
from handlers.views.messages import parts
from sandbox.slack.workspace import Message
from tests.handlers.ears import Ears, opened
from tests.handlers.made import NOW, made_case, made_view

NO = Said(ok=False, text="You may not. Nothing was done.", who=("U0ROOT",))
EXPIRED = made_view(made_case(state=CaseState.EXPIRED, ended_at=NOW))


async def expired_in(ears: Ears) -> Message:
    ears.cases.views = (EXPIRED,)
    return await ears.posted(parts(EXPIRED, "expired")[0])


async def test_ask_again_opens_the_request_with_the_same_person(ears: Ears) -> None:
    result = await ears.person("amy").press(await expired_in(ears), ids.ASK_AGAIN)

    view = opened(result.view)
    assert "dana@acme.test" in str(view)
    assert ears.cases.asked[0][0] == "may_ask"


async def test_who_may_not_ask_cannot_ask_again(ears: Ears) -> None:
    message = await expired_in(ears)
    ears.cases.says = NO

    result = await ears.person("otto").press(message, ids.ASK_AGAIN)

    assert result.view is None
    assert (await ears.told("otto")).startswith("You may not.")


async def test_who_does_not_see_the_case_learns_nothing_of_its_person(ears: Ears) -> None:
    message = await expired_in(ears)
    ears.cases.views = ()

    result = await ears.person("ben").press(message, ids.ASK_AGAIN)

    assert result.view is None
    assert "no such case" in await ears.told("ben")


async def test_a_case_that_was_redacted_meanwhile_cannot_be_asked_again(ears: Ears) -> None:
    message = await expired_in(ears)
    ears.cases.views = (replace(EXPIRED, case=replace(EXPIRED.case, redacted_at=NOW)),)

    result = await ears.person("amy").press(message, ids.ASK_AGAIN)

    assert result.view is None
    assert "deleted by now" in await ears.told("amy")


async def test_an_admin_goes_on_with_an_older_database_with_a_reason(ears: Ears) -> None:
    message = await ears.posted(restored("Slack shows later events."))
    view = opened((await ears.person("root").press(message, ids.GO_ON)).view)

    result = await ears.person("root").submit(view, {"Reason": "the disk was lost"})

    assert result.ok
    assert ears.cases.asked == [
        ("may_go_on", "U0ROOT", "T0ACME"),
        ("go_on", "U0ROOT", "T0ACME", "the disk was lost"),
    ]


async def test_who_may_not_go_on_gets_no_dialog(ears: Ears) -> None:
    ears.cases.says = NO

    result = await ears.person("ben").press(await ears.posted(restored("Later events.")), ids.GO_ON)

    assert result.view is None
    assert (await ears.told("ben")).startswith("You may not.")


async def test_a_refusal_after_the_dialog_stands_in_it(ears: Ears) -> None:
    view = opened((await ears.person("root").press(await ears.posted(restored("Later.")), ids.GO_ON)).view)
    ears.cases.says = NO

    result = await ears.person("root").submit(view, {"Reason": "the disk was lost"})

    assert not result.ok


@pytest.mark.parametrize("value", ["12", "12:", "x:again", "-1:again"])
async def test_a_value_that_is_none_of_ours_opens_nothing(ears: Ears, value: str) -> None:
    message = await expired_in(ears)
    forged = json.loads(json.dumps(list(message.blocks)).replace("12:again", value))

    result = await ears.person("amy").press(await ears.posted(Rendered("OFF-12", tuple(forged))), ids.ASK_AGAIN)

    assert result.view is None
    assert "may_ask" not in [name for name, *_ in ears.cases.asked]
