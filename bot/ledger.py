"""What is written down around every vendor write, so that a crash never leaves a doubt about what was sent."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.errors import Overtaken
from bot.model import Account, Step
from bot.ports import Intent, Reporter, Store, Tx


@dataclass(slots=True)
class CaseLedger:
    """The removal's ledger in the database. Every method is one commit, and takes along what was heard before it.

    `intend` raises `Overtaken` where there is an intent for the account that neither `past` has returned nor this
    ledger has written: two that carry out the same work never both send on the strength of one read.
    """

    store: Store
    reporter: Reporter
    case_id: int
    attempt: int
    account: Account
    _known: set[str] = field(default_factory=set)
    _heard: list[tuple[str, Mapping[str, object], Mapping[str, str]]] = field(default_factory=list)

    def hear(self, kind: str, facts: Mapping[str, object], personal: Mapping[str, str]) -> None:
        """Keep an event for the next commit: a crash before it loses what nothing was concluded from."""
        self._heard.append((kind, facts, personal))

    async def note_heard(self, tx: Tx) -> None:
        """Write down what was heard, in its order, in a transaction that holds the case."""
        heard, self._heard = self._heard, []
        for kind, facts, personal in heard:
            await tx.audit(self.case_id, kind, facts, personal)

    async def past(self) -> tuple[Intent, ...]:
        found = await self.store.intents(self.case_id, self.account.system, self.account.id)
        self._known = {intent.key for intent in found}
        return found

    async def intend(self, account: Account, step: Step) -> str | None:
        key = str(uuid.uuid4())
        async with self.store.begin() as tx:
            await self.note_heard(tx)
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
            await self.note_heard(tx)
            await tx.answer_intent(self.case_id, key, answer, request_id)
            await tx.audit(self.case_id, "answer", {"key": key, "answer": answer, "request_id": request_id}, {})

    async def waits(self, text: str) -> None:
        async with self.store.begin() as tx:
            await self.note_heard(tx)
            await tx.note_work(self.case_id, self.account.system, text)
            await tx.want(self.case_id, "progress")
        self.reporter.wake()
