"""`offboard doctor`: is everything usable, before the first real leaver finds out."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from email.utils import parsedate_to_datetime
from functools import partial
from itertools import combinations

import aiohttp

from bot import restored
from bot.app.build import checked_systems, slack_access
from bot.app.canary import NotWell, look_for_nobody
from bot.app.database import database_file, in_words
from bot.app.lock import is_held
from bot.app.second_factors import count_enrolled, is_asked_for
from bot.app.sharing import EXECUTOR
from bot.app.signing import configured_signer
from bot.errors import OffboardError, Refusal
from bot.model import Person
from bot.policy import People, approvals_needed, different
from bot.removal import utc_now
from bot.settings import Loaded
from bot.store import open_store
from bot.store.slots import Place
from handlers.channel import check_channel, check_privacy
from handlers.manifest import SCOPES
from handlers.slack_app import SlackSide
from providers.connected import ConnectedSystems

_CLOCK_SECONDS = 60.0
_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Check:
    """One line of the examination."""

    name: str
    ok: bool
    says: str


Probe = Callable[[], Awaitable[str]]
"""Returns what is well; raises OffboardError saying what is not."""


async def examine(loaded: Loaded) -> tuple[Check, ...]:
    """Look at everything at once; nothing is changed anywhere."""
    systems = ConnectedSystems(checked_systems(loaded))
    slack = SlackSide(slack_access(loaded), loaded.file.rules().people)
    owners = [system.owner for system in systems.connected() if system.owner is not None]
    probes: dict[str, Probe] = {
        "slack": lambda: _slack(slack),
        "channel": lambda: _channel(slack, loaded, owners),
        "approvers": lambda: _approvers(slack, systems, loaded),
        "clock": lambda: _clock(loaded),
        "database": lambda: _database(loaded),
        "workers": lambda: _workers(loaded),
        "evidence": lambda: _evidence(loaded),
    }
    if is_asked_for(loaded.file, systems.connected()):
        probes["second factor"] = lambda: _second_factor(slack, systems, loaded)
    for system in systems.connected():
        probes[f"systems.{system.name}"] = partial(_system, systems, system.name)
    try:
        found = await asyncio.gather(*(_ask(name, probe) for name, probe in probes.items()))
    finally:
        await slack.aclose()
        await systems.aclose()
    return (Check("configuration", ok=True, says=f"{loaded.path.name} and environment are well-formed"), *found)


async def _ask(name: str, probe: Probe) -> Check:
    try:
        async with asyncio.timeout(_SECONDS):
            return Check(name, ok=True, says=await probe())
    except OffboardError as error:
        return Check(name, ok=False, says=str(error))
    except TimeoutError:
        return Check(name, ok=False, says=f"no answer within {_SECONDS:.0f} s")
    except Exception as error:  # noqa: BLE001 — one broken probe must not hide the others
        return Check(name, ok=False, says=f"could not be looked at ({type(error).__name__})")


async def _slack(slack: SlackSide) -> str:
    me = await slack.preflight()
    missing = set(SCOPES) - me.scopes
    if missing:
        raise NotWell(f"the token lacks scopes: {', '.join(sorted(missing))}. Update the app from `offboard manifest`.")
    return f"token accepted, {len(me.scopes)} scopes"


async def _channel(slack: SlackSide, loaded: Loaded, owners: Iterable[str]) -> str:
    table = loaded.file.slack
    found = await check_channel(slack.client, table.channel)
    if not table.allow_public:
        check_privacy(found, "slack.channel")
    unlisted = await _unlisted_members(slack, loaded, owners)
    watchers = f"; members on no list, who can read every case: {unlisted}" if unlisted else ""
    if table.sensitive_channel is None:
        return f"the bot is a member{watchers}"
    try:
        sensitive = await check_channel(slack.client, table.sensitive_channel)
    except Refusal as error:
        raise NotWell(f"slack.sensitive_channel: the bot is not in {table.sensitive_channel}; invite it") from error
    if not table.allow_public:
        check_privacy(sensitive, "slack.sensitive_channel")
    return f"the bot is a member of both{watchers}"


async def _unlisted_members(slack: SlackSide, loaded: Loaded, owners: Iterable[str]) -> int:
    """Count the members of the case channel who are neither requesters, approvers, admins, owners nor the bot."""
    policy, me = loaded.file.rules(), await slack.identity.me()
    listed = await slack.people.listed((*policy.requesters, *policy.approvers, *policy.admins))
    return len(await slack.people.in_channel_now(loaded.file.slack.channel) - listed - {me.user_id, *owners})


async def _approvers(slack: SlackSide, systems: ConnectedSystems, loaded: Loaded) -> str:
    policy = loaded.file.rules()
    approvers, admins = await asyncio.gather(
        slack.people.members(policy.approvers), slack.people.members(policy.admins)
    )
    users = dict.fromkeys((*approvers.why, *admins.why))
    persons = await asyncio.gather(*(slack.people.person(user) for user in users))
    able = len(different(tied(one, policy.people) for one in persons if one.mail and one.user_id in approvers.why))
    doubts = name_doubts(persons, policy.people)
    needed = approvals_needed(policy, systems.connected())
    if able < needed:
        raise NotWell(f"{able} people can approve and {needed} are needed{doubts}")
    if able == needed:
        return f"{needed} can approve and {needed} are needed: a request by one of them cannot be approved{doubts}"
    return f"{able} people can approve, {needed} needed{doubts}"


def tied(person: Person, people: People) -> Person:
    """Return the person with the other ids that the operator says are the same human."""
    also = next((ids for ids in people if person.user_id in ids), ())
    return replace(person, also=tuple(one for one in also if one != person.user_id))


def name_doubts(persons: Sequence[Person], people: People) -> str:
    """Name by id who on the lists has no address, and whose ids are one human; empty where there is nobody."""
    listed = [tied(one, people) for one in persons]
    nameless = [one.user_id for one in listed if not one.mail]
    pairs = [f"{one.user_id} and {other.user_id}" for one, other in combinations(listed, 2) if one.is_same_as(other)]
    says = [f"without an address, so they cannot decide: {', '.join(nameless)}"] if nameless else []
    says += [f"count as one human: {', '.join(pairs)}"] if pairs else []
    return "".join(f"; {one}" for one in says)


async def _second_factor(slack: SlackSide, systems: ConnectedSystems, loaded: Loaded) -> str:
    members = await slack.people.members(loaded.file.rules().approvers)
    return await count_enrolled(loaded, systems.connected(), members)


async def _clock(loaded: Loaded) -> str:
    """Compare with Slack's clock: it refuses signatures that are five minutes off."""
    timeout = aiohttp.ClientTimeout(total=10)
    try:
        async with (
            aiohttp.ClientSession(timeout=timeout) as session,
            session.post(loaded.environment.slack_api_url.rstrip("/") + "/api.test") as answer,
        ):
            date = answer.headers.get("Date")
    except (aiohttp.ClientError, OSError) as error:
        raise NotWell("Slack could not be reached, so the clock was not compared") from error
    if date is None:
        return "Slack's answer has no date to compare with"
    off = abs(time.time() - parsedate_to_datetime(date).timestamp())
    if off > _CLOCK_SECONDS:
        raise NotWell(f"this machine's clock is {off:.0f} s off Slack's")
    return "agrees with Slack's"


async def _database(loaded: Loaded) -> str:
    url = loaded.environment.database_url.get_secret_value()
    file = database_file(url)
    if file is not None and not file.exists():
        return f"{file.name} is not there yet; `serve` makes it"
    with in_words():
        store = await open_store(url)
        try:
            await store.ping()
            if await restored.is_held(store):
                raise NotWell(restored.OLDER)
        finally:
            await store.aclose()
    return "reachable, schema up to date"


async def _workers(loaded: Loaded) -> str:
    """Say who carries out work: on Postgres who holds a slot, on SQLite whether the one process runs."""
    url = loaded.environment.database_url.get_secret_value()
    file = database_file(url)
    if file is not None:
        return "`offboard serve` runs and works" if is_held(file) else "`offboard serve` does not run at the moment"
    with in_words():
        store = await open_store(url)
        try:
            alive = await store.held(EXECUTOR)
        finally:
            await store.aclose()
    if not alive:
        raise NotWell("none is alive: start `offboard serve`, or `offboard worker` beside `offboard serve --no-worker`")
    return "; ".join(worker(place) for place in alive)


def worker(place: Place) -> str:
    """Return who holds a slot, for people."""
    label = place.holder.rsplit(":", 2)[0]
    return f"{place.name} on {label}, heartbeat {max(place.age.total_seconds(), 0):.0f} s ago"


async def _evidence(loaded: Loaded) -> str:
    signer = configured_signer(loaded)
    if signer is None:
        return "no signing key yet; `serve` makes one"
    return f"signed with the key {signer.fingerprint}"


async def _system(systems: ConnectedSystems, name: str) -> str:
    return await look_for_nobody(systems, name, utc_now())
