"""Looks of the same minute share one list; whoever they find by it is read anew, and so is all that is removed."""

from __future__ import annotations

import asyncio
import re

import pytest

from bot.model import SentState, Sight
from providers.http import Door
from providers.liveperson import LivePersonProvider
from providers.liveperson import roll as rolls
from sandbox.systems.liveperson import LivePerson
from sandbox.systems.liveperson.people import DANA_ID, Seat, entity
from tests.providers.leavers import leaver
from tests.providers.liveperson.asking import DANA, LIST, ONE, delete, settings_of, the_account

NEW_ID = 4100999999
ROBIN = leaver("robin@acme.test")


def asked(system: LivePerson, pattern: str) -> int:
    return sum(entry.method == "GET" and bool(re.search(pattern, entry.path)) for entry in system.journal.entries)


@pytest.fixture
def other(system: LivePerson, door: Door) -> LivePersonProvider:
    """The hand of another case."""
    return LivePersonProvider("liveperson", settings_of(system), door)


async def test_two_cases_share_one_list_and_find_what_they_would_have_found_alone(
    hand: LivePersonProvider, other: LivePersonProvider, system: LivePerson
) -> None:
    alone = await hand.find(ROBIN)
    await hand.find(DANA)
    assert await other.find(ROBIN) == alone
    assert asked(system, LIST) == 1


async def test_looks_at_one_time_read_two_lists_at_most(hand: LivePersonProvider, system: LivePerson) -> None:
    people = [DANA, ROBIN, leaver("noa@acme.test"), leaver("kim@acme.test")]
    looks = await asyncio.gather(*(hand.find(one) for one in people))
    assert [len(look.accounts) for look in looks] == [1, 2, 0, 1]
    assert asked(system, LIST) == 2, "a second one for whoever was not in the first, which began before their look"


async def test_who_is_not_in_a_shared_list_is_looked_up_afresh(
    hand: LivePersonProvider, other: LivePersonProvider, system: LivePerson
) -> None:
    await hand.find(ROBIN)
    system.state.users.add(entity(Seat(NEW_ID, "noa@acme.test", "noa@acme.test", "Noa")))
    (account,) = (await other.find(leaver("noa@acme.test"))).accounts
    assert account.id == str(NEW_ID), "made within the minute in which the list is shared"


async def test_a_key_that_a_shared_list_does_not_show_is_looked_up_afresh_beside_one_that_it_does(
    hand: LivePersonProvider, other: LivePersonProvider, system: LivePerson
) -> None:
    await hand.find(ROBIN)
    system.state.users.add(entity(Seat(NEW_ID, "dana.night", "night@acme.test", "Dana")))
    assert len((await other.find(leaver("dana@acme.test", "dana.night"))).accounts) == 2


async def test_who_is_found_by_a_shared_list_is_read_anew(
    hand: LivePersonProvider, other: LivePersonProvider, system: LivePerson
) -> None:
    await hand.find(ROBIN)
    system.state.users.edit(DANA_ID, system.clock.now(), nickname="Changed")
    (account,) = (await other.find(DANA)).accounts
    assert dict(account.notes)["nickname"] == "Changed"
    assert asked(system, ONE) == 1


async def test_who_has_another_name_by_now_is_not_found_by_the_old_one(
    hand: LivePersonProvider, other: LivePersonProvider, system: LivePerson
) -> None:
    await hand.find(ROBIN)
    system.state.users.edit(DANA_ID, system.clock.now(), loginName="other@acme.test", email="other@acme.test")
    assert (await other.find(DANA)).accounts == ()


async def test_where_somebody_of_a_shared_list_is_gone_the_list_is_read_anew(
    hand: LivePersonProvider, other: LivePersonProvider, system: LivePerson
) -> None:
    await hand.find(ROBIN)
    system.state.users.delete([DANA_ID], system.clock.now())
    look = await other.find(DANA)
    assert (look.sight, look.accounts) == (Sight.FULL, ())
    assert asked(system, LIST) == 2


async def test_after_a_deletion_the_next_look_reads_the_list(
    hand: LivePersonProvider, other: LivePersonProvider, system: LivePerson
) -> None:
    assert await delete(hand, await the_account(hand)) is SentState.ACCEPTED
    assert (await other.find(DANA)).accounts == ()
    assert asked(system, LIST) == 2


async def test_a_read_before_a_removal_is_never_answered_from_the_list(
    hand: LivePersonProvider, system: LivePerson
) -> None:
    account = await the_account(hand)
    await hand.read(account)
    await hand.read(account)
    assert (asked(system, LIST), asked(system, ONE)) == (1, 2)


async def test_a_list_that_is_too_long_is_not_kept(
    hand: LivePersonProvider, system: LivePerson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rolls, "MOST_SHARED", 3)
    alone = await hand.find(DANA)
    assert await hand.find(DANA) == alone
    assert asked(system, LIST) == 2


async def test_nobody_without_a_name_is_forgotten_by_sharing(
    hand: LivePersonProvider, other: LivePersonProvider, system: LivePerson
) -> None:
    system.state.users.rows[DANA_ID] |= {"loginName": "", "email": ""}
    assert (await hand.find(DANA)).sight is (await other.find(DANA)).sight is Sight.PARTIAL
