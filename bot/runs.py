"""What the engine runs: look at one system, remove in one system. Both may be run again after a crash at any point."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot import errors, turns
from bot import plan as planning
from bot.approvals import find_approved
from bot.guarded import Guarded
from bot.in_turn import InTurnHere
from bot.ledger import CaseLedger
from bot.looks import audit_of_look, with_steps
from bot.model import (
    Account,
    Case,
    CaseState,
    CaseSystem,
    CaseView,
    Discovery,
    Outcome,
    Sight,
    Word,
)
from bot.policy import Policy
from bot.ports import InTurn, Provider, Reporter, Store, Systems, Tx, WorkKind
from bot.quiet import Quiet
from bot.removal import Changed, Removal, utc_now
from bot.settling import has_outcome, settle
from bot.witness import Witnessed, searched

_READS = 4
_AT_WORK = frozenset({CaseState.RUNNING, CaseState.PAUSED})
"""A stopped case is looked through to its end like a running one; only nothing more can be sent (see the intents)."""
_BOT_FAILED = "the bot failed at it several times; its log says more"


class _ChannelNotChecked(Exception):
    """The last piece of work is about to end, and nobody has asked who can read the case's channel."""


@dataclass(frozen=True, slots=True)
class _ChannelCheck:
    """Whether it was asked, just before this transaction, who can read the case's channel."""

    is_made: bool

    def before_messages(self, case: Case | None, left: int | None) -> None:
        """Raise `_ChannelNotChecked` where the plan or the results are about to be told and nobody has asked."""
        if left == 0 and case is not None and case.leaver.unseeing and not self.is_made:
            raise _ChannelNotChecked


@dataclass(slots=True)
class Runs:
    """The work of the engine. `sleep` is where all waiting happens."""

    store: Store
    systems: Systems
    reporter: Reporter
    policy: Policy
    quiet: Quiet
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    in_turn: InTurn = field(default_factory=InTurnHere)

    async def look(self, case_id: int, attempt: int, system: str) -> None:
        """Look the leaver up in one system; the last one to end makes the plan in the same transaction."""
        view = await self.store.view(case_id)
        if view is None:
            return
        await self._end_look(case_id, attempt, await self._discover(view.case, system))

    async def _end_look(self, case_id: int, attempt: int, discovery: Discovery) -> None:
        async def end(tx: Tx, check: _ChannelCheck) -> None:
            case = await tx.case(case_id)
            left = await tx.end_work(case_id, WorkKind.LOOK, attempt, discovery.system)
            if case is None or left is None:
                return
            check.before_messages(case, left)
            await tx.put_look(case_id, discovery)
            await tx.audit(case_id, "looked", *audit_of_look(discovery))
            if left == 0 and case.state is CaseState.LOOKING:
                await turns.after_looks(tx, case, self.policy)

        await self._commit_end(case_id, end)

    async def _commit_end(self, case_id: int, end: Callable[[Tx, _ChannelCheck], Awaitable[None]]) -> None:
        """End a piece of work; before the last one of a case ends, Slack is asked who can read the case's channel.

        Only the transaction knows which one is the last. It is left without a trace where nobody has asked yet, so
        that a case of many systems asks twice and not once for each of them.
        """
        try:
            async with self.store.begin() as tx:
                await end(tx, _ChannelCheck(is_made=False))
        except _ChannelNotChecked:
            await self.quiet.see_to_id(case_id)
            async with self.store.begin() as tx:
                await end(tx, _ChannelCheck(is_made=True))
        self.reporter.wake()

    async def give_up_look(self, case_id: int, attempt: int, system: str) -> None:
        """Say that a system was not read, because the bot itself failed at it."""
        await self._end_look(case_id, attempt, Discovery(system, Sight.NOT_READ, reason=_BOT_FAILED))

    async def _discover(self, case: Case, system: str) -> Discovery:
        frozen = case.system(system)
        gone = self._moved_away(frozen)
        if gone is not None:
            return Discovery(system, Sight.NOT_READ, reason=gone)
        try:
            async with self.systems.open(system) as provider:
                return await self._find(Guarded(provider), case, system)
        except errors.ProviderError as error:
            return Discovery(system, Sight.NOT_READ, reason=str(error))

    async def _find(self, provider: Provider, case: Case, system: str) -> Discovery:
        for look in range(1, _READS):
            try:
                return with_steps(provider, await searched(self.store, provider, case, system))
            except (errors.Unavailable, errors.RateLimited, errors.UnexpectedAnswer) as error:
                seconds = error.retry_after if isinstance(error, errors.RateLimited) else float(2 ** (look - 1))
                await self.sleep(min(seconds, 120.0))
        return with_steps(provider, await searched(self.store, provider, case, system))

    def _moved_away(self, frozen: CaseSystem | None) -> str | None:
        """Say why a system of the case is not the one that was connected at Request, or None where it is."""
        if frozen is None:
            return "it is not part of the case"
        now = next((system for system in self.systems.connected() if system.name == frozen.name), None)
        if now is None:
            return "it was taken out of the configuration after the case was opened"
        if now.identity != frozen.identity:
            return "its name now means another server or log-on than when the case was opened"
        return None

    async def remove(self, case_id: int, attempt: int, system: str) -> None:
        """Carry out what was approved in one system; the last one to end also ends the case."""
        view = await self.store.view(case_id)
        ended = view is not None and _is_at_work(view, system) and await self._remove(view, attempt, system)
        if not ended:
            await self._end_removal(case_id, attempt, system)

    async def _end_removal(self, case_id: int, attempt: int, system: str) -> None:
        async def end(tx: Tx, check: _ChannelCheck) -> None:
            case = await tx.case(case_id)
            left = await tx.end_work(case_id, WorkKind.REMOVE, attempt, system)
            check.before_messages(case, left)
            await self._end_case(tx, case, left)

        await self._commit_end(case_id, end)

    async def _end_case(self, tx: Tx, case: Case | None, left: int | None) -> None:
        """End the case with its last piece of work."""
        if case is not None and left == 0 and case.state in _AT_WORK:
            await turns.after_removals(tx, case, self.policy)

    async def _remove(self, view: CaseView, attempt: int, system: str) -> bool:
        """Remove, and say whether the work was ended with it."""
        frozen = view.case.system(system)
        gone = self._moved_away(frozen)
        ended = False
        try:
            if gone is not None:
                await self._hand_over(view, system, gone)
                return False
            async with self.systems.open(system) as provider:
                await self._work(view, attempt, system, Guarded(provider))
                ended = True
        except errors.ProviderError as error:
            if not ended:
                await self._not_read(view, system, str(error))
        return ended

    async def give_up(self, case_id: int, attempt: int, system: str) -> None:
        """Make a person's task of a removal that the bot itself cannot finish."""
        view = await self.store.view(case_id)
        if view is not None and _is_at_work(view, system):
            await self._not_read(view, system, _BOT_FAILED)
        await self._end_removal(case_id, attempt, system)

    async def _work(self, view: CaseView, attempt: int, system: str, provider: Provider) -> None:
        """Look at the person again, then remove what was approved and is unchanged; the rest is left for a new plan."""
        fresh = await self._find(provider, view.case, system)
        changed: list[Changed] = []
        last: _Ended | None = None
        for account in self._approved(view, system):
            if has_outcome(view, system, account.id) or await self._is_kept(view, account):
                continue
            if last is not None:
                await self._conclude(last)
            last = await self._one(view, attempt, provider, account)
            fresh = last.latest or fresh
            changed += [last.end] if isinstance(last.end, Changed) else []
        for one in changed:
            fresh = planning.as_changed(fresh, one.account, one.difference)
        await self._finish(view, attempt, last, with_steps(provider, fresh))

    async def _finish(self, view: CaseView, attempt: int, last: _Ended | None, fresh: Discovery) -> None:
        """End the work in one system: the last account's outcome, the latest look and the end are one commit."""

        async def end(tx: Tx, check: _ChannelCheck) -> None:
            case = await tx.case(view.case.id)
            left = await tx.end_work(view.case.id, WorkKind.REMOVE, attempt, fresh.system)
            check.before_messages(case, left)
            if last is not None:
                await last.put(tx, case)
            if case is not None:
                await settle(tx, case, view, fresh.system, fresh)
                await tx.want(case.id, "progress")
            await self._end_case(tx, case, left)

        await self._commit_end(view.case.id, end)

    async def _is_kept(self, view: CaseView, account: Account) -> bool:
        """Whether a rule keeps the account by now; then it is left alone, whoever approved it."""
        planned = planning.keep(view, account, self.policy)
        if planned is None:
            return False
        await self._put(view.case.id, planning.left_alone(account.system, planned, utc_now()))
        return True

    def _approved(self, view: CaseView, system: str) -> tuple[Account, ...]:
        """Return the accounts of one system for which an approval holds, as they were when approved."""
        found = find_approved(view, system, self.policy, view.case.attempt, view.case.start_at)
        return tuple(one.account.account for one in found)

    async def _one(self, view: CaseView, attempt: int, provider: Provider, account: Account) -> _Ended:
        ledger = CaseLedger(self.store, self.reporter, view.case.id, attempt, account)
        witnessed = Witnessed(provider, ledger, account)
        removal = Removal(witnessed, view.case.leaver, account, ledger, attempt, sleep=self.sleep)
        if account.one_at_a_time:
            frozen = view.case.system(account.system)
            async with self.in_turn.turn(frozen.identity if frozen else ""):
                end = await removal.carry_out()
        else:
            end = await removal.carry_out()
        return _Ended(ledger, end, removal.latest)

    async def _conclude(self, ended: _Ended) -> None:
        async with self.store.begin() as tx:
            await ended.put(tx, await tx.case(ended.ledger.case_id))
        self.reporter.wake()

    async def _not_read(self, view: CaseView, system: str, why: str) -> None:
        """Say for each approved account that nothing is known anew; a system with none stays without an outcome."""
        view = await self.store.view(view.case.id) or view
        approved = [account for account in self._approved(view, system) if not has_outcome(view, system, account.id)]
        for account in approved:
            async with self.store.begin() as tx:
                sent = any(intent.may_have_removed for intent in await tx.intents(view.case.id, system, account.id))
            word = Word.UNCONFIRMED if sent else Word.FAILED
            text = f"The system could not be read: {why}."
            left = "The account may still work." if sent else "The account still works."
            await self._put(view.case.id, Outcome(system, account.id, word, text, utc_now(), account.handle, left))
        if not approved:
            async with self.store.begin() as tx:
                look = Discovery(system, Sight.NOT_READ, reason=why)
                await tx.put_look(view.case.id, look)
                await tx.audit(view.case.id, "looked", *audit_of_look(look))
                await tx.want(view.case.id, "progress")

    async def _hand_over(self, view: CaseView, system: str, why: str) -> None:
        text = f"A person has to look: {why}."
        accounts = [(account.id, account.handle) for account in self._approved(view, system)] or [("", "")]
        for account_id, handle in accounts:
            left = "The account still works." if account_id else ""
            await self._put(view.case.id, Outcome(system, account_id, Word.MANUAL, text, utc_now(), handle, left))

    async def _put(self, case_id: int, outcome: Outcome) -> None:
        async with self.store.begin() as tx:
            case = await tx.case(case_id)
            if case is not None:
                await turns.put_outcome(tx, case, outcome)
                await tx.want(case_id, "progress")
        self.reporter.wake()


@dataclass(frozen=True, slots=True)
class _Ended:
    """How an account's removal ended; `latest` is the last look at the whole person that it needed."""

    ledger: CaseLedger
    end: Outcome | Changed
    latest: Discovery | None

    async def put(self, tx: Tx, case: Case | None) -> None:
        """Store it, together with what was seen last."""
        await self.ledger.note_heard(tx)
        if case is not None and isinstance(self.end, Outcome):
            await turns.put_outcome(tx, case, self.end)
            await tx.want(case.id, "progress")


def _is_at_work(view: CaseView, system: str) -> bool:
    """Whether work in this system is open; after a crash the engine may repeat work that had ended."""
    return view.case.state in _AT_WORK and any(work.system == system for work in view.working)
