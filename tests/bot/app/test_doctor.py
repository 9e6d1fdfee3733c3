"""How a probe's answer becomes a line; the whole examination is played in `tests/whole`."""

from __future__ import annotations

from bot.app.canary import NotWell
from bot.app.doctor import Check, _ask, name_doubts
from tests.bot.fakes import BEN, CHLOE, person


async def test_what_is_well_is_told() -> None:
    async def probe() -> str:
        return "token accepted"

    assert await _ask("slack", probe) == Check("slack", ok=True, says="token accepted")


async def test_what_is_not_well_is_told_in_its_own_words() -> None:
    async def probe() -> str:
        raise NotWell("the token lacks scopes: commands")

    assert await _ask("slack", probe) == Check("slack", ok=False, says="the token lacks scopes: commands")


async def test_a_probe_that_breaks_tells_its_kind_and_nothing_of_its_text() -> None:
    async def probe() -> str:
        raise ValueError("token xoxb-hunter2")

    found = await _ask("slack", probe)

    assert not found.ok
    assert found.says == "could not be looked at (ValueError)"


def test_who_has_no_address_or_cannot_be_told_apart_is_named_by_id() -> None:
    second, other, nobody = person("U0BEN2", "ben+2@acme.test"), person("U0C2", "c@other.test"), person("U0NOBODY")

    says = name_doubts((BEN, second, CHLOE, other, nobody), (("U0CHLOE", "U0C2"),))

    assert "cannot decide: U0NOBODY" in says
    assert "one human: U0BEN and U0BEN2, U0CHLOE and U0C2" in says
    assert "@" not in says


def test_people_who_can_be_told_apart_are_not_named() -> None:
    assert name_doubts((BEN, CHLOE), ()) == ""
