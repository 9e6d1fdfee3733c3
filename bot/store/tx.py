"""The write transaction."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select, type_coerce
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.audit import chain_of
from bot.domain.second_factor import SecondFactor
from bot.model import (
    Account,
    Approval,
    Case,
    CaseState,
    CaseSystem,
    CaseView,
    Discovery,
    DueLook,
    Outcome,
    Plan,
    PlanState,
    Recheck,
    Request,
    WorkKind,
)
from bot.ports.store import DialogUse, Intent, KeyTaken, OpenedDialog
from bot.store import (
    brakes,
    cases,
    clicks,
    deciders,
    dialogs,
    outbox,
    outcomes,
    plans,
    second_factors,
    share,
    views,
    work,
)
from bot.store.columns import UtcTime
from bot.store.last import Last
from bot.store.outbox import Wish
from bot.store.upkeep import UpkeepOfTx


async def database_time(connection: AsyncConnection) -> datetime:
    """The time of a Postgres database's machine."""
    statement = select(type_coerce(func.clock_timestamp(), UtcTime()))
    return (await connection.execute(statement)).scalar_one()


class SqlTx(UpkeepOfTx):
    """The port `Tx`. Whatever changes a case holds its row first, so that transactions of one case go in turn."""

    def __init__(self, connection: AsyncConnection, clock: Callable[[], datetime]) -> None:
        self.connection = connection
        self._clock = clock
        self._now: datetime | None = None
        self._held: set[int] = set()
        self._read: dict[int, Case | None] = {}
        self._last = Last(connection)

    async def now(self) -> datetime:
        """The time of this transaction: the same however often it is asked for."""
        if self._now is None:
            self._now = await database_time(self.connection) if self._on_postgres else self._clock()
        return self._now

    @property
    def _on_postgres(self) -> bool:
        return self.connection.dialect.name == "postgresql"

    async def _hold(self, case_id: int) -> None:
        """Hold the case's row; on SQLite the transaction holds the whole file from its beginning."""
        if case_id not in self._held and self._on_postgres:
            await cases.hold(self.connection, case_id)
            self._held.add(case_id)

    async def case_of_view(self, view_id: str) -> int | None:
        return await cases.case_of_view(self.connection, view_id)

    async def opened_since(self, user_id: str, since: datetime) -> int:
        return await cases.opened_since(self.connection, user_id, since)

    async def open_case(
        self, request: Request, systems: Sequence[CaseSystem], channel: str, *, discreet: bool, expires_at: datetime
    ) -> Case | KeyTaken:
        values = cases.values_of(channel, discreet=discreet, opened_at=await self.now(), expires_at=expires_at)
        return await cases.open_case(self.connection, request, systems, values)

    async def case(self, case_id: int) -> Case | None:
        await self._hold(case_id)
        if case_id not in self._read:
            self._read[case_id] = await cases.read_case(self.connection, case_id)
        return self._read[case_id]

    async def move(self, case: Case, to: CaseState, **fields: object) -> Case | None:
        await self._hold(case.id)
        self._changed(case.id)
        return await cases.move(self.connection, case, to, fields)

    def _changed(self, case_id: int) -> None:
        """Forget how the case was read in this transaction."""
        self._read.pop(case_id, None)

    async def view(self, case_id: int) -> CaseView | None:
        case = await self.case(case_id)
        return None if case is None else await views.view_of(self.connection, case)

    async def outcomes(self, case_id: int) -> tuple[Outcome, ...]:
        await self._hold(case_id)
        return await outcomes.outcomes_of(self.connection, case_id)

    async def put_look(self, case_id: int, discovery: Discovery) -> None:
        await self._hold(case_id)
        await plans.put_look(self.connection, case_id, discovery, await self.now())

    async def add_plan(self, plan: Plan) -> None:
        await self._hold(plan.case_id)
        await plans.add_plan(self.connection, plan)

    async def set_plan_state(self, case_id: int, turn: int, was: PlanState, to: PlanState) -> bool:
        await self._hold(case_id)
        return await plans.set_plan_state(self.connection, case_id, turn, was, to)

    async def add_approval(self, case_id: int, approval: Approval) -> bool:
        await self._hold(case_id)
        return await plans.add_approval(self.connection, case_id, approval)

    async def keep_dialog(self, dialog: OpenedDialog) -> None:
        await dialogs.keep(self.connection, dialog, await self.now())

    async def use_dialog(self, dialog: OpenedDialog) -> DialogUse:
        return await dialogs.use(self.connection, dialog, await self.now())

    async def reopen_dialog(self, dialog: OpenedDialog) -> None:
        await dialogs.reopen(self.connection, dialog)

    async def take_click(self, case_id: int, click: str) -> bool:
        await self._hold(case_id)
        return await clicks.take(self.connection, case_id, click, await self.now())

    async def drop_approval(self, case_id: int, turn: int, user_id: str, team_id: str) -> bool:
        await self._hold(case_id)
        return await plans.drop_approval(self.connection, case_id, turn, user_id, team_id)

    async def second_factor(self, user_id: str) -> SecondFactor | None:
        return await second_factors.hold(self.connection, user_id)

    async def use_code(self, factor: SecondFactor, step: int) -> bool:
        return await second_factors.use_step(self.connection, factor, step)

    async def keep_failures(self, factor: SecondFactor) -> None:
        await second_factors.keep_failures(self.connection, factor)

    async def note_decider(self, user_id: str, mail: str) -> bool:
        return await deciders.note_decider(self.connection, user_id, mail, await self.now())

    async def add_work(self, case_id: int, kind: WorkKind, attempt: int, turn: int, systems: Sequence[str]) -> None:
        await self._hold(case_id)
        await work.add_work(self.connection, case_id, kind, attempt, turn, systems, await self.now())

    async def end_work(self, case_id: int, kind: WorkKind, attempt: int, system: str) -> int | None:
        await self._hold(case_id)
        return await work.end_work(self.connection, case_id, kind, attempt, system, await self.now())

    async def note_work(self, case_id: int, system: str, says: str) -> None:
        await self._hold(case_id)
        await work.note_work(self.connection, case_id, system, says)

    async def add_intent(self, case_id: int, attempt: int, account: Account, step: str, key: str) -> bool:
        if await cases.hold(self.connection, case_id) is not CaseState.RUNNING:
            return False
        self._held.add(case_id)
        await work.add_intent(self.connection, case_id, attempt, account, step, key, await self.now())
        return True

    async def answer_intent(self, case_id: int, key: str, answer: str, request_id: str) -> None:
        await self._hold(case_id)
        await work.answer_intent(self.connection, case_id, key, answer, request_id, await self.now())

    async def intents(self, case_id: int, system: str, account_id: str) -> tuple[Intent, ...]:
        await self._hold(case_id)
        return await work.intents_of(self.connection, case_id, system, account_id)

    async def put_outcome(self, case_id: int, attempt: int, outcome: Outcome) -> None:
        await self._hold(case_id)
        await outcomes.put_outcome(self.connection, case_id, attempt, outcome)

    async def drop_outcomes(self, case_id: int, system: str) -> None:
        await self._hold(case_id)
        await outcomes.drop_outcomes(self.connection, case_id, system)

    async def drop_outcome(self, case_id: int, system: str, account_id: str) -> None:
        await self._hold(case_id)
        await outcomes.drop_outcome(self.connection, case_id, system, account_id)

    async def relocate(self, case_id: int, channel: str) -> None:
        await self._hold(case_id)
        await self.write_last()
        self._changed(case_id)
        await cases.set_channel(self.connection, case_id, channel)
        await outbox.relocate(self.connection, case_id, channel, await self.now())

    async def started_since(self, user_id: str | None, since: datetime) -> int:
        await cases.one_at_a_time(self.connection, "starts")
        return await brakes.started_since(self.connection, user_id, since)

    async def going_since(self, system: str, since: datetime) -> frozenset[tuple[int, str]]:
        return await share.going_since(self.connection, system, since)

    async def note_start(self, case_id: int, attempt: int, users: Sequence[str]) -> None:
        await self._hold(case_id)
        await brakes.note_start(self.connection, case_id, attempt, users, await self.now())

    async def add_rechecks(self, case_id: int, due: Sequence[DueLook]) -> tuple[DueLook, ...]:
        await self._hold(case_id)
        return await brakes.add_rechecks(self.connection, case_id, due)

    async def drop_rechecks(self, case_id: int, system: str) -> None:
        await self._hold(case_id)
        await brakes.drop_rechecks(self.connection, case_id, system)

    async def take_recheck(self, recheck: Recheck) -> bool:
        await self._hold(recheck.case_id)
        return await brakes.take_recheck(self.connection, recheck, await self.now())

    async def end_recheck(self, recheck: Recheck, again_at: datetime | None = None) -> bool:
        await self._hold(recheck.case_id)
        return await brakes.end_recheck(self.connection, recheck.id, recheck.tries, await self.now(), again_at)

    async def want(self, case_id: int, *keys: str, channel: str | None = None, text: str = "") -> None:
        await self._hold(case_id)
        for key in keys:
            self._last.want(Wish(case_id, key, channel, text, await self.now()))

    async def audit(
        self, case_id: int | None, kind: str, facts: Mapping[str, object], personal: Mapping[str, str]
    ) -> None:
        if case_id is not None:
            await self._hold(case_id)
        self._last.enter(chain_of(case_id), await self.now(), kind, facts, personal)

    async def write_last(self) -> None:
        """Write the events and wishes that were kept for the end; nothing where there are none."""
        await self._last.write()
