"""A vendor's words can be taken out of a sentence again, whatever they are."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.vendor_words import quote_vendor, without_vendor_words


@given(st.text())
def test_whatever_a_vendor_says_is_taken_out(words: str) -> None:
    sentence = f"It would not{quote_vendor(words)}, and it stays"

    assert without_vendor_words(sentence) == "It would not, and it stays"


def test_a_quotation_that_was_cut_is_taken_out() -> None:
    cut = f"It would not{quote_vendor('log-in (dfrost) is locked')}"[:-3]

    assert without_vendor_words(cut) == "It would not"


def test_other_brackets_of_a_sentence_stay() -> None:
    assert without_vendor_words("It would not (409)") == "It would not (409)"
