"""Whole keys are compared, and only with values of their own kind."""

from __future__ import annotations

from bot.model import KeySource, Leaver, Match
from providers.matching import MOST_SIMILAR, match_of, matched_by, similar
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
