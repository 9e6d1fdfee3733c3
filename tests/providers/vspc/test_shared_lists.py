"""Where the console takes no filter, looks of the same minute share the whole lists, and who is found is read anew."""

from __future__ import annotations

import asyncio
import re

import pytest

from bot.errors import UnexpectedAnswer
from bot.model import Discovery
from providers.http import Door
from providers.vspc import VspcProvider
from sandbox.systems.faults import Fault
from sandbox.systems.vspc import Vspc
from tests.providers.leavers import leaver
from tests.providers.raised import raised
from tests.providers.vspc.system import carry_out, settings_of, the_account

DANA, ROBIN = leaver("dana@acme.test"), leaver("robin@acme.test")
NO_FILTER = '{"errors": [{"message": "no filter", "type": "logical", "code": 400}]}'


@pytest.fixture(autouse=True)
def _no_filters(system: Vspc) -> None:
    system.faults.add(Fault("status", "GET", "filter=", times=999, status=400, body=NO_FILTER))


@pytest.fixture
def other(system: Vspc, door: Door) -> VspcProvider:
    """The hand of another case."""
    return VspcProvider("vspc", settings_of(system), door)


def asked(system: Vspc, pattern: str) -> int:
    return sum(entry.method == "GET" and bool(re.search(pattern, entry.path)) for entry in system.journal.entries)


async def test_two_cases_share_the_lists_and_find_what_they_would_have_found_alone(
    hand: VspcProvider, other: VspcProvider, system: Vspc
) -> None:
    alone = await hand.find(ROBIN)
    await hand.find(DANA)
    assert await other.find(ROBIN) == alone
    assert [asked(system, rf"/{name}\?limit") for name in ("users", "logins", "localUserRule")] == [1, 3, 3]


async def test_who_is_not_in_a_shared_list_is_looked_up_in_a_fresh_one(
    hand: VspcProvider, other: VspcProvider, system: Vspc
) -> None:
    assert (await hand.find(leaver("new@acme.test"))).accounts == ()
    organization = next(iter(system.state.organizations))
    system.state.add_user(organization, "acme\\new", "CompanyLocationUser", "new@acme.test")

    (account,) = (await other.find(leaver("new@acme.test"))).accounts

    assert account.handle == "acme\\new"
    assert asked(system, r"/users\?limit") == 2


async def test_ten_cases_that_are_opened_together_read_each_page_once(door: Door, system: Vspc) -> None:
    organization = next(iter(system.state.organizations))
    for number in range(1200):
        system.state.add_user(organization, f"many\\user{number}", "CompanyLocationUser", f"user{number}@many.test")
    hands = [VspcProvider("vspc", settings_of(system), door) for _ in range(10)]
    found = await asyncio.gather(
        *(hand.find(leaver(f"user{number * 111}@many.test")) for number, hand in enumerate(hands))
    )
    assert [[account.handle for account in one.accounts] for one in found] == [
        [f"many\\user{number * 111}"] for number in range(10)
    ]
    assert [asked(system, rf"/users\?limit=500&offset={offset}$") for offset in (0, 500, 1000)] == [1, 1, 1]


async def test_a_case_that_is_opened_while_the_list_is_read_waits_for_it(
    hand: VspcProvider, other: VspcProvider, system: Vspc
) -> None:
    late: list[asyncio.Task[Discovery]] = []
    system.faults.add(
        Fault("act", "GET", r"/users\?limit", act=lambda: late.append(asyncio.create_task(other.find(ROBIN))))
    )
    await hand.find(DANA)
    assert [account.handle for account in (await late[0]).accounts] == [r"acme\robin", r"globex\robin"]
    assert asked(system, r"/users\?limit") == 1


async def test_who_is_found_by_a_shared_list_is_read_anew(
    hand: VspcProvider, other: VspcProvider, system: Vspc
) -> None:
    await hand.find(ROBIN)
    dana = next(user for user in system.state.users.values() if user.name == r"acme\dana")
    dana.mail, dana.name = "other@acme.test", r"acme\other"
    assert (await other.find(DANA)).accounts == ()


async def test_who_is_listed_and_gone_is_an_answer_to_ask_again_for(
    hand: VspcProvider, other: VspcProvider, system: Vspc
) -> None:
    await hand.find(ROBIN)
    system.state.remove_user(next(uid for uid, user in system.state.users.items() if user.name == r"acme\dana"))
    assert isinstance(await raised(other.find(DANA)), UnexpectedAnswer)
    assert (await other.find(DANA)).accounts == ()


async def test_after_a_deletion_the_next_look_reads_the_lists(
    hand: VspcProvider, other: VspcProvider, system: Vspc
) -> None:
    await carry_out(hand, await the_account(hand, DANA))
    assert (await other.find(DANA)).accounts == ()
    assert asked(system, r"/users\?limit") == 2
