"""What a call of a provider raises."""

from __future__ import annotations

from collections.abc import Awaitable

import pytest

from bot.errors import ProviderError


async def raised(call: Awaitable[object]) -> ProviderError:
    """Return the error that the call must raise; nothing but a `ProviderError` may come out of a provider."""
    with pytest.raises(ProviderError) as caught:
        await call
    return caught.value
