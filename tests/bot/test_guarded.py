"""An adapter's own mistakes are never knowledge."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from bot.errors import Forbidden, UnexpectedAnswer
from bot.guarded import Guarded
from bot.model import Account, Step
from tests.bot.fakes import DELETE, FakeSystem, account
from tests.bot.removing import LEAVER

Call = Callable[[Guarded], Awaitable[object]]
CALLS: dict[str, Call] = {
    "check": lambda guarded: guarded.check(),
    "find": lambda guarded: guarded.find(LEAVER),
    "read": lambda guarded: guarded.read(account()),
    "do": lambda guarded: guarded.do(account(), DELETE, "key"),
    "aclose": lambda guarded: guarded.aclose(),
}


class Broken(FakeSystem):
    """Every method raises this."""

    error: BaseException = KeyError("dana@acme.test")

    def __getattribute__(self, name: str) -> object:
        if name not in CALLS:
            return super().__getattribute__(name)
        error: BaseException = self.error

        async def fails(*_: object) -> object:
            raise error

        return fails

    def steps(self, account: Account) -> tuple[Step, ...]:
        raise self.error


@pytest.mark.parametrize("name", CALLS)
async def test_a_stray_exception_becomes_an_answer_that_says_nothing(name: str) -> None:
    with pytest.raises(UnexpectedAnswer) as caught:
        await CALLS[name](Guarded(Broken()))

    assert "dana" not in str(caught.value)


def test_a_stray_exception_of_the_steps_becomes_an_answer_that_says_nothing() -> None:
    with pytest.raises(UnexpectedAnswer):
        Guarded(Broken()).steps(account())


async def test_the_log_names_the_kind_of_mistake_and_no_person(caplog: pytest.LogCaptureFixture) -> None:
    with pytest.raises(UnexpectedAnswer):
        await CALLS["find"](Guarded(Broken()))

    assert "find: KeyError" in caplog.text
    assert "dana" not in caplog.text


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("error", [Forbidden("no rights"), asyncio.CancelledError()])
async def test_errors_of_the_port_and_cancellation_pass_as_they_are(name: str, error: BaseException) -> None:
    broken = Broken()
    broken.error = error

    with pytest.raises(type(error)) as caught:
        await CALLS[name](Guarded(broken))

    assert caught.value is error


async def test_what_the_provider_answers_is_passed_on() -> None:
    system = FakeSystem(accounts={"1": account()})
    guarded = Guarded(system)

    assert await guarded.read(account()) == account()
    assert (await guarded.find(LEAVER)).accounts == (account(),)
    assert guarded.steps(account()) == (DELETE,)
    assert (await guarded.check()).ok
    assert (await guarded.do(account(), DELETE, "key")).state == "accepted"
    await guarded.aclose()
    assert system.journal == ["read 1", "find", "delete 1", "close"]
