"""Whom Slack is asked about for one case: those on whom it rests, however many could approve."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.cases import Denied, Said
from bot.model import CaseState, CaseView
from bot.policy import Limits
from bot.ports import Membership
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import AMY, BEN, CHLOE, DANA, ROOT, FakePeople, account

CROWD = tuple(f"U0A{number:02}" for number in range(38))
GROUP = ("U0BEN", "U0CHLOE", *CROWD)


@dataclass
class Meanwhile(FakePeople):
    """Before an answer about the approvers arrives, the next of these happens."""

    then: list[Callable[[], Awaitable[object]]] = field(default_factory=list)

    async def members(self, ids: Sequence[str], *, of: AbstractSet[str] | None = None) -> Membership:
        said = await super().members(ids, of=of)
        if tuple(ids) == POLICY.approvers and self.then:
            await self.then.pop(0)()
        return said


@pytest.fixture
def people(house: House) -> Meanwhile:
    """Forty people could approve."""
    house.people = Meanwhile(groups={"S0SECURITY": GROUP})
    house.govern(POLICY)
    return house.people


def asked(people: FakePeople) -> set[str]:
    """Who was asked about since the last question, besides those of other lists."""
    found = set(people.looked_up) - {AMY.user_id, ROOT.user_id}
    people.looked_up.clear()
    return found


async def clicked(house: House, view: CaseView, who: str, act: str = "approve") -> Said:
    plan = view.plans[0]
    button = (view.case.id, plan.turn, plan.digest, who, AMY.team_id)
    if act == "approve":
        return await house.cases.approve(*button, lambda _: "words")
    return await house.cases.decline(*button, "words")


async def known(house: House) -> None:
    """Everybody of the crowd is somebody whom Slack knows."""
    crowd = (replace(BEN, user_id=user, name=user, mail=f"{user}@acme.test") for user in CROWD)
    house.people.people = (*house.people.people, *crowd)


class TestOpening:
    async def test_one_approver_is_asked_about_where_one_is_enough(self, house: House, people: Meanwhile) -> None:
        await house.opened()

        assert asked(people) == {"U0BEN"}

    async def test_as_many_are_asked_about_as_are_needed(self, house: House, people: Meanwhile) -> None:
        house.govern(replace(POLICY, approvals=2))

        await house.opened()

        assert asked(people) == {"U0BEN", "U0CHLOE"}

    async def test_requester_and_leaver_are_none_of_them(self, house: House, people: Meanwhile) -> None:
        people.groups = {"S0SECURITY": (AMY.user_id, DANA.user_id, *GROUP)}

        await house.opened()

        assert people.looked_up.count(AMY.user_id) == 1, "as requester"
        assert asked(people) == {"U0BEN"}

    async def test_for_one_who_was_deactivated_the_next_one_is_asked_about(
        self, house: House, people: Meanwhile
    ) -> None:
        people.people = (AMY, replace(BEN, trusted=False), CHLOE, ROOT, DANA)

        await house.opened()

        assert asked(people) == {"U0BEN", "U0CHLOE"}

    async def test_too_few_are_too_few_only_after_everybody_was_asked_about(
        self, house: House, people: Meanwhile
    ) -> None:
        house.govern(replace(POLICY, approvals=3))
        people.groups = {"S0SECURITY": (AMY.user_id, "U0BEN", "U0CHLOE", *CROWD[:2])}
        people.people = (*people.people, *(replace(BEN, user_id=user, trusted=False) for user in CROWD[:2]))

        answer = await house.cases.open(house.form(), AMY.user_id, AMY.team_id)

        assert isinstance(answer, tuple)
        assert [isinstance(one, Denied) and "there are 2." in one.text for one in answer] == [True]
        assert asked(people) == {"U0BEN", "U0CHLOE", *CROWD[:2]}


class TestDeciding:
    @pytest.fixture
    async def waiting(self, house: House, people: Meanwhile) -> CaseView:
        """A case of forty approvers whose plan waits for two."""
        house.govern(replace(POLICY, approvals=2))
        await known(house)
        view = await house.planned_in_crm()
        people.looked_up.clear()
        return view

    async def test_the_first_approval_asks_about_nobody_else(
        self, house: House, people: Meanwhile, waiting: CaseView
    ) -> None:
        assert (await clicked(house, waiting, CROWD[20])).text == "Counted: 1 of 2 approvals."
        assert asked(people) == {CROWD[20]}

    async def test_the_next_one_asks_about_those_who_approved_before(
        self, house: House, people: Meanwhile, waiting: CaseView
    ) -> None:
        await clicked(house, waiting, CROWD[20])
        people.looked_up.clear()

        assert (await clicked(house, waiting, "U0BEN")).ok
        assert (await house.view(1)).case.state is CaseState.RUNNING
        assert asked(people) == {CROWD[20], "U0BEN"}

    async def test_only_approving_asks_about_others_than_who_clicked(
        self, house: House, people: Meanwhile, waiting: CaseView
    ) -> None:
        await clicked(house, waiting, CROWD[20])
        people.looked_up.clear()
        plan = waiting.plans[0]

        await house.cases.may_decide(1, 1, plan.digest, BEN.user_id, BEN.team_id)
        await house.cases.review(1, 1, plan.digest, BEN.user_id, BEN.team_id)
        assert (await clicked(house, waiting, "U0BEN", "decline")).ok

        assert asked(people) == {"U0BEN"}

    @pytest.mark.parametrize("gone", ["deactivated", "out of the group"])
    async def test_an_earlier_approval_counts_no_more_where_its_giver_is(
        self, house: House, people: Meanwhile, waiting: CaseView, gone: str
    ) -> None:
        await clicked(house, waiting, "U0BEN")
        if gone == "deactivated":
            others = (one for one in people.people if one != BEN)
            people.people = (replace(BEN, trusted=False), *others)
        else:
            people.groups = {"S0SECURITY": GROUP[1:]}

        assert (await clicked(house, waiting, "U0CHLOE")).text == "Counted: 1 of 2 approvals."

    async def test_an_approval_that_arrives_while_slack_is_asked_is_not_lost(
        self, house: House, people: Meanwhile, waiting: CaseView
    ) -> None:
        people.then = [lambda: clicked(house, waiting, "U0BEN")]

        assert (await clicked(house, waiting, "U0CHLOE")).text == "Approved. The run has begun."

        view = await house.view(1)
        assert {given.user_id for given in view.approvals} == {"U0BEN", "U0CHLOE"}
        kinds = [event.kind for event in (await house.store.chain("case:1")).events]
        assert (kinds.count("approved"), kinds.count("run")) == (2, 1)

    async def test_an_approval_that_arrives_while_slack_is_asked_counts_only_where_its_giver_still_may(
        self, house: House, people: Meanwhile, waiting: CaseView
    ) -> None:
        async def approves_and_leaves() -> None:
            await clicked(house, waiting, "U0BEN")
            people.groups = {"S0SECURITY": GROUP[1:]}

        people.then = [approves_and_leaves]

        assert (await clicked(house, waiting, "U0CHLOE")).text == "Counted: 1 of 2 approvals."
        assert "U0BEN" in asked(people)
        assert (await house.view(1)).case.state is CaseState.WAITING

    async def test_a_click_that_others_overtake_again_and_again_does_nothing_and_says_so(
        self, house: House, people: Meanwhile, waiting: CaseView
    ) -> None:
        house.govern(replace(POLICY, approvals=30))
        ahead = iter(CROWD[:20])

        async def another() -> None:
            people.then = []
            assert (await clicked(house, waiting, next(ahead))).ok
            people.then = [another]

        people.then = [another]

        said = await clicked(house, waiting, "U0CHLOE")

        people.then = []
        assert (said.ok, "faster" in said.text) == (False, True)
        assert "U0CHLOE" not in {given.user_id for given in (await house.view(1)).approvals}
        assert (await clicked(house, waiting, "U0CHLOE")).ok


class TestWhatWasApproved:
    @pytest.fixture
    async def later(self, house: House, people: Meanwhile) -> CaseView:
        """A case of forty approvers that three approved, as it needs; it begins in two days."""
        house.govern(replace(POLICY, approvals=3))
        await known(house)
        house.crm.accounts["1"] = account()
        view = await house.planned(when=datetime.now(UTC) + timedelta(days=2))
        for who in ("U0BEN", "U0CHLOE", CROWD[5]):
            assert (await clicked(house, view, who)).ok
        people.looked_up.clear()
        return await house.view(1)

    async def test_a_due_start_asks_about_those_who_approved(
        self, house: House, people: Meanwhile, later: CaseView
    ) -> None:
        assert later.case.start_at is not None

        await house.sweeper.sweep(later.case.start_at)

        assert (await house.view(1)).case.state is CaseState.RUNNING
        assert asked(people) == {"U0BEN", "U0CHLOE", CROWD[5]}

    async def test_a_withdrawal_asks_whether_the_others_are_still_enough(
        self, house: House, people: Meanwhile, later: CaseView
    ) -> None:
        assert (await house.cases.withdraw(1, BEN.user_id, BEN.team_id)).ok

        view = await house.view(1)
        assert (view.case.state, len(view.approvals)) == (CaseState.WAITING, 2)
        kinds = [event.kind for event in (await house.store.chain("case:1")).events]
        assert kinds.count("approval withdrawn") == 1
        assert asked(people) == {"U0BEN", "U0CHLOE", CROWD[5]}

    async def test_a_release_asks_about_those_who_approved(self, house: House, people: Meanwhile) -> None:
        house.govern(replace(POLICY, limits=Limits(per_day=0)))
        view = await house.planned_in_crm()
        await clicked(house, view, "U0CHLOE")
        assert (await house.view(1)).case.state is CaseState.PAUSED
        people.looked_up.clear()

        assert (await house.cases.release(1, ROOT.user_id, ROOT.team_id, "agreed")).ok

        assert (await house.view(1)).case.state is CaseState.RUNNING
        assert asked(people) == {"U0CHLOE"}
