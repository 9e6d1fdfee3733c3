"""What is carried out: only what was approved and is unchanged, and never twice."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot import errors
from bot.cases import Said
from bot.model import CaseState, CaseView, Finding, PlanState, Sight, Word, facts
from bot.ports import WorkKind
from bot.turns import MAX_TURNS
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import BEN, ROOT, FakeSystem, account

RENAMED = account(identity=facts(id="1", mail="erin@acme.test"), handle="erin@acme.test")


async def planned(house: House) -> CaseView:
    """A case with one account in the CRM, whose plan waits."""
    house.crm.accounts["1"] = account()
    return await house.planned()


async def run(house: House, view: CaseView) -> CaseView:
    """The case after its newest plan was approved and carried out."""
    assert (await house.approved(view)).ok
    await house.engine.drain()
    return await house.view(view.case.id)


async def test_an_account_that_changed_since_the_approval_waits_in_a_second_plan_and_the_rest_goes(
    house: House,
) -> None:
    house.wiki.accounts["1"] = account("wiki")
    view = await planned(house)
    house.crm.accounts["1"] = account(weight=("admin",))

    view = await run(house, view)

    assert (view.case.state, view.word("crm"), view.word("wiki")) == (CaseState.WAITING, None, Word.REMOVED)
    assert not house.crm.writes()
    assert view.open_plan is not None
    assert view.open_plan.turn == 2
    assert [system.name for system in view.open_plan.systems] == ["crm"]
    assert [one.weight for one in view.open_plan.chosen()] == [("admin",)]

    view = await run(house, view)

    assert (view.case.state, view.word("crm")) == (CaseState.CLOSED, Word.REMOVED)
    assert len(house.wiki.writes()) == 1


async def test_the_first_approval_does_not_hold_for_the_second_plan(house: House) -> None:
    first = await planned(house)
    house.crm.accounts["1"] = account(weight=("admin",))
    view = await run(house, first)

    plan = first.plans[0]
    said = await house.cases.approve(1, plan.turn, plan.digest, BEN.user_id, BEN.team_id, "")

    assert not said.ok
    assert await house.view(1) == view


async def test_a_new_account_waits_in_a_second_plan_and_the_approved_one_goes(house: House) -> None:
    view = await planned(house)
    house.crm.before_read = lambda system: system.accounts.setdefault("2", account(id="2"))  # type: ignore[func-returns-value]

    view = await run(house, view)

    assert house.crm.writes() == ["delete 1"]
    assert view.open_plan is not None
    (waiting,) = view.open_plan.chosen()
    assert (waiting.id, waiting.would) == ("2", house.crm.planned)


async def test_a_new_account_beside_two_that_nobody_chose_is_not_chosen_either(house: House) -> None:
    house.crm.accounts = {"1": account(), "2": account(id="2")}
    house.wiki.accounts["1"] = account("wiki")
    view = await house.planned()
    house.crm.accounts["3"] = account(id="3")

    view = await run(house, view)

    assert not house.crm.writes()
    assert [one.word for one in view.of_system("crm")] == [Word.MANUAL] * 3
    assert view.case.state is CaseState.NEEDS_PEOPLE


async def test_an_account_that_is_gone_by_the_time_is_absent(house: House) -> None:
    view = await planned(house)
    house.crm.accounts.clear()

    view = await run(house, view)

    assert (view.case.state, view.word("crm")) == (CaseState.CLOSED, Word.ABSENT)
    assert not house.crm.writes()


async def test_an_account_renamed_since_the_approval_is_neither_removed_nor_forgotten(house: House) -> None:
    view = await planned(house)
    house.crm.accounts["1"] = RENAMED

    view = await run(house, view)

    (outcome,) = view.of_system("crm")
    assert (outcome.account_id, outcome.word) == ("1", Word.MANUAL)
    assert view.case.state is CaseState.NEEDS_PEOPLE
    assert house.crm.accounts == {"1": RENAMED}
    assert not house.crm.writes()


async def test_what_a_read_shows_counts_where_the_search_shows_something_older(house: House) -> None:
    view = await planned(house)

    def grows(system: FakeSystem) -> None:
        system.accounts["1"] = account(weight=("admin",))

    house.crm.before_read = grows

    view = await run(house, view)

    assert view.open_plan is not None
    assert [one.weight for one in view.open_plan.chosen()] == [("admin",)]


async def test_after_two_more_plans_an_account_that_changes_again_is_for_an_admin(house: House) -> None:
    view = await planned(house)
    for turn in range(MAX_TURNS):
        house.crm.accounts["1"] = account(weight=tuple(f"role {number}" for number in range(turn + 1)))
        view = await run(house, view)

    assert (view.case.state, view.word("crm"), len(view.plans)) == (CaseState.NEEDS_PEOPLE, Word.REFUSED, MAX_TURNS)
    assert not house.crm.writes()


async def test_each_retry_by_an_admin_allows_one_more_plan_and_no_more(house: House) -> None:
    view = await planned(house)
    roles: list[str] = []

    async def changed() -> None:
        roles.append("another")
        house.crm.accounts["1"] = account(weight=tuple(f"{role} {place}" for place, role in enumerate(roles)))

    for _ in range(MAX_TURNS):
        await changed()
        view = await run(house, view)
    await changed()
    assert (await retried(house)).ok
    await house.engine.drain()
    view = await house.view(1)
    assert len(view.plans) == MAX_TURNS + 1
    await changed()
    view = await run(house, view)

    assert (view.case.state, view.word("crm"), len(view.plans)) == (
        CaseState.NEEDS_PEOPLE,
        Word.REFUSED,
        MAX_TURNS + 1,
    )


async def retried(house: House) -> Said:
    return await house.cases.retry(1, "crm", ROOT.user_id, ROOT.team_id)


async def test_a_declined_second_plan_leaves_its_account_and_the_case_to_people(house: House) -> None:
    view = await planned(house)
    house.crm.accounts["1"] = account(weight=("admin",))
    view = await run(house, view)
    plan = view.open_plan
    assert plan is not None

    await house.cases.decline(1, plan.turn, plan.digest, BEN.user_id, BEN.team_id, "is she staying?")

    view = await house.view(1)
    assert (view.case.state, view.word("crm")) == (CaseState.NEEDS_PEOPLE, Word.REFUSED)
    assert view.plans[1].state is PlanState.VOID


async def test_a_system_that_cannot_be_read_at_the_look_is_shown_and_the_rest_may_be_approved(house: House) -> None:
    house.wiki.find_errors = [errors.CredentialsRejected("the key is not known")]
    view = await planned(house)

    look = view.look("wiki")
    assert look is not None
    assert (look.sight, look.reason) == (Sight.NOT_READ, "the key is not known")
    house.wiki.accounts["1"] = account("wiki")
    view = await run(house, view)
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
    view = await planned(house)
    house.crm.find_errors = [errors.Forbidden("rights taken away")]

    view = await run(house, view)

    assert (view.case.state, view.word("crm")) == (CaseState.NEEDS_PEOPLE, Word.FAILED)
    assert not house.crm.writes()


async def test_only_a_part_of_a_system_seen_and_nothing_found_is_no_outcome_and_needs_people(house: House) -> None:
    house.crm.sight = Sight.PARTIAL

    view = await house.planned()

    assert (view.word("crm"), view.case.state) == (None, CaseState.NEEDS_PEOPLE)


async def test_a_system_in_which_nobody_is_assigned_does_not_hold_up_the_end(house: House) -> None:
    house.crm.sight = Sight.UNASSIGNED

    view = await house.planned()

    assert (view.word("crm"), view.case.state) == (None, CaseState.CLOSED)


@pytest.mark.parametrize("how", ["another server", "taken out"])
async def test_a_system_that_is_another_one_by_now_is_for_its_owner_and_never_touched(house: House, how: str) -> None:
    view = await planned(house)
    house.crm.journal.clear()
    if how == "taken out":
        house.systems.systems.remove(house.crm)
    else:
        house.crm.identity = "fake crm of somebody else"

    view = await run(house, view)

    assert (view.case.state, view.word("crm"), house.crm.journal) == (CaseState.NEEDS_PEOPLE, Word.MANUAL, [])


async def test_a_person_protected_since_the_approval_is_not_touched(house: House) -> None:
    view = await planned(house)
    assert (await house.approved(view)).ok
    house.govern(replace(POLICY, protected=("dana@*",)))

    await house.engine.drain()

    view = await house.view(1)
    assert (view.word("crm"), house.crm.writes()) == (Word.REFUSED, [])


async def test_two_accounts_of_one_person_are_shown_and_left(house: House) -> None:
    house.crm.accounts = {"1": account(), "2": account(id="2")}

    view = await house.planned()

    assert [(one.account_id, one.word) for one in view.outcomes if one.system == "crm"] == [
        ("1", Word.MANUAL),
        ("2", Word.MANUAL),
    ]
    assert view.case.state is CaseState.NEEDS_PEOPLE


async def test_a_way_in_that_is_no_account_is_for_a_person_although_the_account_goes(house: House) -> None:
    rule = Finding("a rule lets them in", stops=Word.MANUAL)
    plain = house.crm.find

    async def find(leaver: object) -> object:
        return replace(await plain(leaver), findings=(rule,))  # type: ignore[arg-type]

    house.crm.find = find  # type: ignore[method-assign,assignment]
    view = await planned(house)

    view = await run(house, view)

    assert [(one.account_id, one.word) for one in view.of_system("crm")] == [("", Word.MANUAL), ("1", Word.REMOVED)]
    assert (view.word("crm"), view.case.state) == (Word.MANUAL, CaseState.NEEDS_PEOPLE)


async def test_administrators_of_one_system_go_one_at_a_time(house: House) -> None:
    inside: list[str] = []
    most: list[int] = []

    async def sends(*args: object) -> object:
        inside.append("in")
        await asyncio.sleep(0)
        most.append(len(inside))
        inside.pop()
        return await plain(*args)  # type: ignore[arg-type]

    plain, house.crm.do = house.crm.do, sends  # type: ignore[method-assign,assignment]
    for number, name in enumerate(["dana", "erin"]):
        mail = f"{name}@acme.test"
        house.crm.accounts[str(number)] = account(id=str(number), mail=mail, is_admin=True)
        view = await house.planned(email=mail)
        assert (await house.approved(view)).ok

    await asyncio.gather(*(house.runs.remove(case, 1, "crm") for case in (1, 2)))

    assert most == [1, 1]
    assert house.crm.accounts == {}
    reads = [place for place, entry in enumerate(house.crm.journal) if entry.startswith("delete")]
    assert all("find" in house.crm.journal[one:other] for one, other in zip(reads, reads[1:], strict=False))


async def test_work_that_is_run_again_after_it_ended_changes_nothing(house: House) -> None:
    house.wiki.accounts["1"] = account("wiki")
    assert (await house.approved(await planned(house))).ok
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
    view = await planned(house)
    house.crm.accounts["2"] = account(id="2")

    await house.runs.look(1, 0, "crm")

    assert await house.view(1) == view


async def test_a_run_that_died_on_the_way_is_taken_up_and_sends_nothing_twice(house: House) -> None:
    assert (await house.approved(await planned(house))).ok
    plain = house.crm.read

    async def dies(known: object) -> object:
        if house.crm.writes():
            raise SystemExit
        return await plain(known)  # type: ignore[arg-type]

    house.crm.read = dies  # type: ignore[method-assign,assignment]
    with pytest.raises(SystemExit):
        await house.runs.remove(1, 1, "crm")
    house.crm.read = plain  # type: ignore[method-assign]
    await house.engine.drain()

    view = await house.view(1)
    assert (view.case.state, view.word("crm")) == (CaseState.CLOSED, Word.REMOVED)
    assert house.crm.writes() == ["delete 1"]
