"""3. Who the leaver is, towards people."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.cases import Field, Opened
from bot.domain.identifiers import normalize_identifier
from bot.model import CaseState, Key, KeyKind, KeySource, Person, facts
from bot.quiet import told_directly
from handlers.views.intake import request_modal
from handlers.views.plan import plan_messages
from sandbox.slack.records import Message
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import AMY, BEN, DANA, account, person
from tests.bot.test_cases_opening import asked, denied
from tests.handlers.conftest import CHANNEL, Stage
from tests.handlers.made import CRM, made_account, made_case, made_plan, made_view, planned, read
from tests.handlers.made import DANA as LEAVER

ERIN = person("U0ERIN", "erin@acme.test")
NOT_FOUND = "Not found in Slack: secrecy and self-approval cannot be checked."


@pytest.fixture
def people(house: House) -> House:
    """A house in which Erin, who is on no list, sits in the case channel."""
    house.people.people = (*house.people.people, ERIN)
    house.people.channels = {"C0CASES": {"U0ERIN"}}
    return house


# All keys of a request are asked of Slack.


async def test_every_address_of_a_request_is_asked_of_slack(stage: Stage) -> None:
    view = await stage.asked("/offboard dana@acme.test")
    await stage.person("amy").submit(view, {"Other logins": "dana@old.test, d.frost@acme.test"})

    sought = {call.args.get("email") for call in stage.workspace.calls if call.method == "users.lookupByEmail"}
    assert {"dana@acme.test", "dana@old.test", "d.frost@acme.test"} <= sought


@pytest.mark.parametrize(
    "request_",
    [
        {"user_id": "U0ERIN", "email": ""},
        {"email": "erin@acme.test"},
        {"email": "new@else.test", "other_logins": ("erin@acme.test",)},
    ],
    ids=["picked", "by the address", "by another login"],
)
async def test_whoever_is_found_by_any_key_is_kept_from_seeing_the_case(
    people: House, request_: dict[str, object]
) -> None:
    case = await people.opened(**request_)
    people.govern(replace(POLICY, requesters=("U0AMY", "U0ERIN")))

    assert "U0ERIN" in case.leaver.unseeing
    assert case.channel == "C0SENSITIVE", "the channel check"
    assert await people.cases.visible("U0ERIN", "T0ACME") == (), "the lists"
    assert await people.cases.status(case.id, "U0ERIN", "T0ACME") is None


async def test_whoever_is_found_by_any_key_is_mentioned_in_no_message() -> None:
    named = replace(LEAVER, named=("U0ERIN",))
    view = made_view(
        made_case(leaver=named), plans=(made_plan(planned(CRM, made_account())),), approvers=("U0BEN", "U0DANA")
    )

    (message,) = plan_messages(view, 1)

    assert "U0DANA" not in str(message.blocks)
    assert "U0ERIN" not in str(message.blocks)


async def test_two_different_people_by_the_picked_person_and_the_address_are_refused(people: House) -> None:
    mistake = await denied(people, user_id="U0ERIN", email="dana@acme.test")

    assert mistake.field is Field.EMAIL
    assert mistake.tell == (), "the requester alone is told"


async def test_that_refusal_is_told_to_the_requester_alone(stage: Stage) -> None:
    view = await stage.asked("/offboard dana@acme.test")

    result = await stage.person("amy").submit(view, {"Person in Slack": "U0SAM"})

    assert list(result.field_errors) == ["E-mail"]
    assert stage.workspace.messages(CHANNEL) == []
    assert [message for name in ("ben", "root", "sam", "dana") for message in direct(stage, name)] == []


def direct(stage: Stage, name: str) -> list[Message]:
    """What somebody got from the bot, directly or in a channel where only they see it."""
    return [*stage.person(name).dms, *stage.person(name).ephemerals]


# Free text widens the search and the secrecy, and never takes a right from somebody on a list.


@pytest.mark.parametrize("login", ["ben@acme.test", "chloe@acme.test", "root@acme.test", "otto@acme.test", "ben"])
async def test_a_request_whose_other_logins_name_somebody_on_a_list_is_refused(house: House, login: str) -> None:
    house.crm.owner = "U0OTTO"

    assert (await denied(house, other_logins=(login,))).field is Field.OTHER_LOGINS


async def test_keys_of_that_source_exclude_nobody_from_deciding(people: House) -> None:
    people.crm.accounts["1"] = account()
    view = await people.planned(other_logins=("erin@acme.test",))
    people.people.groups["S0SECURITY"] = ("U0ERIN",)
    plan = view.plans[0]

    said = await people.cases.decline(1, plan.turn, plan.digest, "U0ERIN", "T0ACME", "the wrong Dana")

    assert said.ok
    assert (await people.view(1)).case.state is CaseState.DECLINED


@pytest.mark.parametrize("act", ["stop", "cancel"])
async def test_keys_of_that_source_exclude_nobody_from_stopping_and_cancelling(people: House, act: str) -> None:
    view = await people.planned(other_logins=("erin@acme.test",))
    people.crm.accounts["1"] = account()
    people.govern(replace(POLICY, admins=("U0ERIN",)))
    if act == "stop":
        await people.engine.drain()

    said = await getattr(people.cases, act)(view.case.id, "U0ERIN", "T0ACME")

    assert "no such case" not in said.text
    assert said.ok is (act == "cancel")


async def test_keys_of_that_source_exclude_nobody_from_being_told(people: House) -> None:
    case = await people.opened(other_logins=("erin@acme.test",))
    policy = replace(POLICY, admins=("U0ERIN", "U0DANA"))

    assert await told_directly(people.people, policy, case.leaver) == ("U0ERIN",)


async def test_keys_of_that_source_reserve_nobody(people: House) -> None:
    await people.opened(email="dana@acme.test", other_logins=("erin@acme.test", "shared"))

    assert (await people.opened(email="erin@acme.test", other_logins=("shared",))).id == 2


@pytest.mark.parametrize("number", [4, 60])
def test_all_keys_are_shown_in_the_plan_and_never_and_3_more(number: int) -> None:
    names = [f"dana{one}" for one in range(number)]
    keys = (*LEAVER.keys, *(Key(KeyKind.LOGIN, name, KeySource.OTHER) for name in names))
    view = made_view(made_case(leaver=replace(LEAVER, keys=keys)), plans=(made_plan(planned(CRM, made_account())),))

    text = "\n".join(map(read, plan_messages(view, 1)))

    assert [name for name in names if f"{name} (" not in text] == []
    assert "more" not in text


# A leaver who is not found in Slack.


def test_the_form_says_that_secrecy_and_self_approval_cannot_be_checked() -> None:
    said = "For somebody who is not found in Slack, secrecy and self-approval cannot be checked."
    assert said in str(request_modal((CRM,)))


@pytest.mark.parametrize(("no_slack", "who"), [(True, "<@U0AMY> states"), (False, "Whoever approves states")])
def test_the_plan_says_it_too_and_who_states_that_there_is_no_slack_account(*, no_slack: bool, who: str) -> None:
    unknown = replace(LEAVER, slack_id=None, team_id=None, no_slack=no_slack)

    (message,) = plan_messages(
        made_view(made_case(leaver=unknown), plans=(made_plan(planned(CRM, made_account())),)), 1
    )

    assert NOT_FOUND in read(message)
    assert f"{who} that this person has no Slack account." in str(message.blocks)


async def test_the_requester_may_state_that_there_is_no_slack_account(house: House) -> None:
    assert (await house.opened(email="contractor@else.test", no_slack=True)).leaver.no_slack


async def test_it_cannot_be_stated_of_somebody_whom_slack_knows(house: House) -> None:
    assert (await denied(house, no_slack=True)).field is Field.NO_SLACK


@pytest.mark.parametrize(
    "identity",
    [facts(id="1", login="BEN@acme.test", mail="dana@else.test"), facts(id="1", mail="dana@else.test", name="Ben")],
    ids=["an address", "a name"],
)
async def test_whoever_decides_is_compared_with_the_accounts_that_were_found(
    house: House, identity: tuple[tuple[str, str], ...]
) -> None:
    house.crm.accounts["1"] = account(mail="dana@else.test", identity=identity)
    view = await house.planned(email="dana@else.test", no_slack=True)

    said = await house.approved(view, BEN)

    assert not said.ok
    assert "your address or name" in said.text
    assert (await house.view(1)).approvals == ()


# Nobody learns of a case about themselves.


async def test_nobody_learns_of_their_own_case_by_asking_for_somebody_else_with_their_login(people: House) -> None:
    people.govern(replace(POLICY, requesters=("U0AMY", "U0DANA")))
    await people.opened(email="dana@acme.test", other_logins=("dfrost",))

    answer = await asked(people, by="U0DANA", email="erin@acme.test", other_logins=("dfrost", "dana@acme.test"))

    assert isinstance(answer, Opened) or all(one.case_id is None and "OFF-" not in one.text for one in answer)


async def test_already_has_a_case_names_number_and_link_only_to_those_who_may_see_it(house: House) -> None:
    house.govern(replace(POLICY, requesters=("U0AMY", "U0OTTO")))
    first = await house.opened()

    told_to_amy, told_to_otto = await denied(house, by="U0AMY"), await denied(house, by="U0OTTO")

    assert (told_to_amy.case_id, told_to_otto.case_id) == (first.id, None)
    assert "OFF-1" in told_to_amy.text
    assert "OFF-1" not in told_to_otto.text


# The second Slack account of the leaver.


@pytest.mark.parametrize(
    ("dana", "second"),
    [
        (replace(DANA, also=("U0DANA2",)), person("U0DANA2", "other@else.test")),
        (replace(DANA, mail="dana+work@acme.test"), person("U0DANA2", "dana@acme.test")),
    ],
    ids=["the operator's [people] map", "the same address"],
)
async def test_the_second_slack_account_of_the_leaver_counts_as_the_leaver_too(
    house: House, dana: Person, second: Person
) -> None:
    house.people.people = (AMY, BEN, dana, second)
    house.people.groups["S0SECURITY"] = ("U0BEN", "U0DANA2")
    house.people.channels = {"C0CASES": {"U0DANA2"}}
    house.crm.accounts["1"] = account(mail=normalize_identifier(dana.mail or ""))

    view = await house.planned(user_id="U0DANA", email="")

    assert view.case.channel == "C0SENSITIVE"
    assert not (await house.approved(view, second)).ok
    assert await house.cases.status(1, "U0DANA2", "T0ACME") is None
