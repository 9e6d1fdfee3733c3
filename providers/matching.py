"""Which accounts are the leaver's, and which are merely near: equality of whole keys, never of a part."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.model import Key, KeyKind, KeySource, Leaver, Match, fold

MOST_SIMILAR = 10


def matched_by(leaver: Leaver, *, mails: Iterable[str | None], logins: Iterable[str | None]) -> tuple[Key, ...]:
    """Return the leaver's keys that equal a value of their own kind.

    A value that a vendor uses both as address and as log-in name belongs into both.
    """
    values = {KeyKind.MAIL: tuple(mails), KeyKind.LOGIN: tuple(logins)}
    return tuple(key for key in leaver.keys if any(key.equals(value) for value in values[key.kind]))


def match_of(keys: Iterable[Key]) -> Match:
    """Return how an account that was found under these keys is told: weakest where only *Other logins* found it."""
    return Match.OTHER if all(key.source is KeySource.OTHER for key in keys) else Match.EXACT


def similar(leaver: Leaver, handles: Iterable[str]) -> tuple[str, ...]:
    """Return at most ten handles with the same local part as a key of the leaver, or with a key as a part of them.

    Handles that equal a key are not near but exact, and left out.
    """
    keys = {fold(key.value) for key in leaver.keys}
    own = {_local(fold(key.value)) for key in leaver.keys}
    near = (handle for handle in handles if fold(handle) not in keys and _is_near(fold(handle), keys, own))
    return tuple(dict.fromkeys(near))[:MOST_SIMILAR]


def glance(leaver: Leaver) -> Callable[[str], bool]:
    """Return a quick look at a text that holds handles: False only where none equals or is near a key of the leaver.

    It may say True of a stranger, so whoever gets a True compares in full; long lists are mostly strangers. What
    equals or is near a key holds that key's local part, and both sides are folded the same while they are ASCII.
    """
    parts = tuple({_local(fold(key.value)) for key in leaver.keys})
    if not all(part.isascii() for part in parts):
        return _always

    def may_concern(text: str) -> bool:
        lowered = text.lower()
        for part in parts:  # a generator takes twice as long, and most of the time goes here
            if part in lowered:
                return True
        return not text.isascii()

    return may_concern


def _always(_: str) -> bool:
    return True


def _is_near(handle: str, keys: set[str], own: set[str]) -> bool:
    return _local(handle) in own or any(key in handle for key in keys)


def _local(handle: str) -> str:
    r"""Return the log-in alone, of `login@domain` and of `DOMAIN\login`."""
    return handle.rpartition("\\")[2].partition("@")[0]
