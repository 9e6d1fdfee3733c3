"""Clicks that were taken: Slack may deliver one again, and it is to act once."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import Column, ForeignKey, Table, Text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.columns import Number, UtcTime
from bot.store.insert import insert
from bot.store.tables import metadata

clicks = Table(
    "clicks",
    metadata,
    Column("case_id", Number, ForeignKey("cases.id", ondelete="CASCADE"), primary_key=True),
    Column("click", Text, primary_key=True),
    Column("at", UtcTime, nullable=False),
)


async def take(connection: AsyncConnection, case_id: int, click: str, at: datetime) -> bool:
    """Note a click of a case; False where it was taken before. Its id comes from outside and is kept as a digest."""
    known = hashlib.sha256(click.encode("utf-8", "surrogatepass")).hexdigest()
    statement = insert(connection, clicks).values(case_id=case_id, click=known, at=at)
    stored = await connection.execute(statement.on_conflict_do_nothing().returning(clicks.c.click))
    return stored.one_or_none() is not None
