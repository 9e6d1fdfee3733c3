"""The database as the domain sees it."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from datetime import UTC, datetime

from sqlalchemy import Engine, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.audit import Head, chain_of
from bot.domain.second_factor import SecondFactor
from bot.errors import Fenced
from bot.evidence.keys import Signer
from bot.evidence.pack import Contents
from bot.evidence.seals import Seal
from bot.model import Case, CaseState, CaseView, Recheck
from bot.ports.store import Intent, OpenedDialog, Post, PostedMessage
from bot.store import brakes, cases, census, chains, dialogs, giving, outbox, seals, second_factors, slots, views, work
from bot.store.auditing import AuditLog
from bot.store.engine import BUSY_SECONDS, Engines, make_file, sync_url
from bot.store.in_line import stand_in_line
from bot.store.schema import require_schema
from bot.store.sharing import SharingOfStore
from bot.store.slots import Guard, Now, now_there
from bot.store.tables import cases as case_rows
from bot.store.turn import Turn
from bot.store.tx import SqlTx, database_time
from bot.store.upkeep import UpkeepOfStore


def utc_now() -> datetime:
    """The time of this machine, in UTC."""
    return datetime.now(UTC)


async def open_store(url: str, *, clock: Callable[[], datetime] = utc_now) -> SqlStore:
    """Connect to a migrated database; close the store with `aclose`.

    `clock` tells the time on SQLite; on Postgres the database does. Raises `ConfigurationError` where the address is
    of no use or the schema is not there yet.
    """
    make_file(sync_url(url))
    store = SqlStore(Engines(url), clock)
    try:
        await store.require_schema()
    except BaseException:
        await store.aclose()
        raise
    return store


class SqlStore(UpkeepOfStore, SharingOfStore):
    """The port `Store`, and what only the program's own rooms ask of the database."""

    def __init__(self, engines: Engines, clock: Callable[[], datetime], guard: Guard | None = None) -> None:
        self._engines = engines
        self._clock = clock
        self._guard = guard
        self._turn = Turn() if engines.sqlite else None

    def under(self, guard: Guard | None) -> SqlStore:
        """Return this store for somebody who may write only while a place is theirs; None: without that condition.

        Its write transactions raise `Fenced` where the place is lost by the time they begin or have committed: what
        was paused must not go on as if nothing had happened. On Postgres alone. Close the store itself, not this.
        """
        return self if guard is None else SqlStore(self._engines, self._clock, guard)

    @asynccontextmanager
    async def begin(self, *, ahead: bool = False) -> AsyncGenerator[SqlTx]:
        """Open a write transaction. On SQLite the writers of this process queue here, not at the file's lock.

        `ahead` goes before all that waits without it. Never open one inside another: the inner one would wait for the
        outer (TimeoutError after 30 s).
        """
        place = None if self._guard is None else self._guard.claim()
        async with self._my_turn(ahead=ahead), self._engines.writing.begin() as connection:
            if place is not None and not await slots.holds(connection, *place):
                raise Fenced
            tx = SqlTx(connection, self._clock)
            yield tx
            await tx.write_last()
        if self._guard is not None:
            self._guard.claim()

    def stands_in_line(self, engine: Engine) -> None:
        """Let the writers of another engine of this process on the same file queue with ours. Nothing on Postgres."""
        if self._turn is not None:
            stand_in_line(engine, self._turn, BUSY_SECONDS)

    def _my_turn(self, *, ahead: bool) -> AbstractAsyncContextManager[None]:
        return nullcontext() if self._turn is None else self._turn.taken(ahead=ahead, seconds=BUSY_SECONDS)

    async def require_schema(self) -> None:
        """Raise `ConfigurationError` where the schema is older than this program."""
        async with self._engines.reading.connect() as connection:
            await connection.run_sync(require_schema)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._engines.aclose()

    @asynccontextmanager
    async def at_once(self) -> AsyncGenerator[tuple[AsyncConnection, Now]]:
        """Open a connection for one statement that commits by itself, and give the time that it is to use.

        On Postgres nothing stays locked where this process is paused in between, as a transaction would.
        """
        if self._engines.sqlite:
            async with self.begin(ahead=True) as tx:
                yield tx.connection, await tx.now()
            return
        async with self._engines.alone.connect() as connection:
            yield connection, now_there()

    def reading(self) -> AbstractAsyncContextManager[AsyncConnection]:
        """Open a transaction that reads one moment."""
        return self._engines.reading.begin()

    async def now(self) -> datetime:
        if self._engines.sqlite:
            return self._clock()
        async with self.reading() as connection:
            return await database_time(connection)

    async def census(self) -> census.Census:
        """Count what the database holds."""
        async with self._engines.reading.begin() as connection:
            return await census.count(connection)

    async def ping(self) -> None:
        async with self._engines.reading.connect() as connection:
            await connection.execute(text("SELECT count(*) FROM meta"))

    async def touch(self) -> None:
        """Raise where the database takes no writes; each call is a commit."""
        async with self.begin(ahead=True) as tx:
            await tx.set_flag("touched", "")

    async def view(self, case_id: int) -> CaseView | None:
        async with self._engines.reading.begin() as connection:
            return await views.view(connection, case_id)

    async def case(self, case_id: int) -> Case | None:
        async with self._engines.reading.begin() as connection:
            return await cases.read_case(connection, case_id)

    async def intents(self, case_id: int, system: str, account_id: str) -> tuple[Intent, ...]:
        async with self._engines.reading.begin() as connection:
            return await work.intents_of(connection, case_id, system, account_id)

    async def cases(self, states: frozenset[CaseState] | None = None) -> tuple[Case, ...]:
        which = None if states is None else case_rows.c.state.in_([state.value for state in states])
        async with self._engines.reading.begin() as connection:
            return await cases.read_cases(connection, which)

    async def untold(self) -> tuple[Case, ...]:
        async with self._engines.reading.begin() as connection:
            return await cases.untold(connection)

    async def due_rechecks(self, now: datetime, limit: int) -> tuple[Recheck, ...]:
        async with self._engines.reading.begin() as connection:
            return await brakes.due_rechecks(connection, now, limit)

    async def rechecks(self, case_id: int) -> tuple[Recheck, ...]:
        async with self._engines.reading.begin() as connection:
            return await brakes.rechecks_of(connection, case_id)

    async def due_posts(self, now: datetime, limit: int) -> tuple[Post, ...]:
        async with self._engines.reading.begin() as connection:
            return await outbox.due_posts(connection, now, limit)

    async def place(self, case_id: int, key: str) -> tuple[str, str] | None:
        async with self._engines.reading.begin() as connection:
            return await outbox.place(connection, case_id, key)

    async def begin_post(self, post: Post) -> None:
        async with self.begin() as tx:
            await outbox.begin_post(tx.connection, post, await tx.now())

    async def messages_at(self, case_id: int, channel: str, ts: str) -> tuple[PostedMessage, ...]:
        async with self._engines.reading.begin() as connection:
            return await outbox.messages_at(connection, case_id, channel, ts)

    async def is_dialog_open(self, dialog: OpenedDialog) -> bool:
        async with self._engines.reading.begin() as connection:
            return await dialogs.is_open(connection, dialog)

    async def end_post(self, post: Post, ts: str, channel: str, drawn: str = "") -> None:
        async with self.begin() as tx:
            await outbox.end_post(tx.connection, post, (ts, channel, drawn), await tx.now())

    async def fail_post(self, post: Post, again_at: datetime) -> None:
        async with self.begin() as tx:
            await outbox.fail_post(tx.connection, post, again_at)

    async def chain(self, name: str) -> chains.Chain:
        """One audit chain (`case:12` or `refusals`) in one consistent read."""
        async with self._engines.reading.begin() as connection:
            return await chains.read(connection, name)

    async def second_factors(self) -> tuple[SecondFactor, ...]:
        """All enrolled authenticators, by Slack id."""
        async with self._engines.reading.begin() as connection:
            return await second_factors.read_all(connection)

    async def heads(self) -> tuple[Head, ...]:
        """How far every audit chain goes, by name."""
        async with self._engines.reading.begin() as connection:
            return await chains.heads(connection)

    @asynccontextmanager
    async def audit_log(self) -> AsyncGenerator[AuditLog]:
        """Open the whole audit for reading, as it stands at one moment."""
        async with self._engines.reading.begin() as connection:
            yield AuditLog(connection)

    async def seal(self, signer: Signer) -> Seal | None:
        """Sign how far the audit chains went since the last seal; None where nothing was written since."""
        async with self.begin() as tx:
            return await seals.seal(tx.connection, signer, await tx.now())

    async def give_out(self, case_id: int, signer: Signer, to: str, personal: Mapping[str, str]) -> Contents | None:
        """Log that evidence is given out, seal that, and return what then stands; None: no such case."""
        async with self.begin() as tx:
            return await giving.give_out(tx, case_id, signer, to, personal)

    async def forget_values(self, name: str, before: datetime | None = None) -> int:
        """Delete a chain's personal values and salts (of events before that time only); say how many."""
        async with self.begin() as tx:
            return await chains.forget_values(tx.connection, name, before)

    async def forget_case(self, case_id: int) -> bool:
        """Delete an ended case with all that belongs to it; its audit events stay. False where it has not ended."""
        async with self.begin() as tx:
            gone = await cases.delete_ended(tx.connection, case_id)
            if gone:
                await chains.forget_values(tx.connection, chain_of(case_id), None)
            return gone
