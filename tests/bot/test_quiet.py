"""The leaver does not learn of the case where it is told, also when they came into the channel later."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.cases import Denied, Room
from bot.model import NO_CHANNEL, NOT_KNOWN, CaseState, CaseView
from bot.quiet import candidates
from bot.store import SqlStore
from tests.bot.conftest import House
from tests.bot.fakes import AMY, DANA, ROOT, account, person

NOW = datetime(2040, 1, 1, tzinfo=UTC)


async def wanted(store: SqlStore) -> dict[str, str]:
    """What the outbox would post now: key → channel."""
    return {post.key: post.channel for post in await store.due_posts(NOW, 100)}


async def joined(house: House, *channels: str) -> None:
    """Dana is a member of these channels from now on."""
    house.people.channels = {channel: {DANA.user_id} for channel in channels}


async def looked(house: House) -> CaseView:
    """The case after everything that was handed over is done."""
    await house.engine.drain()
    return await house.view(1)


def test_a_case_stays_where_it_is_told_before_it_goes_anywhere_else() -> None:
    room = Room("C1", "C2")

    assert candidates(room, "C2") == ("C2", "C1")
    assert candidates(room, "C0OLD") == ("C0OLD", "C2", "C1")
    assert candidates(room) == ("C1", "C2")
    assert candidates(room, NOT_KNOWN) == ("C1", "C2")
    assert candidates(Room("C1")) == ("C1",)


async def test_a_leaver_found_in_the_channel_before_the_plan_moves_the_case_with_a_new_root(house: House) -> None:
    house.crm.accounts["1"] = account()
    await house.opened()
    for post in await house.store.due_posts(NOW, 10):
        await house.store.begin_post(post)
        await house.store.end_post(post, "1.1", post.channel)
    await joined(house, "C0CASES")

    view = await looked(house)

    assert view.case.channel == "C0SENSITIVE"
    assert await wanted(house.store) == {"root": "C0SENSITIVE"}
    assert await house.store.place(1, "root") is None
    (event,) = [one for one in (await house.store.chain("case:1")).events if one.kind == "told elsewhere"]
    assert "C0SENSITIVE" in event.body


async def test_whoever_other_logins_led_to_moves_the_case_as_the_leaver_does(house: House) -> None:
    house.people.people = (*house.people.people, person("U0ERIN", "erin@acme.test"))
    house.crm.accounts["1"] = account()
    await house.opened(email="new@else.test", other_logins=("erin@acme.test",))
    house.people.channels = {"C0CASES": {"U0ERIN"}}

    assert (await looked(house)).case.channel == "C0SENSITIVE"


async def test_a_leaver_found_in_the_channel_before_the_closing_message_moves_the_case(house: House) -> None:
    view = await house.planned_in_crm()
    await house.approved(view)
    await joined(house, "C0CASES")

    view = await looked(house)

    assert (view.case.state, view.case.channel) == (CaseState.CLOSED, "C0SENSITIVE")
    assert {channel for key, channel in (await wanted(house.store)).items() if key == "root"} == {"C0SENSITIVE"}


async def test_a_leaver_who_joins_the_channel_moves_the_case_at_once(house: House) -> None:
    await house.planned_in_crm()
    await joined(house, "C0CASES")

    await house.cases.joined("C0CASES", AMY.user_id)
    assert (await house.view(1)).case.channel == "C0CASES"
    await house.cases.joined("C0CASES", DANA.user_id)

    assert (await house.view(1)).case.channel == "C0SENSITIVE"


async def test_where_no_channel_is_usable_nothing_is_posted_and_requester_and_admins_are_told(house: House) -> None:
    house.crm.accounts["1"] = account()
    await house.opened()
    await joined(house, "C0CASES", "C0SENSITIVE")

    view = await looked(house)

    assert (view.case.state, view.case.channel) == (CaseState.WAITING, NO_CHANNEL)
    assert set((await wanted(house.store)).items()) == {
        (f"dm:nowhere:{AMY.user_id}", AMY.user_id),
        (f"dm:nowhere:{ROOT.user_id}", ROOT.user_id),
    }


async def test_a_case_that_could_be_told_nowhere_is_told_as_soon_as_there_is_a_channel(house: House) -> None:
    house.crm.accounts["1"] = account()
    await house.opened()
    await joined(house, "C0CASES", "C0SENSITIVE")
    await looked(house)
    await joined(house, "C0CASES")

    await house.sweeper.sweep(datetime.now(UTC))

    assert (await house.view(1)).case.channel == "C0SENSITIVE"
    assert (await wanted(house.store))["root"] == "C0SENSITIVE"


async def test_while_slack_does_not_say_who_is_in_the_channel_nothing_is_posted_and_the_work_goes_on(
    house: House,
) -> None:
    house.crm.accounts["1"] = account()
    await house.opened()
    house.people.silent = True

    view = await looked(house)

    assert (view.case.state, view.case.channel) == (CaseState.WAITING, NOT_KNOWN)
    assert await wanted(house.store) == {}
    house.people.silent = False
    await house.sweeper.sweep(datetime.now(UTC))
    assert (await house.view(1)).case.channel == "C0CASES"
    assert await wanted(house.store) == {"root": "C0CASES"}


async def test_a_message_that_was_on_its_way_does_not_bring_the_case_back_where_the_leaver_is(house: House) -> None:
    house.crm.accounts["1"] = account()
    await house.opened()
    (root,) = await house.store.due_posts(NOW, 10)
    await house.store.begin_post(root)
    await joined(house, "C0CASES")
    await looked(house)

    await house.store.end_post(root, "1.1", "C0CASES")

    assert await house.store.place(1, "root") is None
    assert (await wanted(house.store))["root"] == "C0SENSITIVE"


async def test_a_leaver_who_is_in_no_channel_changes_nothing(house: House) -> None:
    view = await house.planned_in_crm()

    assert view.case.channel == "C0CASES"
    assert "told elsewhere" not in [one.kind for one in (await house.store.chain("case:1")).events]


async def test_where_nothing_can_be_opened_every_admin_but_the_leaver_is_to_be_told(house: House) -> None:
    await joined(house, "C0CASES", "C0SENSITIVE")

    denied = await house.cases.open(house.form(), AMY.user_id, AMY.team_id)

    assert isinstance(denied, tuple)
    (one,) = [one for one in denied if isinstance(one, Denied) and one.tell]
    assert one.tell == (ROOT.user_id,)
