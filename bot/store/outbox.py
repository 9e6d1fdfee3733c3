"""Messages that should stand in Slack, and how far that is true."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache
from typing import Final

from sqlalchemy import ColumnElement, Executable, Row, and_, bindparam, case, func, literal, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model import NOWHERE
from bot.ports.store import Post, PostedMessage
from bot.store.insert import insert_in
from bot.store.tables import cases, outbox

ROOT: Final = "root"
_DIRECT: Final = "dm:"
_DIGESTS_KEPT: Final = 2
"""Digests of what a message showed before, beside the newest."""
_OF_DATABASE: Final = "dm:restored:"


@dataclass(frozen=True, slots=True)
class Wish:
    """A message that is wanted once more. The case's channel where none is given."""

    case_id: int
    key: str
    channel: str | None
    text: str
    at: datetime

    def after(self, before: Wish) -> Wish:
        """Return this wish as one with an earlier one for the same message."""
        return replace(before, text=self.text or before.text)


async def want(connection: AsyncConnection, wishes: Iterable[Wish]) -> None:
    """Ask for messages. Channel stays as first asked for; text is replaced where a new one is given."""
    await connection.execute(_wanting(connection.dialect.name), [_asked(wish) for wish in wishes])


def _asked(wish: Wish) -> dict[str, object]:
    row = {"case_id": wish.case_id, "key": wish.key, "text": wish.text, "changed_at": wish.at}
    return {**row, "wanted": 1, "sent": 0, "failures": 0, "of_case": wish.case_id, "given": wish.channel or None}


@cache
def _wanting(dialect: str) -> Executable:
    """Return the statement of `want`, built once for each kind of database."""
    of_case = select(cases.c.channel).where(cases.c.id == bindparam("of_case")).scalar_subquery()
    where = func.coalesce(bindparam("given", type_=outbox.c.channel.type), of_case)
    statement = insert_in(dialect, outbox).values(channel=where)
    new = statement.excluded
    again = {
        "wanted": outbox.c.wanted + 1,
        "text": case((new.text != "", new.text), else_=outbox.c.text),
        "changed_at": case((outbox.c.wanted == outbox.c.sent, new.changed_at), else_=outbox.c.changed_at),
    }
    return statement.on_conflict_do_update(index_elements=["case_id", "key"], set_=again)


async def relocate(connection: AsyncConnection, case_id: int, channel: str, at: datetime) -> None:
    """Ask for all messages of a case that do not stand there to be posted there anew; where they stand they are left.

    A channel of `NOWHERE` only holds them back. Direct messages stay where they are.
    """
    if channel in NOWHERE:
        return
    moved = (outbox.c.case_id == case_id) & ~outbox.c.key.startswith(_DIRECT) & (outbox.c.channel != channel)
    anew = {
        "channel": channel,
        "ts": None,
        "sent": 0,
        "attempted_at": None,
        "failures": 0,
        "again_at": None,
        "drawn": None,
    }
    await connection.execute(update(outbox).where(moved).values(changed_at=at, **anew))


_ROOTS_FIRST: Final = case((outbox.c.key == ROOT, 0), else_=1)


async def due_posts(connection: AsyncConnection, now: datetime, limit: int) -> tuple[Post, ...]:
    """Messages that are not as they should be; see the port. Direct messages need no root, all others do.

    Of new ones and of edits each at most so many: either may wait for Slack's limits in any number, and must not keep
    the others out of sight.
    """
    new = await _due(connection, now, limit, outbox.c.ts.is_(None))
    return (*new, *await _due(connection, now, limit, outbox.c.ts.is_not(None)))


async def _due(connection: AsyncConnection, now: datetime, limit: int, which: ColumnElement[bool]) -> tuple[Post, ...]:
    root = outbox.alias("root")
    rooted = or_(outbox.c.key == ROOT, outbox.c.key.startswith(_DIRECT), root.c.ts.is_not(None))
    statement = (
        select(outbox, root.c.ts.label("root_ts"))
        .join(cases, cases.c.id == outbox.c.case_id)
        .outerjoin(root, and_(root.c.case_id == outbox.c.case_id, root.c.key == ROOT))
        .where(
            which,
            outbox.c.wanted > outbox.c.sent,
            or_(outbox.c.key.startswith(_DIRECT), cases.c.channel.not_in(NOWHERE)),
            or_(outbox.c.again_at.is_(None), outbox.c.again_at <= now),
            rooted,
        )
        .order_by(_ROOTS_FIRST, outbox.c.changed_at, outbox.c.case_id, outbox.c.key)
        .limit(limit)
    )
    return tuple(_post(row) for row in await connection.execute(statement))


async def begin_post(connection: AsyncConnection, post: Post, at: datetime) -> None:
    """Note that a message is about to be posted anew: it has no `ts` until that is known."""
    await connection.execute(update(outbox).where(_same(post)).values(ts=None, attempted_at=at, drawn=None))


async def end_post(connection: AsyncConnection, post: Post, stands: tuple[str, str, str], at: datetime) -> None:
    """Note what stands in Slack: its ts, channel and drawn text's digest.

    What was asked for meanwhile stays due, and counts as changed now.
    """
    ts, channel, drawn = stands
    # A click may tell of what stood there a moment ago, so the last few are kept.
    before = func.substr(func.coalesce(outbox.c.drawn, ""), 1, _DIGESTS_KEPT * (len(drawn) + 1) - 1)
    shown = func.trim(literal(f"{drawn} ") + before) if drawn else outbox.c.drawn
    values = {"ts": ts, "channel": channel, "drawn": shown, "sent": post.wanted, "changed_at": at}
    calm = {"attempted_at": None, "failures": 0, "again_at": None}
    await connection.execute(update(outbox).where(_same(post)).values({**values, **calm}))


async def fail_post(connection: AsyncConnection, post: Post, again_at: datetime) -> None:
    """Note that it did not work out; a post that was begun may stand in Slack all the same."""
    values = {"failures": outbox.c.failures + 1, "again_at": again_at}
    await connection.execute(update(outbox).where(_same(post)).values(values))


async def messages_at(connection: AsyncConnection, case_id: int, channel: str, ts: str) -> tuple[PostedMessage, ...]:
    """Say which message of a case stands at this place, and which are being posted; see the port."""
    there = (outbox.c.ts == ts) & (outbox.c.channel == channel)
    pending = outbox.c.ts.is_(None) & outbox.c.attempted_at.is_not(None)
    which = outbox.c.case_id == case_id if case_id else outbox.c.key.startswith(_OF_DATABASE)
    found = select(outbox.c.case_id, outbox.c.key, outbox.c.drawn, outbox.c.ts).where(which, or_(there, pending))
    rows = await connection.execute(found)
    return tuple(PostedMessage(row.case_id, row.key, row.drawn or "", row.ts is None) for row in rows)


async def place(connection: AsyncConnection, case_id: int, key: str) -> tuple[str, str] | None:
    """Say where a message of a case stands, or None where it is not posted."""
    found = select(outbox.c.channel, outbox.c.ts).where(outbox.c.case_id == case_id, outbox.c.key == key)
    row = (await connection.execute(found)).first()
    return (str(row.channel), str(row.ts)) if row is not None and row.ts is not None else None


def _same(post: Post) -> ColumnElement[bool]:
    """The row of a post, as long as it is to stand where it was to stand when it was read."""
    there = or_(outbox.c.key.startswith(_DIRECT), outbox.c.channel == post.channel)
    return (outbox.c.case_id == post.case_id) & (outbox.c.key == post.key) & there


def _post(row: Row[*tuple[object, ...]]) -> Post:
    return Post(
        case_id=row.case_id,
        key=row.key,
        channel=row.channel,
        wanted=row.wanted,
        sent=row.sent,
        ts=row.ts,
        root_ts=row.root_ts,
        attempted=row.attempted_at is not None,
        failures=row.failures,
        text=row.text,
    )
