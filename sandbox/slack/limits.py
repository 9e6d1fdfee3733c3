"""Slack's rate tiers as token buckets, and the faults that a test has asked for."""

import math
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from typing import Literal, TypeAlias


class Tier(Enum):
    """How often a method may be called: (burst, calls in a minute) ("Rate limits", tiers).

    The special tiers have no published figure for a burst; POST is one a second and channel.
    """

    T1 = (1, 1)
    T2 = (20, 20)
    T3 = (50, 50)
    T4 = (100, 100)
    SPECIAL = (300, 300)
    POST = (5, 60)


@dataclass(slots=True)
class _Bucket:
    tokens: float
    at: float


class Limits:
    """`wait` returns 0 and takes a call, or returns the whole seconds of a Retry-After and takes nothing."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._buckets: dict[str, _Bucket] = {}

    def wait(self, key: str, tier: Tier) -> int:
        burst, per_minute = tier.value
        now = self._clock()
        bucket = self._buckets.setdefault(key, _Bucket(burst, now))
        bucket.tokens = min(burst, bucket.tokens + (now - bucket.at) * per_minute / 60)
        bucket.at = now
        if bucket.tokens < 1:
            return max(1, math.ceil((1 - bucket.tokens) * 60 / per_minute))
        bucket.tokens -= 1
        return 0


FaultStatus: TypeAlias = Literal[200, 429, 500, "drop", "lost"]


@dataclass(frozen=True, slots=True)
class Fault:
    """One call that goes wrong. "drop": the connection breaks before the act; "lost": after it, unanswered."""

    error: str
    status: FaultStatus


class Faults:
    def __init__(self) -> None:
        self._due: dict[str, deque[Fault]] = defaultdict(deque)

    def add(self, method: str, fault: Fault, times: int) -> None:
        self._due[method].extend([fault] * times)

    def take(self, method: str) -> Fault | None:
        due = self._due[method]
        return due.popleft() if due else None
