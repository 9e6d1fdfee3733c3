"""What RSA is asked so that no user is missed whom our own comparison would find (*User Details*, *User Search API*).

Whether RSA's lookup and search fold case or letters outside ASCII as we do is not documented, so nothing rests on it:
keys outside ASCII are asked for in more than one spelling, and by parts that are spelled alike in all of them.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from bot.domain.identifiers import encode_domain
from providers.matching import search_word

_ASCII: Final = re.compile(r"[\x21-\x7e]+")
_SHORTEST_WORD: Final = 3


def spellings(key: str) -> Iterator[str]:
    """Yield a key as it was typed and, outside ASCII, its other cases and its decomposed form."""
    yield key
    if not key.isascii():
        yield from (key.lower(), key.upper(), unicodedata.normalize("NFD", key))


def whole_parts(mail: str) -> Iterator[str]:
    """Yield texts of which every address that we hold equal to this one contains at least one."""
    if mail.isascii():
        yield mail
        return
    local = mail.rpartition("@")[0]
    parts = sorted(_ASCII.findall(local), key=len, reverse=True)
    if parts and len(parts[0]) >= _SHORTEST_WORD:
        yield from dict.fromkeys((parts[0], parts[0].lower(), parts[0].upper()))
    else:
        yield from spellings(mail)


def near_parts(mail: str) -> tuple[str, ...]:
    """Return texts of which every address near this one contains at least one: the longest word of the log-in.

    The word finds what an invisible character or another quote has torn apart. Where it is too short to tell people
    apart, the texts are the domain as it may be spelled.
    """
    word = search_word(mail)
    if word.isascii() and len(word) >= _SHORTEST_WORD:
        return tuple(dict.fromkeys((word, word.lower(), word.upper())))
    return domain_parts(mail)


def domain_parts(mail: str) -> tuple[str, ...]:
    """Return texts of which every address in this one's domain contains at least one: the domain as it may be spelled.

    They find who has a character that nobody sees inside each word of the log-in.
    """
    _, at, domain = mail.rpartition("@")
    if not at or not domain:
        return ()
    return tuple(dict.fromkeys(f"@{one}" for one in (*spellings(domain), encode_domain(domain))))
