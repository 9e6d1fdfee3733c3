"""Answers to a change that leave open, in every system, whether it was made."""

from __future__ import annotations

from typing import Final

from bot.errors import AnswerLost, Misconfigured, ProviderError

Row = tuple[int, str, type[ProviderError]]

UNDECIDED: Final[tuple[Row, ...]] = (
    (500, "{}", AnswerLost),
    (502, "<html>", AnswerLost),
    (503, "{}", AnswerLost),
    (504, "{}", AnswerLost),
    (302, "", Misconfigured),
)
"""Status, body and what it means; another server's 302 is followed by nobody."""
