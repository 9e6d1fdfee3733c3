"""Every part, built once and handed to the parts that need it."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlalchemy import Engine as SqlEngine

from bot.app.database import database_file
from bot.app.signing import signer_at_start
from bot.cases import Cases
from bot.engine import DbosEngine
from bot.evidence.keys import Signer
from bot.evidence.making import Evidence
from bot.policy import Policy
from bot.ports import WorkKind
from bot.quiet import Quiet, Room
from bot.rechecks import Rechecks
from bot.runs import Runs
from bot.settings import Loaded
from bot.store import SqlStore, migrate, open_store, sync_engine_for_dbos
from bot.sweeper import Sweeper
from handlers.outbox import Called
from handlers.slack_app import SlackAccess, SlackSide
from handlers.thread import Poster
from providers.connected import ConnectedSystems, Entry, entries, secrets_in

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Parts:
    """The whole program, built and not yet started."""

    loaded: Loaded
    policy: Policy
    store: SqlStore
    database: SqlEngine
    slack: SlackSide
    systems: ConnectedSystems
    poster: Poster
    engine: DbosEngine
    cases: Cases
    sweeper: Sweeper
    signer: Signer

    async def aclose(self) -> None:
        """Close every connection; the loops must have ended before."""
        await self.slack.aclose()
        await self.systems.aclose()
        await self.store.aclose()
        self.database.dispose()


def checked_systems(loaded: Loaded) -> tuple[Entry, ...]:
    """Return the configured systems, checked; warn of secrets that stand in the file."""
    checked = entries(loaded.file.systems)
    for key in secrets_in(loaded.written.get("systems", {}), checked):
        log.warning("%s is a secret and stands in %s; move it to the environment", key, loaded.path.name)
    return checked


async def build(loaded: Loaded, checked: tuple[Entry, ...]) -> Parts:
    """Build all parts inside the running loop, for checked systems. On SQLite the schema is made or upgraded."""
    url = loaded.environment.database_url.get_secret_value()
    systems = ConnectedSystems(checked)
    if database_file(url) is not None:
        await migrate(url)
    signer = signer_at_start(loaded)
    store = await open_store(url)
    slack = SlackSide(slack_access(loaded))
    policy = loaded.file.policy.rules()
    evidence = Evidence(store, signer)
    called = Called(policy.approvers, policy.admins, systems.connected)
    poster = slack.poster(store, called, make_pack=lambda case_id: evidence.make(case_id, "thread", {}))
    room = Room(loaded.file.slack.channel, loaded.file.slack.sensitive_channel)
    quiet = Quiet(store, slack.people, policy, room)
    runs = Runs(store, systems, poster, policy, quiet)
    later = Rechecks(store, systems, poster, quiet)
    database = sync_engine_for_dbos(url)
    engine = DbosEngine(
        database,
        "process-1",
        {WorkKind.LOOK: runs.look, WorkKind.REMOVE: runs.remove, WorkKind.RECHECK: later.look},
        {WorkKind.LOOK: runs.give_up_look, WorkKind.REMOVE: runs.give_up, WorkKind.RECHECK: later.give_up},
    )
    cases = Cases(store, slack.people, systems, engine, poster, policy, room)
    sweeper = Sweeper(store, slack.people, systems, engine, poster, policy, quiet)
    return Parts(loaded, policy, store, database, slack, systems, poster, engine, cases, sweeper, signer)


def slack_access(loaded: Loaded) -> SlackAccess:
    """Return how Slack is reached."""
    environment = loaded.environment
    return SlackAccess(
        environment.slack_bot_token,
        environment.slack_signing_secret,
        environment.slack_app_token,
        environment.slack_api_url,
    )
