"""What systems write for machines, put for people."""

from __future__ import annotations

import pytest

from handlers.views.readable import dated, doing, is_only_an_id, shortened


@pytest.mark.parametrize(
    ("says", "phrase"),
    [
        ("delete the user", "deleting the user"),
        ("delete the account, with its roles, from the manager", "deleting the account"),
        ("disable the user once more", "disabling the user once more"),
        ("put the user in the bin, which is emptied after seven days", "putting the user in the bin"),
        ("take it off the list (project 0123456789abcdef)", "taking it off the list"),
        ("end all sessions", "ending all sessions"),
        ("free the seat", "freeing the seat"),
        ("mark the user", "marking the user"),
        ("looking again before anything is sent", "looking again before anything is sent"),
        ("waits until the change shows, about 8 s", "waits until the change shows, about 8 s"),
        ("", ""),
    ],
)
def test_a_step_becomes_a_short_phrase_and_a_wait_stays_as_it_is(says: str, phrase: str) -> None:
    assert doing(says) == phrase


def test_long_ids_are_shortened_and_words_and_numbers_are_not() -> None:
    text = "device 9ABE38E7-221e-5ab2-a81b-96af519f20ba of dddddddddddddddddddd, host 2, 4100100099, deadbeef"
    assert shortened(text) == "device 9ABE38E7… of dddddddd…, host 2, 4100100099, deadbeef"


@pytest.mark.parametrize(
    ("value", "is_id"),
    [
        ("9abe38e7-221e-5ab2-a81b-96af519f20ba", True),
        ("4100100001", True),
        ("d" * 32, True),
        ("2", False),
        ("Acme", False),
        ("2025-10-01", False),
    ],
)
def test_a_bare_id_is_known_as_such(value: str, is_id: bool) -> None:
    assert is_only_an_id(value) is is_id


def test_timestamps_become_dates_and_what_is_none_stays() -> None:
    assert dated("changed 2025-10-01 08:00:00, synchronised 2026-11-21T14:04:50.475Z") == (
        "changed 1 Oct 2025, synchronised 21 Nov 2026"
    )
    assert dated("2026-11-21T23:30:00+02:00") == "21 Nov 2026"
    assert dated("2026-99-99T00:00:00Z, Jan 2026, 2026-11-01") == "2026-99-99T00:00:00Z, Jan 2026, 2026-11-01"
