"""The look for nobody: harmless, once a day, and told on change alone."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.app.canary import Canary, NotWell, look_for_nobody, nobody
from bot.errors import CredentialsRejected, OffboardError, Unavailable
from bot.model import CaseSystem, Discovery, Health, Leaver
from bot.ports import Provider
from providers.connected import ConnectedSystems, entries
from sandbox.systems.all import World
from tests.bot.fakes import FakeSystem, account

NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@dataclass
class Looked(FakeSystem):
    """A fake system whose health can be told, and which may find somebody for anybody."""

    health: Health = field(default_factory=lambda: Health(ok=True, says="sees 3 users"))
    finds_anybody: bool = False

    async def check(self) -> Health:
        self.journal.append("check")
        return self.health

    async def find(self, leaver: Leaver) -> Discovery:
        found = await super().find(leaver)
        return replace(found, accounts=(account(),)) if self.finds_anybody else found


@dataclass
class Watched:
    """Connected systems with certificates."""

    systems: list[Looked]
    ends: dict[str, datetime] = field(default_factory=lambda: {"crm.acme.test": NOW + 90 * DAY})

    def connected(self) -> tuple[CaseSystem, ...]:
        return tuple(system.describe() for system in self.systems)

    @asynccontextmanager
    async def open(self, name: str) -> AsyncIterator[Provider]:
        system = next(system for system in self.systems if system.name == name)
        try:
            yield system
        finally:
            await system.aclose()

    def certificates(self, name: str) -> Mapping[str, datetime]:
        return self.ends


@dataclass
class Book:
    """Who looked when, by a clock of its own, and what came of it."""

    now: datetime = NOW
    looked: dict[str, datetime] = field(default_factory=dict)
    well: dict[str, bool] = field(default_factory=dict)

    async def take_look(self, system: str, every: timedelta) -> bool:
        due = self.now - self.looked.get(system, self.now - every) >= every
        self.looked[system] = self.now if due else self.looked[system]
        return due

    async def note_look(self, system: str, *, well: bool) -> bool | None:
        before = self.well.get(system)
        self.well[system] = well
        return before


@pytest.fixture
def book() -> Book:
    return Book()


@pytest.fixture
def crm() -> Looked:
    return Looked()


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [f"{record.levelname} {record.getMessage()}" for record in caplog.records]


async def test_what_is_well_is_said_with_the_certificates(crm: Looked) -> None:
    says = await look_for_nobody(Watched([crm]), "crm", NOW)

    assert says == "sees 3 users; certificates good until 2030-04-01"
    assert crm.journal == ["check", "find", "close"]


async def test_a_key_that_sees_a_part_is_told(crm: Looked) -> None:
    crm.health = Health(ok=True, says="sees one site", sees_all=False)

    assert "does not see the whole system" in await look_for_nobody(Watched([crm]), "crm", NOW)


async def trouble(watched: Watched) -> str:
    """Return what the look says that is not well."""
    with pytest.raises(OffboardError) as caught:
        await look_for_nobody(watched, "crm", NOW)
    return str(caught.value)


async def test_a_bad_check_ends_the_look_before_anything_is_searched(crm: Looked) -> None:
    crm.health = Health(ok=False, says="the key may not delete")

    assert await trouble(Watched([crm])) == "the key may not delete"
    assert crm.journal == ["check", "close"]


async def test_a_search_that_fails_is_found_out(crm: Looked) -> None:
    crm.find_errors = [Unavailable("the system has a fault at the moment (503)")]

    assert "503" in await trouble(Watched([crm]))


async def test_a_system_that_knows_somebody_who_does_not_exist_is_not_to_be_trusted(crm: Looked) -> None:
    crm.finds_anybody = True

    with pytest.raises(NotWell, match="does not exist found an account"):
        await look_for_nobody(Watched([crm]), "crm", NOW)


async def test_a_certificate_near_its_end_is_not_well(crm: Looked) -> None:
    watched = Watched([crm], {"crm.acme.test": NOW + 20 * DAY})

    assert await trouble(watched) == "the certificate of crm.acme.test ends on 2030-01-21; renew it"


def test_nobody_is_somebody_else_each_time_and_can_exist_nowhere() -> None:
    one, other = nobody(), nobody()

    assert {key.value for key in one.keys}.isdisjoint(key.value for key in other.keys)
    assert one.address.endswith(".invalid")


async def test_each_system_is_looked_at_once_a_day_whichever_process_does_it(crm: Looked, book: Book) -> None:
    watched = Watched([crm, other := Looked(name="erp")])
    canaries = [Canary(watched, book), Canary(watched, book)]

    for hours in (0, 1, 23, 24, 25, 47, 48):
        book.now = NOW + timedelta(hours=hours)
        for canary in canaries:
            await canary.look(book.now)

    assert crm.journal.count("find") == other.journal.count("find") == 3
    assert book.well == {"crm": True, "erp": True}


async def test_a_system_that_is_not_well_does_not_keep_the_others_from_being_looked_at(crm: Looked, book: Book) -> None:
    crm.find_errors = [CredentialsRejected("the system does not accept our key (401)")]
    canary = Canary(Watched([crm, Looked(name="erp")]), book)

    await canary.look(NOW)

    assert book.well == {"crm": False, "erp": True}


async def test_a_change_is_one_line_in_the_log_and_the_same_again_is_none(
    crm: Looked, book: Book, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    canary = Canary(Watched([crm]), book)
    rejected = CredentialsRejected("the system does not accept our key (401)")
    for days, errors in enumerate(([], [rejected], [rejected], [], [])):
        crm.find_errors = list(errors)
        book.now = NOW + days * DAY
        await canary.look(book.now)

    assert said(caplog) == [
        "WARNING systems.crm: a case would fail there: the system does not accept our key (401)",
        "INFO systems.crm: well again",
    ]


async def test_it_lets_the_program_settle_before_the_first_look_and_then_goes_on(crm: Looked, book: Book) -> None:
    canary, slept = Canary(Watched([crm]), book), list[tuple[float, int]]()

    async def sleep(seconds: float) -> None:
        slept.append((seconds, crm.journal.count("find")))
        book.now = NOW + len(slept) * DAY
        if len(slept) == 4:
            raise asyncio.CancelledError

    with pytest.raises(asyncio.CancelledError):
        await canary.run(lambda: NOW + len(slept) * DAY, sleep)

    assert slept == [(300.0, 0), (600.0, 1), (600.0, 2), (600.0, 3)]


async def test_what_breaks_is_told_by_its_kind_and_not_by_its_text(
    crm: Looked, book: Book, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_: str) -> Mapping[str, datetime]:
        raise ValueError("dana@acme.test")

    watched = Watched([crm])
    monkeypatch.setattr(watched, "certificates", broken)
    canary = Canary(watched, book)

    await canary.look(NOW)

    assert book.well == {"crm": False}
    assert "ValueError" in caplog.text
    assert "dana" not in caplog.text


async def test_every_system_answers_the_look_and_nothing_is_changed_in_it() -> None:
    world = World(limits=False)
    await world.start()
    standing = {kind: simulator.standing() for kind, simulator in world.by_kind.items()}
    systems = ConnectedSystems(entries(world.settings()))
    try:
        says = {
            system.kind: await look_for_nobody(systems, system.name, datetime.now(UTC))
            for system in systems.connected()
        }
    finally:
        await systems.aclose()
        await world.stop()

    assert says.keys() == world.by_kind.keys()
    assert all("certificates good until" in text for text in says.values())
    assert {kind: simulator.standing() for kind, simulator in world.by_kind.items()} == standing
    assert [entry for simulator in world.by_kind.values() for entry in simulator.journal.entries if entry.effect] == []
