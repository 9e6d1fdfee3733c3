"""Any order of requests, clicks, changes, times and crashes: nothing goes that was not approved as it stands."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.bot.fakes import BEN, ROOT
from tests.bot.machine import RULES, Case


def withdrawn_before_it_is_due(case: Case) -> None:
    case.house.govern(replace(RULES, cool_down=timedelta(hours=1)))
    case.all_approve()
    case.withdraws(BEN)
    case.time_passes(1)
    case.works()


PATHS: tuple[Callable[[Case], None], ...] = (
    lambda case: case.is_worked_on_while_a_changed_account_waits("crm"),
    lambda case: case.is_worked_on_while_a_changed_account_waits("wiki"),
    lambda case: case.a_second_plan_is_approved_with_the_digest_of_the_first("crm"),
    lambda case: case.is_approved_and_stopped_before_anything_is_sent(ROOT),
    lambda case: case.changes_while_it_runs_and_another_system_is_tried_again("wiki"),
    Case.an_account_is_chosen_after_the_run_and_its_system_tried_again_before_anybody_approves,
    Case.the_requester_and_one_approver_approve,
    withdrawn_before_it_is_due,
)
"""Paths that a random walk of this length seldom takes from its beginning."""
TestCase = Case.TestCase
TestCase.settings = settings(
    max_examples=6,
    stateful_step_count=16,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # to shrink takes longer than a test may
    suppress_health_check=list(HealthCheck),
)


@pytest.mark.parametrize("path", PATHS)
def test_a_rare_path_from_a_fresh_case_breaks_no_invariant(path: Callable[[Case], None]) -> None:
    case = Case()
    try:
        case.opens("")
        path(case)
        case.nothing_was_sent_that_nobody_approved_as_it_stood()
        case.a_closed_case_has_a_proof_or_a_named_persons_word_for_every_account()
    finally:
        case.teardown()
