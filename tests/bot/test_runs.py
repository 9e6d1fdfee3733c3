"""What is carried out: only what was approved and is unchanged, and never twice."""

from __future__ import annotations

from dataclasses import replace

from bot.model import CaseState, Finding, PlanState, Sight, Word, facts
from bot.turns import MAX_TURNS
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import BEN, ROOT, FakeSystem, account

RENAMED = account(identity=facts(id="1", mail="erin@acme.test"), handle="erin@acme.test")


async def test_an_account_that_changed_since_the_approval_waits_in_a_second_plan_and_the_rest_goes(
    house: House,
) -> None:
    house.wiki.accounts["1"] = account("wiki")
    view = await house.planned_in_crm()
    house.crm.accounts["1"] = account(weight=("admin",))

    view = await house.run(view)

    assert (view.case.state, view.word("crm"), view.word("wiki")) == (CaseState.WAITING, None, Word.REMOVED)
    assert not house.crm.writes()
    assert view.open_plan is not None
    assert view.open_plan.turn == 2
    assert [system.name for system in view.open_plan.systems] == ["crm"]
    assert [one.weight for one in view.open_plan.chosen()] == [("admin",)]

    view = await house.run(view)

    assert (view.case.state, view.word("crm")) == (CaseState.CLOSED, Word.REMOVED)
    assert len(house.wiki.writes()) == 1


async def test_the_first_approval_does_not_hold_for_the_second_plan(house: House) -> None:
    first = await house.planned_in_crm()
    house.crm.accounts["1"] = account(weight=("admin",))
    view = await house.run(first)

    plan = first.plans[0]
    said = await house.cases.approve(1, plan.turn, plan.digest, BEN.user_id, BEN.team_id, lambda _: "")

    assert not said.ok
    assert await house.view(1) == view


async def test_a_new_account_waits_in_a_second_plan_and_the_approved_one_goes(house: House) -> None:
    view = await house.planned_in_crm()
    house.crm.before_read = lambda system: system.accounts.update({"2": account(id="2")})

    view = await house.run(view)

    assert house.crm.writes() == ["delete 1"]
    assert view.open_plan is not None
    (waiting,) = view.open_plan.chosen()
    assert (waiting.id, waiting.would) == ("2", house.crm.planned)


async def test_a_new_account_beside_two_that_nobody_chose_is_not_chosen_either(house: House) -> None:
    house.crm.accounts = {"1": account(), "2": account(id="2")}
    house.wiki.accounts["1"] = account("wiki")
    view = await house.planned()
    house.crm.accounts["3"] = account(id="3")

    view = await house.run(view)

    assert not house.crm.writes()
    assert [one.word for one in view.of_system("crm")] == [Word.MANUAL] * 3
    assert view.case.state is CaseState.NEEDS_PEOPLE


async def test_an_account_that_is_gone_by_the_time_is_absent(house: House) -> None:
    view = await house.planned_in_crm()
    house.crm.accounts.clear()

    view = await house.run(view)

    assert (view.case.state, view.word("crm")) == (CaseState.CLOSED, Word.ABSENT)
    assert not house.crm.writes()


async def test_an_account_renamed_since_the_approval_is_neither_removed_nor_forgotten(house: House) -> None:
    view = await house.planned_in_crm()
    house.crm.accounts["1"] = RENAMED

    view = await house.run(view)

    (outcome,) = view.of_system("crm")
    assert (outcome.account_id, outcome.word) == ("1", Word.MANUAL)
    assert view.case.state is CaseState.NEEDS_PEOPLE
    assert house.crm.accounts == {"1": RENAMED}
    assert not house.crm.writes()


async def test_what_a_read_shows_counts_where_the_search_shows_something_older(house: House) -> None:
    view = await house.planned_in_crm()

    def grows(system: FakeSystem) -> None:
        system.accounts["1"] = account(weight=("admin",))

    house.crm.before_read = grows

    view = await house.run(view)

    assert view.open_plan is not None
    assert [one.weight for one in view.open_plan.chosen()] == [("admin",)]


async def test_after_two_more_plans_an_account_that_changes_again_is_for_an_admin(house: House) -> None:
    view = await house.planned_in_crm()
    for turn in range(MAX_TURNS):
        house.crm.accounts["1"] = account(weight=tuple(f"role {number}" for number in range(turn + 1)))
        view = await house.run(view)

    assert (view.case.state, view.word("crm"), len(view.plans)) == (CaseState.NEEDS_PEOPLE, Word.REFUSED, MAX_TURNS)
    assert not house.crm.writes()


async def test_each_retry_by_an_admin_allows_one_more_plan_and_no_more(house: House) -> None:
    view = await house.planned_in_crm()
    roles: list[str] = []

    async def changed() -> None:
        roles.append("another")
        house.crm.accounts["1"] = account(weight=tuple(f"{role} {place}" for place, role in enumerate(roles)))

    for _ in range(MAX_TURNS):
        await changed()
        view = await house.run(view)
    await changed()
    assert (await house.cases.retry(1, "crm", ROOT.user_id, ROOT.team_id)).ok
    await house.engine.drain()
    view = await house.view(1)
    assert len(view.plans) == MAX_TURNS + 1
    await changed()
    view = await house.run(view)

    assert (view.case.state, view.word("crm"), len(view.plans)) == (
        CaseState.NEEDS_PEOPLE,
        Word.REFUSED,
        MAX_TURNS + 1,
    )


async def test_a_declined_second_plan_leaves_its_account_and_the_case_to_people(house: House) -> None:
    view = await house.planned_in_crm()
    house.crm.accounts["1"] = account(weight=("admin",))
    view = await house.run(view)
    plan = view.open_plan
    assert plan is not None

    await house.cases.decline(1, plan.turn, plan.digest, BEN.user_id, BEN.team_id, "is she staying?")

    view = await house.view(1)
    assert (view.case.state, view.word("crm")) == (CaseState.NEEDS_PEOPLE, Word.REFUSED)
    assert view.plans[1].state is PlanState.VOID


async def test_only_a_part_of_a_system_seen_and_nothing_found_is_no_outcome_and_needs_people(house: House) -> None:
    house.crm.sight = Sight.PARTIAL

    view = await house.planned()

    assert (view.word("crm"), view.case.state) == (None, CaseState.NEEDS_PEOPLE)


async def test_a_system_in_which_nobody_is_assigned_does_not_hold_up_the_end(house: House) -> None:
    house.crm.sight = Sight.UNASSIGNED
    house.wiki.accounts["1"] = account("wiki")

    view = await house.ran()

    assert (view.word("crm"), view.case.state) == (None, CaseState.CLOSED)


async def test_a_person_protected_since_the_approval_is_not_touched(house: House) -> None:
    view = await house.planned_in_crm()
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
    view = await house.planned_in_crm()

    view = await house.run(view)

    assert [(one.account_id, one.word) for one in view.of_system("crm")] == [("", Word.MANUAL), ("1", Word.REMOVED)]
    assert (view.word("crm"), view.case.state) == (Word.MANUAL, CaseState.NEEDS_PEOPLE)
