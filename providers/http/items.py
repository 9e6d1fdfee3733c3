"""A long list in JSON, taken item by item while it arrives: neither its text nor its items are ever held together."""

from __future__ import annotations

import codecs
import json
from collections.abc import Callable
from typing import Protocol

from bot.errors import UnexpectedAnswer
from providers.http.answer import Answer, refuse_constant

LONGEST_ITEM = 2**20
"""Characters of one item; a longer one is refused, since it would be tried again with each piece that comes."""

_FARTHEST = 256
"""Signs before an object that are looked through for the end of the one before; more of them only cost time."""
_MOST_BRACES = 100
"""Braces that are looked at for that, from the end of what has come."""
_BLANKS = frozenset(" \t\n\r")
_AFTER = {
    ("list", "["): "item or close",
    ("item or close", "]"): "end",
    ("comma", ","): "item",
    ("comma", "]"): "end",
}
"""What is expected after a sign, by what was expected before it."""
_NOT_A_LIST = "the server's answer is not a list"
_BROKEN = "the server's answer is not valid JSON"


class Intake(Protocol):
    """Takes the body of an answer piece by piece."""

    def begin(self, answer: Answer) -> None:
        """A new answer begins, without its body; whatever was taken before is void."""

    def feed(self, piece: bytes) -> None:
        """Take the next bytes, decompressed. Raises `UnexpectedAnswer` on what cannot be understood."""

    def end(self) -> None:
        """The body is whole. Raises `UnexpectedAnswer` where it should have gone on."""


class JsonItems:
    """An intake that gives each item of the list that an answer is to `take`, in order.

    `restart` is called before the first item, and again should the answer have to be asked for again. What was
    taken may be believed only when the whole answer has been.
    """

    def __init__(self, take: Callable[[object], None], restart: Callable[[], None]) -> None:
        self._take = take
        self._restart = restart
        decoder = json.JSONDecoder(parse_constant=refuse_constant)
        self._scan, self._decode = decoder.raw_decode, decoder.decode
        self._decoder = codecs.getincrementaldecoder("utf-8-sig")()
        self._text = ""
        self._expects = "list"

    def begin(self, answer: Answer) -> None:
        """Start anew. Raises `UnexpectedAnswer` unless the answer is marked as JSON."""
        answer.must_be_json()
        self._decoder.reset()
        self._text = ""
        self._expects = "list"
        self._restart()

    def feed(self, piece: bytes) -> None:
        """Take all items that are whole by now."""
        try:
            self._text += self._decoder.decode(piece)
        except UnicodeDecodeError:
            raise UnexpectedAnswer(_BROKEN) from None
        at = self._many()
        while (after := self._step(at)) > at:
            at = after
        self._text = self._text[at:]
        if len(self._text) > LONGEST_ITEM:
            raise UnexpectedAnswer("the server's answer is not valid JSON, or holds an item of unlikely length")

    def end(self) -> None:
        """Raise `UnexpectedAnswer` where the list was not closed, or something follows it."""
        if self._expects != "end" or self._text or self._decoder.getstate()[0]:
            raise UnexpectedAnswer(_BROKEN)

    def _many(self) -> int:
        """Take at once what is surely whole: objects up to the last one that another object follows.

        What begins where an item begins, and is a list once it stands in brackets, is whole items and nothing else.
        Where it is none (the cut lay within an item, or it is broken) nothing is taken, and `_step` goes on alone.
        """
        cut = _last_cut(self._text) if self._expects == "item" else 0
        try:
            items = self._decode(f"[{self._text[:cut]}]") if cut else ()
        except (ValueError, RecursionError):
            return 0
        for item in items:
            self._take(item)
        self._expects = "comma" if cut else self._expects
        return cut

    def _step(self, at: int) -> int:
        """Return where the text goes on after the next sign or item; the same place where more has to come first."""
        at = self._past_blanks(at)
        if at == len(self._text):
            return at
        sign = self._text[at]
        if self._expects in {"item", "item or close"} and sign != "]":
            return self._item(at)
        then = _AFTER.get((self._expects, sign))
        if then is None:
            raise UnexpectedAnswer(_NOT_A_LIST if self._expects == "list" else _BROKEN)
        self._expects = then
        return at + 1

    def _item(self, at: int) -> int:
        # An item counts only with the sign behind it: a number that ends a piece may go on in the next one.
        try:
            item, after = self._scan(self._text, at)
        except ValueError:
            return at
        except RecursionError:
            raise UnexpectedAnswer(_BROKEN) from None
        after = self._past_blanks(after)
        if self._text[after : after + 1] not in {",", "]"}:
            return at
        self._expects = "comma"
        self._take(item)
        return after

    def _past_blanks(self, at: int) -> int:
        while self._text[at : at + 1] in _BLANKS:
            at += 1
        return at


def _last_cut(text: str) -> int:
    """Return the place behind the last brace that a comma and another brace follow, or 0 where there is none."""
    brace = len(text)
    for _ in range(_MOST_BRACES):
        brace = text.rfind("{", 0, brace)
        start = max(0, brace - _FARTHEST)
        object_and_comma = text[start:brace].rstrip()
        cut = object_and_comma.removesuffix(",").rstrip()
        if brace > 0 and object_and_comma.endswith(",") and cut.endswith("}"):
            return start + len(cut)
        if brace <= 0:
            break
    return 0
