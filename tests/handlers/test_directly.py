"""Direct messages about a request that never became a case."""

from __future__ import annotations

from bot.cases import Denied, Field
from handlers.directly import Directly
from tests.handlers.ears import Ears


async def test_everybody_who_has_to_hear_of_it_is_told_once_and_nobody_is_named(ears: Ears) -> None:
    denied = [Denied(Field.FORM, "no", tell=("U0ROOT", "U0BEN")), Denied(Field.FORM, "no", tell=("U0ROOT",))]

    Directly(ears.slack.client, ears.slack.tasks).tell(denied)
    await ears.slack.tasks.drain(10)

    for name in ("root", "ben"):
        (message,) = ears.person(name).dms
        assert "it was not opened" in message.text
        assert "Dana" not in message.text
    assert ears.person("amy").dms == []


async def test_a_request_that_is_denied_for_other_reasons_tells_nobody_else(ears: Ears) -> None:
    ears.cases.opened = (Denied(Field.EMAIL, "This is not an address."),)
    view = (await ears.person("amy").command("/offboard dana@acme.test")).view
    assert view is not None

    await ears.person("amy").submit(view, {})
    await ears.slack.tasks.drain(10)

    assert [ears.person(name).dms for name in ("root", "ben", "amy")] == [[], [], []]


async def test_a_slack_that_is_away_is_logged_and_raises_nothing(ears: Ears) -> None:
    ears.workspace.fail_next("conversations.open", "internal_error", 9)

    Directly(ears.slack.client, ears.slack.tasks).tell([Denied(Field.FORM, "no", tell=("U0ROOT",))])
    await ears.slack.tasks.drain(10)

    assert ears.person("root").dms == []
