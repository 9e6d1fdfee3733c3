"""Whom the hand for LivePerson finds, and what it makes of a list."""

from __future__ import annotations

import pytest

from bot.errors import Misconfigured, UnexpectedAnswer
from bot.model import KeySource, Match, Sight, Word
from providers.http import Door
from providers.liveperson import LivePersonProvider
from sandbox.systems.faults import Fault
from sandbox.systems.liveperson import LivePerson
from sandbox.systems.liveperson.people import DANA_ID, ROBIN_IDS
from tests.providers.leavers import ODD, leaver, login
from tests.providers.liveperson.asking import DANA, LIST, ONE, settings_of, the_account
from tests.providers.raised import raised
from tests.providers.said import outcome_words


async def test_check_reads_the_whole_list_and_says_how_much_it_sees(
    hand: LivePersonProvider, system: LivePerson
) -> None:
    health = await hand.check()
    assert (health.ok, health.sees_all) == (True, True)
    assert health.says == f"sees {len(system.state.users.living())} users"


async def test_the_only_user_with_the_address_is_found_with_all_that_is_compared(hand: LivePersonProvider) -> None:
    look = await hand.find(DANA)
    (account,) = look.accounts
    assert (look.sight, account.match, account.matched_by) == (Sight.FULL, Match.EXACT, DANA.keys)
    assert (account.id, account.handle) == (str(DANA_ID), "dana@acme.test")
    identity = dict(account.identity)
    assert (identity["mail"], identity["login"], identity["type"]) == ("dana@acme.test", "dana@acme.test", "person")
    assert "permission group 2" in account.weight
    assert account.stop is None
    assert account.one_at_a_time, "every deletion makes the revision of the others stale"


async def test_users_that_are_near_are_shown_and_not_chosen(hand: LivePersonProvider) -> None:
    look = await hand.find(DANA)
    assert {"dana@other.test", "jordana@acme.test", "dana"} <= set(look.similar)
    assert "dana@acme.test" not in look.similar


async def test_a_nickname_that_is_the_address_chooses_nobody(hand: LivePersonProvider) -> None:
    assert [account.handle for account in (await hand.find(DANA)).accounts] == ["dana@acme.test"]


async def test_letters_are_compared_without_case_and_signs_as_they_are(hand: LivePersonProvider) -> None:
    assert (await the_account(hand, leaver("ALEX.stone@acme.test"))).handle == "Alex.Stone@Acme.test"
    assert (await hand.find(leaver("al\u212aex.stone@acme.test"))).accounts == ()


async def test_a_shared_address_gives_both_users(hand: LivePersonProvider) -> None:
    found = (await hand.find(leaver("robin@acme.test"))).accounts
    assert {account.id for account in found} == {str(one) for one in ROBIN_IDS}


async def test_nobody_is_found_where_nobody_is_and_the_whole_list_was_seen(hand: LivePersonProvider) -> None:
    look = await hand.find(leaver("noa@acme.test"))
    assert (look.sight, look.accounts) == (Sight.FULL, ())


async def test_a_log_in_name_finds_by_log_in_only(hand: LivePersonProvider) -> None:
    account = await the_account(hand, leaver("robin.night", source=KeySource.OTHER))
    assert (account.match, account.id) == (Match.OTHER, str(ROBIN_IDS[1]))


async def test_a_user_without_any_name_makes_the_sight_partial(hand: LivePersonProvider, system: LivePerson) -> None:
    system.state.users.rows[DANA_ID] |= {"loginName": "", "email": ""}
    look = await hand.find(DANA)
    assert (look.sight, look.accounts) == (Sight.PARTIAL, ())
    assert look.reason
    assert (await hand.check()).sees_all is False


@pytest.mark.parametrize("field", ["loginName", "email"])
@pytest.mark.parametrize("kind", [1, 9])
async def test_a_user_of_whom_a_name_is_not_told_makes_the_sight_partial(
    hand: LivePersonProvider, system: LivePerson, field: str, kind: int
) -> None:
    user = system.state.users.rows[DANA_ID]
    user["userTypeId"] = kind
    user |= {"loginName": "stranger", "email": "stranger@acme.test"}
    del user[field]
    look = await hand.find(DANA)
    assert (look.sight, look.accounts) == (Sight.PARTIAL, ())


async def test_a_seat_handed_to_a_successor_is_told_with_both_names(hand: LivePersonProvider) -> None:
    identity = dict((await the_account(hand, leaver("petra@acme.test"))).identity)
    assert (identity["login"], identity["mail"]) == ("petra@acme.test", "sam.seat@acme.test")


async def test_a_log_in_that_is_typed_as_an_address_elsewhere_is_found_in_either_field(
    hand: LivePersonProvider,
) -> None:
    account = await the_account(hand, login("omar@acme.test"))
    assert (account.handle, account.match) == ("omar", Match.OTHER)


@pytest.mark.parametrize("typed", ["özlem.kaya@acme.test", "lee.blank@acme.test"])
async def test_capitals_outside_ascii_and_blanks_around_are_equal(hand: LivePersonProvider, typed: str) -> None:
    assert (await the_account(hand, leaver(typed))).match is Match.EXACT


@pytest.mark.parametrize(("typed", "stored"), ODD)
async def test_a_name_in_another_spelling_is_similar_and_not_chosen(
    hand: LivePersonProvider, typed: str, stored: str
) -> None:
    look = await hand.find(leaver(typed))
    assert (look.accounts, look.similar[:1]) == ((), (stored,))


async def test_the_nearest_is_shown_though_ten_who_are_less_near_stand_before(
    hand: LivePersonProvider, system: LivePerson
) -> None:
    last = system.state.users.rows.pop(4100273362)
    for number in range(12):
        name = f"mia.zero@shop{number}.test"
        system.state.users.add(last | {"id": 1 + number, "loginName": name, "email": name})
    system.state.users.add(last)
    assert (await hand.find(leaver("mia.zero@acme.test"))).similar[0] == "mia\u200b.zero@acme.test"


@pytest.mark.parametrize("name", ["bots@acme.test", "crm@acme.test", "system@acme.test"])
async def test_bots_api_users_and_system_users_are_left_to_a_person(hand: LivePersonProvider, name: str) -> None:
    account = await the_account(hand, leaver(name))
    assert account.stop is not None
    assert account.stop.stops is Word.MANUAL


async def test_a_managers_groups_weigh_and_are_said(hand: LivePersonProvider) -> None:
    account = await the_account(hand, leaver("kim@acme.test"))
    assert "manager of group 4100100001" in account.weight
    assert [finding.stops for finding in account.findings] == [None]


async def test_quoted_numbers_and_booleans_mean_the_same(hand: LivePersonProvider, system: LivePerson) -> None:
    plain = await the_account(hand)
    system.state.switches.quoted = True
    assert await the_account(hand) == plain
    assert await hand.read(plain) == plain


async def test_read_gives_the_user_as_it_was_found(hand: LivePersonProvider) -> None:
    account = await the_account(hand)
    assert await hand.read(account) == account


@pytest.mark.parametrize("what", ["html", "malformed", "wrong_type"])
async def test_a_list_that_cannot_be_understood_is_not_an_empty_one(
    hand: LivePersonProvider, system: LivePerson, what: str
) -> None:
    system.faults.add(Fault(what, "GET", LIST))  # type: ignore[arg-type]  # parametrized over the literal's values
    assert isinstance(await raised(hand.find(DANA)), UnexpectedAnswer)


async def test_a_list_that_is_not_there_is_a_wrong_path_and_not_absence(
    hand: LivePersonProvider, system: LivePerson
) -> None:
    system.faults.add(Fault("status", "GET", LIST, status=404, body="{}"))
    assert isinstance(await raised(hand.find(DANA)), Misconfigured)


async def test_a_proxys_page_with_404_proves_nothing(hand: LivePersonProvider, system: LivePerson) -> None:
    account = await the_account(hand)
    system.faults.add(Fault("html", "GET", ONE, status=404))
    assert isinstance(await raised(hand.read(account)), Misconfigured)


async def test_an_answer_about_another_user_is_not_believed(hand: LivePersonProvider, system: LivePerson) -> None:
    account = await the_account(hand)
    system.faults.add(Fault("status", "GET", ONE, status=200, body='{"id": 4100273312, "loginName": "x"}'))
    assert isinstance(await raised(hand.read(account)), UnexpectedAnswer)


@pytest.mark.parametrize("version", ["4.0", "5.0", "6.0"])
async def test_every_version_but_the_oldest_will_do(system: LivePerson, door: Door, version: str) -> None:
    hand = LivePersonProvider("lp", settings_of(system, api_version=version), door)
    assert (await the_account(hand)).id == str(DANA_ID)


async def test_no_sentence_before_a_decision_holds_an_outcome_word(hand: LivePersonProvider) -> None:
    assert outcome_words(await hand.find(leaver("kim@acme.test")), hand) == set()


async def test_a_look_tells_by_the_way_how_many_users_there_are(hand: LivePersonProvider, system: LivePerson) -> None:
    assert (await hand.find(DANA)).size == len(system.state.users.living())
