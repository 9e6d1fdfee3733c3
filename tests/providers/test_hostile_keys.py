"""Keys that somebody made up to reach another account, another path or another filter."""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Iterable, Mapping
from urllib.parse import parse_qs, unquote

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.model import Account, Key, KeyKind, KeySource, Leaver, fold
from sandbox.systems.faults import Fault
from sandbox.systems.tls import Tls
from tests.providers.contract import DANA, TERMS, Bench, Terms, bench_of
from tests.providers.leavers import leaver

_SIGNS = "+%'\"\\/.,;:?#&=*()[]{}<>|~ $!\t\r\n\x00éßſKаԁınадА０１．％＠－\u200b\u202e😀"  # noqa: RUF001  # look-alikes are the point
_LONGEST = 254
_FIELDS = {"property", "operation", "collation", "value"}

_texts = st.text(
    st.sampled_from(_SIGNS + "danafrostsmrbiokejp") | st.characters(codec="utf-8"), min_size=1, max_size=30
)
_edits = st.tuples(st.integers(0, 13), st.sampled_from(_SIGNS), st.booleans())


def _edited(edit: tuple[int, str, bool]) -> str:
    """Dana's address with a sign put in, or in the place of another."""
    at, sign, is_instead = edit
    return "dana@acme.test"[:at] + sign + "dana@acme.test"[at + is_instead :]


_addresses = st.one_of(
    _edits.map(_edited),
    _texts.map(lambda local: f"{local}@acme.test"),
    _texts.map(lambda domain: f"dana@{domain}"),
    st.just("d" * (_LONGEST - len("@acme.test")) + "@acme.test"),
    st.sampled_from(["DANA@ACME.TEST", "dana@acme.test%00", "%64ana@acme.test", "dana@acme.test/../jordana@acme.test"]),
)
_keys = st.one_of(
    _addresses.map(lambda text: Key(KeyKind.MAIL, text, KeySource.TYPED)),
    _texts.map(lambda text: Key(KeyKind.LOGIN, text, KeySource.OTHER)),
    _texts.map(lambda text: Key(KeyKind.LOGIN, f"acme\\{text}", KeySource.OTHER)),
)


NO_FILTER = Fault("status", "GET", "filter=", 10**6, status=400, body='{"errors": [{"type": "logical", "code": 400}]}')
_PARAMS = [pytest.param(terms, None, id=terms.kind) for terms in TERMS]
_PARAMS += [pytest.param(terms, NO_FILTER, id="vspc-without-filters") for terms in TERMS if terms.kind == "vspc"]


@pytest.fixture
async def bench(terms: Terms, fault: Fault | None, tls: Tls) -> AsyncIterator[Bench]:
    system = terms.subject.new()
    if fault is not None:
        system.faults.add(fault)
    await system.start(tls)
    async with bench_of(terms, system) as made:
        yield made
    await system.stop()


def _is_theirs(key: Key, account: Account, assignments: Mapping[str, str]) -> bool:
    """Whether a whole name of the account is the key, or the key's part before the @ in a known domain."""
    known = {fold(value) for name, value in account.identity if name in {"login", "mail"}}
    known |= {fold(mail) for mail, assigned in assignments.items() if assigned == account.id}
    local = fold(key.value).rpartition("@")[0] if key.kind is KeyKind.MAIL else fold(key.value)
    domains = {name.rpartition("\\")[2] for name in known if name.startswith("acme\\")}
    bare = {name for name in known if "@" not in name and "\\" not in name}
    return fold(key.value) in known or (local in domains | bare and fold(key.value).endswith(("@acme.test", local)))


def _shape(path: str) -> str:
    """A path without the ids that may stand in it; a query by the names of its fields."""
    place, _, query = path.partition("?")
    plain = re.sub(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|\d{6,}", "{id}", unquote(place))
    return f"{plain}?{','.join(sorted(parse_qs(query, keep_blank_values=True)))}"


@pytest.mark.parametrize(("terms", "fault"), _PARAMS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(key=_keys)
async def test_a_hostile_key_matches_nobody_else_and_reaches_no_other_path(bench: Bench, key: Key) -> None:
    journal = bench.system.journal
    before = bench.system.standing()
    hand = bench.hand()
    for who in (DANA, bench.terms.several, bench.terms.nobody, leaver("özlem@acme.test")):
        await hand.find(who)
    usual = {_shape(entry.path) for entry in journal.entries}
    journal.entries.clear()
    found = await bench.hand().find(Leaver("Some Body", (key,)))
    assignments = getattr(bench.terms.subject.settings(bench.system), "accounts", {})
    assert all(_is_theirs(key, account, assignments) for account in found.accounts)
    assert {_shape(entry.path) for entry in journal.entries} <= usual
    assert journal.writes() == []
    assert bench.system.standing() == before
    _filters_are_whole(entry.path for entry in journal.entries)


def _filters_are_whole(paths: Iterable[str]) -> None:
    for path in paths:
        for text in parse_qs(path.partition("?")[2]).get("filter", ()):
            (one,) = json.loads(text)
            assert set(one) == _FIELDS
            assert one["operation"] in {"equals", "contains"}
