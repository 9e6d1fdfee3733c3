"""How the engine of a process begins."""

from __future__ import annotations

from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import cast

from bot.app.crew import Crew
from bot.app.sharing import ALONE, Sharing
from bot.engine import Executor, WorkQueue


@dataclass
class Engine:
    """Stands for the executor and the queue; what was asked of them, in its order."""

    did: list[str] = field(default_factory=list)

    async def open(self) -> None:
        self.did.append("open")

    async def take_up(self, executor: str) -> int:
        self.did.append(f"take up {executor}")
        return 1

    async def start(self, name: str) -> None:
        self.did.append(f"start {name}")


def crew_of(engine: Engine, *, many: bool) -> Crew:
    sharing = cast("Sharing", SimpleNamespace(many=many))
    return Crew(sharing, cast("Executor", engine), cast("WorkQueue", engine))


async def test_what_a_predecessor_had_begun_stands_in_the_queue_before_the_engine_takes_anything_out_of_it() -> None:
    engine = Engine()
    await crew_of(engine, many=False).begin()

    assert engine.did == ["open", f"take up {ALONE}", f"start {ALONE}"]


async def test_where_others_may_work_too_nothing_is_taken_up_without_a_slot() -> None:
    engine = Engine()
    await crew_of(engine, many=True).begin()

    assert engine.did == ["open"]
