"""What the console is asked to leave out of a list ("Filter Parameter"), and whether it did."""

from __future__ import annotations

import json
import unicodedata
from urllib.parse import quote


class NoSuchFilter(Exception):
    """The console does not take this filter: it says so (400), or lists what the filter should have left out."""


Condition = tuple[str, str, str]
"""Property, operation (`equals` or `contains`, without regard to case) and value of a filter."""


def is_ignored(condition: Condition, records: list[object]) -> bool:
    """Whether a record is listed that plainly does not meet this, as by a server that does not know filters."""
    name, operation, value = condition
    wanted = _loose(value)
    texts = (_loose(_of(record, name)) for record in records)
    return any(wanted not in text if operation == "contains" else wanted != text for text in texts)


def query(condition: Condition | None, limit: int, offset: int) -> str:
    """Return the query of one page."""
    paging = f"limit={limit}&offset={offset}"
    if condition is None:
        return paging
    name, operation, value = condition
    expression = {"property": name, "operation": operation, "collation": "ignorecase", "value": value}
    return f"filter={quote(json.dumps([expression], ensure_ascii=False), safe='')}&{paging}"


def _of(record: object, path: str) -> str:
    """Return the text at this path of a record; another type of value, or none, is an empty one."""
    value = record
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value if isinstance(value, str) else ""


def _loose(text: str) -> str:
    """Return a form that is equal wherever a server could hold two texts equal: nobody is chosen by it."""
    return unicodedata.normalize("NFKC", text).casefold().strip()
