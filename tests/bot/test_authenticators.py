"""Keys of authenticator apps: only their own person's row opens them, and codes are those that apps show."""

from __future__ import annotations

import base64

import pytest

from bot.authenticators import KeyBox, KeyUnreadable, enrolment_uri, make_key, matching_steps

BOX = KeyBox.of("an operator's key of at least 32 characters")
RFC_KEY = base64.b32encode(b"12345678901234567890").decode()
"""The key of the test vectors of RFC 6238, appendix B."""


def test_a_key_comes_back_for_the_person_for_whom_it_was_encrypted() -> None:
    key = make_key()

    stored = BOX.encrypt("U0BEN", key)

    assert BOX.decrypt("U0BEN", stored) == key
    assert key not in stored
    assert BOX.encrypt("U0BEN", key) != stored


def test_a_row_that_was_put_under_another_person_opens_nothing() -> None:
    with pytest.raises(KeyUnreadable):
        BOX.decrypt("U0CHLOE", BOX.encrypt("U0BEN", make_key()))


def test_a_key_of_another_operator_opens_nothing() -> None:
    with pytest.raises(KeyUnreadable):
        KeyBox.of("another operator's key of 32 characters").decrypt("U0BEN", BOX.encrypt("U0BEN", make_key()))


@pytest.mark.parametrize("stored", ["", "1.", "1.AAAA", "1.***", "2.AAAA", "\u00e9", RFC_KEY, "1." + "A" * 80])
def test_a_row_that_was_changed_opens_nothing(stored: str) -> None:
    with pytest.raises(KeyUnreadable) as raised:
        BOX.decrypt("U0BEN", stored)

    assert stored == "" or stored not in str(raised.value)


def test_the_box_shows_no_key_of_its_own() -> None:
    assert "operator" not in repr(BOX)
    assert "AESGCM" not in repr(BOX)


@pytest.mark.parametrize(("seconds", "code"), [(59, "287082"), (1111111109, "081804"), (2000000000, "279037")])
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    step = seconds // 30

    assert matching_steps(RFC_KEY, code, (step - 1, step, step + 1)) == (step,)
    assert matching_steps(RFC_KEY, code[::-1], (step - 1, step, step + 1)) == ()
    assert matching_steps(RFC_KEY, f"94{code}", (step,)) == ()


def test_every_new_key_is_another_one_of_a_hundred_and_sixty_bits() -> None:
    keys = {make_key() for _ in range(20)}

    assert len(keys) == 20
    assert {len(base64.b32decode(key)) for key in keys} == {20}


def test_the_address_for_the_app_names_the_bot_and_the_slack_id_alone() -> None:
    assert enrolment_uri("U0BEN", RFC_KEY) == f"otpauth://totp/offboard:U0BEN?secret={RFC_KEY}&issuer=offboard"
