"""What a server answered, before anybody believes it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import Any, NoReturn, TypeGuard
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
        self.must_be_json()
        try:
            return json.loads(self.body.decode("utf-8-sig"), parse_constant=refuse_constant)
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

    def told(self) -> dict[str, Any]:
        """Return the JSON object in the body of a refusal, however it is marked; an empty one where there is none."""
        try:
            content = json.loads(self.body)
        except (ValueError, RecursionError):
            return {}
        return content if isinstance(content, dict) else {}

    @property
    def is_document(self) -> bool:
        """Whether the body is marked as what an API answers with, JSON or XML."""
        return any(self._is_marked(suffix) for suffix in ("json", "xml"))

    def must_be_json(self) -> None:
        """Raise `UnexpectedAnswer` unless the answer is marked as JSON."""
        self._must_be("JSON", "json")

    def cookie(self, name: str) -> str:
        """Return the value of a cookie that the answer sets, or nothing. The door keeps none and sends none."""
        every = getattr(self.headers, "getall", None)
        for line in every("Set-Cookie", ()) if every else (self.headers.get("Set-Cookie", ""),):
            try:
                found = SimpleCookie(line).get(name)
            except CookieError:
                continue
            if found is not None:
                return found.coded_value
        return ""

    def _must_be(self, name: str, suffix: str) -> None:
        if "html" in self.media:
            raise UnexpectedAnswer(f"the server answered with an HTML page, not {name} (a proxy or a log-on page?)")
        if not self._is_marked(suffix):
            raise UnexpectedAnswer(f"the server's answer is not marked as {name}")

    def _is_marked(self, suffix: str) -> bool:
        return self.media in {f"application/{suffix}", f"text/{suffix}"} or self.media.endswith(f"+{suffix}")


def is_token(value: object) -> TypeGuard[str]:
    """Whether this is a text that may travel in a header as it is."""
    return isinstance(value, str) and value != "" and value.isascii() and value.isprintable()


def refuse_constant(constant: str) -> NoReturn:
    """Refuse NaN and the infinities, which are no JSON."""
    raise ValueError(constant)
