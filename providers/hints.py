"""A vendor's own words about a refusal, made fit for people, logs and audit."""

from __future__ import annotations

import re

from bot.model import Word

_LONGEST = 120
_ADDRESS = re.compile(r"\S*@\S*")
_SECRET = re.compile(r"[\w+/=.-]{24,}")
_OUTCOME = re.compile(rf"\b(?:{'|'.join(Word)})\b", re.IGNORECASE)
_SPACE = re.compile(r"\s+")


def hint(text: object, *private: str) -> str:
    """Return ` (it says: …)` for the end of a sentence, or nothing where the vendor said nothing.

    Left out are addresses, whatever could be a token or an id, the `private` values given, and the words by which
    we tell how a case ended: a vendor's "failed" is not ours. At most 120 characters of the text remain.
    """
    if not isinstance(text, str):
        return ""
    for value in filter(None, private):
        text = re.sub(re.escape(value), "…", text, flags=re.IGNORECASE)
    for pattern in (_ADDRESS, _SECRET, _OUTCOME):
        text = pattern.sub("…", text)
    plain = _SPACE.sub(" ", "".join(sign if sign.isprintable() else " " for sign in text)).strip()
    return f" (it says: {plain[:_LONGEST]})" if plain else ""
