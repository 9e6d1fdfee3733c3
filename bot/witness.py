"""A provider whose reads and answers during a removal go into the audit, whatever is concluded from them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.errors import ProviderError
from bot.model import Account, Case, Discovery, Health, Leaver, Sent, Step
from bot.ports import Provider, Store
from bot.ports.receipts import Receipt, receipts


async def searched(store: Store, provider: Provider, case: Case, system: str) -> Discovery:
    """Search for the leaver; one that fails is logged: where it is tried again, only the last one is told of."""
    try:
        return await provider.find(case.leaver)
    except ProviderError as error:
        facts = {"system": system, "by": "search", "answer": f"not read: {type(error).__name__}"}
        async with store.begin() as tx:
            await tx.audit(case.id, "read", facts, {})
        raise


class Hearing(Protocol):
    """Where what was seen is kept until the next commit."""

    def hear(self, kind: str, facts: Mapping[str, object], personal: Mapping[str, str]) -> None:
        """Take an event of the audit."""


@dataclass(frozen=True, slots=True)
class Witnessed:
    """Passes everything on. What was seen is committed with what is concluded from it, never after it."""

    provider: Provider
    hearing: Hearing
    account: Account

    async def check(self) -> Health:
        """As the provider."""
        return await self.provider.check()

    async def find(self, leaver: Leaver) -> Discovery:
        """As the provider; logged as a read by search: whether the account was listed, and with what sight."""
        try:
            found = await self.provider.find(leaver)
        except ProviderError as error:
            self._read("search", f"not read: {type(error).__name__}")
            raise
        listed = any(account.id == self.account.id for account in found.accounts)
        self._read("search", "listed" if listed else "not listed", sight=found.sight)
        return found

    async def read(self, account: Account) -> Account | None:
        """As the provider; logged as a read by id."""
        try:
            found = await self.provider.read(account)
        except ProviderError as error:
            self._read("id", f"not read: {type(error).__name__}")
            raise
        self._read("id", "there" if found is not None else "not there")
        return found

    def steps(self, account: Account) -> tuple[Step, ...]:
        """As the provider."""
        return self.provider.steps(account)

    async def do(self, account: Account, step: Step, key: str) -> Sent:
        """As the provider; what the server answered is logged under the key, even where the adapter then raises."""
        with receipts() as received:
            try:
                return await self.provider.do(account, step, key)
            finally:
                self._answered(key, received)

    async def aclose(self) -> None:
        """As the provider."""
        await self.provider.aclose()

    def _read(self, by: str, answer: str, **more: str) -> None:
        facts = {"system": self.account.system, "by": by, "answer": answer, **more}
        self.hearing.hear("read", facts, {"account": self.account.id})

    def _answered(self, key: str, received: list[Receipt]) -> None:
        """Log the statuses, and of the bodies keyed digests: values of the audit, under salts of their own."""
        if not received:
            return
        facts = {"key": key, "status": [one.status for one in received]}
        digests = {f"body:{number}": one.body_digest for number, one in enumerate(received)}
        self.hearing.hear("response", facts, digests)
