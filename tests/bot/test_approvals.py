"""Which approvals count now, and which accounts they let a run remove."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.approvals import Lists, find_approved, find_support, find_unfinished
from bot.errors import NotAskedAbout
from bot.model import (
    Account,
    Approval,
    Case,
    CaseState,
    CaseSystem,
    CaseView,
    Discovery,
    Key,
    KeyKind,
    KeySource,
    Leaver,
    Outcome,
    Person,
    Plan,
    PlannedAccount,
    PlannedSystem,
    PlanState,
    Sight,
    Word,
)
from bot.policy import Policy
from bot.ports import Membership
from tests.bot.fakes import AMY, BEN, CHLOE, ROOT, account

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
POLICY = Policy(requesters=("U0AMY",), approvers=("S0SECURITY",), admins=("U0ROOT",), break_glass=True)
CRM = CaseSystem("crm", "CRM", "fake", "fake crm", 1)
LEAVER = Leaver("Dana Fox", (Key(KeyKind.MAIL, "dana@acme.test", KeySource.TYPED),), "U0DANA", "T0ACME")
BOTH = Membership({"U0BEN": "in S0SECURITY", "U0CHLOE": "in S0SECURITY"})
ADMINS = Membership({"U0ROOT": "named"})


def plan(turn: int, *accounts: Account, state: PlanState = PlanState.APPROVED, needed: int = 1) -> Plan:
    """A plan that chose these accounts of the CRM."""
    shown = tuple(PlannedAccount(one, chosen=True) for one in accounts)
    system = PlannedSystem("crm", "CRM", "fake", "fake crm", Discovery("crm", Sight.FULL, accounts), shown)
    return Plan(1, turn, f"digest {turn}", (system,), needed, state, NOON)


def given(by: Person, turn: int = 1, why: str = "in S0SECURITY", at: datetime = NOON) -> Approval:
    return Approval(turn, f"digest {turn}", by.user_id, by.team_id, by.mail, why, at)


def view(
    *plans: Plan, approvals: tuple[Approval, ...] = (), outcomes: tuple[Outcome, ...] = (), run: int = 1
) -> CaseView:
    case = Case(
        1, CaseState.NEEDS_PEOPLE, LEAVER, AMY, "", (CRM,), "C0CASES", discreet=False, opened_at=NOON, attempt=run
    )
    return CaseView(case, plans, approvals, outcomes)


def enough(seen: CaseView, lists: Lists, policy: Policy = POLICY) -> bool:
    return find_support(seen, seen.plans[0], lists, policy, (CRM,)).is_enough


def test_an_approval_counts_while_its_giver_is_on_the_list() -> None:
    seen = view(plan(1, account()), approvals=(given(BEN),))

    assert enough(seen, Lists(BOTH))
    assert not enough(seen, Lists(Membership({"U0CHLOE": "in S0SECURITY"})))


def test_more_people_may_be_needed_today_than_when_the_plan_was_approved() -> None:
    seen = view(plan(1, account()), approvals=(given(BEN),))

    assert not enough(seen, Lists(BOTH), replace(POLICY, approvals=2))


def test_an_approval_of_another_plan_does_not_count() -> None:
    assert not enough(view(plan(1, account()), approvals=(given(BEN, turn=2),)), Lists(BOTH))


def test_break_glass_counts_while_it_is_switched_on_and_its_admin_is_one() -> None:
    seen = view(plan(1, account(), needed=2), approvals=(given(ROOT, why="break-glass: named"),))

    assert enough(seen, Lists(BOTH, ADMINS))
    assert not enough(seen, Lists(BOTH, Membership({})))
    assert not enough(seen, Lists(BOTH, ADMINS), replace(POLICY, break_glass=False))


def test_break_glass_is_no_ordinary_approval_of_an_admin_who_also_approves() -> None:
    seen = view(plan(1, account()), approvals=(given(BEN, why="break-glass: named"),))

    assert not enough(seen, Lists(BOTH, Membership({})))


def test_of_whom_nobody_asked_nothing_is_concluded() -> None:
    seen = view(plan(1, account()), approvals=(given(BEN),))

    with pytest.raises(NotAskedAbout):
        enough(seen, Lists(Membership({}, frozenset())))


@pytest.mark.parametrize("state", [PlanState.WAITING, PlanState.VOID, PlanState.EMPTY])
def test_the_newest_plan_that_names_an_account_decides_about_it(state: PlanState) -> None:
    one, other = account(), account(id="2")
    seen = view(plan(1, one, other), plan(2, one, state=state))

    assert [found.account.account.id for found in find_approved(seen, "crm", POLICY, 1, NOON)] == ["2"]


def test_an_account_that_the_newest_plan_does_not_choose_is_not_approved() -> None:
    later = plan(2, account())
    left = replace(later.systems[0], accounts=(PlannedAccount(account(), chosen=False),))

    seen = view(plan(1, account()), replace(later, systems=(left,)))

    assert find_approved(seen, "crm", POLICY, 2, NOON) == ()


def test_a_retry_removes_nothing_on_an_approval_that_has_expired() -> None:
    seen = view(plan(1, account()), approvals=(given(BEN),))
    late = NOON + POLICY.approval_expiry

    assert find_approved(seen, "crm", POLICY, 2, late - timedelta(seconds=1))
    assert find_approved(seen, "crm", POLICY, 2, late) == ()
    assert find_approved(seen, "crm", POLICY, 1, late)


def test_what_ended_well_is_not_part_of_a_retry() -> None:
    good = Outcome("crm", "1", Word.REMOVED, "gone", NOON)
    bad = Outcome("crm", "2", Word.FAILED, "still there", NOON)
    seen = view(plan(1, account(), account(id="2")), approvals=(given(CHLOE),), outcomes=(good, bad))

    assert [one.account.account.id for one in find_unfinished(seen, "crm", POLICY, NOON)] == ["2"]
