"""For every button and form: a case in which the right person's genuine payload would do something."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

from bot.errors import Unavailable
from bot.model import CaseState
from bot.policy import Limits, Policy
from handlers import ids
from sandbox.slack.records import Json
from tests.bot.fakes import account
from tests.handlers.conftest import POLICY, Stage

Prepare = Callable[[Stage], Awaitable[str]]


@dataclass(frozen=True)
class Scene:
    """`prepare` brings case 1 there and returns the genuine value; `who` may use it."""

    prepare: Prepare
    who: str = "U0BEN"
    policy: Policy = POLICY
    values: Json = field(default_factory=dict)
    binds: str = "plan"
    """What the value must name beside the case: `plan`, `system` or `case` alone."""
    other_too: bool = False
    """Whether `who` may do the same to case 2."""


def typed(**fields: str) -> Json:
    """The state of text inputs whose action id is their block id."""
    return {name: {name: {"type": "plain_text_input", "value": text}} for name, text in fields.items()}


async def _two_cases(stage: Stage) -> None:
    """Case 1 about Dana, with a plan; case 2 about Sam, with another."""
    stage.wiki.accounts["7"] = account("wiki", "7", "sam@acme.test")
    await stage.requested()
    await stage.shown("plan:1")
    await stage.requested("/offboard sam@acme.test")


async def _value(stage: Stage) -> str:
    plan = (await stage.view()).plans[-1]
    return f"1:{plan.turn}:{plan.digest}"


async def waiting(stage: Stage) -> str:
    await _two_cases(stage)
    return await _value(stage)


async def half_approved(stage: Stage) -> str:
    await _two_cases(stage)
    await stage.person("ben").press(await stage.shown("plan:1"), ids.APPROVE)
    return await _value(stage)


async def running(stage: Stage) -> str:
    await half_approved(stage)
    return "1:run"


async def ambiguous(stage: Stage) -> str:
    stage.crm.accounts["2"] = account(id="2")
    await _two_cases(stage)
    return await _value(stage)


async def held(stage: Stage) -> str:
    await _two_cases(stage)
    async with stage.store.begin() as tx:
        await tx.note_start(1, 9, ["U0BEN"])
    await stage.approved()
    await stage.shown("held:1")
    return "1:held"


async def approved_for_later(stage: Stage) -> str:
    await _two_cases(stage)
    await stage.approved()
    await stage.cases.cancel(2, "U0ROOT", "T0ACME")
    return "1:whole"


async def expired(stage: Stage) -> str:
    await _two_cases(stage)
    async with stage.store.begin() as tx:
        case = await tx.case(1)
        assert case is not None
        await tx.move(case, CaseState.EXPIRED, ended_at=await tx.now())
        await tx.want(1, "expired")
    stage.poster.wake()
    await stage.shown("expired")
    return "1:again"


async def a_page(stage: Stage) -> str:
    return f"{await waiting(stage)}:1"


async def unknown(stage: Stage) -> str:
    """Case 1 about Dana, case 2 about Sam, and no system knows either."""
    stage.crm.accounts.clear()
    await stage.requested()
    await stage.shown("nothing")
    await stage.requested("/offboard sam@acme.test")
    return "1:0:nothing"


async def to_correct(stage: Stage) -> str:
    await unknown(stage)
    return "1:corrected"


async def failing(stage: Stage) -> str:
    await _two_cases(stage)
    stage.crm.read_errors += [Unavailable("down")] * 99
    await stage.approved()
    await stage.shown("closing")
    stage.crm.read_errors.clear()
    return "1:crm"


_TWO = replace(POLICY, approvals=2)
_LIMITED = replace(POLICY, limits=Limits(per_day=1))
_LATER = replace(POLICY, cool_down=timedelta(hours=1))
_GLASS = replace(POLICY, break_glass=True)
_REASON = typed(**{ids.WORDS: "because"})
_ACCOUNT: Json = {"accounts_0": {"accounts_0": {"type": "checkboxes", "selected_options": [{"value": "0.1"}]}}}

ACTIONS: Mapping[str, Scene] = {
    ids.APPROVE: Scene(waiting),
    ids.DECLINE: Scene(waiting),
    ids.REVIEW: Scene(waiting),
    ids.CANCEL: Scene(approved_for_later, who="U0ROOT", policy=_LATER, binds="case"),
    ids.WITHDRAW: Scene(half_approved, policy=_TWO),
    ids.STOP: Scene(running, binds="case"),
    ids.CHOOSE: Scene(ambiguous),
    ids.ASK_AGAIN: Scene(expired, who="U0AMY", binds="case", other_too=True),
    ids.RELEASE: Scene(held, who="U0ROOT", policy=_LIMITED, binds="case"),
    ids.NOTHING_TO_REMOVE: Scene(unknown, other_too=True),
    ids.CORRECT_ADDRESS: Scene(to_correct, who="U0AMY", binds="case", other_too=True),
    ids.RETRY: Scene(failing, who="U0ROOT", binds="system"),
    ids.MARK_DONE: Scene(failing, who="U0ROOT", binds="system"),
    ids.SKIP: Scene(failing, who="U0ROOT", binds="system"),
}
VIEWS: Mapping[str, Scene] = {
    ids.PLAN_VIEW: Scene(a_page),
    ids.DECLINE_VIEW: Scene(waiting, values=_REASON),
    ids.MARK_DONE_VIEW: Scene(failing, who="U0ROOT", values=_REASON, binds="system"),
    ids.SKIP_VIEW: Scene(failing, who="U0ROOT", values=_REASON, binds="system"),
    ids.CHOOSE_VIEW: Scene(ambiguous, values=_REASON | _ACCOUNT),
    ids.RELEASE_VIEW: Scene(held, who="U0ROOT", policy=_LIMITED, values=_REASON, binds="case"),
    ids.GLASS_VIEW: Scene(
        waiting, who="U0ROOT", policy=_GLASS, values=_REASON | typed(**{ids.ADDRESS: "dana@acme.test"})
    ),
}
