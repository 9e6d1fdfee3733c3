"""For any request and any record: never "absent" while an account of the leaver's works, and nobody else's is chosen.

The oracle is what a careful person would say. A record is the leaver's where one of its log-on or mail fields reads
like the address that was typed: without characters that nobody sees, in any case and Unicode form, with any quote,
with or without a sub-address, its domain in either spelling. Such an account must be chosen, shown with the accounts,
shown as similar, or told as a finding; or the system must not count as wholly seen. An account whose own mail reads
like another address is never chosen. `_careful` is written without the product's own rules, slowly and plainly.
"""

from __future__ import annotations

import unicodedata
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from bot import plan as planning
from bot.domain.identifiers import find_flaw, is_address
from bot.errors import UnexpectedAnswer
from bot.model import Case, CaseState, CaseSystem, Discovery, Leaver, Person, Word
from bot.policy import Policy
from bot.ports import Provider
from providers.rsa_cas.users import NOT_SEARCHABLE
from sandbox.systems.huawei_hss import seed as huawei
from sandbox.systems.liveperson.people import Seat, entity
from sandbox.systems.rsa_cas.people import LEGACY_AD
from sandbox.systems.rsa_cas.users import User
from sandbox.systems.tls import Tls
from tests.providers.contract import TERMS, Bench, bench_of
from tests.providers.leavers import leaver

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
POLICY = Policy(requesters=("U0AMY",), approvers=("U0BEN",))
NEW_ID = 4100999999
SOMEBODY_ELSE = "sam.seat@acme.test"
KINDS = list(TERMS)


@dataclass(frozen=True, slots=True)
class Record:
    """What a vendor stores of one account."""

    login: str
    mail: str


def _careful(text: str) -> str:
    """Return a text as a careful person reads it."""
    seen = "".join(one for one in text if unicodedata.category(one) not in {"Cf", "Cc"})
    read = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", seen).casefold()).strip()
    for quote in "\u2019\u2018`\u00b4":
        read = read.replace(quote, "'")
    if "@" not in read:
        return read
    local, domain = read.rsplit("@", 1)
    if "+" in local[1:]:
        local = local[: local.index("+", 1)]
    labels = [one[4:].encode().decode("punycode") if one.startswith("xn--") else one for one in domain.split(".")]
    return f"{local}@{'.'.join(labels)}"


def _reads_like(text: str, address: str) -> bool:
    """Whether a careful person takes this field for the leaver's: the address, or its log-in in Acme's own domain."""
    read, own = _careful(text), _careful(address)
    if read == own or not own.endswith("@acme.test"):
        return read == own
    log_ins = (own.rpartition("@")[0], _careful(address.rpartition("@")[0]))  # without a sub-address, and with it
    return read in {f"acme\\{one}" for one in log_ins}


_locals = st.one_of(
    st.sampled_from(["mia.zero", "sean.o'brien", "özlem.kaya", "kim.plus", "kim.plus+veeam", "lee", "weiß", "ÅSA"]),
    st.text(st.sampled_from("abz\u00e9\u00f8\u011f\u03a3\u03c2\u0436\u040609.'-_+"), min_size=1, max_size=8),
)
_domains = st.sampled_from(["acme.test", "ACME.test", "bücher.test", "xn--bcher-kva.test"])
_typed = st.builds("{}@{}".format, _locals.filter(lambda local: local[0] != "+"), _domains).filter(
    lambda text: is_address(text) and find_flaw(text) is None
)


def _spellings(address: str) -> list[str]:
    """Return the ways in which vendors and people write one address."""
    local, _, domain = address.rpartition("@")
    middle = len(local) // 2
    encoded = ".".join(one if one.isascii() else f"xn--{one.encode('punycode').decode()}" for one in domain.split("."))
    return [
        address,
        address.upper(),
        unicodedata.normalize("NFD", address),
        f"{address} ",
        f"\u00a0{address}",
        f"{local[:middle]}\u200b{local[middle:]}@{domain}",
        f"{local}\u00ad@{domain}",
        f"{local}+veeam@{domain}",
        f"{local.replace(chr(39), chr(0x2019))}@{domain}",
        f"{local}@{encoded}",
        f"acme\\{local}",
        f"ACME\\{local}\ufeff",
    ]


def _strangers(address: str) -> list[str]:
    local, _, domain = address.rpartition("@")
    return [SOMEBODY_ELSE, f"x{address}", f"{local}@other.test", f"{local}x@{domain}", f"OTHER\\{local}", "desk"]


@st.composite
def _situations(draw: st.DrawFn) -> tuple[str, Record]:
    address = draw(_typed)
    names = st.sampled_from(_spellings(address)) | st.sampled_from(_strangers(address))
    return address, Record(draw(names), draw(names | st.just("")))


@contextmanager
def _held_by_em(state: Any, record: Record) -> Iterator[str]:  # noqa: ANN401  # the state of one kind of simulator
    added = state.add(record.login, "Portal User", type_="User" if "\\" in record.login else "ExternalUser")
    yield added.id
    del state.accounts[added.id]


@contextmanager
def _held_by_vspc(state: Any, record: Record) -> Iterator[str]:  # noqa: ANN401  # the state of one kind of simulator
    organization = next(uid for uid, name in state.organizations.items() if name == "Acme")
    added = state.add_user(organization, record.login, "CompanyLocationUser", record.mail or None)
    yield added.uid
    del state.users[added.uid]


@contextmanager
def _held_by_liveperson(state: Any, record: Record) -> Iterator[str]:  # noqa: ANN401  # the state of one kind
    state.users.add(entity(Seat(NEW_ID, record.login, record.mail, "New")))
    yield str(NEW_ID)
    del state.users.rows[NEW_ID]


@contextmanager
def _held_by_huawei(state: Any, _: Record) -> Iterator[str]:  # noqa: ANN401  # the state of one kind of simulator
    row = state.add_row("sandbox-new", huawei.ORGANIZATION, huawei.REGION)
    yield row.account_id
    state.rows.remove(row)


@contextmanager
def _held_by_rsa(state: Any, record: Record) -> Iterator[str]:  # noqa: ANN401  # the state of one kind of simulator
    added = User("00000000-0000-4000-8000-000000009999", record.mail, "A", "B", LEGACY_AD, record.login, 0.0)
    state.cloud.users[added.id] = added
    yield added.id
    del state.cloud.users[added.id]


HELD: dict[str, Callable[..., Any]] = {
    "veeam_em": _held_by_em,
    "vspc": _held_by_vspc,
    "liveperson": _held_by_liveperson,
    "huawei_hss": _held_by_huawei,
    "rsa_cas": _held_by_rsa,
}
"""How each simulator gets one more account for a while; each gives the id that the provider knows it by."""


@pytest.fixture(params=KINDS, ids=[terms.kind for terms in KINDS])
async def bench(request: pytest.FixtureRequest, tls: Tls) -> AsyncIterator[Bench]:
    system = request.param.subject.new()
    await system.start(tls)
    async with bench_of(request.param, system) as made:
        yield made
    await system.stop()


def _fields(kind: str, record: Record) -> tuple[str, ...]:
    """Return the fields that this kind stores: Enterprise Manager no mail, Huawei what the operator assigned."""
    return {"veeam_em": (record.login,), "huawei_hss": (record.mail,)}.get(kind, (record.login, record.mail))


async def _looked(bench: Bench, record: Record, account_id: str, who: Leaver) -> Discovery | None:
    """Return what a new hand finds, or None where the operator's entry is refused at the start."""
    more = {"accounts": {record.mail or "nobody@acme.test": account_id}} if bench.terms.kind == "huawei_hss" else {}
    try:
        chosen = bench.terms.subject.settings(bench.system, **more)
    except ValidationError:
        return None
    hand = bench.terms.subject.hand(bench.system, chosen, bench.door, bench._nap)
    try:
        return await _found(hand, who)
    finally:
        await hand.aclose()


async def _found(hand: Provider, who: Leaver) -> Discovery:
    """Look as the bot does: once more where a list of a moment ago still holds who was taken out of the state."""
    try:
        return await hand.find(who)
    except UnexpectedAnswer:
        return await hand.find(who)


def _is_shown(look: Discovery, account_id: str, fields: tuple[str, ...], address: str) -> bool:
    near = {_careful(handle) for handle in look.similar}
    if look.system == "rsa" and NOT_SEARCHABLE in look.findings and not _equal(fields[0], address):
        # RSA finds user names by the whole name only, and the look says so: a mail address is to be found otherwise.
        fields = tuple(field for field in fields[1:] if "@" in field)
        return not any(_reads_like(field, address) for field in fields) or _is_listed(look, account_id, fields, near)
    return _is_listed(look, account_id, fields, near)


def _equal(text: str, address: str) -> bool:
    """Whether both are the same letters but for their case and their Unicode form."""
    plain = [unicodedata.normalize("NFC", one).lower() for one in (text, address)]
    return plain[0] == plain[1]


def _is_listed(look: Discovery, account_id: str, fields: tuple[str, ...], near: set[str]) -> bool:
    return any(one.id == account_id for one in look.accounts) or bool(near & {_careful(field) for field in fields})


def _chosen(look: Discovery, kind: str, who: Leaver) -> list[dict[str, str]]:
    """Return the identity facts of what the plan would remove."""
    system = CaseSystem(look.system, look.system, kind, kind, 1)
    amy = Person("U0AMY", "T0ACME", mail="amy@acme.test")
    case = Case(7, CaseState.LOOKING, who, amy, "", (system,), "C0CASES", discreet=False, opened_at=NOON)
    plan = planning.make(case, [look], POLICY, NOON)
    return [dict(account.identity) for planned in plan.systems for account in planned.chosen]


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(situation=_situations())
async def test_no_account_of_the_leavers_is_said_to_be_absent_and_none_of_anothers_is_chosen(
    bench: Bench, situation: tuple[str, Record]
) -> None:
    (address, record), kind = situation, bench.terms.kind
    who, fields = leaver(address), _fields(kind, record)
    with HELD[kind](bench.system.state, record) as account_id:
        look = await _looked(bench, record, account_id, who)
    if look is None:
        return
    if any(_reads_like(field, address) for field in fields) and not _is_shown(look, account_id, fields, address):
        assert [one.word for one in planning.of_the_whole(look, NOON)] != [Word.ABSENT]
    for facts in _chosen(look, kind, who):
        assert not facts.get("mail") or _careful(facts["mail"]) == _careful(address)
        assert kind == "huawei_hss" or any(_reads_like(facts.get(name, ""), address) for name in ("login", "mail"))
