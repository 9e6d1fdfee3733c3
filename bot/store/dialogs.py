"""Dialogs that were opened: each carries a nonce that is kept here as a digest, and that counts once."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.ports.store import DialogUse, OpenedDialog
from bot.store.tables import dialogs

_NOT_USED: Final = dialogs.c.used_at.is_(None)


async def keep(connection: AsyncConnection, dialog: OpenedDialog, at: datetime) -> None:
    """Note a dialog that is being opened for one person about one thing."""
    values = {"callback_id": dialog.callback_id, "user_id": dialog.user_id, "subject": dialog.subject}
    await connection.execute(insert(dialogs).values(nonce=_digest(dialog.nonce), opened_at=at, **values))


async def use(connection: AsyncConnection, dialog: OpenedDialog, at: datetime) -> DialogUse:
    """Use a dialog up, where it was opened for this person about this thing and was not used before."""
    taken = update(dialogs).where(_same(dialog), _NOT_USED).values(used_at=at).returning(dialogs.c.nonce)
    if (await connection.execute(taken)).one_or_none() is not None:
        return DialogUse.FIRST
    known = await connection.scalar(select(dialogs.c.nonce).where(_same(dialog)))
    return DialogUse.FOREIGN if known is None else DialogUse.AGAIN


async def reopen(connection: AsyncConnection, dialog: OpenedDialog) -> None:
    """Let a dialog be submitted once more: it stayed open, since a field was wrong."""
    await connection.execute(update(dialogs).where(_same(dialog)).values(used_at=None))


async def is_open(connection: AsyncConnection, dialog: OpenedDialog) -> bool:
    """Whether the dialog was opened for this person about this thing, and was not used."""
    return await connection.scalar(select(dialogs.c.nonce).where(_same(dialog), _NOT_USED)) is not None


async def forget(connection: AsyncConnection, before: datetime) -> None:
    """Delete what was opened before then."""
    await connection.execute(delete(dialogs).where(dialogs.c.opened_at < before))


def _same(dialog: OpenedDialog) -> ColumnElement[bool]:
    return (
        (dialogs.c.nonce == _digest(dialog.nonce))
        & (dialogs.c.callback_id == dialog.callback_id)
        & (dialogs.c.user_id == dialog.user_id)
        & (dialogs.c.subject == dialog.subject)
    )


def _digest(nonce: str) -> str:
    return hashlib.sha256(nonce.encode("utf-8", "surrogatepass")).hexdigest()
