from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.audit import Head
from bot.evidence import heads, seals
from bot.evidence.seals import Seal
from tests.bot.evidence.packed import OURS, THEIRS

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


def head(seq: int, chain: str = "case:1") -> Head:
    return Head(chain, seq, bytes([seq]) * 32)


def written(*, by: str = "ours") -> list[Seal]:
    """Three seals in a row."""
    last, made = seals.first(), []
    for number in (1, 2, 3):
        made.append(seals.make(OURS if by == "ours" else THEIRS, last, [head(number)], NOON))
        last = seals.head_of(made[-1])
    return made


def test_a_head_is_read_as_it_was_shown() -> None:
    for chain in ("case:12", "refusals", heads.SEALS):
        assert heads.parsed(f" {heads.shown(head(7, chain)).upper()}\n") == head(7, chain)


@pytest.mark.parametrize(
    "text", ["", "case:12:7", "case:12:0:" + "0" * 64, "other:1:" + "0" * 64, "case:1:1:" + "g" * 64]
)
def test_what_is_no_head_is_not_taken_for_one(text: str) -> None:
    assert heads.parsed(text) is None


def test_seals_as_they_were_made_have_no_defect() -> None:
    assert seals.check_all(written()) is None
    assert seals.check_all([]) is None


def test_a_seal_holds_the_key_that_made_it_so_that_old_keys_are_kept() -> None:
    first = seals.make(OURS, seals.first(), [head(1)], NOON)
    second = seals.make(THEIRS, seals.head_of(first), [head(2)], NOON)

    assert seals.check_all([first, second]) is None
    assert [seals.read(one.message).public for one in (first, second)] == [OURS.public, THEIRS.public]


@pytest.mark.parametrize("missing", [0, 1])
def test_a_seal_that_is_missing_is_found(missing: int) -> None:
    kept = written()
    del kept[missing]

    defect = seals.check_all(kept)

    assert defect is not None
    assert (defect.chain, defect.seq) == ("seal", missing + 1)
    assert "missing or out of order" in defect.says


def test_two_seals_that_changed_places_are_found() -> None:
    one, two, three = written()

    assert seals.check_all([two, one, three]) is not None
    assert seals.check_all([one, three, two]) is not None


def test_a_seal_of_another_row_does_not_follow() -> None:
    one, _, _ = written()
    _, other, _ = written(by="theirs")

    defect = seals.check_all([one, other])

    assert defect is not None
    assert "does not follow" in defect.says


@pytest.mark.parametrize("key", ["at", "heads", "number", "previous", "public"])
def test_a_seal_without_one_of_its_parts_cannot_be_read(key: str) -> None:
    one = written()[0]
    plain = json.loads(one.message)
    del plain[key]

    assert seals.check(replace(one, message=json.dumps(plain))) == "the seal cannot be read"


def test_a_seal_that_was_changed_or_names_another_key_is_found() -> None:
    one = written()[0]

    assert "signature" in (seals.check(replace(one, message=one.message.replace("2026", "2025"))) or "")
    assert "signature" in (seals.check(replace(one, signature=bytes(64))) or "")
    assert "another key" in (seals.check(replace(one, key_id=THEIRS.fingerprint)) or "")
