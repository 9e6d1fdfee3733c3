"""A vendor's own words about a refusal, made fit for people, logs and audit."""

from __future__ import annotations

import re

from bot.domain.vendor_words import quote_vendor
from bot.model import Word

_LONGEST = 120
_LONGEST_READ = 300
"""Characters of a vendor's text that are looked at: the patterns take quadratic time for one endless word."""
_ADDRESS = re.compile(r"\S*@\S*")
_SECRET = re.compile(r"[\w+/=.-]{24,}")
_OUTCOME = re.compile(rf"\b(?:{'|'.join(Word)})\b", re.IGNORECASE)
_SPACE = re.compile(r"\s+")


def hint(text: object, *private: str) -> str:
    """Return ` (it says: …)` for the end of a sentence, or nothing where the vendor said nothing.

    Left out are addresses, whatever could be a token or an id, the `private` values given, and the words by which
    we tell how a case ended: a vendor's "failed" is not ours. Of the text 300 characters are looked at, and at most
    120 remain.
    """
    if not isinstance(text, str):
        return ""
    text = _cut(text, private)
    for value in filter(None, private):
        text = re.sub(re.escape(value), "…", text, flags=re.IGNORECASE)
    for pattern in (_ADDRESS, _SECRET, _OUTCOME):
        text = pattern.sub("…", text)
    plain = _SPACE.sub(" ", "".join(sign if sign.isprintable() else " " for sign in text)).strip()
    return quote_vendor(plain[:_LONGEST])


def _cut(text: str, private: tuple[str, ...]) -> str:
    """Return the beginning of a text, without the half of a word or of a private value at its end."""
    if len(text) <= _LONGEST_READ:
        return text
    beginning = text[:_LONGEST_READ]
    for value in private:
        lengths = range(min(len(value), _LONGEST_READ), 0, -1)
        half = next((one for one in lengths if beginning.lower().endswith(value[:one].lower())), 0)
        beginning = beginning[: len(beginning) - half]
    words = beginning.rsplit(None, 1)
    return words[0] if len(words) > 1 else beginning
