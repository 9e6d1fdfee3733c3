"""The Home tab, shown to whoever opens it."""

from __future__ import annotations

from bot.errors import PeopleNotReadable
from bot.model import PlanState
from handlers.views.message import Message as Rendered
from sandbox.slack.workspace import View
from tests.handlers.ears import CHANNEL, Ears
from tests.handlers.made import made_case, made_plan, made_view


async def test_home_is_published_for_whoever_opens_it(ears: Ears) -> None:
    ears.cases.views = (made_view(plans=(made_plan(state=PlanState.WAITING),)),)
    ears.cases.waiting = frozenset({12})
    home = await ears.person("ben").open_home()
    assert home is not None
    assert "Waiting for you\nOFF-12 dana@acme.test: waiting" in ears.workspace.text_of(home)
    asked = [call for call in ears.cases.asked if call[0] != "place"]
    assert asked == [("visible", "U0BEN", "T0ACME"), ("waits_for", "U0BEN", "T0ACME")]


async def test_each_case_leads_to_its_thread_and_slack_is_asked_once_where(ears: Ears) -> None:
    root = await ears.posted(Rendered("OFF-12: a case.", ()))
    ears.cases.views = (made_view(), made_view(made_case(id=13)))
    ears.cases.waiting, ears.cases.places = frozenset({12, 13}), {12: (CHANNEL, root.ts)}
    first = await ears.person("ben").open_home()
    second = await ears.person("chloe").open_home()
    assert [links(first), links(second)] == [[root.ts.replace(".", "")]] * 2
    assert sum(call.method == "chat.getPermalink" for call in ears.workspace.calls) == 1


async def test_home_is_shown_without_links_where_slack_does_not_tell_them(ears: Ears) -> None:
    ears.cases.views, ears.cases.waiting = (made_view(),), frozenset({12})
    ears.cases.places = {12: (CHANNEL, "1.000001")}
    home = await ears.person("ben").open_home()
    assert home is not None
    assert "OFF-12 dana@acme.test" in ears.workspace.text_of(home)
    assert links(home) == []


def links(home: View | None) -> list[str]:
    """The timestamps in the addresses that the tab leads to."""
    assert home is not None
    rows = [row for block in home.blocks for part in block.get("elements", []) for row in part.get("elements", [])]
    pieces = [piece for row in rows for piece in row.get("elements", [])]
    return [str(piece["url"]).rpartition("/p")[2] for piece in pieces if piece["type"] == "link"]


async def test_a_home_that_cannot_be_read_leaves_the_rest_alone(ears: Ears) -> None:
    ears.cases.error = PeopleNotReadable("no answer")
    assert await ears.person("ben").open_home() is None
    ears.cases.error = None
    assert (await ears.person("amy").command("/offboard")).view is not None
