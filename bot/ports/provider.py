"""The door to the outside systems."""

from __future__ import annotations

from contextlib import AbstractAsyncContextManager
from typing import Protocol

from bot.model import Account, CaseSystem, Discovery, Health, Leaver, Sent, Step


class Provider(Protocol):
    """One system, for the length of one look or one removal. Every method raises only `ProviderError`s.

    An adapter looks and acts; it never decides, plans, retries a write or proves anything: `bot.removal` does.
    """

    async def check(self) -> Health:
        """Say whether credentials and rights suffice and whether the whole system is seen; changes nothing."""

    async def find(self, leaver: Leaver) -> Discovery:
        """Look the leaver up afresh: exact matches over all pages, each a full `Account`; near ones as `similar`."""

    async def read(self, account: Account) -> Account | None:
        """Read one account afresh by its immutable id; None means that the system says it is not there.

        The answer has `match` and `matched_by` of the account given. An account that the vendor keeps as deleted
        is None. Raises where the truth cannot be read.
        """

    def steps(self, account: Account) -> tuple[Step, ...]:
        """Return what is still to be done to an account in this state, in the vendor's order; empty: nothing more."""

    async def do(self, account: Account, step: Step, key: str) -> Sent:
        """Send one step, once, whatever happens. `key` is new for each sending, for vendors that take one."""

    async def aclose(self) -> None:
        """Log out, where there is a log-on. Never raises."""


class Systems(Protocol):
    """The connected systems."""

    def connected(self) -> tuple[CaseSystem, ...]:
        """All systems of the configuration, in its order."""

    def open(self, name: str) -> AbstractAsyncContextManager[Provider]:
        """Log on lazily to one system and log out at the end. Raises `Misconfigured` where the name is not known."""
