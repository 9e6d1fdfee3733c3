"""The table of kinds of systems that `offboard systems` prints."""

from __future__ import annotations

import json
from collections.abc import Iterator

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from providers.catalog import kinds
from providers.kind import Kind
from providers.settings import SystemSettings


def kinds_table(*, as_json: bool) -> str:
    """Return the table of kinds: actions, quality, ways of logging on, other fields.

    A secret has a star, an optional field brackets. Of several ways of logging on an entry has exactly one, whole.
    """
    rows = list(kinds().values())
    if as_json:
        return json.dumps([_row(kind) for kind in rows], indent=2)
    return "\n\n".join("\n".join(_lines(kind)) for kind in rows)


def _row(kind: Kind) -> dict[str, object]:
    return {
        "kind": kind.name,
        "logs_on_with": _ways(kind.settings),
        "fields": _fields(kind.settings),
        "actions": kind.actions,
        "quality": kind.quality,
    }


def _lines(kind: Kind) -> Iterator[str]:
    yield f"{kind.name}  ({kind.quality})"
    yield f"  {kind.actions}"
    ways = _ways(kind.settings)
    if ways:
        yield f"  logs on with: {', or '.join(' + '.join(way) for way in ways)}"
    yield f"  fields: {', '.join(_fields(kind.settings))}"


def _ways(settings: type[SystemSettings]) -> list[list[str]]:
    return [[_starred(name, settings.model_fields[name]) for name in way] for way in settings.ways]


def _fields(settings: type[SystemSettings]) -> list[str]:
    """Return the kind's own fields, without those of which the ways of logging on choose."""
    shown_before = {*SystemSettings.model_fields, *(name for way in settings.ways for name in way)}
    own = {name: field for name, field in settings.model_fields.items() if name not in shown_before}
    return [_shown(name, field) for name, field in own.items()]


def _shown(name: str, field: FieldInfo) -> str:
    return _starred(name, field) if field.is_required() else f"[{_starred(name, field)}]"


def _starred(name: str, field: FieldInfo) -> str:
    return f"{name}*" if _is_secret(field.annotation) else name


def _is_secret(annotation: object) -> bool:
    """Whether a secret is meant, however it is wrapped: checked by `Annotated`, optional by a union."""
    return annotation is SecretStr or any(_is_secret(inner) for inner in getattr(annotation, "__args__", ()))
