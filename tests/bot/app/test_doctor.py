"""How a probe's answer becomes a line; the whole examination is played in `tests/whole`."""

from __future__ import annotations

from bot.app.canary import NotWell
from bot.app.doctor import Check, _ask


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
