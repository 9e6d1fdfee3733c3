"""With which address each person decided last, as a digest: a change of it is told to the admins."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.domain.identifiers import normalize_identifier
from bot.store.insert import insert
from bot.store.tables import deciders


async def note_decider(connection: AsyncConnection, user_id: str, mail: str, at: datetime) -> bool:
    """Note that somebody decided with this address; True where the last decision was made with another one."""
    digest = hashlib.sha256(normalize_identifier(mail).encode("utf-8", "surrogatepass")).hexdigest()
    values = {"user_id": user_id, "mail_digest": digest, "decided_at": at}
    statement = insert(connection, deciders).values(values)
    # One statement in the usual case: nothing comes back only where another address stands there.
    kept = statement.on_conflict_do_update(
        index_elements=["user_id"],
        set_={"decided_at": at},
        where=deciders.c.mail_digest == statement.excluded.mail_digest,
    ).returning(deciders.c.user_id)
    if (await connection.execute(kept)).one_or_none() is not None:
        return False
    await connection.execute(update(deciders).where(deciders.c.user_id == user_id).values(values))
    return True
