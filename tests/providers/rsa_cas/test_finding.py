"""Whom the hand for RSA finds, and when somebody counts as gone."""

from __future__ import annotations

import pytest

from bot.errors import Forbidden, Misconfigured, UnexpectedAnswer
from bot.model import KeySource, Match, Sight
from providers.rsa_cas import RsaCasProvider
from sandbox.systems.faults import Fault
from sandbox.systems.rsa_cas import RsaCas
from sandbox.systems.rsa_cas.people import DANA_ID
from sandbox.systems.rsa_cas.tokens import ALL_SCOPES
from sandbox.systems.rsa_cas.tokens import DEVICES as MAY_READ_DEVICES
from tests.providers.leavers import leaver
from tests.providers.raised import raised
from tests.providers.rsa_cas.asking import DANA, DEVICES, LOOKUP, SEARCH, again, the_account
from tests.providers.said import outcome_words


async def test_the_only_user_with_the_address_is_found_with_all_that_is_compared(hand: RsaCasProvider) -> None:
    look = await hand.find(DANA)
    (account,) = look.accounts
    assert (look.sight, account.match, account.matched_by) == (Sight.FULL, Match.EXACT, DANA.keys)
    assert (account.id, account.handle) == (DANA_ID, "dana@acme.test")
    assert dict(account.identity) == {
        "id": DANA_ID,
        "login": "dana@acme.test",
        "mail": "dana@acme.test",
        "organization": "Acme AD",
        "type": "user",
    }
    assert len(account.parts) == 2
    assert dict(account.notes)["status"] == "Enabled"
    assert account.left == "It comes back at the next synchronisation if the person is still in Acme AD."


async def test_addresses_that_hold_the_leavers_are_shown_and_not_chosen(hand: RsaCasProvider) -> None:
    look = await hand.find(DANA)
    assert {"jordana@acme.test", "bogdana@acme.test", "dana@other.test", "dana"} == set(look.similar)


async def test_two_users_with_one_address_are_both_found_and_read_by_id(hand: RsaCasProvider) -> None:
    found = (await hand.find(leaver("robin@acme.test"))).accounts
    assert {dict(account.identity)["organization"] for account in found} == {"Acme AD", "Acme Legacy AD"}
    assert [(await again(hand, account)).id for account in found] == [account.id for account in found]


@pytest.mark.parametrize("newest", [True, False])
async def test_whichever_duplicate_a_lookup_answers_with_both_are_found(
    hand: RsaCasProvider, system: RsaCas, newest: bool
) -> None:
    system.state.cloud.switches.newest_of_duplicates = newest
    assert len((await hand.find(leaver("robin@acme.test"))).accounts) == 2


async def test_letters_are_compared_without_case(hand: RsaCasProvider) -> None:
    assert (await the_account(hand, leaver("alex.stone@acme.test"))).handle == "Alex.Stone@ACME.test"


async def test_a_user_name_finds_by_user_name_only(hand: RsaCasProvider) -> None:
    account = await the_account(hand, leaver("kpark", source=KeySource.OTHER))
    assert (account.match, account.handle) == (Match.OTHER, "kim@acme.test")


async def test_a_user_name_that_is_the_address_is_found_whatever_the_users_own_mail(
    hand: RsaCasProvider, system: RsaCas
) -> None:
    kim = next(user for user in system.state.cloud.users.values() if user.username == "kpark")
    kim.username = "noa@acme.test"

    (account,) = (await hand.find(leaver("noa@acme.test"))).accounts

    assert (dict(account.identity)["login"], dict(account.identity)["mail"]) == ("noa@acme.test", "kim@acme.test")


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("lee.blank@acme.test ", "lee.blank@acme.test"),
        ("ÖZLEM.Kaya@acme.test", "özlem.kaya@acme.test"),
        ("O\u0308zlem.Kaya@acme.test", "\u00d6zlem.kaya@acme.test"),
    ],
)
async def test_an_address_in_another_spelling_of_the_same_signs_is_the_leavers(
    hand: RsaCasProvider, system: RsaCas, stored: str, asked: str
) -> None:
    user = next(user for user in system.state.cloud.users.values() if user.username == "kpark")
    user.email = stored

    look = await hand.find(leaver(asked))

    assert user.id in {account.id for account in look.accounts}


@pytest.mark.parametrize(
    ("stored", "asked"),
    [
        ("mia\u200b.zero@acme.test", "mia.zero@acme.test"),
        ("za\u200bra@acme.test", "zara@acme.test"),
        ("z\u0430ra@acme.test", "zara@acme.test"),
        ("kim.plus+veeam@acme.test", "kim.plus@acme.test"),
        ("jo@xn--bcher-kva.test", "jo@bücher.test"),
        ("sean.o\u2019brien@acme.test", "sean.o'brien@acme.test"),
    ],
)
async def test_an_address_that_reads_like_the_leavers_is_shown_and_not_chosen(
    hand: RsaCasProvider, system: RsaCas, stored: str, asked: str
) -> None:
    next(user for user in system.state.cloud.users.values() if user.username == "kpark").email = stored

    look = await hand.find(leaver(asked))

    assert (look.accounts, stored in look.similar) == ((), True)


async def test_that_another_user_name_alone_is_not_found_is_told(hand: RsaCasProvider) -> None:
    look = await hand.find(leaver("sam@acme.test"))

    assert [finding.text for finding in look.findings if "another user name alone" in finding.text]
    assert [finding for finding in look.findings if finding.stops is not None] == []


async def test_nobody_is_found_where_nobody_is_and_nobody_is_brought_in(hand: RsaCasProvider, system: RsaCas) -> None:
    look = await hand.find(leaver("sam@acme.test"))
    assert (look.sight, look.accounts) == (Sight.FULL, ())
    assert "sam@acme.test" not in {user.email for user in system.state.cloud.users.values()}
    assert not any(entry.effect for entry in system.journal.entries)


async def test_a_search_without_an_end_is_not_the_whole_system(hand: RsaCasProvider, system: RsaCas) -> None:
    (one,) = [entry for entry in system.state.cloud.users.values() if entry.id == DANA_ID]
    page = ",".join(
        f'{{"id": "{one.id[:-4]}{number:04}", "emailAddress": "x{number}@acme.test", "userStatus": "Enabled"}}'
        for number in range(25)
    )
    system.faults.add(Fault("status", "POST", SEARCH, times=40, body=f"[{page}]"))
    look = await hand.find(DANA)
    assert (look.sight, len(look.accounts)) == (Sight.PARTIAL, 1)
    assert look.reason


async def test_a_search_over_several_pages_is_read_to_the_end(hand: RsaCasProvider, system: RsaCas) -> None:
    users = system.state.cloud.users
    for number, user in enumerate(list(users.values())[:30]):
        user.email = f"z{number:02}dana@acme.test"
    look = await hand.find(leaver("z27dana@acme.test", "dana@acme.test"))
    assert "z27dana@acme.test" in [account.handle for account in look.accounts]
    pages = {entry.path.rpartition("=")[2] for entry in system.journal.entries if "search" in entry.path}
    assert pages == {"0", "1"}


@pytest.mark.parametrize("wrapper", ["[{}]", '{{"users": [{}], "total": 1}}'])
async def test_a_list_is_understood_bare_or_wrapped(hand: RsaCasProvider, system: RsaCas, wrapper: str) -> None:
    entry = f'{{"id": "{DANA_ID}", "emailAddress": "dana@acme.test", "userStatus": "Enabled"}}'
    system.faults.add(Fault("status", "POST", LOOKUP, status=404, body='{"code": "404 NOT_FOUND", "description": ""}'))
    system.faults.add(Fault("status", "POST", SEARCH, body=wrapper.format(entry)))
    assert (await the_account(hand)).id == DANA_ID


async def test_read_gives_the_user_as_it_was_found(hand: RsaCasProvider) -> None:
    account = await the_account(hand)
    assert await hand.read(account) == account


async def test_a_user_who_is_gone_by_address_and_by_id_is_gone(hand: RsaCasProvider, system: RsaCas) -> None:
    account = await the_account(hand)
    del system.state.cloud.users[account.id]
    assert await hand.read(account) is None


async def test_a_renamed_user_is_not_gone_but_another_than_approved(hand: RsaCasProvider, system: RsaCas) -> None:
    account = await the_account(hand)
    system.state.cloud.users[account.id].email = "dana.married@acme.test"
    now = await again(hand, account)
    assert (now.id, dict(now.identity)["mail"]) == (account.id, "dana.married@acme.test")
    system.state.cloud.users[account.id].username = "dana.married"
    now = await again(hand, account)
    assert now.id == account.id
    assert now.identity != account.identity


async def test_a_namesake_under_the_same_address_is_not_the_account(hand: RsaCasProvider, system: RsaCas) -> None:
    account = await the_account(hand)
    del system.state.cloud.users[account.id]
    system.synchronize()
    assert await hand.read(account) is None
    assert (await the_account(hand)).id != account.id


async def test_without_the_right_to_read_devices_gone_is_never_said(hand: RsaCasProvider, system: RsaCas) -> None:
    account = await the_account(hand)
    system.state.oauth.tokens = {
        token: type(grant)(grant.by, grant.expires, ALL_SCOPES - {MAY_READ_DEVICES})
        for token, grant in system.state.oauth.tokens.items()
    }
    assert [finding.stops for finding in (await again(hand, account)).findings] == [None]
    del system.state.cloud.users[account.id]
    error = await raised(hand.read(account))
    assert isinstance(error, Forbidden)
    assert "rsa.authenticator.mobile.read" in str(error)
    assert not (await hand.check()).ok


@pytest.mark.parametrize("path", [LOOKUP, DEVICES])
async def test_a_404_that_is_not_the_apis_own_proves_nothing(hand: RsaCasProvider, system: RsaCas, path: str) -> None:
    account = await the_account(hand)
    system.state.cloud.users.clear()
    system.faults.add(Fault("html", "", path, status=404))
    assert isinstance(await raised(hand.read(account)), Misconfigured)


@pytest.mark.parametrize("path", [LOOKUP, SEARCH])
@pytest.mark.parametrize("what", ["html", "malformed", "wrong_type"])
async def test_an_answer_that_cannot_be_understood_is_not_absence(
    hand: RsaCasProvider, system: RsaCas, path: str, what: str
) -> None:
    system.faults.add(Fault(what, "POST", path))  # type: ignore[arg-type]  # parametrized over the literal's values
    assert isinstance(await raised(hand.find(DANA)), UnexpectedAnswer)


async def test_phone_numbers_are_in_nothing_that_is_kept(hand: RsaCasProvider) -> None:
    assert "15550100199" not in repr(await the_account(hand))


async def test_no_sentence_before_a_decision_holds_an_outcome_word(hand: RsaCasProvider) -> None:
    assert outcome_words(await hand.find(leaver("priya@acme.test")), hand) == set()
