"""The Store port in SQL, on SQLite and on Postgres."""

from bot.store.chains import Chain
from bot.store.engine import sync_engine_for_dbos
from bot.store.schema import migrate, migrate_now
from bot.store.store import SqlStore, open_store, utc_now
from bot.store.tx import SqlTx

__all__ = [
    "Chain",
    "SqlStore",
    "SqlTx",
    "migrate",
    "migrate_now",
    "open_store",
    "sync_engine_for_dbos",
    "utc_now",
]
