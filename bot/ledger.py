"""What is written down around every vendor write, so that a crash never leaves a doubt about what was sent."""

from __future__ import annotations

import uuid
from dataclasses import dataclass, field

from bot.errors import Overtaken
from bot.model import Account, Step
from bot.ports import Intent, Reporter, Store


@dataclass(slots=True)
class CaseLedger:
    """The removal's ledger in the database. Every method is one commit.

    `intend` raises `Overtaken` where there is an intent for the account that neither `past` has returned nor this
    ledger has written: two that carry out the same work never both send on the strength of one read.
    """

    store: Store
    reporter: Reporter
    case_id: int
    attempt: int
    account: Account
    _known: set[str] = field(default_factory=set)

    async def past(self) -> tuple[Intent, ...]:
        async with self.store.begin() as tx:
            found = await tx.intents(self.case_id, self.account.system, self.account.id)
        self._known = {intent.key for intent in found}
        return found

    async def intend(self, account: Account, step: Step) -> str | None:
        key = str(uuid.uuid4())
        async with self.store.begin() as tx:
            await tx.case(self.case_id)
            noted = await tx.intents(self.case_id, self.account.system, self.account.id)
            if any(intent.key not in self._known for intent in noted):
                raise Overtaken("somebody else was about to write to the same account")
            if not await tx.add_intent(self.case_id, self.attempt, account, step.name, key):
                return None
            facts = {"system": account.system, "step": step.name, "key": key}
            await tx.audit(self.case_id, "intent", facts, {"account": account.id})
            await tx.note_work(self.case_id, account.system, step.says)
            await tx.want(self.case_id, "progress")
        self._known.add(key)
        self.reporter.wake()
        return key

    async def answered(self, key: str, answer: str, request_id: str) -> None:
        async with self.store.begin() as tx:
            await tx.case(self.case_id)
            await tx.answer_intent(key, answer, request_id)
            await tx.audit(self.case_id, "answer", {"key": key, "answer": answer, "request_id": request_id}, {})

    async def waits(self, text: str) -> None:
        async with self.store.begin() as tx:
            await tx.note_work(self.case_id, self.account.system, text)
            await tx.want(self.case_id, "progress")
        self.reporter.wake()
