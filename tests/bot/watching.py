"""A system that holds every write against what was approved at that moment."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.model import Account, CaseState, CaseView, Plan, PlanState, Sent, Step
from bot.plan import difference
from tests.bot.conftest import House
from tests.bot.fakes import AMY, DANA, FakeSystem

Pressed = set[tuple[str, int, int, str]]
"""Who pressed Approve: Slack id, case, turn and digest."""


class Crash(BaseException):
    """The process is gone; what was done in the system is done."""


@dataclass
class WatchedSystem(FakeSystem):
    """A system that holds every write against what was approved at that moment, and may crash right after one."""

    house: list[House] = field(default_factory=list)
    crashes: bool = False
    unapproved: list[str] = field(default_factory=list)
    pressed: Pressed = field(default_factory=set)

    async def do(self, account: Account, step: Step, key: str) -> Sent:
        view = await self.house[0].view(self.house[0].forms)
        runs = view.case.state is CaseState.RUNNING
        if not runs or not any(covers(view, plan, account, self.pressed) for plan in view.plans):
            self.unapproved.append(f"{self.name} {account}")
        sent = await super().do(account, step, key)
        if self.crashes:
            self.crashes = False
            raise Crash
        return sent


def covers(view: CaseView, plan: Plan, account: Account, pressed: Pressed) -> bool:
    """Whether this plan, approved by enough people or begun by break-glass, holds this account as it now stands.

    It counts for itself, and only who pressed the button of exactly this plan: Amy asked and Dana leaves, and
    everybody here has one Slack id.
    """
    given = [one for one in view.approvals if (one.turn, one.digest) == (plan.turn, plan.digest)]
    people = {one.user_id for one in given if (one.user_id, view.case.id, plan.turn, plan.digest) in pressed}
    enough = len(people - {AMY.user_id, DANA.user_id}) >= plan.needed
    glass = any(one.why.startswith("break-glass") for one in given)
    same = [one for one in plan.chosen() if one.system == account.system and difference(one, account) is None]
    return plan.state is PlanState.APPROVED and (enough or glass) and bool(same)
