"""The console's filter expressions ("Filter Parameter"): a JSON array of conditions, all of which must hold."""

import json
from collections.abc import Callable, Iterable
from typing import Any, Final

from aiohttp import web

from sandbox.systems.vspc.answers import Json, refuse

Fold = Callable[[str], str]

_COLLATIONS: Final[dict[str, Fold]] = {"ordinal": str, "ignorecase": str.lower, "lexicographic": str}
_FORMS: Final = frozenset({"property", "operation", "collation", "value"})


def chosen(request: web.Request, rows: list[Json], properties: Iterable[str]) -> list[Json]:
    """The rows that the request's filter lets through; 400 for an expression that is not understood."""
    known = frozenset(properties)
    for condition in _conditions(request):
        rows = [row for row in rows if _holds(condition, row, known)]
    return rows


def _conditions(request: web.Request) -> list[Json]:
    try:
        parsed = json.loads(request.query.get("filter", "[]"))
    except ValueError:
        raise _bad("The filter is not valid JSON.") from None
    if not isinstance(parsed, list) or not all(isinstance(one, dict) for one in parsed):
        raise _bad("The filter must be an array of expressions.")
    return parsed


def _holds(condition: Json, row: Json, known: frozenset[str]) -> bool:
    name = condition.get("property")
    if name not in known or not _FORMS.issuperset(condition):
        raise _bad(f"The property '{name}' cannot be used here.")
    fold = _COLLATIONS.get(condition.get("collation", "ordinal"))
    test = _TESTS.get(condition.get("operation", ""))
    if fold is None or test is None or "value" not in condition:
        raise _bad("The operation or the collation is not known.")
    return test(_value(row, name), condition["value"], fold)


def _value(row: Json, path: str) -> object:
    value: Any = row
    for part in path.split("."):
        value = value.get(part) if isinstance(value, dict) else None
    return value


def _folded(value: object, fold: Fold) -> object:
    return fold(value) if isinstance(value, str) else value


def _equals(value: object, wanted: object, fold: Fold) -> bool:
    return _folded(value, fold) == _folded(wanted, fold)


def _in(value: object, wanted: object, fold: Fold) -> bool:
    if not isinstance(wanted, list):
        raise _bad("The operation 'in' takes an array.")
    return any(_equals(value, one, fold) for one in wanted)


def _contains(value: object, wanted: object, fold: Fold) -> bool:
    return isinstance(value, str) and isinstance(wanted, str) and fold(wanted) in fold(value)


_TESTS: Final[dict[str, Callable[[object, object, Fold], bool]]] = {
    "equals": _equals,
    "notEquals": lambda value, wanted, fold: not _equals(value, wanted, fold),
    "in": _in,
    "contains": _contains,
}


def _bad(message: str) -> Exception:
    return refuse(400, message, parameterName="filter")
