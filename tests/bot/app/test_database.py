"""A database that cannot be used, in plain words."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.exc import OperationalError, ProgrammingError

from bot.app.database import database_file, in_words
from bot.errors import ConfigurationError, Refusal
from handlers.identity import NotReachable

SERVER = 'connection failed: connection to server at "10.0.0.5", port 5432 failed: '


def test_a_sqlite_address_names_its_file() -> None:
    assert database_file("sqlite:///cases/offboard.db") == Path("cases/offboard.db")
    assert database_file("sqlite:////var/lib/offboard.db") == Path("/var/lib/offboard.db")


@pytest.mark.parametrize("address", ["postgresql://bot@db/cases", "postgres://bot@db/cases"])
def test_postgres_has_no_file(address: str) -> None:
    assert database_file(address) is None


def test_what_is_no_address_is_not_quoted() -> None:
    with pytest.raises(ConfigurationError) as caught:
        database_file("hunter2")

    assert "hunter2" not in str(caught.value)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        (SERVER + "Connection refused", NotReachable),
        (SERVER + "Connection timed out", NotReachable),
        ("failed to resolve host 'hunter2': Name or service not known", NotReachable),
        (SERVER + "FATAL:  the database system is starting up", NotReachable),
        (SERVER + "FATAL:  sorry, too many clients already", NotReachable),
        (SERVER + 'FATAL:  password authentication failed for user "bot"', Refusal),
        (SERVER + 'FATAL:  database "cases" does not exist', Refusal),
    ],
)
def test_postgres_is_away_for_now_or_says_no(said: str, kind: type[Exception]) -> None:
    with pytest.raises(kind) as caught, in_words():
        raise OperationalError("", {}, psycopg.OperationalError(said))

    assert "hunter2" not in str(caught.value)
    assert "bot" not in str(caught.value)


def test_a_user_without_rights_is_refused() -> None:
    with pytest.raises(Refusal, match="lacks a right"), in_words():
        raise ProgrammingError("", {}, psycopg.errors.InsufficientPrivilege("permission denied for schema public"))


def test_a_defect_of_ours_passes_as_it_is() -> None:
    with pytest.raises(ProgrammingError), in_words():
        raise ProgrammingError("", {}, psycopg.errors.UndefinedColumn("no such column"))


def test_a_file_that_is_no_database_is_a_mistake_in_the_configuration(tmp_path: Path) -> None:
    file = tmp_path / "cases.db"
    file.write_bytes(b"no database " * 100)
    connection = sqlite3.connect(file)
    try:
        with pytest.raises(ConfigurationError, match=r"DATABASE_URL.*SQLITE_NOTADB"), in_words():
            connection.execute("SELECT * FROM sqlite_master")
    finally:
        connection.close()
