"""What a run leaves behind in one system once nothing more is to be sent there, within the caller's transaction."""

from __future__ import annotations

from bot import plan as planning
from bot import turns
from bot.looks import audit_of_look
from bot.model import Case, CaseView, Discovery, Outcome, Word
from bot.ports import Tx


async def settle(tx: Tx, case: Case, view: CaseView, system: str, fresh: Discovery) -> None:
    """Store the latest look, and the outcomes of what this run had nothing to send for.

    `view` is the case as the run found it, `case` as it stands now.
    """
    now = await tx.now()
    await tx.put_look(case.id, fresh)
    await tx.audit(case.id, "looked", *audit_of_look(fresh))
    planned = {one.account.id: one for plan in view.plans if (found := plan.system(system)) for one in found.accounts}
    for account in fresh.accounts:
        known = planned.get(account.id)
        if known is None or known.chosen or has_outcome(view, system, account.id):
            continue
        if planning.difference(known.account, account) is None:
            await turns.put_outcome(tx, case, planning.left_alone(system, known, now))
    whole = planning.of_the_whole(fresh, now)
    before = await tx.outcomes(case.id) if whole else ()
    for outcome in whole:
        if _is_news([one for one in before if one.system == outcome.system], outcome):
            await turns.put_outcome(tx, case, outcome)


def has_outcome(view: CaseView, system: str, account_id: str) -> bool:
    """Whether an account of a system has ended."""
    return any(outcome.account_id == account_id for outcome in view.of_system(system))


def _is_news(before: list[Outcome], outcome: Outcome) -> bool:
    """Whether an outcome of a whole system is to be stored: nothing found beside nothing else, no person's word."""
    if outcome.word is Word.ABSENT:
        return not before
    return not any(there.account_id == outcome.account_id and there.done_by for there in before)
