"""The example configuration loads, is the one that README shows, and README says what an approval is worth."""

from __future__ import annotations

import tomllib

import pytest

from bot.settings import load_file
from tests.house.tree import ROOT, read


def test_the_example_configuration_loads_with_two_approvals_and_all_limits() -> None:
    file, _, _ = load_file({"OFFBOARD_CONFIG": "offboard.example.toml"}, ROOT)
    limits = file.rules().limits

    assert file.rules().approvals == 2
    assert None not in (limits.per_approver_per_day, limits.per_hour, limits.per_day, limits.share_of_system)


def test_the_readme_shows_the_example_configuration() -> None:
    shown = read("README.md").partition("```toml\n[slack]")[2].partition("```")[0]

    assert tomllib.loads("[slack]" + shown) == tomllib.loads(read("offboard.example.toml"))


@pytest.mark.parametrize(
    "row", ["Stolen session", "Slack admin", "Malicious pair", "Bot token", "Database writer", "Host"]
)
def test_the_readme_says_what_each_intruder_can_do_with_each_setting(row: str) -> None:
    security = read("README.md").partition("\n## Security\n")[2].partition("\n## ")[0]
    found = [line for line in security.splitlines() if line.startswith(f"| {row} |")]

    assert len(found) == 1
    assert all(cell.strip() for cell in found[0].strip("|").split("|"))
    assert found[0].count("|") == 5
