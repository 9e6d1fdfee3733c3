from __future__ import annotations

from dataclasses import replace

from bot.model import Key, KeyKind, KeySource, Leaver
from bot.store.keys import keys_of
from tests.bot.store.samples import DANA


def test_a_person_is_known_by_every_sure_key_and_every_slack_id() -> None:
    there_twice = replace(DANA, also=("U0DANA2",))

    assert keys_of(there_twice) == (
        ("login", "dfox"),
        ("mail", "dana.fox@example.com"),
        ("slack", "T1:U0DANA"),
        ("slack", "T1:U0DANA2"),
    )


def test_other_logins_and_whom_they_led_to_reserve_nobody() -> None:
    other = tuple(Key(kind, "ben@example.com", KeySource.OTHER) for kind in KeyKind)
    named = replace(DANA, keys=(*DANA.keys, *other), named=("U0BEN",))

    assert keys_of(named) == keys_of(DANA)


def test_keys_are_locked_in_one_order_whoever_asks() -> None:
    keys = tuple(Key(KeyKind.LOGIN, f"Login{number}", KeySource.TYPED) for number in range(20))
    there, back = Leaver("A", keys), Leaver("B", keys[::-1])
    assert keys_of(there) == keys_of(back) == tuple(sorted(keys_of(there)))


def test_one_key_from_two_sources_is_one_key() -> None:
    typed = Key(KeyKind.MAIL, "a@example.com", KeySource.TYPED)
    profile = Key(KeyKind.MAIL, "A@Example.com", KeySource.PROFILE)
    assert keys_of(Leaver("A", (typed, profile))) == (("mail", "a@example.com"),)
