"""Rows of the vendors' status tables: what a system answers, or what somebody does, and the word that it comes to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.model import Word
from sandbox.systems.faults import Fault, What
from sandbox.systems.frame import Simulator
from tests.faults.befalling import FOR_GOOD, PATIENCE
from tests.faults.calls import CALLS, Stage
from tests.faults.life import DANA, Ending, Trouble, live
from tests.providers.leavers import leaver
from tests.providers.subjects import BY_KIND

Act = Callable[[Any], object]
Made = Callable[[str], Trouble]
"""A trouble, made for a kind."""

JSON = {"Content-Type": "application/json; charset=utf-8"}


def answers(call: str, status: int, body: str = "", *, for_good: bool = False, **more: Any) -> Made:  # noqa: ANN401  # fields of a trouble
    """That call is answered with this status and this body, once or for good."""
    return _fault(call, "status", for_good=for_good, status=status, body=body, more=more)


def befalls(call: str, what: What, *, for_good: bool = False, status: int = 200, **more: Any) -> Made:  # noqa: ANN401  # fields of a trouble
    """That call meets this fault."""
    return _fault(call, what, for_good=for_good, status=status, body="", more=more)


def meets(stage: Stage, step: int, fault: Fault, **more: Any) -> Made:  # noqa: ANN401  # fields of a trouble
    """From that moment on the calls that this fault is for meet it."""
    return lambda _: Trouble((stage, step), fault, **more)


def refuses(method: str, path: str, status: int, body: str = "", **headers: str) -> Fault:
    """Return the fault that such calls are answered so from then on; header names are written with underscores."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Fault(
        "status", method, path, FOR_GOOD, status=status, body=body, headers={**(JSON if body else {}), **named}
    )


def once(fault: Fault) -> Fault:
    """Return the same fault for one call alone."""
    return replace(fault, times=1)


def _fault(call: str, what: What, *, for_good: bool, status: int, body: str, more: dict[str, Any]) -> Made:
    def made(kind: str) -> Trouble:
        found = next(one for one in CALLS[kind] if one.name == call)
        is_slow = what in {"delay", "effect_without_answer"}
        times = FOR_GOOD if for_good else 1
        fault = Fault(what, found.method, found.path, times, PATIENCE * 1.5, status, body, JSON if body else {})
        return Trouble((found.stage, found.step), fault, is_slow=is_slow, **more)

    return made


def happens(stage: Stage, act: Act, step: int = 0, **more: Any) -> Made:  # noqa: ANN401  # fields of a trouble
    """Somebody does this to the system at that moment."""
    return lambda _: Trouble((stage, step), act=act, **more)


def given(prepare: Act = lambda _: None, who: str = "dana@acme.test", more: Mapping[str, object] | None = None) -> Made:
    """This is so from the beginning, with these settings, when this person leaves; nothing goes wrong."""
    leaving = DANA if who == DANA.address else leaver(who)
    return lambda _: Trouble(prepare=prepare, who=leaving, more=more or {})


def table(*rows: tuple[str, Made, str]) -> pytest.MarkDecorator:
    """Return the parameters `made` and `word`, each row under its name."""
    return pytest.mark.parametrize(("made", "word"), [pytest.param(made, word, id=name) for name, made, word in rows])


async def ends(system: Simulator, made: Made, word: str) -> Ending:
    """Live a life with this trouble, and return how it ended: with that word, truly, and at nobody else's cost."""
    trouble = made(system.kind)
    ending = await live(BY_KIND[system.kind], system, trouble)
    assert ending.word == word, ending
    assert ending.befell or (trouble.fault is None and trouble.act is None)
    assert (ending.harmed, ending.blind) == ((), 0)
    assert not (ending.stands and trouble.who == DANA and word in {Word.REMOVED, Word.ABSENT})
    return ending
