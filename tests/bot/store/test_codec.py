from __future__ import annotations

from datetime import UTC, timedelta, timezone
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.model import (
    Account,
    Discovery,
    Finding,
    Key,
    KeyKind,
    KeySource,
    Leaver,
    Match,
    Outcome,
    Person,
    PlannedAccount,
    PlannedSystem,
    Proof,
    Sight,
    Step,
    Word,
)
from bot.store import codec
from tests.bot.store.samples import DANA, LOOK

T = TypeVar("T")
WORDS = st.text(max_size=6)
TIMES = st.datetimes(timezones=st.sampled_from([UTC, timezone(timedelta(hours=-3, minutes=-30))]))


def few(each: st.SearchStrategy[T]) -> st.SearchStrategy[tuple[T, ...]]:
    return st.lists(each, max_size=2).map(tuple)


FACTS = few(st.tuples(WORDS, WORDS))
KEYS = few(st.builds(Key, st.sampled_from(KeyKind), WORDS, st.sampled_from(KeySource)))
FINDINGS = few(st.builds(Finding, WORDS, st.none() | st.sampled_from(Word)))
ACCOUNTS = st.builds(
    Account,
    WORDS,
    WORDS,
    WORDS,
    FACTS,
    st.sampled_from(Match),
    matched_by=KEYS,
    weight=few(WORDS),
    parts=few(WORDS),
    notes=FACTS,
    findings=FINDINGS,
    left=WORDS,
    ends_at=st.none() | TIMES,
    one_at_a_time=st.booleans(),
    would=few(st.builds(Step, WORDS, WORDS, st.booleans())),
)
DISCOVERIES = st.builds(Discovery, WORDS, st.sampled_from(Sight), few(ACCOUNTS), few(WORDS), FINDINGS, WORDS)
PLANNED = st.builds(PlannedAccount, ACCOUNTS, st.booleans(), WORDS, st.none() | st.sampled_from(Word))
OUTCOMES = st.builds(
    Outcome,
    WORDS,
    WORDS,
    st.sampled_from(Word),
    WORDS,
    TIMES,
    proof=st.none() | st.builds(Proof, WORDS, WORDS, TIMES),
    effective_at=st.none() | TIMES,
    done_by=st.none() | WORDS,
)
KINDS: dict[str, tuple[codec.Codec[Any], st.SearchStrategy[Any]]] = {
    "leaver": (codec.leaver, st.builds(Leaver, WORDS, KEYS, st.none() | WORDS, st.none() | WORDS)),
    "person": (codec.person, st.builds(Person, WORDS, WORDS, WORDS, st.none() | WORDS, st.booleans())),
    "discovery": (codec.discovery, DISCOVERIES),
    "outcome": (codec.outcome, OUTCOMES),
    "planned": (codec.planned, few(st.builds(PlannedSystem, WORDS, WORDS, WORDS, WORDS, DISCOVERIES, few(PLANNED)))),
}


@pytest.mark.parametrize("name", KINDS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(data=st.data())
def test_a_value_is_read_back_equal(name: str, data: st.DataObject) -> None:
    kind, values = KINDS[name]
    value = data.draw(values)
    assert kind.load(kind.dump(value)) == value


def test_nested_values_come_back_as_the_same_types() -> None:
    assert codec.discovery.load(codec.discovery.dump(LOOK)) == LOOK
    assert codec.leaver.load(codec.leaver.dump(DANA)) == DANA
    assert hash(codec.discovery.load(codec.discovery.dump(LOOK))) == hash(LOOK)


def test_half_a_character_from_outside_is_replaced_and_nothing_else() -> None:
    broken = Person("U1", "T1", "a\ud83db \N{FOX FACE} \x00")
    assert codec.person.load(codec.person.dump(broken)) == Person("U1", "T1", "a\ufffdb \N{FOX FACE} \x00")


def test_what_cannot_be_read_back_is_not_repeated() -> None:
    with pytest.raises(ValueError, match=r"missing at team_id") as refused:
        codec.person.load('{"user_id": "Dana Fox"}')
    assert "Dana" not in str(refused.value)
    with pytest.raises(ValueError, match=r"json_invalid at its start"):
        codec.person.load("Dana Fox")
