"""A person's choice among accounts that the bot would not choose between: the plan that follows from it. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot import plan as planning
from bot.model import Case, CaseState, CaseView, Outcome, Pick, Plan, PlannedAccount, PlannedSystem, PlanState, Word
from bot.policy import Policy, account_names, approvals_needed, protected_by

Chosen = tuple[str, str]
"""A system's name and an account's id there."""


LEFT = "A person chose another account here, and not this one."


def open_to_choice(plan: Plan) -> tuple[Chosen, ...]:
    """Return the accounts of a plan of which a person may say that they are the leaver's."""
    return tuple(
        (system.name, planned.account.id)
        for system in plan.systems
        for planned in system.accounts
        if planned.is_open_to_choice
    )


def choosable(view: CaseView, plan: Plan) -> tuple[Chosen, ...]:
    """Return those of a plan's accounts that can be chosen now: while it waits, or left to people after the run."""
    found = open_to_choice(plan)
    if view.case.state is CaseState.WAITING and plan.state is PlanState.WAITING:
        return found
    if view.case.state is not CaseState.NEEDS_PEOPLE or plan.state not in {PlanState.APPROVED, PlanState.EMPTY}:
        return ()
    left = {(one.system, one.account_id) for one in view.outcomes if one.word is Word.MANUAL and one.done_by is None}
    return tuple(one for one in found if one in left)


@dataclass(frozen=True, slots=True)
class Choice:
    """What was chosen in which plan, by whom and why. `alone`: all else of that plan is settled already."""

    plan: Plan
    accounts: frozenset[Chosen]
    pick: Pick
    alone: bool


def planned_anew(case: Case, choice: Choice, policy: Policy, at: datetime) -> Plan:
    """Return the case's next plan: the one shown, with what was chosen. It needs approvals of its own."""
    keys = [key.value for key in case.leaver.keys]
    systems = tuple(
        system
        for shown in choice.plan.systems
        if (system := _system(shown, choice, policy, keys)).chosen or not choice.alone
    )
    touched = [case.system(system.name) for system in systems if system.chosen]
    return Plan(
        case_id=case.id,
        turn=case.turn + 1,
        digest=planning.digest(systems),
        systems=systems,
        needed=approvals_needed(policy, [system for system in touched if system is not None]),
        state=PlanState.WAITING,
        made_at=at,
    )


def left_beside(view: CaseView, choice: Choice) -> tuple[Outcome, ...]:
    """Return anew the outcomes of accounts that were not chosen in a system in which another one was."""
    systems = {name for name, _ in choice.accounts}
    return tuple(
        replace(one, sentence=LEFT)
        for one in view.outcomes
        if one.word is Word.MANUAL
        and one.done_by is None
        and one.system in systems
        and (one.system, one.account_id) in set(open_to_choice(choice.plan)) - choice.accounts
    )


def _system(shown: PlannedSystem, choice: Choice, policy: Policy, keys: Iterable[str]) -> PlannedSystem:
    protected = tuple(keys)
    accounts = tuple(
        _account(shown.name, planned, choice, policy, protected)
        for planned in shown.accounts
        if not choice.alone or (shown.name, planned.account.id) in choice.accounts
    )
    left = tuple(planned.account for planned in accounts)
    discovery = replace(shown.discovery, accounts=left) if choice.alone else shown.discovery
    return replace(shown, accounts=accounts, discovery=discovery)


def _account(
    system: str, planned: PlannedAccount, choice: Choice, policy: Policy, keys: tuple[str, ...]
) -> PlannedAccount:
    wanted = (system, planned.account.id) in choice.accounts and planned.is_open_to_choice
    if not wanted and planned.is_open_to_choice and any(name == system for name, _ in choice.accounts):
        return replace(planned, why_not=LEFT)
    if not wanted or protected_by(policy.protected, (*account_names(planned.account), *keys)) is not None:
        return planned
    return PlannedAccount(planned.account, chosen=True, picked=choice.pick)
