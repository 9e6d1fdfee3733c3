"""1. Texts that name somebody: one module decides what they may look like, when two are equal, and when similar."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import ValidationError

from bot.cases import Field
from bot.domain.identifier_list import read_identifiers
from bot.domain.identifiers import are_equal, find_flaw, initials, nearest
from bot.policy import protected_by
from bot.settings import PolicyTable
from handlers import forms
from handlers.forms import Order, Verb
from providers.matching import matched_by, similar
from tests.bot.conftest import House
from tests.bot.test_cases_opening import denied
from tests.handlers.ears import Ears, opened
from tests.providers.leavers import leaver
from tests.providers.subjects import BY_KIND
from tests.providers.test_settings import EM, HSS, VSPC

OZLEM, OZLEM_SMALL = "\u00d6ZLEM", "\u00f6zlem"
ZERO_WIDTH, CURLY = "\u200b", "\u2019"


def command(text: str) -> Order:
    """The command `/offboard` with what follows it."""
    return forms.order({"user_id": "U0AMY", "team_id": "T0ACME", "trigger_id": "1.2", "text": text})


def is_similar(stored: str, looked_for: str) -> bool:
    """Whether what a vendor stores is shown as similar: so it is not equal, and never chosen."""
    return nearest([stored], [looked_for], 10) == (stored,)


# One module, and every text goes through it.


async def test_the_form_goes_through_it(house: House) -> None:
    assert (await denied(house, email=f"dana@acme.test{ZERO_WIDTH}")).field is Field.EMAIL


async def test_the_command_goes_through_it(ears: Ears) -> None:
    result = await ears.person("amy").command(f"/offboard dana@acme.test{ZERO_WIDTH}")

    assert result.view is None
    assert "U+200B" in await ears.told("amy")


async def test_other_logins_go_through_it(house: House) -> None:
    assert (await denied(house, other_logins=(f"dana{ZERO_WIDTH}",))).field is Field.OTHER_LOGINS


def test_protected_goes_through_it() -> None:
    with pytest.raises(ValidationError, match="would protect nobody"):
        PolicyTable(requesters=("U0AMY",), approvers=("U0BEN",), protected=(f"ceo{ZERO_WIDTH}@acme.test",))
    assert protected_by([f"{OZLEM_SMALL}@acme.test"], [f"{OZLEM}@acme.test"])


@pytest.mark.parametrize(
    ("kind", "entry"),
    [
        ("huawei_hss", {"accounts": {f"dana@acme.test{ZERO_WIDTH}": "a" * 32}}),
        ("veeam_em", {"names": {f"dana@acme.test{ZERO_WIDTH}": "ACME\\dana"}}),
        ("veeam_em", {"names": {"dana@acme.test": f"ACME\\dana{ZERO_WIDTH}"}}),
        ("veeam_em", {"domains": {f"acme.test{ZERO_WIDTH}": ["ACME"]}}),
        ("veeam_em", {"domains": {"acme.test": [f"ACME{ZERO_WIDTH}"]}}),
        ("vspc", {"logins": [f"acme{ZERO_WIDTH}"]}),
    ],
    ids=["accounts", "names by address", "names by log-in", "mail domains", "Windows domains", "company prefixes"],
)
def test_accounts_names_and_domains_of_the_operator_go_through_it(kind: str, entry: dict[str, Any]) -> None:
    subject = BY_KIND[kind]

    with pytest.raises(ValidationError, match=r"U\+200B"):
        subject.kind.settings.model_validate({"veeam_em": EM, "vspc": VSPC, "huawei_hss": HSS}[kind] | entry)


def test_every_name_that_a_vendor_lists_goes_through_it() -> None:
    who = leaver(f"{OZLEM_SMALL}@acme.test")

    assert matched_by(who, mails=[f"{OZLEM}@acme.test"], logins=[]) == who.keys
    assert similar(who, [f"{OZLEM_SMALL}@acme.test{ZERO_WIDTH}"]) == (f"{OZLEM_SMALL}@acme.test{ZERO_WIDTH}",)


# Signs nobody sees.


@pytest.mark.parametrize(
    "sign",
    ["\u200b", "\u00ad", "\ufeff", "\u2060", "\u202e", "\x00", "\x7f", CURLY, "\u201c", "*", "`", '"'],
    ids=lambda sign: f"U+{ord(sign):04X}",
)
def test_such_a_sign_is_refused_naming_the_sign_and_its_place(sign: str) -> None:
    flaw = find_flaw(f"da{sign}na@acme.test")

    assert flaw is not None
    assert flaw.sentence.startswith(f"Character 3 is U+{ord(sign):04X}")


def test_quotes_around_an_address_are_refused() -> None:
    assert find_flaw("'dana@acme.test'") is not None
    assert find_flaw("sean.o'brien@acme.test") is None


def test_a_mixture_of_scripts_is_refused() -> None:
    flaw = find_flaw("d\u0430na@acme.test")

    assert flaw is not None
    assert "cyrillic" in flaw.sentence


@pytest.mark.parametrize("address", [f"dana@acme.test{ZERO_WIDTH}", f"sean.o{CURLY}brien@acme.test"])
async def test_no_case_is_opened_that_would_close_with_absent_in_all_systems(house: House, address: str) -> None:
    await denied(house, email=address)

    assert house.crm.journal == house.wiki.journal == []


# Equality.


def test_letters_outside_ascii_equal_their_other_case() -> None:
    assert are_equal(OZLEM, OZLEM_SMALL)


@pytest.mark.parametrize(("sign", "ascii_letters"), [("\u00df", "ss"), ("\u0131", "i"), ("\u212a", "k")])
def test_sharp_s_dotless_i_and_kelvin_stay_what_they_are(sign: str, ascii_letters: str) -> None:
    assert not are_equal(f"wei{sign}", f"wei{ascii_letters}")


def test_composed_and_decomposed_letters_are_equal() -> None:
    assert are_equal("o\u0308zlem", OZLEM_SMALL)


async def test_equality_is_decided_here_on_every_record_that_a_look_brings() -> None:
    who = leaver("dana@acme.test")

    assert matched_by(who, mails=[" dana@acme.test "], logins=[]) == who.keys
    assert similar(who, [" dana@acme.test "]) == ()


# Similar.


@pytest.mark.parametrize(
    ("stored", "looked_for"),
    [
        ("WEISS@acme.test", "wei\u00df@acme.test"),
        ("\uff44\uff41\uff4e\uff41@acme.test", "dana@acme.test"),
        (f"sean.o{CURLY}brien@acme.test", "sean.o'brien@acme.test"),
        (f"da{ZERO_WIDTH}na@acme.test", "dana@acme.test"),
        ("dana+x@acme.test", "dana@acme.test"),
        ("jo@xn--bcher-kva.test", "jo@b\u00fccher.test"),
        ("jo@b\u00fccher.test", "jo@xn--bcher-kva.test"),
        ("dana@acmee.test", "dana@acme.test"),
    ],
    ids=["casefold", "NFKC", "quotes", "invisible", "sub-address", "IDNA", "IDNA the other way", "one letter"],
)
def test_similar_is_looser_than_equal(stored: str, looked_for: str) -> None:
    assert not are_equal(stored, looked_for)
    assert is_similar(stored, looked_for)


def test_what_is_similar_is_always_shown_and_never_chosen() -> None:
    who = leaver("dana@acme.test")

    assert similar(who, ["dana+x@acme.test"]) == ("dana+x@acme.test",)
    assert matched_by(who, mails=["dana+x@acme.test"], logins=["dana+x@acme.test"]) == ()


# Other logins.


@pytest.mark.parametrize(
    "text", ["a@x.test, b@x.test", "a@x.test; b@x.test", "a@x.test\nb@x.test", "a@x.test b@x.test"]
)
def test_other_logins_are_split_at_commas_semicolons_line_breaks_and_blanks_between_addresses(text: str) -> None:
    assert read_identifiers(text).identifiers == ("a@x.test", "b@x.test")


@pytest.mark.parametrize("text", ["Name <a@x.test>", "mailto:a@x.test", "<mailto:a@x.test|a@x.test>"])
def test_a_named_a_mailto_and_a_slack_address_give_the_address(text: str) -> None:
    assert read_identifiers(text).identifiers == ("a@x.test",)


@pytest.mark.parametrize("text", ["dana frost", "dana<frost"], ids=["a blank inside", "a bracket"])
async def test_what_can_be_no_login_is_refused_under_the_field(ears: Ears, text: str) -> None:
    view = opened((await ears.person("amy").command("/offboard dana@acme.test")).view)

    result = await ears.person("amy").submit(view, {"Other logins": text})

    assert list(result.field_errors) == ["Other logins"]


# The command.


def test_slacks_escapes_are_undone_once() -> None:
    assert command("r&amp;d@acme.test").email == "r&d@acme.test"
    assert command("&amp;lt;@acme.test").email == "&lt;@acme.test"


def test_an_address_of_which_slack_linked_a_half_is_put_together() -> None:
    assert command("sean.o'<mailto:brien+it@acme.test|brien+it@acme.test>").email == "sean.o'brien+it@acme.test"


@pytest.mark.parametrize("text", ['"{}"', "&lt;{}&gt;", "{}.", "{},", "{};", "{}!", "'{}'", "\u201c{}\u201d"])
def test_quotes_brackets_and_punctuation_around_an_address_are_taken_off(text: str) -> None:
    assert command(text.format("dana@acme.test")).email == "dana@acme.test"


def test_non_breaking_blanks_and_dashes_count_as_plain_ones() -> None:
    order = command("stop\u00a0OFF\u20113")

    assert (order.verb, order.case_id) == (Verb.STOP, 3)


@pytest.mark.parametrize("verb", ["stop", "cancel", "withdraw"])
def test_stop_cancel_and_withdraw_take_trailing_words(verb: str) -> None:
    order = command(f"{verb} OFF-3 please, this is the wrong Dana")

    assert (order.verb, order.case_id) == (verb, 3)


def test_a_line_break_may_stand_before_a_reason() -> None:
    order = command("release OFF-3\nboth were agreed on")

    assert (order.verb, order.case_id, order.reason) == (Verb.RELEASE, 3, "both were agreed on")


@pytest.mark.parametrize(("near", "meant"), [("statsu OFF-3", "status"), ("cancle OFF-3", "cancel"), ("lst", "list")])
async def test_near_words_are_asked_did_you_mean(ears: Ears, near: str, meant: str) -> None:
    await ears.person("amy").command(f"/offboard {near}")

    assert f"Did you mean /offboard {meant}?" in await ears.told("amy")


# Initials of a discreet case.


@pytest.mark.parametrize(
    "name",
    ["Dana Frost (she/her)", "Dana Frost \U0001f334", "\u202aDana Frost\u202c", "Dana [out of office] Frost"],
    ids=["pronouns", "emoji", "direction marks", "square brackets"],
)
def test_initials_are_made_from_letters_only(name: str) -> None:
    assert initials(name, "dana@acme.test") == "D. F."
