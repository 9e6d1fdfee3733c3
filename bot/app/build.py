"""Every part, built once and handed to the parts that need it."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from sqlalchemy import Engine as SqlEngine

from bot.app.crew import Crew
from bot.app.database import database_file, must_be_writable
from bot.app.lease import leads
from bot.app.second_factors import key_box_at_start
from bot.app.sharing import Sharing, Timing, sharing_of
from bot.app.signing import signer_at_start
from bot.app.upkeep import chores, restored_of
from bot.cases import Cases
from bot.engine import Executor, WorkQueue
from bot.engine_rows import DbosRows
from bot.evidence.keys import Signer
from bot.evidence.making import Evidence
from bot.model import Case
from bot.policy import Policy
from bot.ports import Store, Systems, WorkKind
from bot.quiet import Quiet, Room, told_directly
from bot.rechecks import Rechecks
from bot.restored import Gate, Restored
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
    queue: WorkQueue
    rows: DbosRows
    crew: Crew
    sharing: Sharing
    cases: Cases
    sweeper: Sweeper
    restored: Restored
    signer: Signer | None

    async def aclose(self) -> None:
        """Close every connection; the loops must have ended before."""
        await self.rows.aclose()
        await self.queue.aclose()
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


async def build(
    loaded: Loaded, checked: tuple[Entry, ...], timing: Timing | None = None, *, serves: bool = True
) -> Parts:
    """Build all parts inside the running loop, for checked systems. On SQLite the schema is made or upgraded.

    What only works (`serves` is False) seals no evidence and takes no codes, and so needs no keys for that.
    """
    url = loaded.environment.database_url.get_secret_value()
    many = database_file(url) is None
    if not many:
        await migrate(url)
        await must_be_writable(url)
    signer = signer_at_start(loaded) if serves else None
    store = await open_store(url)
    sharing = sharing_of(loaded, store, timing or Timing(), many=many, serves=serves)
    systems = ConnectedSystems(checked, store if many else None)
    policy = loaded.file.rules()
    slack = SlackSide(slack_access(loaded), policy.people)
    poster = _poster(slack, sharing, signer, _called(loaded, store, slack, systems, policy))
    room = Room(loaded.file.slack.channel, loaded.file.slack.sensitive_channel, loaded.file.slack.discreet)
    database = sync_engine_for_dbos(url)
    store.stands_in_line(database)
    queue = WorkQueue(database)
    rows, restored = DbosRows(database), restored_of(loaded, slack, store, policy, poster)
    gate = Gate(restored, store, poster)
    crew = Crew(sharing, _executor(sharing, slack, systems, poster, policy, room, database, gate), queue)
    keys = key_box_at_start(loaded, systems.connected()) if serves else None
    cases = Cases(store, slack.people, systems, queue, poster, policy, room, keys)
    swept = store.under(sharing.sweeper)
    quiet = Quiet(swept, slack.people, policy, room)
    upkeep = chores(loaded, quiet, systems, poster, rows, restored)
    sweeper = Sweeper(swept, slack.people, systems, queue, poster, policy, quiet, upkeep)
    parts = (store, database, slack, systems, poster, queue, rows, crew, sharing, cases, sweeper, restored, signer)
    return Parts(loaded, policy, *parts)


def _called(loaded: Loaded, store: Store, slack: SlackSide, systems: Systems, policy: Policy) -> Called:
    """Return whom messages call upon, and who gets a case's evidence: its requester, its approvers and the admins."""

    async def receivers(case: Case) -> tuple[str, ...]:
        view = await store.view(case.id)
        approved = {given.user_id for given in view.approvals} if view is not None else set()
        return await told_directly(slack.people, policy, case.leaver, case.requester.user_id, *sorted(approved))

    in_thread = loaded.file.evidence.in_thread
    return Called(policy.approvers, policy.admins, systems.connected, receivers, evidence_in_thread=in_thread)


def _poster(slack: SlackSide, sharing: Sharing, signer: Signer | None, called: Called) -> Poster:
    """Return what posts while this process leads in that. Without a key no evidence is put into threads."""
    make = None if signer is None else Evidence(sharing.store, signer)
    make_pack = None if make is None else (lambda case_id, to: make.make(case_id, to, {}))
    leading = leads(sharing.poster)
    return slack.poster(sharing.store.under(sharing.poster), called, make_pack=make_pack, leads=lambda: leading.held)


def _executor(
    sharing: Sharing,
    slack: SlackSide,
    systems: ConnectedSystems,
    reporter: Poster,
    policy: Policy,
    room: Room,
    database: SqlEngine,
    gate: Gate,
) -> Executor:
    """Return what carries work out; nothing of it is written once this process has lost its slot."""
    store = sharing.store_of_work()
    quiet = Quiet(store, slack.people, policy, room)
    runs = Runs(store, systems, reporter, policy, quiet, in_turn=sharing.in_turn())
    later = Rechecks(store, systems, reporter, quiet)
    return Executor(
        database,
        {WorkKind.LOOK: runs.look, WorkKind.REMOVE: gate.before(runs.remove), WorkKind.RECHECK: later.look},
        {WorkKind.LOOK: runs.give_up_look, WorkKind.REMOVE: runs.give_up, WorkKind.RECHECK: later.give_up},
        at_once=sharing.timing.at_once,
    )


def slack_access(loaded: Loaded) -> SlackAccess:
    """Return how Slack is reached."""
    environment = loaded.environment
    return SlackAccess(
        environment.slack_bot_token,
        environment.slack_signing_secret,
        environment.slack_app_token,
        environment.slack_api_url,
    )
