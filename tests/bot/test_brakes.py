"""The rules of the brakes: who may stop, withdraw, release; and when a limit is reached."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot import brakes
from bot.brakes import Share, Started
from bot.model import (
    Approval,
    Case,
    CaseState,
    Hold,
    HoldKind,
    Key,
    KeyKind,
    KeySource,
    Leaver,
    Person,
    Plan,
    PlanState,
)
from bot.policy import Limits
from bot.ports import Membership
from tests.bot.conftest import POLICY
from tests.bot.fakes import AMY, BEN, DANA, OTTO, ROOT

NOW = datetime(2030, 1, 1, tzinfo=UTC)
LEAVER = Leaver("Dana", (Key(KeyKind.MAIL, "dana@acme.test", KeySource.TYPED),), DANA.user_id, "T0ACME")
CASE = Case(1, CaseState.RUNNING, LEAVER, AMY, "", (), "C0CASES", discreet=False, opened_at=NOW)
ADMINS, APPROVERS = Membership({ROOT.user_id: "named"}), Membership({BEN.user_id: "in S0SECURITY"})
PLAN = Plan(1, 1, "d", (), 1, PlanState.WAITING, NOW)


@pytest.mark.parametrize(("who", "may"), [(ROOT, True), (BEN, True), (AMY, False), (OTTO, False), (DANA, False)])
def test_admins_and_approvers_may_stop_and_nobody_else(who: Person, may: bool) -> None:
    assert brakes.may_stop(who, ADMINS, APPROVERS, CASE, POLICY).ok is may


def test_the_leaver_stops_nothing_even_as_an_admin() -> None:
    assert not brakes.may_stop(DANA, Membership({DANA.user_id: "named"}), APPROVERS, CASE, POLICY).ok


@pytest.mark.parametrize(
    ("who", "may"), [(ROOT, True), (BEN, False), (AMY, False), (replace(ROOT, trusted=False), False)]
)
def test_only_an_admin_lets_a_held_case_go_on(who: Person, may: bool) -> None:
    assert brakes.may_release(who, ADMINS, CASE, POLICY).ok is may


def test_the_requester_does_not_choose_among_accounts_even_as_an_approver() -> None:
    assert not brakes.may_choose(AMY, Membership({AMY.user_id: "named"}), CASE, POLICY).ok
    assert brakes.may_choose(BEN, APPROVERS, CASE, POLICY).ok


def test_nobody_breaks_the_glass_where_the_operator_has_not_allowed_it() -> None:
    assert not brakes.may_break_glass(ROOT, ADMINS, CASE, POLICY).ok
    assert brakes.may_break_glass(ROOT, ADMINS, CASE, replace(POLICY, break_glass=True)).ok
    assert not brakes.may_break_glass(BEN, ADMINS, CASE, replace(POLICY, break_glass=True)).ok


@pytest.mark.parametrize(
    ("typed", "same"), [("dana@acme.test", True), (" Dana@Acme.test ", True), ("dan@acme.test", False), ("", False)]
)
def test_the_second_confirmation_is_the_address_of_the_person(typed: str, same: bool) -> None:
    assert brakes.names_the_leaver(typed, CASE) is same


def test_an_approval_can_be_taken_back_until_the_run_of_its_plan_begins() -> None:
    approved = replace(PLAN, state=PlanState.APPROVED)
    held = Hold(HoldKind.LIMIT, "", 1)

    assert brakes.withdrawable(replace(CASE, state=CaseState.WAITING), [PLAN]) == PLAN
    assert brakes.withdrawable(replace(CASE, state=CaseState.APPROVED), [approved]) == approved
    assert brakes.withdrawable(replace(CASE, state=CaseState.PAUSED, hold=held), [approved]) == approved
    assert brakes.withdrawable(CASE, [approved]) is None
    assert (
        brakes.withdrawable(replace(CASE, state=CaseState.PAUSED, hold=replace(held, retry=True)), [approved]) is None
    )
    stopped = replace(CASE, state=CaseState.PAUSED, hold=Hold(HoldKind.STOPPED, ""))
    assert brakes.withdrawable(stopped, [approved]) is None
    assert brakes.withdrawable(replace(CASE, state=CaseState.CANCELLED), [replace(PLAN, state=PlanState.VOID)]) is None
    assert brakes.withdrawable(CASE, []) is None


def test_only_the_approval_of_this_plan_is_ones_own() -> None:
    given = Approval(1, "d", BEN.user_id, BEN.team_id, BEN.mail, "", NOW)

    assert brakes.approved_by(BEN, PLAN, [given])
    assert not brakes.approved_by(BEN, replace(PLAN, turn=2), [given])
    assert not brakes.approved_by(ROOT, PLAN, [given])


@pytest.mark.parametrize(
    ("limits", "key"),
    [
        (Limits(), None),
        (Limits(per_hour=3, per_day=6, per_approver_per_day=5), None),
        (Limits(per_hour=2), "per_hour"),
        (Limits(per_day=5), "per_day"),
        (Limits(per_approver_per_day=4), "per_approver_per_day"),
    ],
)
def test_a_limit_is_reached_by_as_many_runs_as_it_names(limits: Limits, key: str | None) -> None:
    started = Started(last_hour=2, last_day=5, by_approver={"U0BEN": 4, "U0CHLOE": 1})

    reached = brakes.limit_reached(limits, started)

    assert reached is None if key is None else f"({key})" in (reached or "")


@pytest.mark.parametrize(
    ("limit", "going", "is_reached"),
    [(None, 10, False), (0.1, 1, False), (0.1, 2, True), (0.29, 2, False), (0, 1, True)],
)
def test_a_share_is_reached_by_more_than_it_allows(limit: float | None, going: int, *, is_reached: bool) -> None:
    shares = [Share("CRM", 10, going), Share("Wiki", 0, 3)]

    reached = brakes.share_reached(Limits(share_of_system=limit), shares)

    assert (reached is not None) == is_reached
    assert reached is None or "users of CRM would be taken away" in reached


def test_a_share_of_a_hundred_is_counted_as_people_count() -> None:
    limits = Limits(share_of_system=0.29)

    assert brakes.share_reached(limits, [Share("CRM", 100, 29)]) is None
    assert brakes.share_reached(limits, [Share("CRM", 100, 30)]) is not None
