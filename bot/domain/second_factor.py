"""When a code from an authenticator app counts: once, within its time, and not after too many wrong ones."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

STEP_SECONDS: Final = 30
"""How long a code lasts ("RFC 6238", section 5.2; what authenticator apps take for granted)."""
WINDOW_STEPS: Final = 1
"""Codes of so many steps before and after the present one are accepted, for a phone whose clock is off."""
MOST_WRONG_CODES: Final = 5
PAUSE: Final = timedelta(hours=1)
WITH_CODE: Final = "; with a code from an authenticator app"
"""How the ground of an approval ends that was given with a code."""

_CODE: Final = re.compile(r"[0-9]{6,8}")
_BLANKS: Final = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class SecondFactor:
    """A person's authenticator app, as it is kept.

    `secret` is the encrypted key. `last_step` is the time step of the newest code that was used. `failures` counts the
    wrong codes since the last right one or the last pause.
    """

    user_id: str
    secret: str
    enrolled_at: datetime
    last_step: int | None = None
    failures: int = 0
    paused_until: datetime | None = None

    def is_paused(self, now: datetime) -> bool:
        """Whether no code of this person counts at that time."""
        return self.paused_until is not None and now < self.paused_until


class CodeFault(StrEnum):
    """Why a code does not count."""

    WRONG = "wrong"
    USED = "used already"


def read_code(text: str) -> str | None:
    """Return the 6 to 8 digits that were typed, without blanks, or None where this is no code."""
    code = _BLANKS.sub("", text)
    return code if _CODE.fullmatch(code) else None


def steps_around(now: datetime) -> tuple[int, ...]:
    """Return the numbers of the time steps whose codes may count at that time, the oldest first."""
    step = int(now.timestamp()) // STEP_SECONDS
    return tuple(range(step - WINDOW_STEPS, step + WINDOW_STEPS + 1))


def find_unused_step(factor: SecondFactor, matching: Collection[int]) -> int | CodeFault:
    """Return the step that a code uses up. `matching` are the steps of `steps_around` that have this very code."""
    if not matching:
        return CodeFault.WRONG
    unused = [step for step in matching if factor.last_step is None or step > factor.last_step]
    return min(unused) if unused else CodeFault.USED


def count_wrong_code(factor: SecondFactor, now: datetime) -> SecondFactor:
    """Return the authenticator after one more wrong code; the last of `MOST_WRONG_CODES` begins a pause."""
    failures = factor.failures + 1
    if failures < MOST_WRONG_CODES:
        return replace(factor, failures=failures)
    return replace(factor, failures=0, paused_until=now + PAUSE)


def is_with_code(why: str) -> bool:
    """Whether the ground of an approval says that a code was given with it."""
    return why.endswith(WITH_CODE)
