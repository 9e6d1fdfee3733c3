"""Leavers as short as a test wants to write them."""

from __future__ import annotations

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
