"""A database put back from an older copy sends nothing until an admin goes on with it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.errors import OffboardError
from bot.model import CaseState, Word, WorkKind
from bot.ports.told import Mark
from bot.restored import HELD, Gate, Restored, go_on, is_held
from tests.bot.conftest import House
from tests.bot.fakes import FakeReporter, account


@dataclass
class FakeTold:
    """What stands in Slack."""

    stands: tuple[Mark, ...] = ()
    errors: list[OffboardError] = field(default_factory=list)
    asked: int = 0

    async def marks(self) -> tuple[Mark, ...]:
        self.asked += 1
        if self.errors:
            raise self.errors.pop(0)
        return self.stands


@dataclass
class Place:
    """A house whose removals stand behind the gate; each wait does what `meanwhile` says."""

    house: House
    told: FakeTold = field(default_factory=FakeTold)
    waits: int = 0

    def __post_init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """A new process."""
        house = self.house
        self.restored = Restored(house.store, house.people, house.policy, FakeReporter(), self.told)
        gate = Gate(self.restored, house.store, FakeReporter(), self._wait)
        house.engine.work[WorkKind.REMOVE] = gate.before(house.runs.remove)

    async def _wait(self, seconds: float) -> None:
        assert seconds > 0
        self.waits += 1
        if self.waits > 3:
            assert (await self.house.cases.go_on("U0ROOT", "T0ACME", "the disk was lost")).ok

    async def direct(self) -> list[str]:
        posts = await self.house.store.due_posts(await self.house.store.now(), 100)
        return [post.channel for post in posts if post.key.startswith("dm:restored:")]


@pytest.fixture
def place(house: House) -> Place:
    return Place(house)


async def mark_of(house: House, case_id: int = 1) -> Mark:
    """What a message about the case as it stands would carry."""
    seq, _, head = (await house.store.mark(case_id)).partition(":")
    return Mark(case_id, int(seq), head)


async def test_a_database_that_slack_has_seen_nothing_later_of_goes_on(place: Place) -> None:
    await place.house.planned_in_crm()
    place.told.stands = (await mark_of(place.house),)
    await place.house.cases.cancel(1, "U0ROOT", "T0ACME")

    await place.restored.look_once()

    assert not await is_held(place.house.store)


async def test_a_case_that_the_database_does_not_have_holds_everything(place: Place) -> None:
    await place.house.planned_in_crm()
    place.told.stands = (Mark(7),)

    await place.restored.look_once()

    assert await is_held(place.house.store)
    assert await place.direct() == ["U0ROOT"]
    events = (await place.house.store.chain("refusals")).events
    assert [event.kind for event in events] == ["Slack is ahead of the database"]


async def test_a_message_that_knows_a_later_event_holds_everything(place: Place) -> None:
    await place.house.planned_in_crm()
    before = await mark_of(place.house)
    place.told.stands = (Mark(1, before.seq + 1, "0123456789abcdef"),)

    await place.restored.look_once()

    assert await is_held(place.house.store)


async def test_a_message_that_knows_another_past_holds_everything(place: Place) -> None:
    await place.house.planned_in_crm()
    before = await mark_of(place.house)
    place.told.stands = (Mark(1, before.seq, "0" * 16),)

    await place.restored.look_once()

    assert await is_held(place.house.store)


async def test_new_cases_get_no_number_that_slack_knows_already(place: Place) -> None:
    await place.house.planned_in_crm()
    place.told.stands = (Mark(1, 1), Mark(7))

    await place.restored.look_once()

    assert (await place.house.opened(email="finn@acme.test")).id == 8


async def test_an_empty_database_goes_on_behind_the_numbers_that_slack_knows(place: Place) -> None:
    place.told.stands = (Mark(7, 12, "0" * 16),)

    await place.restored.look_once()

    assert not await is_held(place.house.store)
    assert (await place.house.opened()).id == 8
    place.restart()
    await place.restored.look_once()
    assert not await is_held(place.house.store)


async def test_a_removal_waits_until_an_admin_goes_on(place: Place) -> None:
    view = await place.house.planned_in_crm()
    place.told.stands = (Mark(7),)
    await place.house.approved(view)

    await place.house.engine.drain()

    view = await place.house.view(1)
    assert place.waits == 4
    assert (view.case.state, view.word("crm")) == (CaseState.CLOSED, Word.REMOVED)


async def test_what_waits_says_so_in_its_card(place: Place) -> None:
    house = place.house
    seen: list[str] = []
    view = await house.planned_in_crm()
    place.told.stands = (Mark(7),)
    await house.approved(view)
    plain = place._wait

    async def seen_while_waiting(seconds: float) -> None:
        seen.extend(work.says for work in (await house.view(1)).working if work.says)
        assert house.crm.writes() == []
        await plain(seconds)

    gate = Gate(place.restored, house.store, FakeReporter(), seen_while_waiting)
    house.engine.work[WorkKind.REMOVE] = gate.before(house.runs.remove)
    await house.engine.drain()

    assert any("Slack has seen more" in says for says in seen)


async def test_what_waited_no_longer_says_so_once_it_goes_on(place: Place) -> None:
    house = place.house
    view = await house.planned_in_crm()
    place.told.stands = (Mark(7),)
    await house.approved(view)
    said: list[str] = []

    async def seen(case_id: int, attempt: int, system: str) -> None:
        said.extend(work.says for work in (await house.view(case_id)).working if work.system == system)
        await house.runs.remove(case_id, attempt, system)

    house.engine.work[WorkKind.REMOVE] = Gate(place.restored, house.store, FakeReporter(), place._wait).before(seen)
    await house.engine.drain()

    assert set(said) == {""}


async def test_a_database_that_another_process_holds_is_noticed_within_a_second(place: Place) -> None:
    house, times = place.house, [0.0, 0.0, 0.5, 1.1, 1.1]
    done: list[str] = []

    async def work(case_id: int, attempt: int, system: str) -> None:
        done.append(f"{system} after {place.waits} waits")

    gate = Gate(place.restored, house.store, FakeReporter(), place._wait, lambda: times.pop(0))
    remove = gate.before(work)
    await house.planned_in_crm()
    await remove(1, 1, "crm")
    async with house.store.begin() as tx:
        await tx.set_flag(HELD, "[]")
    await remove(1, 1, "crm")
    await remove(1, 1, "crm")

    assert done == ["crm after 0 waits", "crm after 0 waits", "crm after 4 waits"]


async def test_nothing_is_sent_before_slack_has_answered(place: Place) -> None:
    view = await place.house.planned_in_crm()
    await place.house.approved(view)
    place.told.errors = [OffboardError("Slack did not answer"), OffboardError("Slack did not answer")]

    await place.house.engine.drain()

    assert (place.waits, place.told.asked) == (2, 3)
    assert (await place.house.view(1)).word("crm") is Word.REMOVED


async def test_a_due_start_waits_too(place: Place) -> None:
    house = place.house
    house.crm.accounts["1"] = account()
    due = await house.store.now() + timedelta(days=2)
    view = await house.planned(when=due)
    await house.approved(view)
    place.told.stands = (Mark(7),)
    await place.restored.look_once()

    await house.sweeper.sweep(due)
    assert (await house.view(1)).case.state is CaseState.APPROVED

    await house.cases.go_on("U0ROOT", "T0ACME", "the disk was lost")
    await house.sweeper.sweep(due)
    assert (await house.view(1)).case.state is CaseState.RUNNING


async def test_what_an_admin_has_accepted_holds_nothing_after_the_next_start(place: Place) -> None:
    await place.house.planned_in_crm()
    place.told.stands = (Mark(1, 90, "0" * 16), Mark(7))
    await place.restored.look_once()
    assert (await place.house.cases.go_on("U0ROOT", "T0ACME", "the disk was lost")).ok

    place.restart()
    await place.restored.look_once()

    assert not await is_held(place.house.store)


async def test_a_second_copy_that_is_put_back_later_is_noticed_again(place: Place) -> None:
    await place.house.planned_in_crm()
    place.told.stands = (Mark(7),)
    await place.restored.look_once()
    assert (await place.house.cases.go_on("U0ROOT", "T0ACME", "the disk was lost")).ok

    place.told.stands = (Mark(7), Mark(9))
    place.restart()
    await place.restored.look_once()

    assert await is_held(place.house.store)


async def test_a_process_compares_once(place: Place) -> None:
    for _ in range(3):
        await place.restored.sweep(await place.house.store.now())

    assert place.told.asked == 1


async def test_going_on_where_nothing_is_held_changes_nothing(house: House) -> None:
    async with house.store.begin() as tx:
        assert not await go_on(tx, house.store)

    assert await house.store.flag("restored_accepted") is None


async def test_the_reason_of_the_admin_stands_in_the_audit_and_can_be_deleted(place: Place) -> None:
    place.house.crm.accounts["1"] = account()
    await place.house.planned()
    place.told.stands = (Mark(7),)
    await place.restored.look_once()

    await place.house.cases.go_on("U0ROOT", "T0ACME", "the disk was lost")

    chain = await place.house.store.chain("refusals")
    assert [event.kind for event in chain.events][-1] == "went on with an older database"
    assert [value.value for value in chain.values] == ["the disk was lost"]
    assert "disk" not in chain.events[-1].body
