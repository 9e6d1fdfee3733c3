"""A store on each database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.store import SqlStore, open_store


@pytest.fixture
async def store(migrated_url: str) -> AsyncIterator[SqlStore]:
    """An empty store; the test runs once on SQLite and once on Postgres."""
    opened = await open_store(migrated_url)
    yield opened
    await opened.aclose()
