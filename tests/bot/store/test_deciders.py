"""With which address somebody decided last."""

from __future__ import annotations

import pytest

from bot.store import SqlStore


async def changed(store: SqlStore, mail: str, user_id: str = "U0BEN") -> bool:
    async with store.begin() as tx:
        return await tx.note_decider(user_id, mail)


async def test_the_first_address_of_a_person_is_no_change(store: SqlStore) -> None:
    assert not await changed(store, "ben@acme.test")
    assert not await changed(store, "chloe@acme.test", "U0CHLOE")


@pytest.mark.parametrize("again", ["ben@acme.test", "BEN@Acme.Test", " ben@acme.test "])
async def test_the_same_address_in_other_letters_is_no_change(store: SqlStore, again: str) -> None:
    await changed(store, "ben@acme.test")

    assert not await changed(store, again)


async def test_another_address_is_a_change_once_and_from_then_on_the_known_one(store: SqlStore) -> None:
    await changed(store, "ben@acme.test")

    assert await changed(store, "b.sato@acme.test")
    assert not await changed(store, "b.sato@acme.test")
    assert await changed(store, "ben@acme.test")
