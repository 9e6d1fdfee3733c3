"""What a server answered, before anybody believes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException  # type: ignore[import-untyped]  # it ships no types
from defusedxml.ElementTree import fromstring  # type: ignore[import-untyped]  # it ships no types

from bot.errors import UnexpectedAnswer


@dataclass(frozen=True, slots=True)
class Answer:
    """One whole answer. `headers` ignores case where it comes from a `Door`; `body` is decompressed."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def media(self) -> str:
        """The media type in lower case without parameters, e.g. `application/json`; empty where none is given."""
        return self.headers.get("Content-Type", "").partition(";")[0].strip().lower()

    def json(self) -> Any:  # noqa: ANN401  # JSON is any value; the adapter checks the shape it needs
        """Return the body as JSON. Raises `UnexpectedAnswer` on other types, HTML, malformed text and NaN."""
        self._must_be("JSON", "json")
        try:
            return json.loads(self.body.decode("utf-8-sig"), parse_constant=_refuse)
        except (ValueError, RecursionError):
            raise UnexpectedAnswer("the server's answer is not valid JSON") from None

    def xml(self) -> Element:
        """Return the body's root element. Raises `UnexpectedAnswer` on other types, HTML, DTDs and malformed text."""
        self._must_be("XML", "xml")
        try:
            root: Element = fromstring(self.body, forbid_dtd=True)
        except (ParseError, DefusedXmlException, ValueError):
            raise UnexpectedAnswer("the server's answer is not valid XML") from None
        return root

    def _must_be(self, name: str, suffix: str) -> None:
        if "html" in self.media:
            raise UnexpectedAnswer(f"the server answered with an HTML page, not {name} (a proxy or a log-on page?)")
        if self.media not in {f"application/{suffix}", f"text/{suffix}"} and not self.media.endswith(f"+{suffix}"):
            raise UnexpectedAnswer(f"the server's answer is not marked as {name}")


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
