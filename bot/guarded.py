"""A provider whose own mistakes cannot pass for knowledge."""

from __future__ import annotations

import functools
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, ParamSpec, TypeVar

from bot.errors import ProviderError, UnexpectedAnswer
from bot.model import Account, Discovery, Health, Leaver, Sent, Step
from bot.ports import Provider

log = logging.getLogger(__name__)

P = ParamSpec("P")
T = TypeVar("T")


def _guard(method: Callable[P, Awaitable[T]]) -> Callable[P, Coroutine[Any, Any, T]]:
    @functools.wraps(method)
    async def guarded(*args: P.args, **kwargs: P.kwargs) -> T:
        try:
            return await method(*args, **kwargs)
        except ProviderError:
            raise
        except Exception as error:
            raise _broken(method.__name__, error) from error

    return guarded


def _broken(method: str, error: Exception) -> UnexpectedAnswer:
    # Only the type: the text of a stray error may hold an address or a token.
    log.error("an adapter failed in %s: %s", method, type(error).__name__)
    return UnexpectedAnswer("the bot's adapter for this system failed")


@dataclass(frozen=True, slots=True)
class Guarded:
    """Passes everything on; an exception that is not a `ProviderError` becomes `UnexpectedAnswer`: nothing is known."""

    provider: Provider

    @_guard
    async def check(self) -> Health:
        """As the provider."""
        return await self.provider.check()

    @_guard
    async def find(self, leaver: Leaver) -> Discovery:
        """As the provider."""
        return await self.provider.find(leaver)

    @_guard
    async def read(self, account: Account) -> Account | None:
        """As the provider."""
        return await self.provider.read(account)

    def steps(self, account: Account) -> tuple[Step, ...]:
        """As the provider."""
        try:
            return self.provider.steps(account)
        except ProviderError:
            raise
        except Exception as error:
            raise _broken("steps", error) from error

    @_guard
    async def do(self, account: Account, step: Step, key: str) -> Sent:
        """As the provider."""
        return await self.provider.do(account, step, key)

    @_guard
    async def aclose(self) -> None:
        """As the provider."""
        await self.provider.aclose()
