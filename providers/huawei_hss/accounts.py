"""The multi-account list of one region, whole or not at all."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TypeVar

from bot.errors import ProviderError, Unavailable, UnexpectedAnswer
from providers.http import Answer
from providers.huawei_hss.gateway import Gateway
from providers.huawei_hss.memory import Memory
from providers.huawei_hss.rows import Row, page_of
from providers.huawei_hss.settings import Settings
from providers.huawei_hss.signer import QueryValue
from providers.snapshot import SHARED_FOR

_ACCOUNTS = "/v5/setting/account/accounts"
_ADMIN = "/v5/setting/account/admin"
_PAGE = 200
_MOST_PAGES = 50
_TRIES = 3

R = TypeVar("R")


class Accounts:
    """Reads the list, deletes a row of it, and says whether our key stands above it."""

    def __init__(self, settings: Settings, gateway: Gateway, memory: Memory) -> None:
        self._scope = {"enterprise_project_id": settings.enterprise_project_id}
        self._gateway = gateway
        self._shared = memory.rows

    async def rows(self, *, fresh: bool) -> tuple[Row, ...]:
        """Return all rows; unless `fresh`, another look's list of the last minute will do."""
        return await self._shared.value(self._whole, max_age=0.0 if fresh else SHARED_FOR)

    async def search(self, compare: Callable[[tuple[Row, ...]], Awaitable[R]], is_complete: Callable[[R], bool]) -> R:
        """Return what `compare` finds in a list of the last minute, or in a new one where that is not complete."""
        return await self._shared.search(self._whole, compare, is_complete=is_complete)

    async def is_admin(self) -> bool:
        """Whether the key belongs to the organization's administrator (*ValidateAdmin*)."""
        content = await self._gateway.read(_ADMIN, {})
        if not isinstance(content, dict) or not isinstance(content.get("is_admin_account"), bool):
            raise UnexpectedAnswer("the answer does not say whether the key is an administrator's")
        return bool(content["is_admin_account"])

    async def delete(self, row: Row) -> Answer:
        """Send the deletion of one row, once (*Deleting an Account*)."""
        organization, account, project = row.triple
        content = {"organization_id": organization, "account_id": account, "project_id": project}
        self._shared.changed()
        try:
            return await self._gateway.delete(_ACCOUNTS, self._scope, content)
        finally:
            self._shared.changed()

    def fault(self, answer: Answer, *private: str) -> ProviderError:
        """Return what an error answer to a deletion means."""
        return self._gateway.fault(answer, *private, sending=True)

    async def _whole(self) -> tuple[Row, ...]:
        for _ in range(_TRIES):
            rows = await self._unmoved()
            if rows is not None:
                return rows
        raise Unavailable("the list of accounts kept changing while it was read")

    async def _unmoved(self) -> tuple[Row, ...] | None:
        # A row that goes while we turn the page would pull another one past us, and that one would look gone. So
        # each page begins with the last row of the one before; where it does not, the list has moved: None.
        rows: list[Row] = []
        for _ in range(_MOST_PAGES):
            page, total = await self._page(max(len(rows) - 1, 0))
            if rows and (not page or page[0].triple != rows[-1].triple):
                return None
            new = page[1:] if rows else page
            rows += new
            if len(rows) >= total:
                return tuple(rows)
            if not new:
                return None
        raise UnexpectedAnswer("the list of accounts is longer than that of any organization")

    async def _page(self, offset: int) -> tuple[tuple[Row, ...], int]:
        query: dict[str, QueryValue] = {"limit": _PAGE, "offset": offset, **self._scope}
        return page_of(await self._gateway.read(_ACCOUNTS, query))
