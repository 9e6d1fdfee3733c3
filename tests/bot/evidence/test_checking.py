"""A pack, and everything that can be done to it on its way."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.audit import Head
from bot.evidence import container, heads
from bot.evidence.checking import Verdict, check_pack
from tests.bot.authenticating import GLASS, approve, code_of, enrol, glass, guard
from tests.bot.conftest import House
from tests.bot.evidence.packed import OURS, THEIRS, forged, made, ran
from tests.bot.fakes import BEN, ROOT

PINNED = [OURS.fingerprint]
Change = Callable[[bytes], bytes]


async def test_a_pack_of_a_run_that_was_begun_by_break_glass_is_unbroken(house: House) -> None:
    guard(house).govern(GLASS)
    key = await enrol(house.store, ROOT)
    assert (await glass(house, await house.planned(), await code_of(house, key))).ok
    await house.engine.drain()

    assert judged((await made(house)).content).defects == ()


async def test_a_pack_tells_which_approvals_were_given_with_a_code(house: House) -> None:
    key = await enrol(guard(house).store, BEN)
    assert (await approve(house, await house.planned(), await code_of(house, key))).ok
    await house.engine.drain()

    content = (await made(house)).content

    assert judged(content).defects == ()
    assert b"in S0SECURITY; with a code from an authenticator app" in container.read(content)["index.html"]
    assert key.encode() not in content


@pytest.fixture
async def pack(house: House) -> bytes:
    return (await ran(house)).content


def judged(content: bytes, *held: Head) -> Verdict:
    return check_pack(content, PINNED, held)


async def test_a_pack_as_it_was_made_is_unbroken_and_its_signer_known(house: House) -> None:
    given_out = await ran(house)
    head = heads.parsed(given_out.head)
    assert head is not None

    verdict = judged(given_out.content, head)

    assert verdict == Verdict("OFF-1, edition 1", given_out.head, OURS.fingerprint, known=True)
    assert verdict.ok


async def test_without_a_pinned_key_the_best_answer_is_that_the_signer_is_not_known(pack: bytes) -> None:
    verdict = check_pack(pack)

    assert (verdict.ok, verdict.known, verdict.defects) == (False, False, ())


async def test_the_same_contents_are_the_same_bytes(pack: bytes) -> None:
    assert container.write(container.read(pack)) == pack


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=st.data())
def test_any_bit_that_is_changed_is_noticed(pack: bytes, data: st.DataObject) -> None:
    changed = bytearray(pack)
    changed[data.draw(st.integers(0, len(pack) - 1))] ^= 1 << data.draw(st.integers(0, 7))

    assert judged(bytes(changed)).defects


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(cut=st.integers(0, 2000))
def test_a_pack_that_is_cut_or_has_something_behind_it_is_noticed(pack: bytes, cut: int) -> None:
    assert judged(pack[: -cut - 1]).defects
    assert judged(pack + b"x" * (cut + 1)).defects


@pytest.mark.parametrize(
    "name", ["case.json", "plans.json", "approvals.json", "outcomes.json", "looks.json", "events.jsonl", "seal.json"]
)
async def test_a_file_that_was_changed_is_named(pack: bytes, name: str) -> None:
    files = container.read(pack)
    files[name] += b" "

    assert judged(container.write(files)).defects == (f"{name} was changed",)


async def test_a_file_that_is_missing_or_was_added_is_named(pack: bytes) -> None:
    files = container.read(pack)
    files["more.txt"] = files.pop("index.html")

    assert judged(container.write(files)).defects == ("more.txt is not in the manifest", "index.html is missing")


async def test_a_changed_pack_signed_with_a_fresh_key_is_not_the_pinned_signers(pack: bytes) -> None:
    verdict = judged(forged(pack, THEIRS))

    assert not verdict.ok
    assert verdict.defects[0] == f"the pack is signed by another key than the pinned one: {THEIRS.fingerprint}"


def _lines(content: bytes) -> list[bytes]:
    return content.splitlines(keepends=True)


def _dropped(content: bytes) -> bytes:
    return b"".join(line for number, line in enumerate(_lines(content)) if number != 3)


def _swapped(content: bytes) -> bytes:
    every = _lines(content)
    every[2], every[3] = every[3], every[2]
    return b"".join(every)


def _cut(content: bytes) -> bytes:
    return b"".join(_lines(content)[:-1])


def _other_value(content: bytes) -> bytes:
    return content.replace(b'"value":"crm', b'"value":"CRM').replace(b"dana@", b"dora@")


INSIDE: list[tuple[str, Change, str]] = [
    ("events_jsonl", _dropped, "event 4: an event is missing or out of order"),
    ("events_jsonl", _swapped, "event 3: an event is missing or out of order"),
    ("events_jsonl", _cut, "the head is not that of the last event"),
    ("events_jsonl", _other_value, "a personal value is not the one that was logged"),
    (
        "events_jsonl",
        lambda content: content.replace(b'"kind":"approved"', b'"kind":"declined"'),
        "the event was changed",
    ),
    ("events_jsonl", lambda _: b"[]\n", "a line is not an event"),
    ("events_jsonl", lambda _: b"", "no events"),
    (
        "plans_json",
        lambda content: content.replace(b"Administrator", b"Reader"),
        "not the one that its digest was made of",
    ),
    ("plans_json", lambda _: b"[]", "plan 1 was logged and is missing"),
    ("approvals_json", lambda content: content.replace(b"U0BEN", b"U0CHLOE"), "the approval of plan 1 by U0CHLOE"),
    ("outcomes_json", lambda content: content.replace(b'"removed"', b'"skipped"'), "an outcome in crm (skipped)"),
    ("outcomes_json", lambda content: content.replace(b"not listed", b"not asked"), "an outcome in crm (removed)"),
    ("case_json", lambda content: content.replace(b'"id": 1', b'"id": 2'), "case.json is of another case"),
    ("case_json", lambda _: b"{}", "a record of the case cannot be read"),
    ("seal_json", lambda _: b"{}", "the seal cannot be read"),
    ("seal_json", lambda content: content.replace(b'"signature": "', b'"signature": "AAAA'), "signature does not fit"),
]


@pytest.mark.parametrize(("name", "change", "says"), INSIDE, ids=[f"{one[0]}: {one[2]}" for one in INSIDE])
async def test_what_does_not_fit_inside_is_named_even_where_our_own_key_signed_it(
    pack: bytes, name: str, change: Change, says: str
) -> None:
    defects = judged(forged(pack, OURS, **{name: change})).defects

    assert any(says in defect for defect in defects), defects


def _as_before(content: bytes) -> bytes:
    """The case as a program wrote it that knew nothing of confirmations, nor of a leaver's further ids."""
    case = json.loads(content)
    del case["confirmed_by"]
    for name in ("also", "named", "no_slack"):
        del case["leaver"][name]
    for system in case["systems"]:
        del system["second_factor"]
    return json.dumps(case, indent=1, sort_keys=True).encode() + b"\n"


async def test_a_pack_of_an_older_program_still_verifies(pack: bytes) -> None:
    assert judged(forged(pack, OURS, case_json=_as_before)).ok


async def _confirmed_pack(house: House) -> bytes:
    """The pack of a case in which Ben confirmed that no system knows the person."""
    await house.confirmed(await house.planned())
    return (await made(house)).content


async def test_a_pack_says_who_confirmed_that_there_is_nothing_and_is_unbroken(house: House) -> None:
    assert judged(await _confirmed_pack(house)).ok


@pytest.mark.parametrize("instead", ["null", '"U0CHLOE"'])
async def test_another_name_or_none_in_the_place_of_who_confirmed_is_noticed(house: House, instead: str) -> None:
    pack = await _confirmed_pack(house)

    def change(content: bytes) -> bytes:
        return content.replace(b'"confirmed_by": "U0BEN"', f'"confirmed_by": {instead}'.encode())

    (defect,) = judged(forged(pack, OURS, case_json=change)).defects
    assert defect == "case.json: who confirmed that no system knows the person is not what was logged"


async def test_a_confirmation_that_was_never_logged_is_noticed(pack: bytes) -> None:
    def change(content: bytes) -> bytes:
        return content.replace(b'"confirmed_by": null', b'"confirmed_by": "U0BEN"')

    assert "who confirmed" in judged(forged(pack, OURS, case_json=change)).defects[0]


async def test_an_older_pack_does_not_reach_a_newer_head_kept_elsewhere(house: House) -> None:
    older = await ran(house)
    newer = heads.parsed((await made(house)).head)
    assert newer is not None

    (defect,) = judged(older.content, newer).defects

    assert "the head goes further than the chain" in defect


async def test_a_head_of_another_history_or_another_case_does_not_fit(house: House) -> None:
    given_out = await ran(house)

    other = judged(given_out.content, Head("case:1", 3, bytes(32)))
    assert other.defects == ("case:1, event 3: the event is not the one that the head was taken from",)
    assert "of another chain" in judged(given_out.content, Head("case:2", 3, bytes(32))).defects[0]
    assert "seal 1" in judged(given_out.content, Head("seal", 1, bytes(32))).defects[0]
    assert "verify --database" in judged(given_out.content, Head("seal", 9, bytes(32))).defects[0]


@pytest.mark.parametrize(
    "content",
    [b"", b"PK\x03\x04", b"a shopping list", container.write({"index.html": b"<p>"})],
    ids=["empty", "a beginning", "text", "another archive"],
)
def test_what_is_no_pack_is_said_to_be_none(content: bytes) -> None:
    verdict = judged(content)

    assert len(verdict.defects) == 1
    assert not verdict.ok


def test_a_pack_that_would_unfold_to_much_more_is_not_unfolded() -> None:
    bomb = io.BytesIO()
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("manifest.json", b"0" * 10_000_000)

    assert judged(bomb.getvalue()).defects == ("the container was changed: it is not as a pack is written",)


async def test_a_manifest_that_says_nothing_of_ours_is_broken(pack: bytes) -> None:
    files = container.read(pack)
    for manifest in (b"[]", b"{}", json.dumps({"format": 2}).encode(), b"\xff"):
        assert judged(container.write({**files, "manifest.json": manifest})).defects == ("the manifest cannot be read",)
