"""What a run does where a system fails it, where it is run again, and where two runs meet."""

from __future__ import annotations

import asyncio
from itertools import groupby

import pytest

from bot import errors
from bot.model import CaseState, Sight, Word
from bot.ports import WorkKind
from tests.bot.conftest import House
from tests.bot.fakes import FakeSystem, account


class Killed(BaseException):
    """The program ends here."""


def breaks(system: FakeSystem, method: str) -> None:
    """From now on the adapter's method raises what no adapter should."""

    def nonsense(*_: object) -> object:
        raise KeyError("dana@acme.test")

    setattr(system, method, nonsense)


async def test_a_system_that_cannot_be_read_at_the_look_is_shown_and_the_rest_may_be_approved(house: House) -> None:
    house.wiki.find_errors = [errors.CredentialsRejected("the key is not known")]
    view = await house.planned_in_crm()

    look = view.look("wiki")
    assert look is not None
    assert (look.sight, look.reason) == (Sight.NOT_READ, "the key is not known")
    house.wiki.accounts["1"] = account("wiki")
    view = await house.run(view)
    assert (view.word("crm"), house.wiki.writes(), view.case.state) == (Word.REMOVED, [], CaseState.WAITING)
    assert view.open_plan is not None
    assert [one.system for one in view.open_plan.chosen()] == ["wiki"]


async def test_a_look_is_tried_four_times_before_a_system_counts_as_not_read(house: House) -> None:
    house.crm.find_errors = [errors.RateLimited("slow down", 300), *[errors.Unavailable("down")] * 2]
    house.wiki.find_errors = [errors.Unavailable("down")] * 4

    view = await house.planned()

    assert [(one.system, one.sight) for one in view.looks] == [("crm", Sight.FULL), ("wiki", Sight.NOT_READ)]
    assert max(house.waited) == 120


async def test_a_system_that_cannot_be_read_at_the_run_is_failed_and_nothing_was_sent(house: House) -> None:
    view = await house.planned_in_crm()
    house.crm.find_errors = [errors.Forbidden("rights taken away")]

    view = await house.run(view)

    assert (view.case.state, view.word("crm")) == (CaseState.NEEDS_PEOPLE, Word.FAILED)
    assert not house.crm.writes()


@pytest.mark.parametrize("how", ["another server", "taken out"])
async def test_a_system_that_is_another_one_by_now_is_for_its_owner_and_never_touched(house: House, how: str) -> None:
    view = await house.planned_in_crm()
    house.crm.journal.clear()
    if how == "taken out":
        house.systems.systems.remove(house.crm)
    else:
        house.crm.identity = "fake crm of somebody else"

    view = await house.run(view)

    assert (view.case.state, view.word("crm"), house.crm.journal) == (CaseState.NEEDS_PEOPLE, Word.MANUAL, [])


@pytest.mark.parametrize("method", ["find", "steps"])
async def test_an_adapter_that_breaks_at_the_look_has_not_read_anything(house: House, method: str) -> None:
    house.crm.accounts["1"] = account()
    breaks(house.crm, method)

    view = await house.planned()

    look = view.look("crm")
    assert look is not None
    assert (look.sight, look.accounts) == (Sight.NOT_READ, ())
    assert "dana" not in look.reason
    assert view.case.state is CaseState.NEEDS_PEOPLE


@pytest.mark.parametrize(
    ("method", "word"), [("find", Word.FAILED), ("read", Word.FAILED), ("steps", Word.FAILED), ("do", Word.FAILED)]
)
async def test_an_adapter_that_breaks_at_the_run_never_makes_a_removal(house: House, method: str, word: Word) -> None:
    view = await house.planned_in_crm()
    breaks(house.crm, method)

    view = await house.run(view)

    (outcome,) = view.of_system("crm")
    assert (outcome.word, view.case.state) == (word, CaseState.NEEDS_PEOPLE)
    assert outcome.left
    assert "dana" not in outcome.sentence


async def test_an_adapter_that_breaks_after_the_sending_leaves_the_truth_unconfirmed(house: House) -> None:
    view = await house.planned_in_crm()

    def breaks_once_written_to(system: FakeSystem) -> None:
        if system.writes():
            raise KeyError("dana@acme.test")

    house.crm.before_read = breaks_once_written_to

    view = await house.run(view)

    assert view.word("crm") is Word.UNCONFIRMED


async def test_a_look_that_the_engine_gives_up_is_not_read_and_the_case_goes_on(house: House) -> None:
    house.wiki.accounts["1"] = account("wiki")
    case = await house.opened()
    await house.runs.look(case.id, 0, "wiki")

    await house.runs.give_up_look(case.id, 0, "crm")

    view = await house.view(case.id)
    assert [(look.system, look.sight) for look in view.looks] == [("crm", Sight.NOT_READ), ("wiki", Sight.FULL)]
    assert view.case.state is CaseState.WAITING


@pytest.mark.parametrize(("sent", "word"), [(True, Word.UNCONFIRMED), (False, Word.FAILED)])
async def test_a_removal_that_the_engine_gives_up_is_a_persons_task(house: House, sent: bool, word: Word) -> None:
    assert (await house.approved(await house.planned_in_crm())).ok
    await house.runs.remove(1, 1, "wiki")
    if sent:
        async with house.store.begin() as tx:
            assert await tx.add_intent(1, 1, account(), "delete", "key")

    await house.runs.give_up(1, 1, "crm")

    view = await house.view(1)
    assert (view.word("crm"), view.case.state) == (word, CaseState.NEEDS_PEOPLE)


async def test_an_outcome_that_stands_is_not_replaced_when_the_engine_gives_up(house: House) -> None:
    assert (await house.approved(await house.planned_in_crm())).ok
    await house.runs.remove(1, 1, "crm")

    await house.runs.give_up(1, 1, "crm")

    assert (await house.view(1)).word("crm") is Word.REMOVED


async def test_an_outcome_that_stands_survives_a_log_off_that_fails(house: House) -> None:
    view = await house.planned_in_crm()

    async def fails() -> None:
        raise errors.Unavailable("gone away")

    house.crm.aclose = fails  # type: ignore[method-assign]

    view = await house.run(view)

    assert view.word("crm") is Word.REMOVED


async def test_work_of_a_case_that_is_not_there_is_nothing(house: House) -> None:
    await house.runs.look(9, 0, "crm")
    await house.runs.remove(9, 1, "crm")

    assert house.crm.journal == []


async def test_administrators_of_one_system_go_one_at_a_time(house: House) -> None:
    for number, name in enumerate(["dana", "erin"]):
        mail = f"{name}@acme.test"
        house.crm.accounts[str(number)] = account(id=str(number), mail=mail, one_at_a_time=True)
        await house.planned(email=mail)
    for case in (1, 2):
        assert (await house.approved(await house.view(case))).ok

    await asyncio.gather(*(house.runs.remove(case, 1, "crm") for case in (1, 2)))

    touched = [entry.split()[1] for entry in house.crm.journal if " " in entry]
    assert [one for one, _ in groupby(touched)] in (["0", "1"], ["1", "0"])
    assert house.crm.accounts == {}


async def test_work_that_is_run_again_after_it_ended_changes_nothing(house: House) -> None:
    house.wiki.accounts["1"] = account("wiki")
    assert (await house.approved(await house.planned_in_crm())).ok
    queue = list(house.engine.queue)
    await house.runs.remove(1, 1, "crm")
    before, events = await house.view(1), (await house.store.chain("case:1")).events
    house.crm.journal.clear()

    await house.runs.remove(1, 1, "crm")

    assert queue[0] == (WorkKind.REMOVE, 1, 1, "crm")
    assert (before.case.state, before.word("crm")) == (CaseState.RUNNING, Word.REMOVED)
    assert await house.view(1) == before
    assert (await house.store.chain("case:1")).events == events
    assert house.crm.journal == []


async def test_a_look_that_is_run_again_after_the_plan_changes_nothing(house: House) -> None:
    view = await house.planned_in_crm()
    house.crm.accounts["2"] = account(id="2")

    await house.runs.look(1, 0, "crm")

    assert await house.view(1) == view


async def test_a_run_that_died_on_the_way_is_taken_up_and_sends_nothing_twice(house: House) -> None:
    assert (await house.approved(await house.planned_in_crm())).ok
    plain = house.crm.read

    async def dies(known: object) -> object:
        if house.crm.writes():
            raise Killed
        return await plain(known)  # type: ignore[arg-type]

    house.crm.read = dies  # type: ignore[method-assign,assignment]
    with pytest.raises(Killed):
        await house.runs.remove(1, 1, "crm")
    house.crm.read = plain  # type: ignore[method-assign]
    await house.engine.drain()

    view = await house.view(1)
    assert (view.case.state, view.word("crm")) == (CaseState.CLOSED, Word.REMOVED)
    assert house.crm.writes() == ["delete 1"]


async def test_each_look_that_failed_is_in_the_audit_also_where_a_later_one_did_not(house: House) -> None:
    house.crm.find_errors = [errors.Unavailable("502"), errors.UnexpectedAnswer("half a list")]

    await house.planned_in_crm()

    events = [one for one in (await house.store.chain("case:1")).events if one.kind == "read"]
    assert [("Unavailable" in one.body, "UnexpectedAnswer" in one.body) for one in events] == [
        (True, False),
        (False, True),
    ]
    assert (await house.view(1)).looks[0].sight is Sight.FULL
