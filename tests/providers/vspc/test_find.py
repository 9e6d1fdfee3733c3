"""Who is found in the console, and who is not."""

from __future__ import annotations

import pytest

from bot.errors import CredentialsRejected, ProviderError, Unavailable, UnexpectedAnswer
from bot.model import KeySource, Leaver, Match, Sight, Word
from providers.http import Door
from providers.vspc import VspcProvider
from sandbox.systems.faults import Fault
from sandbox.systems.vspc import Vspc
from sandbox.systems.vspc.seed import API_KEY, SERVICE
from tests.providers.leavers import leaver, login
from tests.providers.raised import raised
from tests.providers.said import outcome_words
from tests.providers.vspc.system import settings_of, the_account


def own_user(system: Vspc) -> str:
    return next(user.uid for user in system.state.users.values() if user.name == SERVICE)


async def test_the_one_user_is_found_by_mail_with_all_identities(hand: VspcProvider) -> None:
    found = await hand.find(leaver("Dana@acme.test"))
    (account,) = found.accounts
    assert found.sight is Sight.FULL
    assert (account.handle, account.match, account.stop) == ("acme\\dana", Match.EXACT, None)
    assert {name for name, _ in account.identity} == {"id", "login", "mail", "organization", "type"}
    assert [part.split(" #")[0] for part in account.parts] == [
        "41 ApiKey “report script”",
        "42 Sso “sign-on at the identity provider”",
    ]
    assert account.weight == ("CompanyLocationUser",)
    assert dict(account.notes) == {"company": "Acme", "status": "Enabled"}


async def test_near_people_are_similar_and_never_chosen(hand: VspcProvider) -> None:
    found = await hand.find(leaver("dana@acme.test"))
    assert {"other\\dana", "dana@other.test", "jordana@acme.test"} <= set(found.similar)
    assert "acme\\dana" not in found.similar


async def test_nobody_is_found_where_nobody_is(hand: VspcProvider) -> None:
    found = await hand.find(leaver("noa@acme.test"))
    assert (found.sight, found.accounts, found.similar, found.findings) == (Sight.FULL, (), (), ())


async def test_two_users_with_one_mail_are_both_returned(hand: VspcProvider) -> None:
    found = await hand.find(leaver("robin@acme.test"))
    assert {account.handle for account in found.accounts} == {"acme\\robin", "globex\\robin"}
    assert len({dict(account.identity)["organization"] for account in found.accounts}) == 2


@pytest.mark.parametrize(
    ("name", "mail", "asked"),
    [
        ("acme\\lee", "lee.blank@acme.test ", "lee.blank@acme.test"),
        ("acme\\oezlem", "ÖZLEM.Kaya@acme.test", "özlem.kaya@acme.test"),
        ("acme\\oezlem", "O\u0308zlem.Kaya@acme.test", "özlem.kaya@acme.test"),
        (" lee.blank@acme.test", None, "lee.blank@acme.test"),
    ],
)
async def test_an_address_in_another_spelling_of_the_same_signs_is_the_leavers(
    hand: VspcProvider, system: Vspc, name: str, mail: str | None, asked: str
) -> None:
    added = system.state.add_user(next(iter(system.state.organizations)), name, "CompanyLocationUser", mail)

    found = await hand.find(leaver(asked))

    assert added.uid in {account.id for account in found.accounts}


@pytest.mark.parametrize(
    ("mail", "asked"),
    [
        ("mia\u200b.zero@acme.test", "mia.zero@acme.test"),
        ("kim.plus+veeam@acme.test", "kim.plus@acme.test"),
        ("jo@xn--bcher-kva.test", "jo@bücher.test"),
        ("sean.o\u2019brien@acme.test", "sean.o'brien@acme.test"),
        ("dana@acne.test", "dana@acme.test"),
    ],
)
async def test_an_address_that_reads_like_the_leavers_is_shown_and_not_chosen(
    hand: VspcProvider, system: Vspc, mail: str, asked: str
) -> None:
    added = system.state.add_user(next(iter(system.state.organizations)), "acme\\x1", "CompanyLocationUser", mail)

    found = await hand.find(leaver(asked))

    assert mail in found.similar
    assert added.uid not in {account.id for account in found.accounts}


async def test_a_successors_seat_is_an_account_with_both_its_names(hand: VspcProvider, system: Vspc) -> None:
    organization = next(iter(system.state.organizations))
    system.state.add_user(organization, "pia@acme.test", "CompanyLocationUser", "sam.seat@acme.test")

    (account,) = (await hand.find(leaver("pia@acme.test"))).accounts

    assert (dict(account.identity)["login"], dict(account.identity)["mail"]) == ("pia@acme.test", "sam.seat@acme.test")


async def test_a_prefixed_name_of_somebody_with_another_mail_is_not_the_leavers(hand: VspcProvider) -> None:
    found = await hand.find(leaver("dana@third.test"))
    assert found.accounts == ()
    assert "acme\\dana" in found.similar


async def test_a_prefixed_name_without_any_mail_is_left_to_a_person(hand: VspcProvider) -> None:
    account = await the_account(hand, leaver("kiosk@acme.test"))
    assert account.match is Match.DERIVED
    assert account.stop
    assert account.stop.stops is Word.MANUAL
    assert hand.steps(account) == ()


@pytest.mark.parametrize("who", [login("DANA"), login("acme\\Dana")])
async def test_other_logins_alone_give_the_weakest_match(hand: VspcProvider, who: Leaver) -> None:
    account = await the_account(hand, who)
    assert (account.handle, account.match) == ("acme\\dana", Match.OTHER)


async def test_a_typed_log_in_is_as_good_as_a_mail(hand: VspcProvider) -> None:
    assert (await the_account(hand, login("acme\\dana", KeySource.TYPED))).match is Match.EXACT


async def test_addresses_with_signs_that_need_care_are_found(hand: VspcProvider) -> None:
    for mail, name in [("dana+backup@acme.test", "acme\\dana-backup"), ("ines.o'hara@acme.test", "acme\\ines.o'hara")]:
        assert (await the_account(hand, leaver(mail))).handle == name


async def test_a_user_in_the_administrator_portals_rules_is_told(hand: VspcProvider) -> None:
    found = await hand.find(leaver("hiro@acme.test"))
    assert [finding.stops for finding in found.findings] == [Word.MANUAL]
    assert "hiro" in found.findings[0].text


@pytest.mark.parametrize(("who", "word"), [("petra@acme.test", Word.MANUAL), ("hello@globex.test", Word.MANUAL)])
async def test_owners_and_tenants_are_left_to_a_person(hand: VspcProvider, who: str, word: Word) -> None:
    account = await the_account(hand, leaver(who))
    assert account.stop
    assert account.stop.stops is word
    assert hand.steps(account) == ()


@pytest.mark.parametrize("role", ["CompanySubtenant", "Unknown"])
async def test_a_subtenant_and_a_role_that_nobody_knows_are_left_to_a_person(
    hand: VspcProvider, system: Vspc, role: str
) -> None:
    next(user for user in system.state.users.values() if user.name == "acme\\dana").role = role
    assert hand.steps(await the_account(hand, leaver("dana@acme.test"))) == ()


async def test_the_bots_own_user_is_never_touched(hand: VspcProvider) -> None:
    account = await the_account(hand, leaver("svc-offboard@provider.test"))
    assert account.stop
    assert account.stop.stops is Word.REFUSED


async def test_the_last_person_who_is_a_portal_administrator_stays(hand: VspcProvider, system: Vspc) -> None:
    provider = system.state.users[own_user(system)].organization
    system.state.add_user(provider, "provider\\ada", "PortalAdministrator", "ada@acme.test")
    ada = await the_account(hand, leaver("ada@acme.test"))
    assert ada.one_at_a_time
    assert ada.stop
    system.state.add_user(provider, "provider\\bea", "PortalAdministrator", "bea@acme.test")
    again = await hand.read(ada)
    assert again is not None
    assert again.stop is None


async def test_a_key_that_sees_a_part_gives_partial_sight(hand: VspcProvider, system: Vspc) -> None:
    system.state.users[own_user(system)].role = "CompanyAdministrator"
    found = await hand.find(leaver("noa@acme.test"))
    assert found.sight is Sight.PARTIAL
    assert found.reason
    health = await hand.check()
    assert (health.ok, health.sees_all) == (False, False)


async def test_check_tells_a_key_that_may_delete_from_one_that_may_only_read(hand: VspcProvider, system: Vspc) -> None:
    assert (await hand.check()).ok
    for one in system.state.logins_of(own_user(system)):
        one.read_only = True
    assert not (await hand.check()).ok


async def test_a_key_that_is_not_accepted_is_a_matter_of_credentials(system: Vspc, door: Door) -> None:
    hand = VspcProvider("vspc", settings_of(system, api_key=API_KEY + "x"), door)
    assert isinstance(await raised(hand.find(leaver("dana@acme.test"))), CredentialsRejected)
    assert not (await hand.check()).ok


async def test_a_console_without_these_filters_is_read_whole(hand: VspcProvider, system: Vspc) -> None:
    answer = '{"errors": [{"message": "x", "type": "logical", "code": 400, "parameterName": "filter"}]}'
    kind = {"Content-Type": "application/json"}
    system.faults.add(Fault("status", "GET", "filter=", times=99, status=400, body=answer, headers=kind))
    assert (await the_account(hand, leaver("DANA@acme.test"))).handle == "acme\\dana"
    assert (await hand.find(leaver("noa@acme.test"))).accounts == ()


@pytest.mark.parametrize("says_skip", [False, True])
async def test_more_users_than_a_page_are_all_seen(hand: VspcProvider, system: Vspc, *, says_skip: bool) -> None:
    system.state.switches.says_skip = says_skip
    acme = next(uid for uid, name in system.state.organizations.items() if name == "Acme")
    for number in range(1200):
        system.state.add_user(acme, f"acme\\many{number}", "CompanyLocationUser", "many@acme.test")
    assert len(await hand._console.users(("profile.email", "equals", "many@acme.test"))) == 1200


async def test_a_console_that_gives_its_first_page_for_ever_is_not_believed(hand: VspcProvider, system: Vspc) -> None:
    system.state.switches.ignores_offset = True
    acme = next(iter(system.state.organizations))
    for number in range(600):
        system.state.add_user(acme, f"acme\\many{number}", "CompanyLocationUser", "many@acme.test")
    assert isinstance(await raised(hand.find(leaver("many@acme.test"))), Unavailable)


@pytest.mark.parametrize("what", ["html", "malformed", "wrong_type"])
async def test_a_list_that_cannot_be_understood_is_never_taken_for_an_empty_one(
    hand: VspcProvider, system: Vspc, what: str
) -> None:
    system.faults.add(Fault(what, "GET", "profile.email"))  # type: ignore[arg-type]  # parametrised with its literals
    error: ProviderError = await raised(hand.find(leaver("dana@acme.test")))
    assert isinstance(error, UnexpectedAnswer)


async def test_what_people_are_told_about_users_uses_no_outcome_word(hand: VspcProvider) -> None:
    whos = ("dana", "kiosk", "hiro", "petra", "robin")
    for who in (*(f"{name}@acme.test" for name in whos), "hello@globex.test", "svc-offboard@provider.test"):
        assert outcome_words(await hand.find(leaver(who)), hand) == set()


@pytest.mark.parametrize("mail", ["za\u200bra@acme.test", "z\u0430ra@acme.test", "zar\u00e1@acme.test"])
async def test_no_absence_rests_on_a_filter_that_other_spellings_pass_by(
    hand: VspcProvider, system: Vspc, mail: str
) -> None:
    system.state.add_user(next(iter(system.state.organizations)), "acme\\x1", "CompanyLocationUser", mail)

    assert mail in (await hand.find(leaver("zara@acme.test"))).similar


async def test_a_log_in_that_stands_in_the_free_text_of_the_mail_is_found(hand: VspcProvider, system: Vspc) -> None:
    added = system.state.add_user(next(iter(system.state.organizations)), "acme\\x1", "CompanyLocationUser", "zfrost")

    assert [account.id for account in (await hand.find(login("zfrost"))).accounts] == [added.uid]


async def test_an_identity_of_the_leavers_is_told_where_its_user_is_merely_similar(
    hand: VspcProvider, system: Vspc
) -> None:
    similar = system.state.add_user(
        next(iter(system.state.organizations)), "acme\\x1", "CompanyLocationUser", "zara+x@acme.test"
    )
    system.state.add_login(similar, "sso", "", user_name="zara@acme.test")

    found = await hand.find(leaver("zara@acme.test"))

    assert found.similar == ("zara+x@acme.test",)
    assert [finding.stops for finding in found.findings] == [Word.MANUAL]
