"""The start without the key, and what doctor says of who is enrolled."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.app.canary import NotWell
from bot.app.second_factors import count_enrolled, enrol, key_box, key_box_at_start, must_have_key
from bot.errors import ConfigurationError
from bot.model import CaseSystem
from bot.ports import Membership
from bot.settings import Loaded, load

KEY = "the operator's key, of 32 characters"
PLAIN = CaseSystem("hq", "hq", "vspc", "hq", 1)
GUARDED = CaseSystem("hq", "hq", "vspc", "hq", 1, second_factor=True)
BOTH = Membership({"U0BEN": "in S0SECURITY", "U0CHLOE": "in S0SECURITY"})


def loaded(url: str, policy: str = "", key: str | None = KEY, folder: Path = Path()) -> Loaded:
    """The configuration, with these lines in `[policy]` and this key in the environment."""
    (folder / "offboard.toml").write_text(
        f'[slack]\nchannel = "C0CASES"\n[policy]\nrequesters = ["U0AMY"]\napprovers = ["S0SECURITY"]\n{policy}\n'
        '[systems.hq]\nprovider = "vspc"\nurl = "https://console.acme.test"\napi_key = "of hq"\n',
        encoding="utf-8",
    )
    variables = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1", "DATABASE_URL": url}
    return load(variables | ({"OFFBOARD_POLICY__SECOND_FACTOR_KEY": key} if key else {}), folder)


@pytest.mark.parametrize(("policy", "system"), [('second_factor = "totp"', PLAIN), ("", GUARDED)])
def test_where_a_code_is_needed_the_start_stops_without_the_key(
    tmp_path: Path, policy: str, system: CaseSystem
) -> None:
    without = loaded("sqlite:///a.db", policy, key=None, folder=tmp_path)

    with pytest.raises(ConfigurationError, match=r"policy\.second_factor_key: missing"):
        must_have_key(without.file, [system])
    with pytest.raises(ConfigurationError, match=r"policy\.second_factor_key: missing"):
        key_box_at_start(without, [system])

    with_key = loaded("sqlite:///a.db", policy, folder=tmp_path)
    must_have_key(with_key.file, [system])
    assert key_box_at_start(with_key, [system]) is not None


def test_where_no_code_is_needed_no_key_is(tmp_path: Path) -> None:
    without = loaded("sqlite:///a.db", key=None, folder=tmp_path)

    must_have_key(without.file, [PLAIN])

    assert key_box_at_start(without, [PLAIN]) is None


def test_a_key_that_stands_in_the_file_is_warned_of(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    written = loaded("sqlite:///a.db", f'second_factor_key = "{KEY}"', key=None, folder=tmp_path)

    with caplog.at_level(logging.WARNING):
        key_box_at_start(written, [GUARDED])

    assert "policy.second_factor_key is a secret and stands in offboard.toml" in caplog.text
    assert KEY not in caplog.text


async def test_doctor_says_how_many_approvers_are_enrolled(tmp_path: Path, migrated_url: str) -> None:
    configured = loaded(migrated_url, 'second_factor = "totp"', folder=tmp_path)
    for user in ("U0BEN", "U0ROOT"):
        await enrol(migrated_url, key_box(configured.file), user, replace=False)

    says = await count_enrolled(configured, [PLAIN], BOTH)

    assert says == "1 of 2 approvers have an authenticator enrolled"


async def test_doctor_fails_where_too_few_are_enrolled_to_approve(tmp_path: Path, migrated_url: str) -> None:
    configured = loaded(migrated_url, 'second_factor = "totp"', folder=tmp_path)

    with pytest.raises(NotWell, match=r"^0 of 2 approvers have an authenticator enrolled, and 1 are needed"):
        await count_enrolled(configured, [PLAIN], BOTH)


async def test_doctor_counts_nobody_before_there_is_a_database(tmp_path: Path) -> None:
    configured = loaded(f"sqlite:///{tmp_path}/none.db", 'second_factor = "totp"', folder=tmp_path)

    with pytest.raises(NotWell, match="0 of 2"):
        await count_enrolled(configured, [PLAIN], BOTH)

    assert not (tmp_path / "none.db").exists()
