"""Where the key that signs comes from, and what is said about it."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.app.signing import configured_signer, key_file, signer_at_start
from bot.errors import ConfigurationError
from bot.evidence.keys import new_key, signer
from bot.settings import Loaded, load

FILE = """
[slack]
channel = "C0CASES"
[policy]
requesters = ["U0AMY"]
approvers = ["S0SECURITY"]
[systems.crm]
provider = "fake"
"""


def loaded(folder: Path, text: str = FILE, **variables: str) -> Loaded:
    (folder / "offboard.toml").write_text(text, encoding="utf-8")
    tokens = {"SLACK_BOT_TOKEN": "xoxb-1", "SLACK_APP_TOKEN": "xapp-1"}
    return load({"DATABASE_URL": f"sqlite:///{folder / 'cases.db'}", **tokens, **variables}, folder)


def test_a_key_from_the_environment_is_taken_and_nothing_is_written(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pem = new_key()

    taken = signer_at_start(loaded(tmp_path, OFFBOARD_EVIDENCE__SIGNING_KEY=pem))

    assert taken.public == signer(pem).public
    assert not (tmp_path / "cases.db.key").exists()
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


def test_without_one_a_key_is_made_beside_the_database_once_with_a_warning_that_names_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    made = signer_at_start(loaded(tmp_path))
    (said,) = [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING]
    caplog.clear()

    assert made.fingerprint in said
    assert "cases.db.key" in said
    assert (tmp_path / "cases.db.key").stat().st_mode & 0o777 == 0o600
    assert signer_at_start(loaded(tmp_path)).public == made.public
    assert caplog.records == []


def test_on_postgres_the_key_stands_beside_the_configuration(tmp_path: Path) -> None:
    assert key_file(loaded(tmp_path, DATABASE_URL="postgresql://db.test/cases")) == tmp_path / "offboard.key"


def test_who_only_looks_makes_no_key(tmp_path: Path) -> None:
    assert configured_signer(loaded(tmp_path)) is None
    assert not (tmp_path / "cases.db.key").exists()


def test_a_key_in_the_file_is_taken_with_a_warning_that_does_not_show_it(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    pem = new_key()

    signer_at_start(loaded(tmp_path, f'{FILE}\n[evidence]\nsigning_key = """{pem}"""'))

    assert "evidence.signing_key is a secret and stands in offboard.toml" in caplog.text
    assert pem.splitlines()[1] not in caplog.text


@pytest.mark.parametrize("text", ["", "no key", "\xff"], ids=["empty", "text", "bytes"])
def test_a_damaged_key_file_stops_the_start_and_is_never_replaced(tmp_path: Path, text: str) -> None:
    (tmp_path / "cases.db.key").write_text(text, encoding="latin-1")

    with pytest.raises(ConfigurationError, match=r"evidence.signing_key: cases.db.key"):
        signer_at_start(loaded(tmp_path))

    assert (tmp_path / "cases.db.key").read_text(encoding="latin-1") == text


def test_a_place_that_takes_no_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("", encoding="utf-8")
    url = f"sqlite:///{tmp_path / 'taken' / 'cases.db'}"

    with pytest.raises(ConfigurationError, match=r"evidence.signing_key: not set, and cases.db.key cannot be written"):
        signer_at_start(loaded(tmp_path, DATABASE_URL=url))
