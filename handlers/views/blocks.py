"""Slack's blocks, as far as we use them ("Reference: blocks"). What comes from outside goes into rich text."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from handlers.views.words import cut

Json = dict[str, Any]

RICH_BYTES = 2_500
"""A rich text is cut into several blocks above this, so that messages can be filled evenly."""
PART = 600
"""Characters of one piece of text; what is longer ends with an ellipsis."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of text that is shown as it is. `style` is bold, italic, code or strike; `url` makes it a link."""

    text: str
    style: str = ""
    url: str = ""

    def block(self) -> Json:
        piece: Json = {"type": "link", "url": self.url} if self.url else {"type": "text"}
        piece["text"] = cut(self.text, PART)
        return piece | ({"style": {self.style: True}} if self.style else {})


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a rich text; `level` 0 is a paragraph, 1 a bullet, 2 a bullet below it."""

    pieces: tuple[Piece, ...]
    level: int = 0


def line(*texts: str | Piece, level: int = 0) -> Line:
    """Return a line of these texts; empty ones are left out (Slack takes no empty text), like ones are joined."""
    pieces: list[Piece] = []
    for text in texts:
        piece = text if isinstance(text, Piece) else Piece(text)
        if pieces and (pieces[-1].style, pieces[-1].url) == (piece.style, piece.url):
            pieces[-1] = Piece(pieces[-1].text + piece.text, piece.style, piece.url)
        elif piece.text:
            pieces.append(piece)
    return Line(tuple(pieces), level)


def bold(text: str) -> Piece:
    return Piece(text, "bold")


def code(text: str) -> Piece:
    return Piece(text, "code")


def rich(lines: Iterable[Line]) -> Json:
    """Return one rich_text block of these lines."""
    return {"type": "rich_text", "elements": list(_elements([one for one in lines if one.pieces]))}


def rich_blocks(lines: Sequence[Line]) -> list[Json]:
    """Return the lines as as many rich_text blocks as their size asks for."""
    return rich_groups([[one] for one in lines])


def rich_groups(groups: Iterable[Sequence[Line]]) -> list[Json]:
    """Return groups of lines as rich_text blocks; a group is torn apart only where it alone is too large for one."""
    blocks: list[Json] = []
    taken: list[Line] = []
    for group in groups:
        for part in [group] if size([rich(group)]) <= RICH_BYTES else [[one] for one in group]:
            if taken and size([rich([*taken, *part])]) > RICH_BYTES:
                blocks.append(rich(taken))
                taken = []
            taken += part
    return [*blocks, rich(taken)] if taken else blocks


def _elements(lines: Sequence[Line]) -> Iterator[Json]:
    start = 0
    for end in range(1, len(lines) + 1):
        if end == len(lines) or lines[end].level != lines[start].level:
            yield _element(lines[start:end])
            start = end


def _element(lines: Sequence[Line]) -> Json:
    level = lines[0].level
    if level:
        return {"type": "rich_text_list", "style": "bullet", "indent": level - 1, "elements": [_row(x) for x in lines]}
    pieces: list[Json] = []
    for number, one in enumerate(lines):
        pieces += [{"type": "text", "text": "\n"}] if number else []
        pieces += [piece.block() for piece in one.pieces]
    return {"type": "rich_text_section", "elements": pieces}


def _row(one: Line) -> Json:
    return {"type": "rich_text_section", "elements": [piece.block() for piece in one.pieces]}


def plain(text: str, length: int = 3000) -> Json:
    """Return a plain_text object in which nothing is interpreted, emoji codes included."""
    return {"type": "plain_text", "text": cut(text, length), "emoji": False}


def section(mrkdwn: str) -> Json:
    """Return a section of our own mrkdwn; whatever comes from outside has been escaped by the caller."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": cut(mrkdwn, 3000), "verbatim": True}}


def header(text: str) -> Json:
    return {"type": "header", "text": plain(text, 150)}


def context(mrkdwn: str) -> Json:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": cut(mrkdwn, 2000), "verbatim": True}]}


def actions(block_id: str, *elements: Json) -> Json:
    return {"type": "actions", "block_id": block_id, "elements": list(elements)}


def button(action_id: str, text: str, value: str, *, style: str = "", confirm: Json | None = None) -> Json:
    element: Json = {"type": "button", "action_id": action_id, "text": plain(text, 75), "value": value}
    element |= {"style": style} if style else {}
    return element | ({"confirm": confirm} if confirm else {})


def confirm(title: str, text: str, yes: str) -> Json:
    return {"title": plain(title, 100), "text": plain(text, 300), "confirm": plain(yes, 30), "deny": plain("Back", 30)}


def size(blocks: Sequence[Json]) -> int:
    """Return the bytes that blocks take in a message (UTF-8 JSON, as Slack counts them cumulatively)."""
    return len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")).encode())
