"""Opening a case: what is wrong with a request stands under its field, and nothing is opened."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.cases import Cases, Denied, Field, Opened, Room
from bot.errors import PeopleNotReadable
from bot.model import CaseState, KeyKind, KeySource
from bot.ports import WorkKind
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import AMY, BEN, DANA, person


async def asked(house: House, *, by: str = AMY.user_id, **changes: object) -> Opened | tuple[Denied, ...]:
    return await house.cases.open(house.form(**changes), by, AMY.team_id)


async def denied(house: House, *, by: str = AMY.user_id, **changes: object) -> Denied:
    """The one mistake of a request that opened nothing."""
    before = await house.store.cases()
    answer = await asked(house, by=by, **changes)
    assert not isinstance(answer, Opened), answer
    assert await house.store.cases() == before
    (mistake,) = answer
    return mistake


async def test_a_request_opens_a_case_and_hands_a_look_over_for_every_system(house: House) -> None:
    case = await house.opened(other_logins=("dana.f",), reason="left in March")

    assert (case.state, case.name, case.channel) == (CaseState.LOOKING, "OFF-1", "C0CASES")
    assert (case.requester, case.reason) == (AMY, "left in March")
    assert [system.name for system in case.systems] == ["crm", "wiki"]
    assert house.engine.queue == [(WorkKind.LOOK, case.id, 0, "crm"), (WorkKind.LOOK, case.id, 0, "wiki")]


async def test_the_systems_of_a_case_are_those_that_were_chosen(house: House) -> None:
    case = await house.opened(systems=("wiki",))

    assert [system.name for system in case.systems] == ["wiki"]


async def test_the_same_form_opens_one_case_however_often_it_is_sent(house: House) -> None:
    form = house.form()

    answers = await asyncio.gather(*(house.cases.open(form, AMY.user_id, AMY.team_id) for _ in range(3)))

    opened = [answer for answer in answers if isinstance(answer, Opened)]
    assert [answer.case.id for answer in opened] == [1, 1, 1]
    assert sorted(answer.again for answer in opened) == [False, True, True]
    assert len(house.engine.queue) == 2


@pytest.mark.parametrize("address", ["dana", "dana@acme", "@acme.test", "dana@acme.test, erin@acme.test", "a b@c.test"])
async def test_what_is_no_address_is_told_under_the_address(house: House, address: str) -> None:
    assert (await denied(house, email=address)).field is Field.EMAIL


async def test_an_address_that_no_mail_system_takes_is_told_under_the_address(house: House) -> None:
    assert (await denied(house, email=f"{'d' * 250}@acme.test")).field is Field.EMAIL


async def test_a_request_about_nobody_is_told_under_the_address(house: House) -> None:
    assert (await denied(house, email="  ")).field is Field.EMAIL


async def test_a_person_whose_address_slack_does_not_show_needs_one_typed(house: House) -> None:
    house.people.people = (*house.people.people, person("U0ERIN"))

    assert (await denied(house, user_id="U0ERIN", email="")).field is Field.EMAIL
    case = await house.opened(user_id="U0ERIN", email="erin@acme.test")
    assert case.leaver.slack_id == "U0ERIN"


async def test_a_person_and_an_address_that_do_not_agree_are_told_under_the_address(house: House) -> None:
    assert (await denied(house, user_id="U0DANA", email="erin@acme.test")).field is Field.EMAIL


async def test_a_person_and_the_same_address_in_other_letters_agree(house: House) -> None:
    case = await house.opened(user_id="U0DANA", email=" Dana@ACME.test ")

    assert case.leaver.address == "Dana@ACME.test"
    assert [(key.kind, key.source) for key in case.leaver.keys] == [(KeyKind.MAIL, KeySource.TYPED)]


async def test_somebody_picked_in_slack_is_known_by_the_address_of_the_profile(house: House) -> None:
    case = await house.opened(user_id="U0DANA", email="")

    assert [(key.value, key.source) for key in case.leaver.keys] == [("dana@acme.test", KeySource.PROFILE)]


async def test_an_address_that_slack_knows_tells_who_the_leaver_is_there(house: House) -> None:
    case = await house.opened(email="dana@acme.test")

    assert (case.leaver.slack_id, case.leaver.name) == ("U0DANA", DANA.name)


async def test_an_address_that_slack_does_not_know_may_leave_too(house: House) -> None:
    assert (await house.opened(email="contractor@else.test")).leaver.slack_id is None


@pytest.mark.parametrize(
    ("address", "sign"),
    [
        ("dana@acme.test\u200b", "U+200B"),
        ("da\u00adna@acme.test", "U+00AD"),
        ("\ufeffdana@acme.test", "U+FEFF"),
        ("da\u2060na@acme.test", "U+2060"),
        ("sean.o\u2019brien@acme.test", "U+2019"),
        ("`dana`@acme.test", "U+0060"),
        ("*@acme.test", "U+002A"),
        ("d\u0430na@acme.test", "U+0430"),
    ],
)
async def test_an_address_that_can_be_nobodys_is_refused_under_its_field(house: House, address: str, sign: str) -> None:
    by_mail = await denied(house, email=address)
    by_login = await denied(house, other_logins=("dfrost", address))

    assert (by_mail.field, by_login.field) == (Field.EMAIL, Field.OTHER_LOGINS)
    assert sign in by_mail.text
    assert sign in by_login.text


async def test_a_login_with_a_blank_inside_is_refused_under_its_field(house: House) -> None:
    assert (await denied(house, other_logins=("first last",))).field is Field.OTHER_LOGINS


async def test_other_logins_are_keys_of_their_own_and_empty_ones_are_none(house: House) -> None:
    case = await house.opened(other_logins=(" dana.f ", "", "  ", "d@else.test"))

    assert [(key.kind, key.value) for key in case.leaver.keys if key.source is KeySource.OTHER] == [
        (KeyKind.LOGIN, "dana.f"),
        (KeyKind.LOGIN, "d@else.test"),
        (KeyKind.MAIL, "d@else.test"),
    ]


@pytest.mark.parametrize("systems", [(), ("crm", "gone")])
async def test_no_system_and_one_that_is_not_connected_are_told_under_the_systems(
    house: House, systems: tuple[str, ...]
) -> None:
    assert (await denied(house, systems=systems)).field is Field.SYSTEMS


async def test_mistakes_in_two_fields_are_told_at_once(house: House) -> None:
    answer = await asked(house, email="dana", systems=())

    assert not isinstance(answer, Opened)
    assert [mistake.field for mistake in answer] == [Field.EMAIL, Field.SYSTEMS]


async def test_a_time_that_has_passed_is_told_under_the_time_and_a_moment_ago_is_now(house: House) -> None:
    now = datetime.now(UTC)

    assert (await denied(house, when=now - timedelta(hours=1))).field is Field.WHEN
    assert await house.opened(when=now - timedelta(seconds=30))


async def test_somebody_who_is_not_a_requester_opens_nothing_and_is_told_who_may(house: House) -> None:
    mistake = await denied(house, by=BEN.user_id)

    assert (mistake.field, mistake.who) == (Field.FORM, ("U0AMY",))
    chain = await house.store.chain("refusals")
    assert [event.kind for event in chain.events] == ["refused"]


async def test_a_click_from_another_team_than_the_profiles_is_not_trusted(house: House) -> None:
    answer = await house.cases.open(house.form(), AMY.user_id, "T0OTHER")

    assert not isinstance(answer, Opened)


@pytest.mark.parametrize("changes", [{"email": "AMY@acme.test"}, {"user_id": "U0AMY", "email": ""}])
async def test_nobody_asks_for_their_own_offboarding(house: House, changes: dict[str, Any]) -> None:
    assert (await denied(house, **changes)).field is Field.EMAIL


@pytest.mark.parametrize(
    "changes", [{"email": "ceo@acme.test"}, {"other_logins": ("svc-backup",)}, {"other_logins": ("CEO@acme.test",)}]
)
async def test_a_protected_person_is_not_offboarded_under_any_key(house: House, changes: dict[str, Any]) -> None:
    house.govern(replace(POLICY, protected=("ceo@acme.test", "svc-*")))

    mistake = await denied(house, **changes)

    assert mistake.field is Field.EMAIL
    assert "never offboarded" in mistake.text


async def test_a_person_has_one_case_at_a_time_whichever_key_names_them(house: House) -> None:
    first = await house.opened(email="dana@acme.test", other_logins=("dana.f",))

    by_mail = await denied(house, email="DANA@acme.test")
    by_pick = await denied(house, email="", user_id="U0DANA")

    assert (by_mail.field, by_mail.case_id, by_pick.case_id) == (Field.EMAIL, first.id, first.id)


async def test_two_requests_about_one_person_at_the_same_moment_open_one_case(house: House) -> None:
    answers = await asyncio.gather(asked(house), asked(house))

    assert sorted(isinstance(answer, Opened) for answer in answers) == [False, True]


async def test_a_person_whose_case_has_ended_may_have_a_new_one(house: House) -> None:
    assert (await house.confirmed(await house.planned())).ok

    assert (await house.view(1)).case.state is CaseState.CLOSED
    assert (await house.opened()).id == 2


async def test_a_leaver_in_the_case_channel_is_dealt_with_in_the_sensitive_one(house: House) -> None:
    house.people.channels = {"C0CASES": {"U0DANA"}}

    assert (await house.opened(email="dana@acme.test")).channel == "C0SENSITIVE"


async def test_nothing_is_opened_where_the_leaver_would_read_it(house: House) -> None:
    house.people.channels = {"C0CASES": {"U0DANA"}, "C0SENSITIVE": {"U0DANA"}}

    assert (await denied(house)).field is Field.FORM


async def test_nothing_is_opened_where_there_is_no_second_channel(house: House) -> None:
    house.people.channels = {"C0CASES": {"U0DANA"}}
    desk = house.cases
    alone = Cases(
        desk.store,
        desk.people,
        desk.systems,
        desk.engine,
        desk.reporter,
        desk.policy,
        replace(desk.room, sensitive_channel=None),
    )

    answer = await alone.open(house.form(), AMY.user_id, AMY.team_id)

    assert alone.room == Room("C0CASES")
    assert not isinstance(answer, Opened)


async def test_a_request_that_nobody_could_approve_is_not_opened(house: House) -> None:
    house.people.groups = {"S0SECURITY": ("U0AMY", "U0DANA")}

    mistake = await denied(house)

    assert mistake.field is Field.FORM
    assert "Nobody can approve" in mistake.text


async def test_a_system_that_asks_for_more_approvers_than_there_are_opens_nothing(house: House) -> None:
    house.wiki.approvals = 3

    assert (await denied(house)).field is Field.FORM
    assert await house.opened(systems=("crm",))


async def test_a_requester_opens_so_many_cases_a_day_and_no_more(house: House) -> None:
    house.govern(replace(POLICY, per_requester_per_day=2))
    forms = [house.form(email=f"p{number}@acme.test") for number in range(3)]

    answers = await asyncio.gather(*(house.cases.open(form, AMY.user_id, AMY.team_id) for form in forms))

    assert sorted(isinstance(answer, Opened) for answer in answers) == [False, True, True]
    assert [event.kind for event in (await house.store.chain("refusals")).events] == ["request denied"]


async def test_where_slack_does_not_say_who_somebody_is_nothing_is_opened(house: House) -> None:
    house.people.silent = True

    with pytest.raises(PeopleNotReadable):
        await asked(house)

    assert await house.store.cases() == ()


async def test_the_audit_of_an_opening_holds_the_keys_only_as_personal_values(house: House) -> None:
    await house.opened(reason="left in March")

    chain = await house.store.chain("case:1")
    assert chain.defect is None
    assert {"dana@acme.test", "left in March"} <= {value.value for value in chain.values}
    assert all("dana" not in event.body for event in chain.events)


@pytest.mark.parametrize("discreet", [True, False])
async def test_a_case_is_discreet_where_the_operator_says_so_from_its_beginning(
    house: House, *, discreet: bool
) -> None:
    house.govern(house.policy, discreet=discreet)

    assert (await house.opened()).discreet == discreet
