"""Proof over time: what was taken away is read again later. A later look never removes anything."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from bot import errors, later, turns
from bot.guarded import Guarded
from bot.later import Judged
from bot.looks import known_accounts
from bot.model import CaseState, CaseView, Recheck
from bot.ports import Engine, Provider, Reporter, Store, Systems, Tx, WorkKind
from bot.quiet import Quiet, tell
from bot.removal import utc_now

_MOST_TRIES = 6
_BETWEEN = timedelta(hours=1)
_SHORTLY = timedelta(minutes=5)
_BACK = "An account that had been taken away stands there again, or a new one does. A person has to decide."


async def hand_over(tx: Tx, engine: Engine, recheck: Recheck) -> None:
    """Let the engine make a look that is due, once."""
    if await tx.take_recheck(recheck):
        await engine.enqueue(tx, WorkKind.RECHECK, recheck.case_id, recheck.number, recheck.system)


@dataclass(frozen=True, slots=True)
class Rechecks:
    """The later looks. Both methods may be run again after a crash at any point."""

    store: Store
    systems: Systems
    reporter: Reporter
    quiet: Quiet

    async def look(self, case_id: int, number: int, system: str) -> None:
        """Read every account again that was taken away in one system, by its id and by a search."""
        recheck, view = await self._recheck(case_id, number), await self.store.view(case_id)
        if recheck is None or view is None:
            return
        if any(work.system == system for work in view.working):
            await self._put_off(recheck, "the system is being worked on")
            return
        try:
            judged = await self._judge(view, system)
        except errors.ProviderError as error:
            await self._unreadable(recheck, str(error))
            return
        if judged.unproven and not judged.came_back:
            await self._unreadable(recheck, judged.unproven)
            return
        await self.quiet.see_to(view.case)
        await self._conclude(recheck, view, judged)
        self.reporter.wake()

    async def give_up(self, case_id: int, number: int, system: str) -> None:
        """Put a look off that the bot itself fails at."""
        recheck = await self._recheck(case_id, number)
        if recheck is not None:
            await self._unreadable(recheck, f"the bot failed at it in {system}")

    async def _recheck(self, case_id: int, number: int) -> Recheck | None:
        waiting = await self.store.rechecks(case_id)
        return next((recheck for recheck in waiting if recheck.number == number), None)

    async def _judge(self, view: CaseView, system: str) -> Judged:
        frozen = view.case.system(system)
        now = next((found for found in self.systems.connected() if found.name == system), None)
        if frozen is None or now is None or now.identity != frozen.identity:
            raise errors.Misconfigured("it is no longer the system that the case was about")
        async with self.systems.open(system) as provider:
            return await _read(Guarded(provider), view, system)

    async def _conclude(self, recheck: Recheck, view: CaseView, judged: Judged) -> None:
        async with self.store.begin() as tx:
            current = await tx.view(recheck.case_id)
            if current is None or current.of_system(recheck.system) != view.of_system(recheck.system):
                await tx.end_recheck(recheck, await tx.now() + _SHORTLY)
                return
            if not await tx.end_recheck(recheck, judged.again_at):
                return
            await self._note(tx, recheck, judged)
            for outcome in judged.changed:
                await turns.put_outcome(tx, current.case, outcome)
            if judged.changed:
                await self._say(tx, current, recheck, judged)

    async def _note(self, tx: Tx, recheck: Recheck, judged: Judged) -> None:
        kind = "came back" if judged.came_back else "proved again"
        facts = {
            "system": recheck.system,
            "look": recheck.name,
            "proved": len(judged.proved),
            "changed": len(judged.changed),
            "at": await tx.now(),
            "by_id": "not there" if judged.proved else "",
            "by_search": "not listed" if judged.proved else "",
        }
        personal = {f"account:{number}": account_id for number, account_id in enumerate(judged.proved)}
        differs = {f"differs:{number}": f"{one.handle}: {one.sentence}" for number, one in enumerate(judged.changed)}
        await tx.audit(recheck.case_id, kind, facts, personal | differs)

    async def _say(self, tx: Tx, view: CaseView, recheck: Recheck, judged: Judged) -> None:
        case = view.case
        await tx.want(case.id, "root", "progress", "closing", "pack")
        if not judged.came_back:
            return
        if case.state is CaseState.CLOSED and await tx.move(case, CaseState.NEEDS_PEOPLE) is not None:
            await tx.audit(case.id, "opened again", {"system": recheck.system}, {})
        await tx.want(case.id, f"back:{recheck.id}", text=recheck.system)
        await tell(tx, case.id, f"back:{recheck.id}", [case.requester.user_id], _BACK)

    async def _put_off(self, recheck: Recheck, why: str) -> None:
        async with self.store.begin() as tx:
            if await tx.end_recheck(recheck, await tx.now() + _SHORTLY):
                await tx.audit(recheck.case_id, "look put off", {"system": recheck.system, "why": why}, {})

    async def _unreadable(self, recheck: Recheck, why: str) -> None:
        """Try again in an hour, a few times; then say in the thread that absence could not be shown again."""
        async with self.store.begin() as tx:
            last = recheck.tries + 1 >= _MOST_TRIES
            if not await tx.end_recheck(recheck, None if last else await tx.now() + _BETWEEN):
                return
            facts = {"system": recheck.system, "look": recheck.name, "why": why, "given_up": last}
            await tx.audit(recheck.case_id, "not proved again", facts, {})
            if last:
                text = f"The look {recheck.name} could not be made in {recheck.system}: {why}"
                await tx.want(recheck.case_id, f"note:recheck:{recheck.id}", text=text)
        self.reporter.wake()


async def _read(provider: Provider, view: CaseView, system: str) -> Judged:
    accounts = known_accounts(view, system)
    wanted = [outcome.account_id for outcome in later.to_read(view, system)]
    read = {one: await provider.read(accounts[one]) for one in wanted if one in accounts}
    return later.judge(view, await provider.find(view.case.leaver), read, utc_now())
