"""Whether the names on one account are two people's."""

from __future__ import annotations

import pytest

from bot.domain.contradictions import find_contradiction

DANA = ["dana@acme.test"]


def contradiction(login: str, mail: str, *more: str, is_assigned: bool = False) -> str:
    """What is said of an account of Dana's; `more` are other names that free text gives her."""
    return find_contradiction({"login": login, "mail": mail}, DANA, [*DANA, *more], is_assigned=is_assigned)


@pytest.mark.parametrize(
    ("login", "mail"),
    [
        ("dana@acme.test", "dana@acme.test"),
        ("dana@acme.test", ""),
        ("ACME\\dana", "Dana@Acme.test "),
        ("dfrost", "dana+backup@acme.test"),
        ("dana.frost@corp.test", "dana@acme.test"),
        ("dana+vpn@acme.test", "dana@acme.test"),
        ("", "dana\u200b@acme.test"),
    ],
)
def test_names_of_one_person_in_any_spelling_do_not_contradict_each_other(login: str, mail: str) -> None:
    assert contradiction(login, mail) == ""


@pytest.mark.parametrize("login", ["dana@acme.test", "dana", "ACME\\dana"])
@pytest.mark.parametrize("mail", ["sam@acme.test", "dana@acme.tset", "dana@other.test", "former staff"])
def test_an_address_of_somebody_else_contradicts_any_log_in_and_both_are_named(login: str, mail: str) -> None:
    assert contradiction(login, mail) == (
        f"Its log-in is {login}, its own address is {mail}: a person has to say whose it is."
    )


def test_a_log_in_that_is_a_colleagues_address_contradicts_the_leavers_address() -> None:
    assert "Its log-in is sam@acme.test" in contradiction("sam@acme.test", "dana@acme.test")
    assert "Its log-in is SAM@ACME.test" in contradiction("SAM@ACME.test", "dana@acme.test")


def test_another_name_of_the_leaver_may_be_the_log_in_and_free_text_never_makes_an_address_the_leavers() -> None:
    assert contradiction("dana.frost@acme.test", "dana@acme.test", "dana.frost@acme.test") == ""
    assert contradiction("dana@acme.test", "sam@acme.test", "sam@acme.test") != ""


def test_the_operators_word_answers_for_the_log_in_and_not_for_the_address() -> None:
    assert contradiction("sam@acme.test", "dana@acme.test", is_assigned=True) == ""
    assert contradiction("svc-7", "sam@acme.test", is_assigned=True) != ""


def test_an_account_without_a_log_in_is_told_by_its_address() -> None:
    assert contradiction("", "sam@acme.test").startswith("Its own address is sam@acme.test, which is not this")


def test_invisible_characters_are_written_out_in_the_sentence() -> None:
    assert "s\u27e8U+200B\u27e9am@acme.test" in contradiction("dana", "s\u200bam@acme.test")


def test_without_an_address_of_the_leaver_nothing_can_be_said() -> None:
    assert find_contradiction({"login": "dana", "mail": "sam@acme.test"}, [], ["dana"]) == ""
