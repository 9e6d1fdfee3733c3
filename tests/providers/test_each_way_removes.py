"""A whole removal in each way of logging on, by the domain's own hand, against the simulator of the system."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.errors import CredentialsRejected
from bot.model import Account, Outcome, Step, Word
from bot.ports import Intent, Provider
from bot.removal import Removal
from providers import huawei_hss, liveperson, vspc
from providers.http import Door
from providers.kind import Kind
from sandbox.systems.frame import Simulator
from sandbox.systems.huawei_hss import HuaweiHss
from sandbox.systems.huawei_hss import seed as huawei_seed
from sandbox.systems.huawei_hss.state import Key
from sandbox.systems.liveperson import LivePerson
from sandbox.systems.tls import Tls
from sandbox.systems.vspc import Vspc
from sandbox.systems.vspc import seed as vspc_seed
from tests.providers.leavers import leaver
from tests.providers.raised import raised

DANA = leaver("dana@acme.test")
TEMPORARY = {"access_key": "AKTEMP1", "secret_key": "temporary-secret", "security_token": "temporary/token=="}
IAM_USER = {
    "access_key": None,
    "secret_key": None,
    "iam_user": huawei_seed.SERVICE,
    "iam_password": huawei_seed.PASSWORD,
    "iam_domain": huawei_seed.DOMAIN_NAME,
}
CONSOLE_USER = {"api_key": None, "username": vspc_seed.SERVICE, "password": vspc_seed.PASSWORD}


@dataclass(frozen=True)
class Way:
    """A kind, its simulator, and how an entry logs on. `ended` makes what the bot holds worthless there."""

    name: str
    kind: Kind
    simulator: type[Simulator]
    secrets: tuple[str, ...]
    fields: dict[str, Any] = field(default_factory=dict)
    prepare: Callable[[Any], object] = lambda _: None
    ended: Callable[[Any], object] | None = None


def _as(way: Any) -> Callable[[LivePerson], None]:  # noqa: ANN401  # one of the simulator's names
    return lambda system: setattr(system, "way", way)


WAYS = (
    Way("vspc by api key", vspc.KIND, Vspc, ("api_key",)),
    Way("vspc by password", vspc.KIND, Vspc, ("password",), CONSOLE_USER, ended=lambda s: s.state.tokens.clear()),
    Way(
        "liveperson by oauth 2",
        liveperson.KIND,
        LivePerson,
        ("client_secret",),
        ended=lambda s: s.state.sentinel.revoke_all(),
    ),
    Way(
        "liveperson by oauth 1",
        liveperson.KIND,
        LivePerson,
        ("consumer_secret", "access_token", "access_token_secret"),
        prepare=_as("oauth1"),
    ),
    Way(
        "liveperson by password",
        liveperson.KIND,
        LivePerson,
        ("password",),
        prepare=_as("login"),
        ended=lambda s: s.state.login.sessions.clear(),
    ),
    Way("huawei by keys", huawei_hss.KIND, HuaweiHss, ("secret_key",)),
    Way(
        "huawei by temporary keys",
        huawei_hss.KIND,
        HuaweiHss,
        ("secret_key", "security_token"),
        TEMPORARY,
        prepare=lambda s: s.state.keys.update(AKTEMP1=Key("temporary-secret", "svc-user", "temporary/token==")),
    ),
    Way(
        "huawei by password",
        huawei_hss.KIND,
        HuaweiHss,
        ("iam_password",),
        IAM_USER,
        ended=lambda s: s.state.tokens.clear(),
    ),
)
each_way = pytest.mark.parametrize("way", WAYS, ids=lambda way: way.name)
each_that_ends = pytest.mark.parametrize("way", [way for way in WAYS if way.ended], ids=lambda way: way.name)


@pytest.fixture
async def system(way: Way, tls: Tls) -> AsyncIterator[Simulator]:
    simulator = way.simulator(limits=False)
    simulator.seed()
    way.prepare(simulator)
    await simulator.start(tls)
    yield simulator
    await simulator.stop()


def settings_of(way: Way, system: Simulator, **more: object) -> Any:  # noqa: ANN401  # each kind has a model of its own
    return way.kind.settings.model_validate(system.settings() | way.fields | more)


@pytest.fixture
async def door(way: Way, system: Simulator) -> AsyncIterator[Door]:
    opened: Door = way.kind.door(settings_of(way, system))
    yield opened
    await opened.aclose()


@pytest.fixture
async def hand(way: Way, system: Simulator, door: Door) -> AsyncIterator[Provider]:
    provider = way.kind.build("one", settings_of(way, system), door)
    yield provider
    await provider.aclose()


@dataclass
class Book:
    """A ledger kept in memory; `before` is done when the first step is about to be sent."""

    before: Callable[[], object] = lambda: None
    intents: list[Intent] = field(default_factory=list)

    async def past(self) -> tuple[Intent, ...]:
        return tuple(self.intents)

    async def intend(self, account: Account, step: Step) -> str | None:
        if not self.intents:
            self.before()
        key = f"key {len(self.intents)}"
        self.intents.append(Intent(key, account.id, step.name, 1, datetime.now(UTC)))
        return key

    async def answered(self, key: str, answer: str, request_id: str) -> None:
        self.intents = [replace(one, answer=str(answer)) if one.key == key else one for one in self.intents]

    async def waits(self, text: str) -> None:
        """Nobody is told."""


async def removed(hand: Provider, system: Simulator, book: Book) -> Outcome:
    """Look Dana up and carry the removal out; waiting moves the simulator's clock."""

    async def sleep(seconds: float) -> None:
        system.clock.forward(seconds)

    (account,) = (await hand.find(DANA)).accounts
    outcome = await Removal(hand, DANA, account, book, sleep=sleep).carry_out()
    assert isinstance(outcome, Outcome)
    return outcome


@each_way
async def test_dana_goes_and_nobody_else(hand: Provider, system: Simulator) -> None:
    others = system.standing() - system.of("dana@acme.test")
    assert (await hand.check()).ok
    outcome = await removed(hand, system, Book())
    assert (outcome.word, outcome.proof is not None) == (Word.REMOVED, True)
    assert system.standing() == others
    assert system.journal.unread_writes() == []


@each_that_ends
async def test_what_ends_between_the_look_and_the_deletion_is_renewed(
    way: Way, hand: Provider, system: Simulator
) -> None:
    others = system.standing() - system.of("dana@acme.test")
    ended = way.ended or (lambda _: None)
    outcome = await removed(hand, system, Book(before=lambda: ended(system)))
    assert outcome.word is Word.REMOVED
    assert system.standing() == others
    assert any(entry.status == 401 for entry in system.journal.entries)


@asynccontextmanager
async def with_wrong(way: Way, system: Simulator, name: str) -> AsyncIterator[Provider]:
    """Open the system as another process would whose one secret is wrong."""
    settings = settings_of(way, system, **{name: "wr0ng-secret"})
    door = way.kind.door(settings)
    provider = way.kind.build("two", settings, door)
    try:
        yield provider
    finally:
        await provider.aclose()
        await door.aclose()


@each_way
async def test_no_secret_stands_in_an_outcome_an_error_or_the_log(
    way: Way, hand: Provider, system: Simulator, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    settings = settings_of(way, system)
    secrets = [getattr(settings, name).get_secret_value() for name in way.secrets]
    said = [repr(settings), way.kind.identity(settings)]
    for name in way.secrets:
        async with with_wrong(way, system, name) as wrong:
            error = await raised(wrong.find(DANA))
        assert isinstance(error, CredentialsRejected)
        said += [str(error), repr(error)]
    said += [str(await removed(hand, system, Book())), caplog.text]
    assert not any(secret in text for secret in [*secrets, "wr0ng-secret"] for text in said)


@each_way
async def test_a_wrong_secret_at_the_start_of_a_removal_sends_nothing(
    way: Way, hand: Provider, system: Simulator
) -> None:
    (account,) = (await hand.find(DANA)).accounts
    before = system.standing()
    async with with_wrong(way, system, way.secrets[-1]) as wrong:
        outcome = await Removal(wrong, DANA, account, Book()).carry_out()
    assert isinstance(outcome, Outcome)
    assert outcome.word is Word.FAILED
    assert "accept" in outcome.sentence
    assert system.standing() == before
