"""A long list of users is gone through while it arrives: what is not the leaver's is never kept."""

from __future__ import annotations

import json
import tracemalloc

from bot.errors import Unavailable, UnexpectedAnswer
from bot.model import Leaver
from providers.http import Answer, Door, JsonItems
from providers.liveperson import KIND, LivePersonProvider
from providers.liveperson.sightings import Sightings
from sandbox.systems.faults import Fault
from sandbox.systems.liveperson import LivePerson
from sandbox.systems.liveperson.people import Seat, entity
from tests.providers.leavers import leaver
from tests.providers.liveperson.asking import DANA, LIST, settings_of
from tests.providers.raised import raised

MANY = 20_000
NEAR = leaver("dana@acme.test", "somebody")


def crowd(count: int) -> list[dict[str, object]]:
    """Return so many users who are nobody we look for."""
    seats = (Seat(5_000_000_000 + n, f"user{n}@acme.test", f"user{n}@acme.test", f"U {n}") for n in range(count))
    return [entity(seat) for seat in seats]


def poured(seen: Sightings, body: bytes) -> None:
    """Let the list arrive in pieces, as the door gives them."""
    items = JsonItems(seen.take, seen.restart)
    items.begin(Answer(200, {"Content-Type": "application/json"}, b""))
    for at in range(0, len(body), 64 * 1024):
        items.feed(body[at : at + 64 * 1024])
    items.end()


def looked(who: Leaver, users: list[dict[str, object]]) -> Sightings:
    seen = Sightings(who)
    poured(seen, json.dumps(users).encode())
    return seen


async def test_the_last_of_many_users_is_found_over_the_wire(hand: LivePersonProvider, system: LivePerson) -> None:
    before = dict(system.state.users.rows)
    system.state.users.rows = {int(str(one["id"])): one for one in crowd(3000)} | before
    found = await hand.find(DANA)
    assert [account.handle for account in found.accounts] == ["dana@acme.test"]
    assert (await hand.check()).says == f"sees {len(system.state.users.living())} users"


def test_twenty_thousand_users_need_little_memory() -> None:
    body = json.dumps(crowd(MANY)).encode()
    assert len(body) > 10 * 2**20
    seen = Sightings(NEAR)
    tracemalloc.start()
    try:
        poured(seen, body)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (seen.roll.users, seen.roll.unreadable, seen.found) == (MANY, 0, [])
    assert most < 4 * 2**20


def test_at_most_ten_near_ones_are_kept_in_the_order_of_the_list() -> None:
    users = [entity(Seat(900 + n, f"dana@team{n}.test", f"dana@team{n % 3}.test", "D")) for n in range(30)]
    near = looked(DANA, users).near
    assert near[:4] == ("dana@team0.test", "dana@team1.test", "dana@team2.test", "dana@team3.test")
    assert len(near) == len(set(near)) == 10


def test_exact_ones_are_all_kept_and_are_not_near() -> None:
    users = [entity(Seat(900 + n, f"seat{n}", "dana@acme.test", "D")) for n in range(3)]
    seen = looked(DANA, users)
    assert ([user.id for user, _ in seen.found], seen.near) == (["900", "901", "902"], ())


async def test_a_list_that_breaks_off_is_read_anew_and_nobody_is_found_twice(
    hand: LivePersonProvider, system: LivePerson
) -> None:
    system.faults.add(Fault("truncate", "GET", LIST))
    assert len((await hand.find(leaver("robin@acme.test"))).accounts) == 2


async def test_a_list_that_drips_is_cut_by_the_time_of_one_call(system: LivePerson) -> None:
    settings = settings_of(system, timeout=0.5)
    door = KIND.door(settings)
    hand = LivePersonProvider("lp", settings, door)
    system.faults.add(Fault("drip", "GET", LIST))
    assert isinstance(await raised(hand.find(DANA)), Unavailable)
    await door.aclose()


async def test_a_list_beyond_measure_is_cut(hand: LivePersonProvider, system: LivePerson, door: Door) -> None:
    system.faults.add(Fault("huge", "GET", LIST))
    assert isinstance(await raised(hand.find(DANA)), UnexpectedAnswer)
    assert (await hand.find(DANA)).accounts
