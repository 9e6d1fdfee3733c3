"""A vendor's own words, before people see them."""

from __future__ import annotations

import time

import pytest

from bot.model import Word
from providers import hints
from providers.hints import hint


def test_plain_words_are_passed_on() -> None:
    assert hint("The user has open shifts.") == " (it says: The user has open shifts.)"


@pytest.mark.parametrize("nothing", [None, "", "  ", 7, {"a": 1}])
def test_where_nothing_is_said_nothing_is_added(nothing: object) -> None:
    assert hint(nothing) == ""


def test_addresses_tokens_and_private_values_are_left_out() -> None:
    text = hint("User Dana Frost <dana@acme.test> id 7d5b1a30-6c1e-4e0b-9a58-0f4f5f5b9d11: no", "dana frost")
    assert text == " (it says: User … … id …: no)"


@pytest.mark.parametrize("text", ["x" * 80_000, "a@" * 40_000, "@" * 80_000, "word " * 16_000 + "end"])
def test_a_vendors_long_text_is_cut_before_any_pattern_sees_it(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[int] = []

    class Watched:
        def sub(self, replacement: str, given: str) -> str:
            seen.append(len(given))
            return given

    for name in ("_ADDRESS", "_SECRET", "_OUTCOME", "_SPACE"):
        monkeypatch.setattr(hints, name, Watched())
    hint(text)

    assert seen
    assert max(seen) <= 300


def test_a_name_that_would_be_cut_in_two_is_left_out() -> None:
    assert "dana" not in hint("x" * 290 + " dana.frost.of.the.long.name")


@pytest.mark.parametrize("word", list(Word))
def test_our_outcome_words_are_never_the_vendors(word: Word) -> None:
    assert word not in hint(f"It {word.upper()} and {word}.").lower()


def test_lines_are_joined_and_long_texts_are_cut() -> None:
    assert hint("one\n\ttwo\x00") == " (it says: one two)"
    assert len(hint("many words " * 50)) <= 120 + len(" (it says: )")


@pytest.mark.parametrize("word", ["x" * 80_000, "x@" * 40_000, " " * 80_000, "(" * 80_000])
def test_an_endless_word_takes_no_time(word: str) -> None:
    before = time.process_time()

    hint(word, "dana frost")

    assert time.process_time() - before < 0.5


def test_a_private_value_is_left_out_where_the_text_is_cut() -> None:
    for length in range(280, 300):
        said = hint("a " * (length // 2) + "x" * (length % 2) + "dana frost " + "and so on " * 50, "dana frost")
        assert "dana" not in said
