"""Taking what is personal out of an old case. The chain keeps its events and still verifies."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import delete, exists, func, insert, literal, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.audit import REFUSALS, chain_of
from bot.model import RELEASED, Discovery, Key, KeyKind, KeySource, Leaver, Outcome, Person, PlannedSystem
from bot.store import chains, codec
from bot.store.brakes import rechecks
from bot.store.tables import approvals, cases, intents, looks, outbox, outcomes, plans, work

REDACTED: Final = "redacted"
_NOBODY: Final = Leaver("", (Key(KeyKind.LOGIN, REDACTED, KeySource.TYPED),))
_ENDED: Final = cases.c.state.in_([state.value for state in RELEASED]) & cases.c.redacted_at.is_(None)
_AT_WORK: Final = exists(literal(1)).where(work.c.case_id == cases.c.id, work.c.ended_at.is_(None))
_LOOKED_AT_LATER: Final = exists(literal(1)).where(rechecks.c.case_id == cases.c.id, rechecks.c.done_at.is_(None))
_MAY: Final = _ENDED & ~_AT_WORK & ~_LOOKED_AT_LATER


async def redactable(connection: AsyncConnection, before: datetime, most: int) -> tuple[int, ...]:
    """Cases that ended before then, that nobody will look at again, the oldest first."""
    ended = func.coalesce(cases.c.ended_at, cases.c.opened_at) < before
    found = select(cases.c.id).where(_MAY, ended).order_by(cases.c.id).limit(most)
    return tuple(await connection.scalars(found))


async def redact(connection: AsyncConnection, case_id: int, at: datetime) -> int | None:
    """Redact one case that the transaction holds; say how many values stood beside its chain, or None: it may not."""
    row = (await connection.execute(select(cases.c.requester).where(cases.c.id == case_id, _MAY))).one_or_none()
    if row is None:
        return None
    asked = codec.person.load(row.requester)
    nameless = Person(asked.user_id, asked.team_id, trusted=asked.trusted)
    bare = {"leaver": codec.leaver.dump(_NOBODY), "requester": codec.person.dump(nameless)}
    words = {"reason": "", "closing_note": "", "redacted_at": at}
    await connection.execute(update(cases).where(cases.c.id == case_id).values(**bare, **words))
    await _redact_what_was_seen(connection, case_id)
    await _redact_outcomes(connection, case_id)
    await _redact_the_rest(connection, case_id)
    return await chains.forget_values(connection, chain_of(case_id), None)


async def _redact_what_was_seen(connection: AsyncConnection, case_id: int) -> None:
    for row in (await connection.execute(select(plans).where(plans.c.case_id == case_id))).all():
        systems = tuple(_empty(system) for system in codec.planned.load(row.systems))
        here = (plans.c.case_id == case_id) & (plans.c.turn == row.turn)
        await connection.execute(update(plans).where(here).values(systems=codec.planned.dump(systems)))
    for row in (await connection.execute(select(looks).where(looks.c.case_id == case_id))).all():
        seen = _unseen(codec.discovery.load(row.discovery))
        here = (looks.c.case_id == case_id) & (looks.c.system == row.system)
        await connection.execute(update(looks).where(here).values(discovery=codec.discovery.dump(seen)))


def _empty(system: PlannedSystem) -> PlannedSystem:
    return replace(system, discovery=_unseen(system.discovery), accounts=())


def _unseen(seen: Discovery) -> Discovery:
    return Discovery(seen.system, seen.sight)


async def _redact_outcomes(connection: AsyncConnection, case_id: int) -> None:
    """Keep word, proof and who decided; an account keeps only a number in its case."""
    ordered = select(outcomes).where(outcomes.c.case_id == case_id).order_by(outcomes.c.system, outcomes.c.account_id)
    rows = (await connection.execute(ordered)).all()
    await connection.execute(delete(outcomes).where(outcomes.c.case_id == case_id))
    for number, row in enumerate(rows, 1):
        name = f"account {number}" if row.account_id else ""
        bare = _bare(codec.outcome.load(row.outcome), name)
        kept = {"case_id": case_id, "system": row.system, "attempt": row.attempt, "word": row.word}
        await connection.execute(insert(outcomes).values(**kept, account_id=name, outcome=codec.outcome.dump(bare)))


def _bare(outcome: Outcome, name: str) -> Outcome:
    return replace(outcome, account_id=name, handle="", sentence="", left="")


async def _redact_the_rest(connection: AsyncConnection, case_id: int) -> None:
    """What was said and sent: no message is wanted any more, since it could only show the redacted case."""
    silent = {"text": "", "sent": outbox.c.wanted}
    await connection.execute(update(outbox).where(outbox.c.case_id == case_id).values(**silent))
    await connection.execute(update(intents).where(intents.c.case_id == case_id).values(account_id="", request_id=""))
    await connection.execute(update(work).where(work.c.case_id == case_id).values(says=""))
    nobody = {"mail": None, "mail_folded": None}
    await connection.execute(update(approvals).where(approvals.c.case_id == case_id).values(**nobody))


async def forget_refused(connection: AsyncConnection, before: datetime) -> int:
    """Delete the older personal values of the chain of refusals; say how many."""
    return await chains.forget_values(connection, REFUSALS, before)
