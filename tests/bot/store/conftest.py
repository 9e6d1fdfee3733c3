"""A store on each database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.store import SqlStore, migrate, open_store


@pytest.fixture
async def store(database_url: str) -> AsyncIterator[SqlStore]:
    """A migrated, empty store; the test runs once on SQLite and once on Postgres."""
    await migrate(database_url)
    opened = await open_store(database_url)
    yield opened
    await opened.aclose()
