"""Whole keys are compared, and only with values of their own kind."""

from __future__ import annotations

from hypothesis import given
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


@given(
    st.lists(st.text("ab.@\\ Kß\u212a", min_size=1, max_size=6), min_size=1, max_size=3),
    st.text("abAB.@\\ K\u212aß", max_size=8),
)
def test_a_glance_lets_nobody_pass_by_who_equals_or_is_near_a_key(keys: list[str], handle: str) -> None:
    who = leaver(*keys)
    if matched_by(who, mails=(handle,), logins=(handle,)) or similar(who, (handle,)):
        assert glance(who)(f"{handle}\nsomething else")


def test_a_glance_passes_most_strangers_by() -> None:
    assert not glance(leaver("dana@acme.test"))("user7\nuser7@acme.test")
