"""A vendor's own words about a refusal, made fit for people, logs and audit."""

from __future__ import annotations

import re

from bot.model import Word

_LONGEST_READ = 300
"""Characters of a vendor's text that are looked at: patterns over a longer one could stop the loop for seconds."""
_LONGEST = 120
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
    text = _begin(text)
    for value in filter(None, private):
        text = re.sub(re.escape(value), "…", text, flags=re.IGNORECASE)
    for pattern in (_ADDRESS, _SECRET, _OUTCOME):
        text = pattern.sub("…", text)
    plain = _SPACE.sub(" ", "".join(sign if sign.isprintable() else " " for sign in text)).strip()
    return f" (it says: {plain[:_LONGEST]})" if plain else ""


def _begin(text: str) -> str:
    """Return the first words of a text, without one that would be cut: half a name is not known for what it is."""
    if len(text) <= _LONGEST_READ:
        return text
    whole, blank, _ = text[:_LONGEST_READ].rpartition(" ")
    return whole if blank else "…"
