"""The fixtures of the store's tests, here too."""

from tests.bot.store.conftest import store

__all__ = ["store"]
