"""Long lists are gone through page by page: what is not wanted is not kept."""

from __future__ import annotations

import gc
import json
from uuid import UUID

import pytest

from providers.vspc import KIND, Settings, VspcProvider
from providers.vspc.console import Console
from providers.vspc.shapes import User
from sandbox.systems.faults import Fault
from sandbox.systems.vspc import Vspc, reads, shapes
from sandbox.systems.vspc.state import ADMINISTRATOR, Json, Login, VspcState
from tests.providers.leavers import leaver
from tests.providers.vspc.system import the_account
from tests.providers.wire import Wire, reply

NO_FILTER = r"/users\?filter="


def fill(system: Vspc, count: int) -> None:
    organization = next(iter(system.state.organizations))
    for number in range(count):
        system.state.add_user(organization, f"many\\user{number}", "CompanyLocationUser", f"user{number}@many.test")


def offsets(system: Vspc) -> list[str]:
    """Return where each page of the unfiltered list of users began."""
    paths = (entry.path for entry in system.journal.entries)
    return [path.partition("offset=")[2] for path in paths if "/users?limit" in path]


async def test_a_console_that_takes_no_filter_is_gone_through_to_its_end(hand: VspcProvider, system: Vspc) -> None:
    fill(system, 1200)
    system.state.add_user(
        next(iter(system.state.organizations)), "late\\dana.f", "CompanyLocationUser", "Dana@acme.test"
    )
    system.faults.add(Fault("status", "GET", NO_FILTER, times=99, status=400, body='{"errors": [{"code": 400}]}'))
    found = await hand.find(leaver("dana@acme.test"))
    assert [account.handle for account in found.accounts] == ["acme\\dana", "late\\dana.f"]
    assert "other\\dana" in found.similar
    assert offsets(system) == ["0", "500", "1000"]


async def test_only_what_is_wanted_of_a_long_list_is_kept(hand: VspcProvider, system: Vspc) -> None:
    fill(system, 1100)
    console: Console = hand._console
    passed: list[int] = []

    def wanted(user: User) -> bool:
        passed.append(1)
        return user.name == "many\\user7"

    assert [user.mail for user in await console.users(wanted=wanted)] == ["user7@many.test"]
    assert len(passed) == len(system.state.users)


async def test_a_list_that_shifts_under_us_is_read_anew(hand: VspcProvider, system: Vspc) -> None:
    fill(system, 600)
    everybody = list(system.state.users.values())
    first = everybody[0]

    def shift() -> None:
        # Somebody is added before the first page's end: its last user is on the second page too.
        new = system.state.add_user(first.organization, "new\\comer", "CompanyLocationUser", None)
        system.state.users = {new.uid: new} | {user.uid: user for user in everybody}

    system.faults.add(Fault("act", "GET", r"/users\?limit=500&offset=500", act=shift))
    found = await hand._console.users()
    assert len(found) == len({user.uid for user in found}) == len(everybody) + 1


async def test_a_user_on_two_pages_is_counted_once() -> None:
    def page(*names: str) -> bytes:
        users = [{"instanceUid": str(UUID(int=ord(name))), "userName": name} for name in names]
        return reply(200, json.dumps({"meta": {"pagingInfo": {"total": 3}}, "data": users}).encode())

    async with Wire(page("a", "b"), page("b", "c")).up() as wire:
        settings = Settings.model_validate({"provider": "vspc", "url": wire.url, "api_key": "k"})
        door = KIND.door(settings)
        found = await VspcProvider("vspc", settings, door)._console.users()
        await door.aclose()
    assert [user.name for user in found] == ["a", "b", "c"]


async def test_another_administrator_on_the_last_page_is_enough(hand: VspcProvider, system: Vspc) -> None:
    organization = next(iter(system.state.organizations))
    dana = next(user for user in system.state.users.values() if user.name == "acme\\dana")
    dana.role = ADMINISTRATOR
    assert (await the_account(hand, leaver("dana@acme.test"))).stop is not None
    fill(system, 700)
    system.state.add_user(organization, "last\\admin", ADMINISTRATOR, None)
    assert (await the_account(hand, leaver("dana@acme.test"))).stop is None


async def test_no_more_than_two_pages_are_ever_held(hand: VspcProvider, system: Vspc) -> None:
    fill(system, 3000)
    most = 0

    def wanted(user: User) -> bool:
        nonlocal most
        if user.name.endswith("499"):
            most = max(most, sum(type(thing) is User for thing in gc.get_objects()))
        return False

    assert await hand._console.users(wanted=wanted) == ()
    assert 0 < most < 1100


def ignoring_filters(system: Vspc, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let the console list everything, whatever it is asked to leave out."""

    def everything(_request: object, rows: list[Json], _properties: object) -> list[Json]:
        return rows

    fill(system, 1200)
    monkeypatch.setattr(reads, "chosen", everything)


async def test_a_console_that_ignores_filters_is_gone_through_once(
    hand: VspcProvider, system: Vspc, monkeypatch: pytest.MonkeyPatch
) -> None:
    ignoring_filters(system, monkeypatch)
    found = await hand.find(leaver("dana@acme.test"))
    assert [account.handle for account in found.accounts] == ["acme\\dana"]
    assert "other\\dana" in found.similar
    assert offsets(system) == ["0", "500", "1000"]
    assert sum("/users?filter=" in entry.path for entry in system.journal.entries) == 1


async def test_an_orphan_is_told_where_filters_are_ignored(
    hand: VspcProvider, system: Vspc, monkeypatch: pytest.MonkeyPatch
) -> None:
    ignoring_filters(system, monkeypatch)
    dana = next(user for user in system.state.users.values() if user.name == "acme\\dana")
    orphan = system.state.add_login(dana, "Sso", "left over")
    orphan.user = str(UUID(int=7))
    named = shapes.login

    def login(about: Login, state: VspcState, *, old: bool) -> Json:
        return named(about, state, old=old) | ({"userName": "acme\\dana"} if about is orphan else {})

    monkeypatch.setattr(shapes, "login", login)
    findings = [finding.text for finding in (await hand.find(leaver("dana@acme.test"))).findings]
    assert any(f"identity {orphan.id} bears a log-in" in text for text in findings)
