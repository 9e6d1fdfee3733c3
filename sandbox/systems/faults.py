"""Faults on request: which call goes wrong, and how."""

import asyncio
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, TypeAlias

What: TypeAlias = Literal[
    "delay",
    "refuse",
    "reset_before",
    "reset_after",
    "truncate",
    "malformed",
    "html",
    "wrong_type",
    "huge",
    "drip",
    "redirect",
    "status",
    "status_after",
    "ok_without_effect",
    "effect_without_answer",
    "act",
    "hold",
]


@dataclass(slots=True)
class Fault:
    """What befalls the next `times` calls with this `method` (any if empty) whose path and query match `path`.

    The call is carried out in full by: delay (after `seconds`), reset_after (then the connection breaks), truncate
    (half of the body arrives), drip (one byte each `seconds`), effect_without_answer (silence for `seconds`, then the
    connection breaks), status_after (then the answer is `status`, `body` and `headers`), act (nothing else happens),
    hold (as soon as `until` is set).
    It answers as if, and changes nothing: ok_without_effect.
    It is not carried out by: reset_before (the connection breaks), malformed (half a JSON document), html (a proxy's
    page), wrong_type (JSON of another shape), huge (`size` bytes of JSON), redirect (302 to `headers`' Location) and
    status (`status`, `body` and `headers` as given).
    Whatever befalls a call, `act()` is called first: somebody else changes something at that very moment.
    refuse breaks the next `times` connections before TLS, whatever would be asked, and those that are open at once.
    """

    what: What
    method: str = ""
    path: str = ""
    times: int = 1
    seconds: float = 0.05
    status: int = 200
    body: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    size: int = 64 * 2**20
    act: Callable[[], object] | None = None
    until: asyncio.Event | None = None

    def hits(self, method: str, path: str) -> bool:
        wanted = self.times > 0 and self.what != "refuse" and self.method in {"", method}
        return wanted and re.search(self.path, path) is not None


class Faults:
    """The faults of one simulator, first added first used. `used` are those that have befallen a call."""

    def __init__(self) -> None:
        self.waiting: list[Fault] = []
        self.used: list[Fault] = []
        self.on_refuse: Callable[[], None] | None = None

    def add(self, fault: Fault) -> None:
        """Let a copy of the fault wait for its calls."""
        re.compile(fault.path)
        self.waiting.append(replace(fault))
        if fault.what == "refuse" and self.on_refuse is not None:
            self.on_refuse()

    def clear(self) -> None:
        self.waiting.clear()

    def take(self, method: str, path: str) -> Fault | None:
        """The fault that befalls this call, counted as used."""
        return self._use(next((fault for fault in self.waiting if fault.hits(method, path)), None))

    def takes_connection(self) -> bool:
        """Whether a connection that has just come in is to be broken."""
        return self._use(next((fault for fault in self.waiting if fault.what == "refuse"), None)) is not None

    def _use(self, fault: Fault | None) -> Fault | None:
        if fault is not None:
            fault.times -= 1
            self.used.append(fault)
            self.waiting = [other for other in self.waiting if other.times > 0]
        return fault
