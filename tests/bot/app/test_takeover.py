"""What executors had begun that are no more is given back; what the living do is left alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from bot.app.lease import Sole
from bot.app.takeover import take_over
from bot.engine import UnderWay
from bot.store.slots import Place


@dataclass
class Rows:
    """What was begun, who is alive, and what was done, in its order."""

    begun: list[UnderWay]
    alive: list[Place] = field(default_factory=list)
    did: list[str] = field(default_factory=list)

    async def under_way(self) -> tuple[UnderWay, ...]:
        return tuple(self.begun)

    async def hand_back(self, work: UnderWay) -> None:
        self.did.append(f"hand back {work.id}")

    async def held(self, beginning: str) -> tuple[Place, ...]:
        return tuple(place for place in self.alive if place.name.startswith(beginning))

    async def quiesce(self, names: Sequence[str]) -> None:
        self.did.append(f"quiesce {' '.join(names)}")


@dataclass
class Leading:
    """Whether we lead: only for the first so many questions."""

    left: int

    @property
    def held(self) -> bool:
        self.left -= 1
        return self.left >= 0


def alive(name: str, fence: int) -> Place:
    return Place(name, "web.1:1:ab", fence, timedelta(seconds=3))


async def test_work_of_a_dead_executor_is_given_back_once_its_transactions_have_ended() -> None:
    rows = Rows([UnderWay("remove:1:1:crm", "executor-2.4"), UnderWay("look:2:0:crm", "executor-1.1")])
    rows.alive = [alive("executor-1", 1)]

    assert await take_over(rows, rows, Sole()) == 1

    assert rows.did == ["quiesce executor-2", "hand back remove:1:1:crm"]


async def test_a_slot_that_somebody_else_holds_by_now_says_nothing_for_the_one_before() -> None:
    rows = Rows([UnderWay("remove:1:1:crm", "executor-1.1")], [alive("executor-1", 2)])

    assert await take_over(rows, rows, Sole()) == 1


async def test_work_begun_where_one_process_served_alone_is_taken_up_too() -> None:
    rows = Rows([UnderWay("remove:1:1:crm", "process-1")], [alive("executor-1", 1)])

    assert await take_over(rows, rows, Sole()) == 1


async def test_where_everybody_lives_nothing_is_touched() -> None:
    rows = Rows([UnderWay("remove:1:1:crm", "executor-1.1")], [alive("executor-1", 1)])

    assert await take_over(rows, rows, Sole()) == 0
    assert rows.did == []


async def test_whoever_no_longer_leads_gives_nothing_more_back() -> None:
    rows = Rows([UnderWay(f"look:{number}:0:crm", "executor-1.1") for number in range(5)])

    assert await take_over(rows, rows, Leading(2)) == 2
