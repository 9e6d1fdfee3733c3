"""What the audit knows of each read and each answer during a removal."""

from __future__ import annotations

import json
from hashlib import sha256
from typing import Any

import pytest

from bot.audit import commitment
from bot.errors import AnswerLost, Refused, Unavailable
from bot.model import Account, Sent, Step
from bot.ports.receipts import note_receipt
from tests.bot.conftest import House
from tests.bot.fakes import FakeSystem, account


class AnsweringSystem(FakeSystem):
    """A fake system that answers with a status and a body, as a server behind the door does."""

    async def do(self, account: Account, step: Step, key: str) -> Sent:
        note_receipt(202, b"accepted")
        return await super().do(account, step, key)


async def logged(house: House, kind: str) -> list[dict[str, Any]]:
    """The facts of all events of that kind in the first case."""
    events = (await house.store.chain("case:1")).events
    return [json.loads(event.body)["facts"] for event in events if event.kind == kind]


async def test_every_read_of_a_removal_is_logged_with_its_answer(house: House) -> None:
    house.crm.accounts["1"] = account()
    await house.ran()

    assert await logged(house, "read") == [
        {"answer": "there", "by": "id", "system": "crm"},
        {"answer": "not there", "by": "id", "system": "crm"},
        {"answer": "not listed", "by": "search", "sight": "read", "system": "crm"},
    ]


async def test_a_read_that_failed_is_logged_as_one_that_said_nothing(house: House) -> None:
    house.crm.accounts["1"] = account()
    view = await house.planned()
    house.crm.read_errors.append(Unavailable("away"))
    await house.run(view)

    assert [one["answer"] for one in await logged(house, "read")][:2] == ["not read: Unavailable", "there"]


@pytest.mark.parametrize("error", [None, AnswerLost("cut"), Refused("no")], ids=["taken", "lost", "refused"])
async def test_status_and_keyed_digest_of_each_answer_are_logged_whatever_the_adapter_makes_of_it(
    house: House, error: AnswerLost | Refused | None
) -> None:
    answering = AnsweringSystem("crm", {"1": account()}, do_errors=[error] if error else [])
    house.systems.systems[0] = house.crm = answering
    await house.ran()
    chain = await house.store.chain("case:1")
    event = next(event for event in chain.events if event.kind == "response")
    body = json.loads(event.body)

    assert body["facts"]["status"] == [202]
    assert body["facts"]["key"] == (await logged(house, "intent"))[0]["key"]
    (kept,) = [value for value in chain.values if value.seq == event.seq]
    assert kept.value == sha256(b"accepted").hexdigest()
    assert body["personal"]["body:0"] == commitment(kept.salt, kept.value)
