"""What would be done, as it is shown to approvers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model.account import Account, Discovery
from bot.model.outcome import Word


@dataclass(frozen=True, slots=True)
class Pick:
    """A person's choice among accounts that the bot would not choose between. `by` is a Slack id."""

    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class PlannedAccount:
    """An account as it was found. `chosen` accounts go; of the others `why_not` says why they stay.

    `instead` is the outcome that an account which is not chosen gets when the plan is carried out. `picked` is set
    where a person chose it.
    """

    account: Account
    chosen: bool
    why_not: str = ""
    instead: Word | None = None
    picked: Pick | None = None

    @property
    def is_open_to_choice(self) -> bool:
        """Whether a person may choose it: nothing protects it, the bot only could not tell whose it is."""
        return not self.chosen and self.instead is Word.MANUAL and self.account.stop is None


@dataclass(frozen=True, slots=True)
class PlannedSystem:
    """One system of the case. `identity` names kind, server, tenant and log-on; a moved name is not the same system."""

    name: str
    label: str
    kind: str
    identity: str
    discovery: Discovery
    accounts: tuple[PlannedAccount, ...] = ()

    @property
    def chosen(self) -> tuple[Account, ...]:
        """The accounts that would be removed."""
        return tuple(planned.account for planned in self.accounts if planned.chosen)


class PlanState(StrEnum):
    """`waiting` for approvals, `approved`, `empty` (nothing to approve) or `void` (the case ended before)."""

    WAITING = "waiting"
    APPROVED = "approved"
    EMPTY = "empty"
    VOID = "void"


@dataclass(frozen=True, slots=True)
class Plan:
    """What approvers decide on. `digest` covers all that is compared at removal; `turn` counts from 1."""

    case_id: int
    turn: int
    digest: str
    systems: tuple[PlannedSystem, ...]
    needed: int
    state: PlanState
    made_at: datetime

    def chosen(self) -> Iterator[Account]:
        """All accounts that an approval of this plan would remove."""
        for system in self.systems:
            yield from system.chosen

    def found(self) -> tuple[Account, ...]:
        """All accounts that were found, chosen or not."""
        return tuple(account for system in self.systems for account in system.discovery.accounts)

    def system(self, name: str) -> PlannedSystem | None:
        """The system of that name, or None where this plan is not about it."""
        return next((system for system in self.systems if system.name == name), None)


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's yes to one plan. `why` says by which list that person was allowed, and when it was read."""

    turn: int
    digest: str
    user_id: str
    team_id: str
    mail: str | None
    why: str
    at: datetime
