"""Which cloud account the hand for Huawei Cloud takes for whose, and when one counts as gone."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import ValidationError

from bot.errors import Forbidden, Misconfigured, UnexpectedAnswer
from bot.model import KeySource, Match, Sight, Word
from bot.plan import difference
from providers.http import Door
from providers.huawei_hss import HuaweiHssProvider
from sandbox.systems.faults import Fault
from sandbox.systems.huawei_hss import HuaweiHss
from sandbox.systems.huawei_hss.seed import ORGANIZATION, OTHER_ORGANIZATION, PROJECT
from tests.providers.huawei_hss.asking import ACCOUNTS, DANA, DANA_ID, hand_of, lists, row_of, settings_of, the_account
from tests.providers.leavers import ODD, leaver
from tests.providers.raised import raised
from tests.providers.said import outcome_words


async def test_the_assigned_account_is_found_with_all_that_is_compared(hand: HuaweiHssProvider) -> None:
    look = await hand.find(DANA)
    (account,) = look.accounts
    assert (look.sight, account.match, account.matched_by) == (Sight.FULL, Match.ASSIGNED, DANA.keys)
    assert (account.id, account.handle) == (DANA_ID, "sandbox-dana")
    assert dict(account.identity) == {
        "id": DANA_ID,
        "login": "sandbox-dana",
        "organization": ORGANIZATION,
        "type": "cloud account",
    }
    assert account.weight == ("host 1", "host 2")
    assert len(account.parts) == 1
    assert account.left == "The cloud account and all its logins still work."
    assert "does not close the cloud account" in account.findings[0].text
    assert account.stop is None


async def test_without_an_assignment_nobody_is_asked(hand: HuaweiHssProvider, system: HuaweiHss) -> None:
    look = await hand.find(leaver("sandbox-robin", "robin@acme.test", "dana@other.test"))
    assert (look.sight, look.accounts, look.similar) == (Sight.UNASSIGNED, (), ("dana@acme.test",))
    assert system.journal.entries == []


async def test_an_account_named_like_the_leaver_is_not_theirs(hand: HuaweiHssProvider) -> None:
    assert (await hand.find(leaver("sandbox-dana"))).sight is Sight.UNASSIGNED


async def test_an_assignment_found_by_another_login_only_is_said_so(hand: HuaweiHssProvider) -> None:
    account = await the_account(hand, leaver("dana@acme.test", source=KeySource.OTHER))
    assert account.match is Match.OTHER


async def test_the_mail_of_an_assignment_is_compared_without_case(system: HuaweiHss, door: Door) -> None:
    hand = hand_of(system, door, accounts={"Dana@ACME.test": DANA_ID})
    assert (await the_account(hand)).id == DANA_ID


async def test_an_account_that_is_not_in_a_shared_list_is_looked_up_afresh(system: HuaweiHss, door: Door) -> None:
    accounts = {"noa@acme.test": "f" * 32, "dana@acme.test": DANA_ID}
    hand = hand_of(system, door, accounts=accounts)
    await hand.find(DANA)
    system.state.add_row("sandbox-noa", ORGANIZATION, "eu-west-101", account_id="f" * 32)
    account = await the_account(hand_of(system, door, accounts=accounts), leaver("noa@acme.test"))
    assert account.id == "f" * 32, "made within the minute in which the list is shared"


async def test_an_assigned_id_is_found_in_either_case(system: HuaweiHss, door: Door) -> None:
    hand = hand_of(system, door, accounts={"dana@acme.test": DANA_ID.upper()})
    assert (await the_account(hand)).id == DANA_ID


async def test_a_name_that_is_assigned_as_an_id_is_left_to_a_person(system: HuaweiHss, door: Door) -> None:
    look = await hand_of(system, door, accounts={"dana@acme.test": "sandbox-jordana"}).find(DANA)
    assert (look.accounts, [finding.stops for finding in look.findings]) == ((), [Word.MANUAL])


async def test_an_account_that_bears_a_log_in_and_is_assigned_to_nobody_is_told(hand: HuaweiHssProvider) -> None:
    look = await hand.find(leaver("dana@acme.test", "sandbox-robin"))
    assert [account.handle for account in look.accounts] == ["sandbox-dana"]
    assert [finding.stops for finding in look.findings] == [Word.MANUAL]


@pytest.mark.parametrize("typed", ["özlem.kaya@acme.test", "lee.blank@acme.test"])
async def test_an_assignment_in_capitals_or_with_a_blank_is_equal(hand: HuaweiHssProvider, typed: str) -> None:
    assert (await the_account(hand, leaver(typed))).match is Match.ASSIGNED


@pytest.mark.parametrize(("typed", "stored"), ODD[1:])
async def test_an_assignment_in_another_spelling_is_similar_and_unassigned(
    hand: HuaweiHssProvider, typed: str, stored: str
) -> None:
    look = await hand.find(leaver(typed))
    assert (look.sight, look.similar) == (Sight.UNASSIGNED, (stored,))


def test_an_assignment_with_a_character_that_nobody_sees_is_refused(system: HuaweiHss) -> None:
    with pytest.raises(ValidationError, match="U\\+200B"):
        settings_of(system, accounts={"mia\u200b.zero@acme.test": DANA_ID})


async def test_an_account_in_several_projects_is_one_account_with_a_step_each(system: HuaweiHss, door: Door) -> None:
    robin = next(row for row in system.state.rows if row.account_name == "sandbox-robin")
    hand = hand_of(system, door, accounts={"robin@acme.test": robin.account_id})
    account = await the_account(hand, leaver("robin@acme.test"))
    assert len(account.parts) == 2
    assert [step.name.removeprefix("delete ") for step in hand.steps(account)] == list(account.parts)


async def test_an_assigned_account_that_is_not_listed_is_absent_only_for_an_administrator(
    hand: HuaweiHssProvider, system: HuaweiHss
) -> None:
    system.state.rows.remove(row_of(system))
    look = await hand.find(DANA)
    assert (look.sight, look.accounts) == (Sight.FULL, ())
    body = '{"is_admin_account": false}'
    system.faults.add(Fault("status", "GET", "/account/admin", status=200, body=body))
    look = await hand.find(DANA)
    assert (look.sight, look.reason) == (Sight.PARTIAL, "the key is not of the organization's administrator")


async def test_one_enterprise_project_is_not_the_whole_system(system: HuaweiHss, door: Door) -> None:
    row_of(system).enterprise_project = "another"
    hand = hand_of(system, door, enterprise_project_id="0")
    look = await hand.find(DANA)
    assert (look.sight, look.accounts) == (Sight.PARTIAL, ())
    assert (await hand.check()).sees_all is False


@pytest.mark.parametrize("protected", ["sandbox-dana", DANA_ID])
async def test_a_protected_account_is_refused(system: HuaweiHss, door: Door, protected: str) -> None:
    account = await the_account(hand_of(system, door, protected_accounts=[protected]))
    assert account.stop is not None
    assert account.stop.stops is Word.REFUSED


async def test_the_bots_own_account_is_refused(hand: HuaweiHssProvider, system: HuaweiHss) -> None:
    row_of(system).project_id = PROJECT
    account = await the_account(hand)
    assert account.stop is not None
    assert account.stop.stops is Word.REFUSED


async def test_an_account_of_another_organization_is_refused(hand: HuaweiHssProvider, system: HuaweiHss) -> None:
    row_of(system).organization_id = OTHER_ORGANIZATION
    account = await the_account(hand)
    assert account.stop is not None
    assert account.stop.stops is Word.REFUSED


async def test_more_hosts_than_were_shown_are_a_change_and_fewer_are_not(
    hand: HuaweiHssProvider, system: HuaweiHss
) -> None:
    account = await the_account(hand)
    row_of(system).host_num = 1
    fewer = await hand.read(account)
    row_of(system).host_num = 3
    more = await hand.read(account)
    assert fewer is not None
    assert more is not None
    assert difference(account, fewer) is None
    assert difference(account, more) == "holds more than was shown: host 3"


async def test_read_lists_anew_and_gives_the_account_as_it_was_found(
    hand: HuaweiHssProvider, system: HuaweiHss
) -> None:
    account = await the_account(hand)
    assert await hand.read(account) == account
    assert lists(system) == 2
    row_of(system).account_name = "sandbox-renamed"
    now = await hand.read(account)
    assert now is not None
    assert now.identity != account.identity


async def test_an_account_off_the_list_is_gone(hand: HuaweiHssProvider, system: HuaweiHss) -> None:
    account = await the_account(hand)
    system.state.rows.remove(row_of(system))
    assert await hand.read(account) is None


async def test_a_list_of_several_pages_is_read_to_the_end(hand: HuaweiHssProvider, system: HuaweiHss) -> None:
    dana = row_of(system)
    system.state.rows.remove(dana)
    for number in range(650):
        system.state.add_row(f"desk-{number}", ORGANIZATION, "eu-west-101")
    system.state.rows.append(dana)
    assert (await the_account(hand)).id == DANA_ID
    assert lists(system) == 4


async def test_a_row_that_moved_to_a_page_already_read_is_not_missed(
    hand: HuaweiHssProvider, system: HuaweiHss
) -> None:
    dana = row_of(system)
    system.state.rows.remove(dana)
    for number in range(300):
        system.state.add_row(f"desk-{number}", ORGANIZATION, "eu-west-101")
    system.state.rows.insert(200, dana)
    gone = system.state.rows[0]
    # While the second page is asked for, somebody takes the first row off: Dana's row moves up to the first page.
    system.faults.add(Fault("act", "GET", "offset=199", act=lambda: system.state.rows.remove(gone)))
    assert (await the_account(hand)).id == DANA_ID


@pytest.mark.parametrize("what", ["html", "malformed", "wrong_type"])
async def test_a_list_that_cannot_be_understood_is_not_an_empty_one(
    hand: HuaweiHssProvider, system: HuaweiHss, what: str
) -> None:
    system.faults.add(Fault(what, "GET", ACCOUNTS))  # type: ignore[arg-type]  # parametrized over the literal's values
    assert isinstance(await raised(hand.find(DANA)), UnexpectedAnswer)


@pytest.mark.parametrize(
    "body", ['{"total_num": 1}', '{"total_num": 1, "data_list": [{}]}', '{"total_num": "1", "data_list": []}', "[]"]
)
async def test_a_list_without_its_fields_is_not_an_empty_one(
    hand: HuaweiHssProvider, system: HuaweiHss, body: str
) -> None:
    system.faults.add(Fault("status", "GET", ACCOUNTS, status=200, body=body))
    assert isinstance(await raised(hand.find(DANA)), UnexpectedAnswer)


async def test_a_wrong_path_is_a_wrong_configuration_and_not_absence(system: HuaweiHss, door: Door) -> None:
    hand = hand_of(system, door, endpoint=f"{system.url}/elsewhere")
    assert isinstance(await raised(hand.find(DANA)), Misconfigured)


async def test_a_key_without_rights_is_forbidden_though_the_status_is_400(
    hand: HuaweiHssProvider, system: HuaweiHss
) -> None:
    system.state.users["svc-user"].is_administrator = False
    error = await raised(hand.find(DANA))
    assert isinstance(error, Forbidden)
    assert "HSS.0013" in str(error)
    assert (await hand.check()).ok is False


async def test_check_says_how_many_accounts_are_seen(hand: HuaweiHssProvider, system: HuaweiHss) -> None:
    accounts = {row.account_id for row in system.state.rows}
    assert (await hand.check()).says == f"sees {len(accounts)} cloud accounts"


async def test_an_account_of_another_id_is_read_as_nobody(hand: HuaweiHssProvider) -> None:
    assert await hand.read(replace(await the_account(hand), id="f" * 32)) is None


def test_the_regional_address_follows_the_region(system: HuaweiHss) -> None:
    assert settings_of(system, endpoint=None).server == "https://hss.eu-west-101.myhuaweicloud.eu"
    assert settings_of(system, endpoint=None, region="ap-southeast-3").server == (
        "https://hss.ap-southeast-3.myhuaweicloud.com"
    )
    assert settings_of(system, endpoint="https://hss.test:443/").host == "hss.test"
    assert settings_of(system, endpoint="https://[::1]:8443").host == "[::1]:8443"


async def test_no_sentence_before_a_decision_holds_an_outcome_word(hand: HuaweiHssProvider) -> None:
    assert outcome_words(await hand.find(DANA), hand) == set()


async def test_a_look_tells_by_the_way_how_many_cloud_accounts_there_are(hand: HuaweiHssProvider) -> None:
    health, found = await hand.check(), await hand.find(DANA)
    assert found.size
    assert health.says == f"sees {found.size} cloud accounts"
