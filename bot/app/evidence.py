"""`offboard evidence` and `offboard verify --database`: beside a running bot, without its lock."""

from __future__ import annotations

import getpass
from collections.abc import Sequence

from sqlalchemy.exc import DBAPIError

from bot.app.database import database_file, in_words
from bot.app.signing import configured_signer
from bot.audit import Head
from bot.errors import ConfigurationError
from bot.evidence.database import Report, check_database
from bot.evidence.making import Evidence, Made
from bot.settings import Loaded
from bot.store import SqlStore, open_store


async def make_evidence(loaded: Loaded, case_id: int) -> Made:
    """Return a case's pack, and log who took it. Raises `NoSuchCaseError`, `ConfigurationError`."""
    signer = configured_signer(loaded)
    if signer is None:
        raise ConfigurationError("evidence.signing_key: not set, and no key was made yet; `offboard serve` makes one")
    with in_words():
        store = await open_existing(loaded.environment.database_url.get_secret_value())
        try:
            return await Evidence(store, signer).make(case_id, "file", {"by": _operator()})
        finally:
            await store.aclose()


async def verify_database(url: str, held: Sequence[Head], pinned: Sequence[str]) -> Report:
    """Check the whole audit, and log afterwards that it was read; a copy that takes no writes is only read."""
    with in_words():
        store = await open_existing(url)
        try:
            async with store.audit_log() as log:
                report = await check_database(log, held, pinned)
            report.logged = await _logged(store, report)
            return report
        finally:
            await store.aclose()


async def _logged(store: SqlStore, report: Report) -> bool:
    facts = {"chains": report.chains, "events": report.events, "defects": len(report.defects)}
    try:
        async with store.begin() as tx:
            await tx.audit(None, "audit checked", facts, {"by": _operator()})
    except DBAPIError:
        return False
    return True


async def open_existing(url: str) -> SqlStore:
    """Open a database that is there: a wrong address must not leave an empty file behind and call it unbroken."""
    file = database_file(url)
    if file is not None and not file.exists():
        raise ConfigurationError(f"DATABASE_URL: there is no file {file.name}")
    return await open_store(url)


def _operator() -> str:
    """Who runs the command, as this machine knows them."""
    try:
        return getpass.getuser()
    except (OSError, KeyError):
        return "somebody at the command line"
