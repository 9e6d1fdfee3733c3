"""Whole keys are compared, and only with values of their own kind."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.model import KeySource, Leaver, Match
from providers.matching import MOST_SIMILAR, glance, match_of, matched_by, similar
from tests.providers.leavers import key, leaver

DANA = leaver("dana@acme.test", "dfrost")


def test_each_key_meets_values_of_its_own_kind_only() -> None:
    mail, login = DANA.keys
    assert matched_by(DANA, mails=["DANA@acme.test"], logins=["dfrost"]) == (mail, login)
    assert matched_by(DANA, mails=["dfrost"], logins=["dana@acme.test"]) == ()


def test_a_part_of_a_key_or_more_than_a_key_matches_nothing() -> None:
    assert (
        matched_by(DANA, mails=["jordana@acme.test", "dana@acme.test.evil", "dana", "", None], logins=["dfros"]) == ()
    )


def test_found_by_other_logins_only_is_the_weakest_match() -> None:
    typed, other = key("dana@acme.test"), key("dfrost", KeySource.OTHER)
    assert match_of([typed, other]) is Match.EXACT
    assert match_of([other]) is Match.OTHER


def test_near_is_the_same_local_part_or_a_key_inside_and_never_the_key_itself() -> None:
    handles = ["dana@other.test", "jordana@acme.test", "Dana@ACME.test", "ana@acme.test", "x-dfrost", "", "dfrost"]
    assert similar(DANA, handles) == ("dana@other.test", "jordana@acme.test", "x-dfrost")


def test_at_most_ten_are_shown_each_once() -> None:
    handles = [f"dana@{number}.test" for number in range(30)]
    assert similar(DANA, handles[:1] * 5 + handles) == tuple(handles[:MOST_SIMILAR])


def test_a_leaver_without_mail_has_no_local_part_to_be_near() -> None:
    nobody = Leaver("Some Body", (key("root"),))
    assert similar(nobody, ["other", "@acme.test", "root2"]) == ("root2",)


def test_capitals_outside_ascii_match_and_the_kelvin_sign_does_not() -> None:
    oezlem = leaver("özlem.kaya@acme.test", "kim")
    assert matched_by(oezlem, mails=["ÖZLEM.Kaya@acme.test "], logins=["\u212aim"]) == (oezlem.keys[0],)


@pytest.mark.parametrize(
    "handle",
    [
        "da\u200bna@acme.test",
        "dana+veeam@acme.test",
        "d\u0430na@acme.test",
        "dan\u00e1@acme.test",
        "dana@acne.test",
        "da\x00na@acme.test",
        "da\nna@acme.test",
    ],
)
def test_another_spelling_of_a_key_is_similar_and_no_match(handle: str) -> None:
    assert matched_by(DANA, mails=[handle], logins=[handle]) == ()
    assert similar(DANA, [handle]) == (handle,)
    assert glance(DANA)(f"x\n{handle}")


def test_quotes_and_both_spellings_of_a_domain_are_similar() -> None:
    who = leaver("sean.o'brien@acme.test", "jo@bücher.test")
    handles = ("sean.o\u2019brien@acme.test", "sean.o`brien@acme.test", "jo@xn--bcher-kva.test")
    assert similar(who, handles) == handles
    assert all(glance(who)(handle) for handle in handles)


def test_the_nearest_of_many_similar_handles_are_shown_first() -> None:
    handles = [*(f"dana@{number}.test" for number in range(30)), "dana+x@acme.test"]
    assert similar(DANA, handles) == ("dana+x@acme.test", *handles[: MOST_SIMILAR - 1])


_TRICKY = "abAB.@+\\ K'\"`\n\x00\x7f\u212aßxn-\u200b\u0430öÖ"


@given(
    st.lists(st.text(_TRICKY, min_size=1, max_size=6), min_size=1, max_size=3),
    st.text(_TRICKY, max_size=10) | st.sampled_from(("jo@xn--bcher-kva.test", "xn--a-ecp.test", "a@xn--b-k.b")),
)
@example(["bucher"], "jo@xn--bcher-kva.test")
@example(["ab"], "a\nb")
@example(["a'b"], 'a"b')
def test_a_glance_lets_nobody_pass_by_who_equals_or_is_near_a_key(keys: list[str], handle: str) -> None:
    who = leaver(*keys)
    if matched_by(who, mails=(handle,), logins=(handle,)) or similar(who, (handle,)):
        assert glance(who)(f"{handle}\nsomething else")


def test_a_glance_passes_most_strangers_by() -> None:
    assert not glance(leaver("dana@acme.test"))("user7\nuser7@acme.test")
