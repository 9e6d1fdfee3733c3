"""The table of kinds of systems that `offboard systems` prints."""

from __future__ import annotations

import json

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from providers.catalog import kinds
from providers.settings import SystemSettings


def kinds_table(*, as_json: bool) -> str:
    """Return the table of kinds: fields (a secret has a star, an optional one brackets), actions, quality."""
    rows = [
        {"kind": kind.name, "fields": _fields(kind.settings), "actions": kind.actions, "quality": kind.quality}
        for kind in kinds().values()
    ]
    if as_json:
        return json.dumps(rows, indent=2)
    return "\n\n".join(
        f"{row['kind']}  ({row['quality']})\n  {row['actions']}\n  fields: {', '.join(row['fields'])}" for row in rows
    )


def _fields(settings: type[SystemSettings]) -> list[str]:
    own = {name: field for name, field in settings.model_fields.items() if name not in SystemSettings.model_fields}
    return [_shown(name, field) for name, field in own.items()]


def _shown(name: str, field: FieldInfo) -> str:
    starred = f"{name}*" if _is_secret(field.annotation) else name
    return starred if field.is_required() else f"[{starred}]"


def _is_secret(annotation: object) -> bool:
    """Whether a secret is meant, however it is wrapped: checked by `Annotated`, optional by a union."""
    return annotation is SecretStr or any(_is_secret(inner) for inner in getattr(annotation, "__args__", ()))
