"""2. What was looked for, and what "absent" may mean."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from bot import plan as planning
from bot.evidence import container
from bot.looks import with_steps
from bot.model import Account, CaseState, Discovery, Leaver, Match, Person, PlannedAccount, Sight, Word, facts
from bot.policy import Policy
from handlers import ids
from handlers.views.plan import plan_messages
from providers.http import Door
from providers.liveperson import LivePersonProvider
from sandbox.systems.liveperson import LivePerson
from sandbox.systems.liveperson.people import Seat, entity
from tests.bot.conftest import House
from tests.bot.evidence.packed import made
from tests.bot.fakes import AMY, BEN, OTTO, ROOT, FakeSystem, account
from tests.bot.test_cases_choosing import choose
from tests.bot.test_plan import CASE, NOON
from tests.handlers.conftest import Stage
from tests.handlers.made import CRM, made_account, made_plan, made_view, planned, read
from tests.providers.leavers import leaver
from tests.providers.liveperson.asking import settings_of

OUTCOMES = Path(__file__).parents[2] / "docs" / "outcomes.md"
POLICY = Policy(requesters=("U0AMY",), approvers=("U0BEN",))
SEAT = account(identity=facts(id="1", login="dana@acme.test", mail="sam@acme.test"))
"""A seat handed to Sam: the log-in is still Dana's."""
NEW_ID = 4100999999
NEAR = "dana.frots@acme.test"


def section_of(kind: str) -> str:
    """What the page of outcomes says of one kind."""
    return OUTCOMES.read_text(encoding="utf-8").partition(f"## `{kind}`")[2].partition("\n## ")[0]


def shows(system: FakeSystem, monkeypatch: pytest.MonkeyPatch, *similar: str, sight: Sight = Sight.FULL) -> None:
    """Let a system know nobody, and somebody near."""

    async def find(_: Leaver) -> Discovery:
        return Discovery(system.name, sight, similar=similar)

    monkeypatch.setattr(system, "find", find)


# Full sight of a system.


@pytest.mark.parametrize(
    ("kind", "fields"),
    [("veeam_em", ["the account's name"]), ("liveperson", ["`loginName`", "`email`"]), ("huawei_hss", ["`accounts`"])],
)
def test_the_page_of_outcomes_lists_which_fields_are_compared(kind: str, fields: list[str]) -> None:
    compared = section_of(kind).partition("Compared:")[2].partition("\n|")[0]

    assert all(field in compared for field in fields)
    assert "Full sight:" in section_of(kind)


@pytest.mark.parametrize(("login", "mail"), [("noa@acme.test", "other@acme.test"), ("other", "noa@acme.test")])
async def test_every_field_by_which_a_person_logs_on_or_is_written_to_is_compared(
    hand: LivePersonProvider, system: LivePerson, login: str, mail: str
) -> None:
    system.state.users.add(entity(Seat(NEW_ID, login, mail, "New")))

    look = await hand.find(leaver("noa@acme.test"))

    assert [one.id for one in look.accounts] == [str(NEW_ID)]


async def test_where_one_such_field_is_not_told_there_is_no_full_sight(
    hand: LivePersonProvider, system: LivePerson
) -> None:
    user = entity(Seat(NEW_ID, "somebody", "somebody@acme.test", "New"))
    del user["email"]
    system.state.users.add(user)

    look = await hand.find(leaver("noa@acme.test"))

    assert (look.sight, planning.of_the_whole(look, NOON)) == (Sight.PARTIAL, ())


async def test_an_account_made_within_the_minute_of_a_shared_list_is_not_called_absent(
    hand: LivePersonProvider, system: LivePerson, door: Door
) -> None:
    await hand.find(leaver("robin@acme.test"))
    system.state.users.add(entity(Seat(NEW_ID, "noa@acme.test", "noa@acme.test", "Noa")))

    look = await LivePersonProvider("liveperson", settings_of(system), door).find(leaver("noa@acme.test"))

    assert [one.id for one in look.accounts] == [str(NEW_ID)]


# A name that contradicts itself is not a match.


def made_plan_of(found: Account) -> PlannedAccount:
    (one,) = planning.make(CASE, [Discovery("crm", Sight.FULL, (found,))], POLICY, NOON).systems[0].accounts
    return one


@pytest.mark.parametrize("match", list(Match))
def test_a_seat_handed_to_a_successor_is_shown_with_both_names_and_not_chosen(match: Match) -> None:
    """The rule stands in the domain: whatever the adapter and however it matched."""
    one = made_plan_of(replace(SEAT, match=match))

    assert (one.chosen, one.instead) == (False, Word.MANUAL)
    assert "dana@acme.test" in one.why_not
    assert "sam@acme.test" in one.why_not


async def test_in_liveperson_the_successors_seat_is_told_with_both_and_stays(hand: LivePersonProvider) -> None:
    who = leaver("petra@acme.test")
    look = await hand.find(who)

    case = replace(CASE, leaver=who, systems=(replace(CASE.systems[0], name=look.system),))
    plan = planning.make(case, [look], POLICY, NOON)

    assert {"petra@acme.test", "sam.seat@acme.test"} <= set(dict(look.accounts[0].identity).values())
    assert list(plan.chosen()) == []


async def test_the_seat_goes_only_after_a_person_chose_it(house: House) -> None:
    house.crm.accounts["1"] = account(identity=facts(id="1", login="sam@acme.test", mail="dana@acme.test"))
    view = await house.planned()
    assert house.crm.writes() == []

    assert (await choose(house, view, "1")).ok
    await house.run(await house.view(1))

    assert house.crm.writes() == ["delete 1"]


def test_identity_facts_are_shown_in_the_plan_wherever_they_differ_from_what_was_looked_for() -> None:
    seat = made_account(identity=facts(id="7", login="dana@acme.test", mail="sam@acme.test", name="Sam Roe"))

    (message,) = plan_messages(made_view(plans=(made_plan(planned(CRM, seat, chosen=False)),)), 1)

    assert "there as: address sam@acme.test, name Sam Roe" in read(message)


# Nothing anywhere is the most doubtful answer.


async def test_where_no_system_knows_the_person_the_near_names_stand_in_the_thread(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    shows(stage.crm, monkeypatch, NEAR)

    await stage.requested()

    assert await stage.says("nothing", NEAR)
    assert await stage.says("nothing", "Is this the right address?")


@pytest.mark.parametrize("by", [BEN, ROOT], ids=["an approver", "an admin"])
async def test_only_when_a_person_confirms_that_there_is_nothing_the_case_is_closed(house: House, by: Person) -> None:
    view = await house.planned()
    assert view.case.state is CaseState.NEEDS_PEOPLE

    assert (await house.confirmed(view, by)).ok

    assert (await house.view(1)).case.state is CaseState.CLOSED


@pytest.mark.parametrize("by", [AMY, OTTO], ids=["the requester", "somebody on no list"])
async def test_nobody_else_confirms_it(house: House, by: Person) -> None:
    view = await house.planned()

    assert not (await house.confirmed(view, by)).ok

    assert (await house.view(1)).case.state is CaseState.NEEDS_PEOPLE


async def test_the_requester_corrects_the_address_by_a_button_that_opens_the_form_filled_in(stage: Stage) -> None:
    await stage.requested("/offboard dnaa@acme.test")

    form = (await stage.person("amy").press(await stage.shown("nothing"), ids.CORRECT_ADDRESS)).view

    assert form is not None
    assert "dnaa@acme.test" in str(form)
    assert (await stage.person("amy").submit(form, {"E-mail": "dana@acme.test"})).ok
    await stage.work()
    states = [(await stage.view(number)).case.state for number in (1, 2)]
    assert states == [CaseState.CANCELLED, CaseState.WAITING]


async def test_the_evidence_says_who_confirmed(house: House) -> None:
    await house.confirmed(await house.planned(), BEN)

    page = container.read((await made(house)).content)["index.html"].decode()

    assert "U0BEN confirmed that the address is right and that there is nothing." in page


@pytest.mark.parametrize("sight", [Sight.FULL, Sight.PARTIAL, Sight.UNASSIGNED])
async def test_what_the_looks_saw_is_never_hidden_by_a_plan_that_is_not_made(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, sight: Sight
) -> None:
    for system in (stage.crm, stage.wiki):
        shows(system, monkeypatch, NEAR, sight=sight)

    await stage.requested()
    key = "plan:1" if sight is Sight.PARTIAL else "nothing"

    assert NEAR in await stage.says(key, NEAR)


# More than fifty accounts.


def test_more_than_fifty_accounts_for_one_person_are_no_list_but_a_finding() -> None:
    many = tuple(account(id=str(one)) for one in range(51))

    look = with_steps(FakeSystem(), Discovery("crm", Sight.FULL, many))

    assert look.accounts == ()
    assert [(one.stops, one.text.partition(",")[0]) for one in look.findings] == [
        (Word.MANUAL, "This system lists 51 accounts for this person")
    ]


async def test_such_a_system_ends_as_manual(house: House) -> None:
    house.crm.accounts = {str(one): account(id=str(one)) for one in range(51)}

    view = await house.planned()

    assert (view.word("crm"), view.case.state) == (Word.MANUAL, CaseState.NEEDS_PEOPLE)
