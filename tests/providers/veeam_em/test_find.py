"""Who is found in Enterprise Manager, and who is not."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from bot.model import KeySource, Leaver, Match, Sight, Word
from providers.http import Door
from providers.veeam_em import VeeamEmProvider
from sandbox.systems.veeam_em import VeeamEm
from tests.providers.leavers import ODD, leaver, login
from tests.providers.said import outcome_words
from tests.providers.veeam_em.system import settings_of, the_account


async def test_the_one_account_is_found_by_the_operators_domains(hand: VeeamEmProvider) -> None:
    found = await hand.find(leaver("dana@acme.test"))
    (account,) = found.accounts
    assert found.sight is Sight.FULL
    assert (account.handle, account.match) == ("ACME\\dana", Match.DERIVED)
    assert dict(account.identity) == {"id": account.id, "login": "ACME\\dana", "type": "User"}
    assert account.weight == ("Portal User", "may restore all machines")
    assert account.stop is None
    assert account.left


async def test_the_same_local_part_elsewhere_is_similar_and_never_chosen(hand: VeeamEmProvider) -> None:
    found = await hand.find(leaver("dana@acme.test"))
    assert {"OTHER\\dana", "dana@other.test", "jordana@acme.test"} == set(found.similar)


async def test_nobody_is_found_where_nobody_is(hand: VeeamEmProvider) -> None:
    found = await hand.find(leaver("noa@acme.test"))
    assert (found.sight, found.accounts, found.findings) == (Sight.FULL, (), ())


async def test_a_local_part_means_nothing_without_the_operators_word(system: VeeamEm, door: Door) -> None:
    hand = VeeamEmProvider("em", settings_of(system, domains={}), door)
    found = await hand.find(leaver("dana@acme.test"))
    assert found.accounts == ()
    assert "ACME\\dana" in found.similar
    await hand.aclose()


async def test_an_assigned_name_replaces_what_the_domains_would_give(system: VeeamEm, door: Door) -> None:
    hand = VeeamEmProvider("em", settings_of(system, names={"Dana@acme.test": "acme\\SAM"}), door)
    account = await the_account(hand, leaver("dana@acme.test"))
    assert (account.handle, account.match) == ("ACME\\sam", Match.ASSIGNED)
    await hand.aclose()


async def test_a_user_and_a_single_sign_on_user_of_one_person_are_both_shown(
    hand: VeeamEmProvider, system: VeeamEm
) -> None:
    system.state.add("Dana@Acme.test", "Portal User", type_="ExternalUser")
    found = await hand.find(leaver("dana@acme.test"))
    assert {(one.handle, one.match) for one in found.accounts} == {
        ("ACME\\dana", Match.DERIVED),
        ("Dana@Acme.test", Match.EXACT),
    }


async def test_a_name_like_an_assigned_one_is_similar(system: VeeamEm, door: Door) -> None:
    system.state.add("ACME\\d.frost\u200b", "Portal User")
    hand = VeeamEmProvider("em", settings_of(system, names={"noa@acme.test": "ACME\\d.frost"}), door)
    found = await hand.find(leaver("noa@acme.test"))
    assert (found.accounts, found.similar) == ((), ("ACME\\d.frost\u200b",))
    await hand.aclose()


@pytest.mark.parametrize("typed", ["özlem.kaya@acme.test", "lee.blank@acme.test"])
async def test_capitals_outside_ascii_and_blanks_around_are_equal(hand: VeeamEmProvider, typed: str) -> None:
    assert (await the_account(hand, leaver(typed))).match is Match.EXACT


@pytest.mark.parametrize(("typed", "stored"), ODD)
async def test_a_name_in_another_spelling_is_similar_and_not_chosen(
    hand: VeeamEmProvider, typed: str, stored: str
) -> None:
    found = await hand.find(leaver(typed))
    assert (found.accounts, found.similar[:1]) == ((), (stored,))


@pytest.mark.parametrize("entry", ["names", "domains"])
def test_an_entry_with_a_character_that_nobody_sees_is_refused(system: VeeamEm, entry: str) -> None:
    table = {"names": {"mia\u200b@acme.test": "ACME\\mia"}, "domains": {"acme.test": ["AC\u200bME"]}}[entry]
    with pytest.raises(ValidationError, match="U\\+200B"):
        settings_of(system, **{entry: table})


def test_one_mail_with_two_names_is_refused(system: VeeamEm) -> None:
    with pytest.raises(ValidationError, match="twice"):
        settings_of(system, names={"dana@acme.test": "ACME\\dana", "DANA@acme.test": "ACME\\sam"})


@pytest.mark.parametrize(("who", "own"), [("dana@acme.test", ["ACME\\dana"]), ("robin@acme.test", [])])
async def test_a_group_that_bears_the_persons_name_is_told_and_never_chosen(
    hand: VeeamEmProvider, system: VeeamEm, who: str, own: list[str]
) -> None:
    system.state.add("acme\\dana", "VM Restore Operator", type_="Group")
    found = await hand.find(leaver(who))
    assert [finding.stops for finding in found.findings] == [Word.MANUAL]
    assert [account.handle for account in found.accounts] == own


async def test_an_account_of_an_unknown_type_is_told_and_never_chosen(hand: VeeamEmProvider, system: VeeamEm) -> None:
    system.state.add("noa@acme.test", "Portal User", type_="vSphereRole")
    found = await hand.find(leaver("noa@acme.test"))
    assert (found.accounts, [finding.stops for finding in found.findings]) == ((), [Word.MANUAL])


@pytest.mark.parametrize("who", [leaver("femi@acme.test"), leaver("femi")])
async def test_a_name_without_a_domain_is_left_to_a_person(hand: VeeamEmProvider, who: Leaver) -> None:
    bare = [account for account in (await hand.find(who)).accounts if account.handle == "femi"]
    assert [account.stop.stops for account in bare if account.stop] == [Word.MANUAL]
    assert hand.steps(bare[0]) == ()


async def test_other_logins_alone_give_the_weakest_match(hand: VeeamEmProvider) -> None:
    assert (await the_account(hand, login("acme\\DANA"))).match is Match.OTHER
    assert (await the_account(hand, login("acme\\DANA", KeySource.TYPED))).match is Match.EXACT


@pytest.mark.parametrize("name", ["ACME\\ines.o'hara", "ACME\\emile"])
async def test_names_are_compared_whole_and_without_case(hand: VeeamEmProvider, name: str) -> None:
    assert (await the_account(hand, login(name.upper().replace("ACME", "acme")))).handle == name


async def test_a_long_s_is_no_s(hand: VeeamEmProvider) -> None:
    assert (await hand.find(login("ACME\\\u017fam"))).accounts == ()


async def test_the_bots_own_account_is_never_touched(hand: VeeamEmProvider) -> None:
    account = await the_account(hand, login("acme\\svc-offboard"))
    assert account.stop
    assert account.stop.stops is Word.REFUSED
    assert hand.steps(account) == ()


async def test_the_last_person_who_is_a_portal_administrator_stays(hand: VeeamEmProvider, system: VeeamEm) -> None:
    petra = await the_account(hand, login("ACME\\petra"))
    assert petra.one_at_a_time
    assert petra.stop
    system.state.add("ACME\\alma2", "Portal Administrator")
    again = await hand.read(petra)
    assert again is not None
    assert (again.one_at_a_time, again.stop) == (True, None)


async def test_what_people_are_told_about_accounts_uses_no_outcome_word(hand: VeeamEmProvider, system: VeeamEm) -> None:
    system.state.add("ACME\\femi", "Portal Administrator", type_="NewKind")
    for who in ("dana@acme.test", "femi@acme.test", "robin@acme.test", "petra@acme.test", "svc-offboard@acme.test"):
        assert outcome_words(await hand.find(leaver(who)), hand) == set()


async def test_a_look_tells_by_the_way_how_many_accounts_there_are(hand: VeeamEmProvider) -> None:
    health, found = await hand.check(), await hand.find(leaver("noa@acme.test"))
    assert found.size
    assert f"{found.size} accounts are listed" in health.says
