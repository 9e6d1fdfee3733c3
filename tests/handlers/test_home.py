"""The Home tab, shown to whoever opens it."""

from __future__ import annotations

from bot.errors import PeopleNotReadable
from bot.model import PlanState
from tests.handlers.ears import Ears
from tests.handlers.made import made_plan, made_view


async def test_home_is_published_for_whoever_opens_it(ears: Ears) -> None:
    ears.cases.views = (made_view(plans=(made_plan(state=PlanState.WAITING),)),)
    home = await ears.person("ben").open_home()
    assert home is not None
    assert "OFF-12 dana@acme.test: waiting" in ears.workspace.text_of(home)


async def test_a_home_that_cannot_be_read_leaves_the_rest_alone(ears: Ears) -> None:
    ears.cases.error = PeopleNotReadable("no answer")
    assert await ears.person("ben").open_home() is None
    ears.cases.error = None
    assert (await ears.person("amy").command("/offboard")).view is not None
