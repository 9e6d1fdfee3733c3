"""The table of kinds that `offboard systems` prints."""

from __future__ import annotations

import json

import pytest

from bot.app.tables import kinds_table
from providers.catalog import OURS
from providers.kind import Kind
from providers.settings import SystemSettings

by_kind = pytest.mark.parametrize("kind", OURS, ids=lambda kind: kind.name)


def lines_of(kind: str) -> list[str]:
    """Return what the table prints of one kind."""
    (block,) = [part for part in kinds_table(as_json=False).split("\n\n") if part.startswith(f"{kind}  ")]
    return block.splitlines()


def test_ways_of_logging_on_are_alternatives_and_no_optional_fields() -> None:
    assert lines_of("vspc")[2:] == [
        "  logs on with: api_key*, or username + password*",
        "  fields: url, [logins], [remove]",
    ]


@by_kind
def test_what_is_done_to_an_account_and_the_level_are_shown(kind: Kind) -> None:
    assert lines_of(kind.name)[:2] == [f"{kind.name}  ({kind.quality})", f"  {kind.actions}"]


@by_kind
def test_each_own_field_is_shown_in_one_place(kind: Kind) -> None:
    (row,) = [one for one in json.loads(kinds_table(as_json=True)) if one["kind"] == kind.name]
    of_ways = {name.rstrip("*") for way in row["logs_on_with"] for name in way}
    others = {name.strip("[]*") for name in row["fields"]}
    assert of_ways & others == set()
    assert of_ways | others == set(kind.settings.model_fields) - set(SystemSettings.model_fields)


@by_kind
def test_secrets_have_a_star_wherever_they_stand(kind: Kind) -> None:
    (row,) = [one for one in json.loads(kinds_table(as_json=True)) if one["kind"] == kind.name]
    shown = {name for way in row["logs_on_with"] for name in way} | {name.strip("[]") for name in row["fields"]}
    secret = {name for name, field in kind.settings.model_fields.items() if "SecretStr" in repr(field.annotation)}
    assert {name.rstrip("*") for name in shown if name.endswith("*")} == secret
