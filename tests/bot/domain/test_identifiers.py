from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.identifiers import (
    are_equal,
    find_flaw,
    initials,
    is_address,
    is_variant,
    local_part,
    loosen,
    nearest,
    normalize_identifier,
    rank_similarity,
    reveal,
)

ZERO_WIDTH, SOFT_HYPHEN, WORD_JOINER, BYTE_ORDER = "\u200b", "\u00ad", "\u2060", "\ufeff"
KELVIN, DOTLESS, LONG_S = "\u212a", "\u0131", "\u017f"


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("DANA@ACME.TEST", "dana@acme.test"),
        ("ÖZLEM@acme.test", "özlem@acme.test"),
        ("O\u0308zlem@acme.test", "\u00f6zlem@acme.test"),
        ("ΝΙΚΟΣ@acme.test", "νικος@acme.test"),
        ("ДАНА@acme.test", "дана@acme.test"),
        (" dana@acme.test ", "dana@acme.test"),
        ("dana@acme.test\u00a0", "dana@acme.test"),
        ("ACME\\Dana", "acme\\dana"),
    ],
)
def test_are_equal_other_case_and_spelling_of_the_same_signs(left: str, right: str) -> None:
    assert are_equal(left, right)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        ("straße@acme.test", "strasse@acme.test"),
        (f"k{DOTLESS}m@acme.test", "kim@acme.test"),
        (f"{KELVIN}im@acme.test", "kim@acme.test"),
        (f"{LONG_S}am@acme.test", "sam@acme.test"),
        (f"dana{ZERO_WIDTH}@acme.test", "dana@acme.test"),
        ("dana+x@acme.test", "dana@acme.test"),
        ("sean.o\u2019brien@acme.test", "sean.o'brien@acme.test"),
        ("özlem@acme.test", "ozlem@acme.test"),
        ("", ""),
        (" ", ""),
    ],
)
def test_are_equal_never_across_to_ascii_and_never_by_leaving_out(left: str, right: str) -> None:
    assert not are_equal(left, right)


@given(st.text())
@example("\u1fef\u0301")
@example("A\u030a")
def test_normalize_identifier_twice_is_once(text: str) -> None:
    once = normalize_identifier(text)

    assert normalize_identifier(once) == once


@given(st.text(min_size=1))
def test_normalize_identifier_never_makes_ascii_of_what_was_not(text: str) -> None:
    letters = [one for one in unicodedata.normalize("NFD", text) if not one.isascii()]

    kept = [one for one in normalize_identifier(text) if one.isascii()]
    given_ascii = [one for one in unicodedata.normalize("NFD", text) if one.isascii()]
    assert len(kept) <= len(given_ascii)
    assert letters or normalize_identifier(text).isascii()


@given(st.text(max_size=20), st.text(max_size=20))
@example("dana@acme.test", "DANA@acme.test")
@example("Ǆ", "ǆ")
def test_loosen_keeps_equal_texts_alike(left: str, right: str) -> None:
    if are_equal(left, right):
        assert loosen(left) == loosen(right)


@pytest.mark.parametrize(
    ("handle", "rank"),
    [
        (f"dana{ZERO_WIDTH}@acme.test", 0),
        ("dana+veeam@acme.test", 0),
        ("Dána@acme.test", 0),
        ("d\u0430na@acme.test", 0),
        ("dana@acne.test", 1),
        ("dana@acm.test", 1),
        ("dana@amce.test", 1),
        ("dana@other.example", 2),
        ("ACME\\dana", 2),
        ("x-dana@acme.test", 3),
    ],
)
def test_rank_similarity_tells_how_near_a_handle_is(handle: str, rank: int) -> None:
    assert rank_similarity(handle, "dana@acme.test") == rank


@pytest.mark.parametrize("handle", ["sam@acme.test", "", "dan@acme.test", "anad"])
def test_rank_similarity_of_a_stranger_is_none(handle: str) -> None:
    assert rank_similarity(handle, "dana@acme.test") is None


def test_rank_similarity_reads_both_spellings_of_a_domain() -> None:
    assert rank_similarity("dana@xn--bcher-kva.test", "dana@bücher.test") == 0
    assert rank_similarity("sean.o\u2019brien@acme.test", "sean.o'brien@acme.test") == 0
    assert is_variant("dana@xn--bcher-kva.test", "DANA@bücher.test")


def test_nearest_lists_the_nearest_first_and_leaves_equal_ones_out() -> None:
    handles = ["dana@else.test", "DANA@acme.test", "sam@acme.test", f"dana{SOFT_HYPHEN}@acme.test", "dana@acme.tests"]

    found = nearest(handles, ["dana@acme.test"], 2)

    assert found == (f"dana{SOFT_HYPHEN}@acme.test", "dana@acme.tests")


@pytest.mark.parametrize(
    "sign", [ZERO_WIDTH, SOFT_HYPHEN, WORD_JOINER, BYTE_ORDER, "\u202e", "\x07", "\u3164", "\ufe0f"]
)
def test_find_flaw_names_the_invisible_sign_and_its_place(sign: str) -> None:
    flaw = find_flaw(f"dana{sign}@acme.test")

    assert flaw is not None
    assert flaw.position == 5
    assert f"U+{ord(sign):04X}" in flaw.sentence


@pytest.mark.parametrize(
    "text",
    ["sean.o\u2019brien@acme.test", "`dana@acme.test`", '"dana@acme.test"', "'dana@acme.test'", "da*na@acme.test"],
)
def test_find_flaw_refuses_quotes_stars_and_backticks(text: str) -> None:
    assert find_flaw(text) is not None


def test_find_flaw_refuses_a_word_of_two_scripts() -> None:
    flaw = find_flaw("d\u0430na@acme.test")

    assert flaw is not None
    assert (flaw.position, "cyrillic" in flaw.sentence) == (2, True)


@pytest.mark.parametrize(
    "text",
    [
        "sean.o'brien+it@acme.test",
        "дана@acme.test",
        "ÖZLEM.Y\u0131lmaz@acme.test",
        "山田たろう@acme.test",
        "ACME\\dana",
        "dana_fox-2",
        "dana@bücher.test",
    ],
)
def test_find_flaw_accepts_what_people_are_really_called(text: str) -> None:
    assert find_flaw(text) is None


def test_reveal_writes_invisible_signs_out() -> None:
    assert reveal(f"dana{ZERO_WIDTH}@acme.test") == "dana⟨U+200B⟩@acme.test"


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Dana Fox", "D. F."),
        ("Dana Fox (she/her)", "D. F."),
        ("🌟 Dana 🌟 Fox [they]", "D. F."),
        ("\u202edana \u200ffox", "D. F."),
        ("(she/her)", "D."),
        ("", "D."),
        ("Ana Maria da Silva", "A. M. D."),
    ],
)
def test_initials_are_made_from_letters_only(name: str, expected: str) -> None:
    assert initials(name, "dana@acme.test") == expected


def test_local_part_takes_domain_and_netbios_name_off() -> None:
    assert [local_part(one) for one in ("dana@acme.test", "ACME\\dana", "dana")] == ["dana"] * 3


def test_is_address_wants_one_whole_address() -> None:
    assert is_address("dana@acme.test")
    assert not any(
        is_address(one) for one in ("dana", "dana@acme", "a b@acme.test", "a@b.test,c@d.test", f"{'a' * 250}@b.test")
    )
