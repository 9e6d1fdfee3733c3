"""Which accounts are the leaver's, and which are merely near: equality of whole keys, never of a part."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from bot.domain.identifiers import local_part, loosen, nearest
from bot.model import Key, KeyKind, KeySource, Leaver, Match

MOST_SIMILAR = 10
_WORDS = re.compile(r"[^\W_]+")


def matched_by(leaver: Leaver, *, mails: Iterable[str | None], logins: Iterable[str | None]) -> tuple[Key, ...]:
    """Return the leaver's keys that equal a value of their own kind.

    A value that a vendor uses both as address and as log-in name belongs into both: an account that is compared as one
    of the two only is neither matched nor similar, and so not shown at all.
    """
    values = {KeyKind.MAIL: tuple(mails), KeyKind.LOGIN: tuple(logins)}
    return tuple(key for key in leaver.keys if any(key.equals(value) for value in values[key.kind]))


def match_of(keys: Iterable[Key]) -> Match:
    """Return how an account that was found under these keys is told: weakest where only *Other logins* found it."""
    return Match.OTHER if all(key.source is KeySource.OTHER for key in keys) else Match.EXACT


def similar(leaver: Leaver, handles: Iterable[str]) -> tuple[str, ...]:
    """Return at most ten handles that are near a key of the leaver and equal to none, the nearest first.

    They are shown and never chosen, and may hold characters that nobody sees: show them with `reveal`.
    """
    return nearest(handles, (key.value for key in leaver.keys), MOST_SIMILAR)


def search_word(identifier: str) -> str:
    """Return a part of an identifier that its near spellings contain: the longest word of the log-in, else all of it.

    For a vendor's own search for a text in a field. Invisible characters, quotes and sub-addresses stand beside words.
    """
    local = local_part(identifier)
    bare = local.partition("+")[0] or local
    return max(_WORDS.findall(bare), key=len, default=bare)


def glance(leaver: Leaver) -> Callable[[str], bool]:
    """Return a quick test of a text that holds handles: False only where none equals or is similar to a key.

    It may say True of a stranger, so whoever gets a True compares in full; long lists are mostly strangers.
    """
    # What is near a key holds the log-in of that key once both are loosened. Loosening an ASCII text does no more than
    # change case and quotes, leave characters out and decode `xn--` labels; every other text is compared in full.
    parts = tuple({part for key in leaver.keys if (part := local_part(loosen(key.value))).isascii()})
    may_be_quoted = any("'" in part for part in parts)

    def may_concern(text: str) -> bool:
        lowered = text.lower().replace("\n", "")
        for part in parts:  # a generator takes twice as long, and most of the time goes here
            if part in lowered:
                return True
        if may_be_quoted and ('"' in lowered or "`" in lowered):
            return True
        return "xn--" in lowered or not text.isascii() or not lowered.isprintable()

    return may_concern
