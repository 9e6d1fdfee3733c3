"""The few pieces of HTML that the page is made of. Whatever comes from outside is escaped here and nowhere else."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def safe(value: object) -> str:
    """Return a value as HTML: escaped, unless it is markup; nothing where it is None."""
    if isinstance(value, Markup):
        return value
    return "" if value is None else html.escape(str(value), quote=True)


def element(tag: str, *content: object, cls: str = "") -> Markup:
    """Return an element with that content, each piece escaped."""
    named = f' class="{safe(cls)}"' if cls else ""
    return Markup(f"<{tag}{named}>{''.join(safe(one) for one in content)}</{tag}>")


def section(title: str, *content: Markup) -> Markup:
    """Return a titled part of the page."""
    return element("section", element("h2", title), *content)


def table(heads: Sequence[str], rows: Iterable[Sequence[object]], empty: str) -> Markup:
    """Return a table, or a sentence where it has no rows."""
    body = [element("tr", *(element("td", cell) for cell in row)) for row in rows]
    if not body:
        return element("p", empty)
    top = element("tr", *(element("th", head) for head in heads))
    return element("table", element("thead", top), element("tbody", *body))


def pairs(rows: Iterable[tuple[str, object]]) -> Markup:
    """Return names with their values; those without a value are left out."""
    shown = [(name, value) for name, value in rows if value not in {None, ""}]
    return element("dl", *(element(tag, one) for row in shown for tag, one in zip(("dt", "dd"), row, strict=True)))


def lines(values: Iterable[object]) -> Markup:
    """Return values under one another."""
    return Markup("<br>".join(safe(value) for value in values))


def code(value: object) -> Markup:
    """Return what is copied rather than read."""
    return element("code", value)


def moment(at: datetime | None) -> str:
    """Return a time in UTC to the second, "" where there is none."""
    return f"{at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC" if at is not None else ""
