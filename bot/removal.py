"""ONE account: re-read, compare, note, send one step, prove absence. Every provider goes through here.

The order of a removal, whatever the system: the account is read by its id; what is read is compared with what was
approved; an intent is committed; one step is sent, once; then the account is read again before anything else is
sent. Gone by id is proved by a fresh search. After a crash the same loop starts at its top: it looks first.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from bot import errors
from bot.model import Account, Discovery, Leaver, Outcome, Proof, SentState, Sight, Step, Word
from bot.plan import difference
from bot.ports import Intent, Provider

MAX_ROUNDS = 40
MAX_SENDS = 3
MAX_LOOKS_AFTER_YES = 4
MAX_LOOKS_WHILE_PENDING = 7
MAX_READS = 4
_LONGEST_WAIT = 120.0
_WORTH_TELLING = 5.0
_YES = frozenset({SentState.ACCEPTED, SentState.SCHEDULED, SentState.PENDING, SentState.NO_SUCH_ACCOUNT})


@dataclass(frozen=True, slots=True)
class Changed:
    """The account is not what was approved; nothing was sent. It waits for a new approval as it now stands."""

    account: Account
    difference: str


class Ledger(Protocol):
    """What is written down around a removal, durably."""

    async def past(self) -> tuple[Intent, ...]:
        """All writes ever noted for this account in this case, oldest first."""

    async def intend(self, account: Account, step: Step) -> str | None:
        """Commit that a step is about to be sent; its key, or None where the case no longer runs."""

    async def answered(self, key: str, answer: str, request_id: str) -> None:
        """Note what came back."""

    async def waits(self, text: str) -> None:
        """Tell people what is waited for."""


def utc_now() -> datetime:
    """Return the present, aware, in UTC."""
    return datetime.now(UTC)


@dataclass(slots=True)
class Removal:
    """The removal of one approved account. `latest` is the last look at the whole person that was needed."""

    provider: Provider
    leaver: Leaver
    approved: Account
    ledger: Ledger
    attempt: int = 1
    clock: Callable[[], datetime] = utc_now
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    latest: Discovery | None = None
    _answers: list[Intent] = field(default_factory=list)
    _looks_after_yes: int = 0

    async def carry_out(self) -> Outcome | Changed:
        """Remove the account and say how that ended. Raises nothing of the provider's."""
        self._answers = list(await self.ledger.past())
        for _ in range(MAX_ROUNDS):
            try:
                now = await self._read()
            except errors.ProviderError as error:
                return self._unreadable(error)
            end = await (self._prove() if now is None else self._go_on(now))
            if end is not None:
                return end
        return self._end(Word.FAILED, f"Given up after {MAX_ROUNDS} looks; it still stands.", self._still_there())

    async def _read(self) -> Account | None:
        for look in range(1, MAX_READS):
            try:
                return await self.provider.read(self.approved)
            except (errors.Unavailable, errors.RateLimited, errors.UnexpectedAnswer) as error:
                await self._wait(_pause(error, look), "waits for the system to answer")
        return await self.provider.read(self.approved)

    async def _go_on(self, now: Account) -> Outcome | Changed | None:
        changed = difference(self.approved, now)
        if changed is not None:
            return self._changed(now, changed)
        if now.stop is not None:
            return self._end(now.stop.stops or Word.MANUAL, now.stop.text, self._still_there())
        if now.ends_at is not None:
            return self._scheduled(now, now.ends_at)
        try:
            steps = self.provider.steps(now)
        except errors.ProviderError as error:
            return self._unreadable(error)
        if not steps:
            return self._end(Word.MANUAL, "The bot has done its part here; the rest is for a person.", now.left)
        return await self._next(now, steps[0])

    async def _next(self, now: Account, step: Step) -> Outcome | None:
        answers = [sent.answer for sent in self._answers if (sent.step, sent.attempt) == (step.name, self.attempt)]
        if answers and answers[-1] in _YES:
            most = MAX_LOOKS_WHILE_PENDING if answers[-1] == SentState.PENDING else MAX_LOOKS_AFTER_YES
            return await self._look_after_yes(step, most)
        if len(answers) >= MAX_SENDS:
            text = f"Asked {len(answers)} times to {step.says}; the account still stands."
            return self._end(Word.FAILED, text, self._still_there())
        return await self._send(now, step)

    async def _look_after_yes(self, step: Step, most: int) -> Outcome | None:
        if self._looks_after_yes >= most:
            said = "says that it has no such account" if self._is_unknown_there() else f"agreed to {step.says}"
            return self._end(Word.FAILED, f"The system {said}, but the account still stands.", self._still_there())
        self._looks_after_yes += 1
        await self._wait(float(2 ** (self._looks_after_yes - 1)), "waits until the change shows")
        return None

    def _is_unknown_there(self) -> bool:
        return bool(self._answers) and self._answers[-1].answer == SentState.NO_SUCH_ACCOUNT

    async def _send(self, now: Account, step: Step) -> Outcome | None:
        self._looks_after_yes = 0
        key = await self.ledger.intend(now, step)
        if key is None:
            text = f"The case was stopped before the bot could {step.says}."
            return self._end(Word.REFUSED, text, self._still_there(step))
        try:
            sent = await self.provider.do(now, step, key)
        except errors.ProviderError as error:
            return await self._trouble(step, key, error)
        await self._note(step, key, sent.state, sent.request_id)
        return None

    async def _trouble(self, step: Step, key: str, error: errors.ProviderError) -> Outcome | None:
        match error:
            case errors.AnswerLost() | errors.UnexpectedAnswer():
                await self._note(step, key, "lost")
            case errors.StillWorking():
                await self._note(step, key, SentState.PENDING)
            case errors.Conflict():
                await self._note(step, key, "conflict")
            case errors.RateLimited() | errors.Unavailable():
                await self._note(step, key, "not carried out")
            case _:
                await self._note(step, key, "said no")
                return await self._said_no(error)
        await self._wait(_pause(error, len(self._answers)), "waits before looking again")
        return None

    async def _said_no(self, error: errors.ProviderError) -> Outcome | None:
        try:
            if await self.provider.read(self.approved) is None:
                return await self._prove()
        except errors.ProviderError as unreadable:
            return self._unreadable(unreadable)
        left = _REST_FOR_A_PERSON if isinstance(error, errors.HandedOver) else self._still_there()
        return self._end(_word_for(error), str(error), left)

    async def _prove(self) -> Outcome | None:
        """Search for the person anew; absence by id counts only when the search agrees."""
        try:
            self.latest = await self._find()
        except errors.ProviderError as error:
            return self._unprovable(str(error))
        if any(account.id == self.approved.id for account in self.latest.accounts):
            return await self._contradiction()
        if self.latest.sight is not Sight.FULL:
            return self._unprovable("this key does not see the whole system")
        return self._gone()

    async def _find(self) -> Discovery:
        for look in range(1, MAX_READS):
            try:
                return await self.provider.find(self.leaver)
            except (errors.Unavailable, errors.RateLimited, errors.UnexpectedAnswer) as error:
                await self._wait(_pause(error, look), "waits for the system to answer")
        return await self.provider.find(self.leaver)

    async def _contradiction(self) -> Outcome | None:
        if self._looks_after_yes >= MAX_LOOKS_AFTER_YES:
            return self._end(Word.FAILED, "Gone by its id, but a fresh search still lists it.", _MAY_WORK)
        self._looks_after_yes += 1
        await self._wait(float(2 ** (self._looks_after_yes - 1)), "waits until the search agrees")
        return None

    def _gone(self) -> Outcome:
        proof = Proof("not there", "not listed", self.clock())
        back = "A new account under the same keys stands there." if self._returned() else ""
        left = " ".join(part for part in (back, self.approved.left) if part)
        if self._sent_something():
            return self._end(Word.REMOVED, "Deleted, and looked up again: it is gone.", left, proof)
        if self._is_unknown_there():
            return self._end(Word.ABSENT, "The system knew no such account when asked to remove it.", left, proof)
        return self._end(Word.ABSENT, "It was gone without the bot, and a fresh look agrees.", left, proof)

    def _returned(self) -> bool:
        found = self.latest.accounts if self.latest is not None else ()
        return any(account.handle == self.approved.handle for account in found)

    def _changed(self, now: Account, changed: str) -> Outcome | Changed:
        if not any(sent.attempt == self.attempt and sent.may_have_removed for sent in self._answers):
            return Changed(now, changed)
        text = f"The account changed while it was being taken away ({changed}); nothing more was sent."
        return self._end(Word.REFUSED, text, _MAY_WORK)

    def _scheduled(self, now: Account, ends_at: datetime) -> Outcome:
        text = f"The system has accepted it; it takes effect on {ends_at:%Y-%m-%d %H:%M} UTC."
        return self._end(Word.SCHEDULED, text, now.left, effective_at=ends_at)

    def _unreadable(self, error: errors.ProviderError) -> Outcome:
        if self._sent_something():
            return self._unprovable(str(error))
        text = f"Nothing was sent, because the account could not be read again: {error}"
        return self._end(Word.FAILED, text, self._still_there())

    def _unprovable(self, why: str) -> Outcome:
        return self._end(Word.UNCONFIRMED, f"Whether it is gone cannot be read at the moment: {why}", _MAY_WORK)

    def _still_there(self, unsent: Step | None = None) -> str:
        """Say what still works: after a step that took and one that did not, neither all nor nothing does.

        `unsent` is a step that was about to be sent; without one it is the last that was sent that did not take.
        """
        last = unsent.name if unsent is not None else self._answers[-1].step if self._answers else None
        took = {sent.step for sent in self._answers if sent.answer == SentState.ACCEPTED} - {last}
        return _PARTLY if took else _STILL_WORKS

    def _sent_something(self) -> bool:
        return any(sent.may_have_removed for sent in self._answers)

    async def _note(self, step: Step, key: str, answer: str, request_id: str = "") -> None:
        noted = Intent(key, self.approved.id, step.name, self.attempt, self.clock(), answer)
        self._answers.append(noted)
        await self.ledger.answered(key, answer, request_id)

    async def _wait(self, seconds: float, why: str) -> None:
        seconds = min(seconds, _LONGEST_WAIT)
        if seconds >= _WORTH_TELLING:
            await self.ledger.waits(f"{why}, about {seconds:.0f} s")
        await self.sleep(seconds)

    def _end(
        self,
        word: Word,
        sentence: str,
        left: str = "",
        proof: Proof | None = None,
        effective_at: datetime | None = None,
    ) -> Outcome:
        account = self.approved
        return Outcome(
            account.system, account.id, word, sentence, self.clock(), account.handle, left, proof, effective_at
        )


_STILL_WORKS = "The account still works."
_PARTLY = "Some of its access was taken away; the account itself still stands."
_MAY_WORK = "The account may still work."
_REST_FOR_A_PERSON = "The rest is for a person."


def _pause(error: errors.ProviderError, tries: int) -> float:
    if isinstance(error, errors.RateLimited):
        return error.retry_after
    if isinstance(error, errors.StillWorking):
        return error.check_after
    return float(2 ** min(tries - 1, 4))


def _word_for(error: errors.ProviderError) -> Word:
    if isinstance(error, errors.HandedOver):
        return Word.MANUAL
    if isinstance(error, errors.Refused | errors.Forbidden):
        return Word.REFUSED
    return Word.FAILED
