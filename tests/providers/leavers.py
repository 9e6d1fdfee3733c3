"""Leavers as short as a test wants to write them."""

from __future__ import annotations

from typing import Final

from bot.model import Key, KeyKind, KeySource, Leaver


def leaver(*values: str, source: KeySource = KeySource.TYPED) -> Leaver:
    """Return somebody with these mails (what holds an @ and no backslash) and log-ins."""
    return Leaver("Some Body", tuple(key(value, source) for value in values))


def key(value: str, source: KeySource = KeySource.TYPED) -> Key:
    """Return a mail or a log-in as a key."""
    is_mail = "@" in value and "\\" not in value
    return Key(KeyKind.MAIL if is_mail else KeyKind.LOGIN, value, source)


def login(value: str, source: KeySource = KeySource.OTHER) -> Leaver:
    """Return somebody of whom one log-in is known, whatever it looks like."""
    return Leaver("Some Body", (Key(KeyKind.LOGIN, value, source),))


ODD: Final = (
    ("mia.zero@acme.test", "mia\u200b.zero@acme.test"),
    ("kim.plus@acme.test", "kim.plus+veeam@acme.test"),
    ("jo@bücher.test", "jo@xn--bcher-kva.test"),
)
"""What is typed, and how the seeded systems store it: similar, never equal."""
