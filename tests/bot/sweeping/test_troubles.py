"""A case at which the bot fails in every pass is told to the admins, once, and stops nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from bot.store.tables import cases
from bot.sweeping.troubles import TRIES
from tests.bot.conftest import House
from tests.bot.fakes import account
from tests.bot.sweeping.conftest import Time

LATE = datetime.now(UTC) + timedelta(days=30)


async def breaks() -> None:
    raise KeyError("dana@acme.test")


async def works() -> None:
    return


async def told(time: Time) -> list[str]:
    return [key for key in await time.wanted() if key.startswith("dm:trouble")]


async def test_a_failure_now_and_then_is_logged_and_told_to_nobody(
    house: House, time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    await house.opened()

    for _ in range(3):
        for _ in range(TRIES - 1):
            await time.troubles.attempt("the sweeper", 1, breaks())
        await time.troubles.attempt("the sweeper", 1, works())

    assert await told(time) == []
    assert "case 1: KeyError" in caplog.text
    assert "dana" not in caplog.text


async def test_a_case_that_fails_every_time_is_told_to_the_admins_once(house: House, time: Time) -> None:
    await house.opened()

    for _ in range(5 * TRIES):
        await time.troubles.attempt("the sweeper", 1, breaks())

    assert await told(time) == ["dm:trouble:U0ROOT"]
    assert (await time.kinds()).count("the bot fails at this case") == 1


async def test_where_slack_is_silent_the_admins_are_told_later(house: House, time: Time) -> None:
    await house.opened()
    house.people.silent = True
    for _ in range(TRIES):
        await time.troubles.attempt("the sweeper", 1, breaks())
    assert await told(time) == []

    house.people.silent = False
    for _ in range(TRIES):
        await time.troubles.attempt("the sweeper", 1, breaks())

    assert await told(time) == ["dm:trouble:U0ROOT"]


async def test_a_row_that_cannot_be_read_keeps_no_other_case_from_its_time(house: House, time: Time) -> None:
    await house.planned_in_crm()
    house.crm.accounts["2"] = account(id="2", mail="finn@acme.test")
    await house.planned(email="finn@acme.test")
    async with house.store.begin() as tx:
        await tx.connection.execute(update(cases).where(cases.c.id == 1).values(leaver="{"))

    for _ in range(TRIES):
        await house.sweeper.sweep(LATE)

    assert (await house.view(2)).case.state == "expired"
    assert await told(time) == ["dm:trouble:U0ROOT"]
