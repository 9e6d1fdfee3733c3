"""What a person was looking at when they pressed a button."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

_PICTURES: Final = frozenset({"image", "video", "file"})


def shown_in(body: Mapping[str, Any]) -> str:
    """Return all text of the message or dialog in which a button was pressed, as the person read it."""
    place = body.get("message") or body.get("view") or {}
    return flat(place.get("blocks") or ())


def has_header(body: Mapping[str, Any]) -> bool:
    """Whether a button stands in a message that begins with its header, so in the first of its parts."""
    blocks = (body.get("message") or {}).get("blocks") or []
    return [block.get("type") for block in blocks[:1]] == ["header"]


def digest_of(blocks: Iterable[object]) -> str:
    """Return a digest of what people see in blocks and of what each button there does, in their order.

    The words alone are not enough: two buttons of the same words could change places, a picture could say something
    else, and words could be struck through.
    """
    listed = list(blocks)
    return _digest_letters(" ".join([flat(listed), *_beside_words(listed)]))


def _digest_letters(text: str) -> str:
    """Return a digest over the letters and digits of a text, compatibility forms made alike.

    Blanks, punctuation and emoji do not count: a chat program gives blocks ids, spells emoji out and escapes signs, and
    none of that changes what somebody agrees to. Names, numbers and words do.
    """
    plain = "".join(sign for sign in unicodedata.normalize("NFKC", text) if sign.isalnum())
    return hashlib.sha256(plain.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _beside_words(value: object) -> Iterator[str]:
    """Yield what changes the meaning of the words: what buttons do, pictures, and what is struck through."""
    if isinstance(value, list):
        for item in value:
            yield from _beside_words(item)
    elif isinstance(value, Mapping):
        if value.get("type") == "button":
            yield f"{value.get('action_id')} {value.get('value')}"
        if value.get("type") in _PICTURES:
            yield f"picture {value.get('alt_text')} {value.get('image_url')} {value.get('title_url')}"
        if value.get("strike") is True:
            yield "struck"
        text = value.get("text")
        if isinstance(text, str):
            yield from ("tilde" for sign in text if sign == "~")
        yield from _beside_words([item for item in value.values() if not isinstance(item, str)])


def flat(blocks: Iterable[object]) -> str:
    """Return the text of blocks, as it is read."""
    return "\n".join(text for text in (_flat(block) for block in blocks) if text)


def _flat(block: object) -> str:
    return "".join(_texts(block)).strip()


def _texts(value: object) -> Iterator[str]:
    """Yield the pieces of text of a block in reading order; what a confirm dialog would ask is not shown yet."""
    if isinstance(value, list):
        for item in value:
            yield from _texts(item)
    elif isinstance(value, Mapping):
        if isinstance(value.get("text"), str):
            yield value["text"]
        yield from _texts([item for key, item in value.items() if key != "confirm" and not isinstance(item, str)])
        if value.get("type") in {"rich_text_section", "button"}:
            yield "\n"
