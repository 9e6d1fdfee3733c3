from __future__ import annotations

import asyncio
from hashlib import sha256

from bot.ports.receipts import Receipt, note_receipt, receipts


def test_answers_are_collected_in_their_order_while_somebody_collects() -> None:
    note_receipt(200, b"before")
    with receipts() as received:
        note_receipt(202, b"one")
        note_receipt(404, b"")
    note_receipt(200, b"after")

    assert received == [Receipt(202, sha256(b"one").hexdigest()), Receipt(404, sha256(b"").hexdigest())]


async def test_two_who_collect_at_once_get_each_their_own() -> None:
    both = asyncio.Barrier(2)

    async def collect(status: int) -> list[Receipt]:
        with receipts() as received:
            await both.wait()
            note_receipt(status, b"")
            await both.wait()
        return received

    found = await asyncio.gather(*(asyncio.create_task(collect(status)) for status in (200, 404)))

    assert [[one.status for one in received] for received in found] == [[200], [404]]
