"""What a person read in a message, in a form that survives what a chat program does to it."""

from __future__ import annotations

import hashlib
import unicodedata


def digest_visible_text(text: str) -> str:
    """Return a digest over the letters and digits of a text, compatibility forms made alike.

    Blanks, punctuation and emoji do not count: a chat program gives blocks ids, spells emoji out and escapes signs, and
    none of that changes what somebody agrees to. Names, numbers and words do.
    """
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign.isalnum())
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:32]
