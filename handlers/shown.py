"""What a person was looking at when they pressed a button."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from bot.domain.visible_text import digest_visible_text


def shown_in(body: Mapping[str, Any]) -> str:
    """Return all text of the message or dialog in which a button was pressed, as the person read it."""
    place = body.get("message") or body.get("view") or {}
    return flat(place.get("blocks") or ())


def has_header(body: Mapping[str, Any]) -> bool:
    """Whether a button stands in a message that begins with its header, so in the first of its parts."""
    blocks = (body.get("message") or {}).get("blocks") or []
    return [block.get("type") for block in blocks[:1]] == ["header"]


def digest_of(blocks: Iterable[object]) -> str:
    """Return a digest of what people read in blocks and of what each button there does, in their order.

    The words alone are not enough: two buttons of the same words could change places.
    """
    listed = list(blocks)
    return digest_visible_text(" ".join([flat(listed), *_acts(listed)]))


def _acts(value: object) -> Iterator[str]:
    """Yield action id and value of every button, in reading order."""
    if isinstance(value, list):
        for item in value:
            yield from _acts(item)
    elif isinstance(value, Mapping):
        if value.get("type") == "button":
            yield f"{value.get('action_id')} {value.get('value')}"
        yield from _acts([item for item in value.values() if not isinstance(item, str)])


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
