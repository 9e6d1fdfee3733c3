"""Authenticators in the database: a code is used up once, whoever asks at the same time."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.domain.second_factor import PAUSE, SecondFactor
from bot.store import SqlStore, open_store, second_factors


@pytest.fixture
async def ben(store: SqlStore) -> SecondFactor:
    return await enrolled(store, "U0BEN")


async def enrolled(store: SqlStore, user_id: str) -> SecondFactor:
    """Somebody whose authenticator has just been enrolled."""
    async with store.begin() as tx:
        assert await second_factors.enrol(tx.connection, user_id, f"sealed for {user_id}", await tx.now())
    return await held(store, user_id)


async def held(store: SqlStore, user_id: str) -> SecondFactor:
    async with store.begin() as tx:
        found = await tx.second_factor(user_id)
    assert found is not None
    return found


async def test_who_is_enrolled_is_listed_by_their_slack_id(store: SqlStore, ben: SecondFactor) -> None:
    amy = await enrolled(store, "U0AMY")

    assert await store.second_factors() == (amy, ben)
    assert (ben.secret, ben.last_step, ben.failures, ben.paused_until) == ("sealed for U0BEN", None, 0, None)


async def test_a_second_key_does_not_take_the_place_of_the_first(store: SqlStore, ben: SecondFactor) -> None:
    async with store.begin() as tx:
        assert not await second_factors.enrol(tx.connection, "U0BEN", "another", await tx.now())

    assert await held(store, "U0BEN") == ben


async def test_after_a_revocation_nobody_is_there_and_may_be_enrolled_again(store: SqlStore, ben: SecondFactor) -> None:
    async with store.begin() as tx:
        assert await second_factors.revoke(tx.connection, ben.user_id)
        assert not await second_factors.revoke(tx.connection, ben.user_id)
        assert await tx.second_factor(ben.user_id) is None

    assert (await enrolled(store, "U0BEN")).last_step is None


async def test_a_step_is_used_once_and_none_before_it_afterwards(store: SqlStore, ben: SecondFactor) -> None:
    async with store.begin() as tx:
        answers = [await tx.use_code(ben, step) for step in (7, 7, 6, 8)]

    assert answers == [True, False, False, True]
    assert (await held(store, "U0BEN")).last_step == 8


async def test_a_code_of_a_key_that_was_replaced_meanwhile_uses_nothing(store: SqlStore, ben: SecondFactor) -> None:
    async with store.begin() as tx:
        await second_factors.revoke(tx.connection, ben.user_id)
    await enrolled(store, "U0BEN")
    async with store.begin() as tx:
        assert not await tx.use_code(SecondFactor("U0BEN", "of before", ben.enrolled_at), 7)


async def test_wrong_codes_are_counted_and_forgotten_after_a_right_one(store: SqlStore, ben: SecondFactor) -> None:
    until = ben.enrolled_at + PAUSE
    async with store.begin() as tx:
        await tx.keep_failures(SecondFactor("U0BEN", ben.secret, ben.enrolled_at, failures=3, paused_until=until))
    assert ((await held(store, "U0BEN")).failures, (await held(store, "U0BEN")).paused_until) == (3, until)

    async with store.begin() as tx:
        assert await tx.use_code(ben, 7)

    assert ((await held(store, "U0BEN")).failures, (await held(store, "U0BEN")).paused_until) == (0, None)


async def test_what_does_not_commit_uses_no_code_up(store: SqlStore, ben: SecondFactor) -> None:
    with pytest.raises(ValueError, match="the approval failed"):
        await use_and_fail(store, ben)

    assert (await held(store, "U0BEN")).last_step is None


async def use_and_fail(store: SqlStore, factor: SecondFactor) -> None:
    async with store.begin() as tx:
        assert await tx.use_code(factor, 7)
        raise ValueError("the approval failed")


async def test_of_two_processes_with_one_code_at_once_one_uses_it(migrated_url: str) -> None:
    one, other = await open_store(migrated_url), await open_store(migrated_url)
    try:
        await enrolled(one, "U0BEN")

        answers = await asyncio.gather(*(_use(store) for store in (one, other) * 5))

        assert sorted(answers) == [False] * 9 + [True]
    finally:
        await one.aclose()
        await other.aclose()


async def _use(store: SqlStore) -> bool:
    """Read the authenticator and use the code of step 7 where it is not used yet, as an approval does."""
    async with store.begin() as tx:
        factor = await tx.second_factor("U0BEN")
        assert factor is not None
        fresh = factor.last_step is None or factor.last_step < 7
        return fresh and await tx.use_code(factor, 7)


async def test_two_processes_that_count_wrong_codes_at_once_lose_none(migrated_url: str) -> None:
    one, other = await open_store(migrated_url), await open_store(migrated_url)
    try:
        await enrolled(one, "U0BEN")

        await asyncio.gather(*(_fail(store) for store in (one, other) * 5))

        assert (await held(one, "U0BEN")).failures == 10
    finally:
        await one.aclose()
        await other.aclose()


async def _fail(store: SqlStore) -> None:
    async with store.begin() as tx:
        factor = await tx.second_factor("U0BEN")
        assert factor is not None
        until = factor.enrolled_at + timedelta(hours=1)
        more = SecondFactor(
            "U0BEN", factor.secret, factor.enrolled_at, failures=factor.failures + 1, paused_until=until
        )
        await tx.keep_failures(more)
