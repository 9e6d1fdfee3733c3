"""One process at a SQLite file."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app.lock import only_one
from bot.errors import ConfigurationError, Refusal


def test_a_second_holder_is_refused_and_told_why(tmp_path: Path) -> None:
    database = tmp_path / "cases.db"

    with only_one(database), pytest.raises(Refusal, match=r"Another process serves cases\.db"), only_one(database):
        pytest.fail("two hold the same file")


def test_the_next_one_may_hold_it_after_the_first(tmp_path: Path) -> None:
    with only_one(tmp_path / "cases.db"):
        pass

    with only_one(tmp_path / "cases.db"):
        assert (tmp_path / "cases.db.lock").exists()


def test_two_files_have_two_locks(tmp_path: Path) -> None:
    with only_one(tmp_path / "one.db"), only_one(tmp_path / "two.db"):
        assert len(list(tmp_path.iterdir())) == 2


def test_postgres_needs_no_file(tmp_path: Path) -> None:
    with only_one(None), only_one(None):
        assert list(tmp_path.iterdir()) == []


def test_a_place_where_nothing_can_be_written_is_a_mistake_in_the_configuration(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(ConfigurationError, match="DATABASE_URL"), only_one(tmp_path / "file" / "cases.db"):
        pytest.fail("held without a file")
