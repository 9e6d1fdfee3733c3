from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.audit import Event, Head, PersonalValue, append, chain_of, check, commitment, start
from bot.model import Word

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
Chain = tuple[tuple[Event, ...], tuple[PersonalValue, ...]]


def written(count: int = 4, chain: str = "case:12") -> Chain:
    """A chain of that many events, with one personal value each."""
    head = start(chain)
    events: tuple[Event, ...] = ()
    values: tuple[PersonalValue, ...] = ()
    for number in range(1, count + 1):
        event, personal = append(head, NOON, f"kind {number}", {"number": number}, {"who": f"person {number}"})
        head, events, values = Head(chain, event.seq, event.hash), (*events, event), (*values, *personal)
    return events, values


def test_a_chain_as_it_was_written_has_no_defect() -> None:
    events, values = written()
    assert check(events, values) is None
    assert check(events, values, Head("case:12", 4, events[-1].hash)) is None
    assert check((), (), start("case:12")) is None


def test_a_chain_without_its_personal_values_has_no_defect() -> None:
    events, values = written()
    assert check(events) is None
    assert check(events, values[1:3]) is None


@pytest.mark.parametrize("dropped", range(3))
def test_an_event_that_is_missing_is_found(dropped: int) -> None:
    events, _ = written()
    defect = check((*events[:dropped], *events[dropped + 1 :]))
    assert defect is not None
    assert (defect.seq, defect.says) == (dropped + 1, "an event is missing or out of order")


def test_events_missing_at_the_end_are_found_with_a_head() -> None:
    events, _ = written()
    head = Head("case:12", 4, events[-1].hash)
    assert check(events[:3]) is None
    defect = check(events[:3], (), head)
    assert defect is not None
    assert (defect.seq, defect.says) == (4, "events are missing at the end")
    assert check((), (), head) is not None


@pytest.mark.parametrize("first", range(3))
def test_two_events_that_changed_places_are_found(first: int) -> None:
    events, _ = written()
    swapped = [*events[:first], events[first + 1], events[first], *events[first + 2 :]]
    assert check(swapped) is not None
    renumbered = [replace(event, seq=number) for number, event in enumerate(swapped, 1)]
    assert check(renumbered) is not None


@pytest.mark.parametrize(
    "forged",
    [
        {"at": NOON + timedelta(microseconds=1)},
        {"kind": "kind 3"},
        {"chain": "case:13"},
        {"body": '{"facts":{"number":3},"personal":{}}'},
        {"prev_hash": bytes(32)},
        {"hash": bytes(32)},
    ],
    ids=lambda forged: next(iter(forged)),
)
def test_a_changed_column_is_found(forged: dict[str, object]) -> None:
    events, _ = written()
    changed = replace(events[1], **forged)  # type: ignore[arg-type] # each case has one column of its own type
    assert check((events[0], changed, *events[2:])) is not None


@given(st.data())
def test_any_changed_byte_of_a_body_or_hash_is_found(data: st.DataObject) -> None:
    events, _ = written()
    number = data.draw(st.integers(0, 3))
    event = events[number]
    body = bytearray(event.body.encode() + event.hash + event.prev_hash)
    body[data.draw(st.integers(0, len(body) - 1))] ^= 1 << data.draw(st.integers(0, 6))
    text, seal = bytes(body[:-64]).decode("latin-1"), bytes(body[-64:])
    changed = replace(event, body=text, hash=seal[:32], prev_hash=seal[32:])
    assert check((*events[:number], changed, *events[number + 1 :])) is not None


def test_a_chain_written_anew_does_not_fit_a_head_kept_elsewhere() -> None:
    kept, _ = written()
    forged, _ = written()
    assert check(forged) is None
    defect = check(forged, (), Head("case:12", 2, kept[1].hash))
    assert defect is not None
    assert defect.seq == 2


def test_another_cases_chain_does_not_pass_for_this_one() -> None:
    events, _ = written(chain="case:13")
    assert check(events, (), Head("case:12", 4, events[-1].hash)) is not None


def test_a_personal_value_that_differs_or_belongs_nowhere_is_found() -> None:
    events, values = written()
    assert check(events, (replace(values[0], value="person 2"),)) is not None
    assert check(events, (replace(values[0], salt=bytes(32)),)) is not None
    assert check(events, (replace(values[0], field="mail"),)) is not None
    assert check(events, (replace(values[0], seq=2),)) is not None
    assert check(events, (replace(values[0], seq=0),)) is not None
    assert check(events, (replace(values[0], seq=5),)) is not None
    assert check((), values) is not None


def test_a_personal_value_is_in_no_event_and_its_digest_never_twice_the_same() -> None:
    one, _ = append(start("a"), NOON, "k", {}, {"who": "Dana Fox"})
    two, _ = append(start("a"), NOON, "k", {}, {"who": "Dana Fox"})
    assert "Dana" not in one.body
    assert one.body != two.body
    assert commitment(b"salt", "a") != commitment(b"salt", "b")


def test_facts_have_one_spelling() -> None:
    there = {"b": 1, "a": [True, None, "\N{LATIN SMALL LETTER E WITH ACUTE}"], "word": Word.REMOVED, "at": NOON}
    here = {
        "at": NOON.astimezone(timezone(timedelta(hours=5))),
        "word": "removed",
        "a": (True, None, "\N{LATIN SMALL LETTER E WITH ACUTE}"),
        "b": 1,
    }
    one, other = (append(start("a"), NOON, "k", facts, {})[0].body for facts in (there, here))
    assert one == other
    assert json.loads(one)["facts"] == {
        "a": [True, None, "\N{LATIN SMALL LETTER E WITH ACUTE}"],
        "at": "2026-11-22T12:00:00.000000+00:00",
        "b": 1,
        "word": "removed",
    }


def test_the_hash_of_an_event_is_the_digest_of_its_canonical_spelling() -> None:
    event, _ = append(start("case:1"), NOON, "opened", {"a": 1}, {})
    sealed = (
        r'["case:1",1,"2026-11-22T12:00:00.000000+00:00","opened","{\"facts\":{\"a\":1},\"personal\":{}}",'
        f'"{"0" * 64}"]'
    )
    assert event.hash == hashlib.sha256(b"\x01" + sealed.encode()).digest()


@pytest.mark.parametrize("fact", [1.5, object(), {1, 2}, b"x"], ids=["fraction", "object", "set", "bytes"])
def test_a_fact_without_one_spelling_is_not_logged(fact: object) -> None:
    with pytest.raises(TypeError):
        append(start("a"), NOON, "k", {"fact": fact}, {})


def test_a_time_without_a_zone_is_not_logged() -> None:
    with pytest.raises(ValueError, match="zone"):
        append(start("a"), NOON.replace(tzinfo=None), "k", {}, {})


def test_chains_are_named_by_their_case() -> None:
    assert (chain_of(12), chain_of(None)) == ("case:12", "refusals")
