"""Whom a request is about: every key is asked of Slack, and free text takes no right from anybody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.cases import Field, Opened
from bot.model import Person
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import DANA, person
from tests.bot.test_cases_opening import asked, denied


@pytest.mark.parametrize(
    "login", ["amy@acme.test", "BEN@acme.test", "chloe+it@acme.test", "root", "ACME\\otto", "Otto@ACME.test"]
)
async def test_other_logins_that_name_somebody_with_a_part_in_cases_are_refused_and_not_told_which(
    house: House, login: str
) -> None:
    house.crm.owner = "U0OTTO"

    mistake = await denied(house, other_logins=("dana.f", login))

    assert mistake.field is Field.OTHER_LOGINS
    assert mistake.text.startswith(f"{login} belongs to somebody else, who works on cases here.")


async def test_an_approver_may_leave_and_have_other_logins_of_their_own(house: House) -> None:
    house.govern(replace(POLICY, approvers=("U0BEN", "U0CHLOE")))

    assert (await house.opened(email="ben@acme.test", other_logins=("ben", "ben@acme.test"))).leaver.slack_id == "U0BEN"


async def test_so_many_other_logins_that_slack_could_not_be_asked_about_are_refused(house: House) -> None:
    mistake = await denied(house, other_logins=tuple(f"login{number}" for number in range(31)))

    assert mistake.field is Field.OTHER_LOGINS


async def test_other_logins_reserve_nobody_and_find_no_open_case(house: House) -> None:
    await house.opened(email="erin@acme.test", other_logins=("dana@acme.test", "shared"))

    assert (await house.opened(email="dana@acme.test")).id == 2
    assert (await house.opened(email="finn@acme.test", other_logins=("shared", "erin@acme.test"))).id == 3


async def test_everybody_found_by_any_key_is_kept_from_seeing_the_case(house: House) -> None:
    erin = person("U0ERIN", "erin@acme.test")
    house.people.people = (*house.people.people, erin)
    house.people.channels = {"C0CASES": {"U0ERIN"}}

    case = await house.opened(email="dana@acme.test", other_logins=("Erin+old@ACME.test",))

    assert (case.leaver.slack_ids, case.leaver.named, case.channel) == (
        frozenset({"U0DANA"}),
        ("U0ERIN",),
        "C0SENSITIVE",
    )
    assert not erin.is_leaver(case.leaver)


async def test_a_person_and_an_address_of_two_people_are_refused(house: House) -> None:
    house.people.people = (*house.people.people, person("U0ERIN"))

    mistake = await denied(house, user_id="U0ERIN", email="dana@acme.test")

    assert (mistake.field, mistake.tell) == (Field.EMAIL, ())
    assert "somebody else than the person picked" in mistake.text


@pytest.mark.parametrize(
    ("dana", "second"),
    [
        (replace(DANA, also=("U0DANA2",)), person("U0DANA2", "other@else.test")),
        (replace(DANA, mail="dana+work@acme.test"), person("U0DANA2", "dana@acme.test")),
    ],
    ids=["tied by the operator", "the same address"],
)
async def test_a_second_account_of_the_leaver_counts_as_the_leaver_too(
    house: House, dana: Person, second: Person
) -> None:
    others = tuple(one for one in house.people.people if one is not DANA)
    house.people.people = (*others, dana, second)
    house.people.channels = {"C0CASES": {"U0DANA2"}}

    case = await house.opened(user_id="U0DANA", email="")

    assert (case.leaver.slack_id, case.leaver.also, case.channel) == ("U0DANA", ("U0DANA2",), "C0SENSITIVE")
    assert second.is_leaver(case.leaver)


async def test_a_second_account_of_the_leaver_is_no_possible_approver(house: House) -> None:
    house.people.people = tuple(replace(one, also=("U0CHLOE",)) if one is DANA else one for one in house.people.people)
    house.people.groups = {"S0SECURITY": ("U0AMY", "U0CHLOE")}

    assert "Nobody can approve" in (await denied(house)).text


async def test_a_person_whom_slack_does_not_know_may_be_said_to_have_no_account(house: House) -> None:
    case = await house.opened(email="contractor@else.test", no_slack=True)

    assert (case.leaver.no_slack, case.leaver.slack_ids) == (True, frozenset())


@pytest.mark.parametrize(
    "changes", [{}, {"user_id": "U0DANA", "email": ""}, {"email": "new@else.test", "other_logins": ("dana@acme.test",)}]
)
async def test_nobody_whom_slack_knows_is_said_to_have_no_account(house: House, changes: dict[str, Any]) -> None:
    assert (await denied(house, no_slack=True, **changes)).field is Field.NO_SLACK


async def test_an_open_case_is_named_only_to_those_who_may_see_it(house: House) -> None:
    house.govern(replace(POLICY, requesters=("U0AMY", "U0BEN", "U0OTTO")))
    first = await house.opened(email="dana@acme.test")

    by_stranger = await denied(house, by="U0OTTO")
    by_approver = await denied(house, by="U0BEN")
    by_requester = await denied(house, by="U0AMY")

    assert (by_stranger.text, by_stranger.case_id) == (
        "This person already has an open case. Nothing was opened.",
        None,
    )
    assert by_approver.case_id == by_requester.case_id == first.id


async def test_nobody_learns_of_their_own_case_by_asking_for_somebody_else(house: House) -> None:
    erin = person("U0ERIN")
    house.govern(replace(POLICY, requesters=("U0AMY", "U0DANA")))
    house.people.people = (*house.people.people, erin)
    await house.opened(email="dana@acme.test", other_logins=("dfrost", "dana@old.test"))

    asked_with_own_logins = await asked(
        house, by="U0DANA", user_id="U0ERIN", email="erin@acme.test", other_logins=("dfrost", "dana@old.test")
    )
    asked_with_own_address = await denied(house, by="U0DANA", user_id="U0ERIN", email="dana@acme.test")

    assert isinstance(asked_with_own_logins, Opened)
    assert asked_with_own_address.case_id is None
    assert "case" not in asked_with_own_address.text
