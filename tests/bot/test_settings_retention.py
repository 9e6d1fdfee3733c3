"""How long old cases are kept whole, as the operator says it."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.errors import ConfigurationError
from bot.settings import load

VARIABLES = {
    "SLACK_BOT_TOKEN": "xoxb-1",
    "SLACK_APP_TOKEN": "xapp-1",
    "OFFBOARD_SLACK__CHANNEL": "C0CASES",
    "OFFBOARD_POLICY__REQUESTERS": "U0AMY",
    "OFFBOARD_POLICY__APPROVERS": "S0SECURITY",
    "OFFBOARD_SYSTEMS__CRM__PROVIDER": "fake",
}


def test_cases_are_kept_for_a_year_where_nothing_is_said(tmp_path: Path) -> None:
    assert load(VARIABLES, tmp_path).file.retention.cases == timedelta(days=365)


def test_the_operator_says_how_long_in_the_file_or_in_a_variable(tmp_path: Path) -> None:
    (tmp_path / "offboard.toml").write_text('[retention]\ncases = "P30D"\n', encoding="utf-8")
    assert load(VARIABLES, tmp_path).file.retention.cases == timedelta(days=30)

    changed = load({**VARIABLES, "OFFBOARD_RETENTION__CASES": "P90D"}, tmp_path)
    assert changed.file.retention.cases == timedelta(days=90)


@pytest.mark.parametrize("wrong", ["30", "PT1H", "-P30D", "a year", "P9999D"])
def test_a_time_that_would_delete_at_once_or_is_none_stops_the_start(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^retention\.cases: "):
        load({**VARIABLES, "OFFBOARD_RETENTION__CASES": wrong}, tmp_path)
