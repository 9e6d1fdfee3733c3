"""Who may do what, and why not."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import policy as rules
from bot.model import (
    Approval,
    Case,
    CaseState,
    CaseSystem,
    Key,
    KeyKind,
    KeySource,
    Leaver,
    Person,
    facts,
    fold,
)
from bot.policy import Policy
from bot.ports import Membership
from tests.bot.fakes import AMY, BEN, CHLOE, DANA, OTTO, ROOT, account, person

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
MAIL = Key(KeyKind.MAIL, "dana@acme.test", KeySource.TYPED)
LEAVER = Leaver("Dana Fox", (MAIL,), "U0DANA", "T0ACME")
POLICY = Policy(requesters=("U0AMY",), approvers=("S0SECURITY",), admins=("U0ROOT",))
CRM = CaseSystem("crm", "CRM", "fake", "fake crm", 1, "U0OTTO")
APPROVERS = Membership({"U0BEN": "in S0SECURITY", "U0CHLOE": "in S0SECURITY"})
ADMINS = Membership({"U0ROOT": "named in admins"})


def case(state: CaseState = CaseState.WAITING, attempt: int = 0, leaver: Leaver = LEAVER) -> Case:
    return Case(1, state, leaver, AMY, "", (CRM,), "C0CASES", discreet=False, opened_at=NOON, attempt=attempt)


def approval(by: Person) -> Approval:
    return Approval(1, "digest", by.user_id, by.team_id, by.mail, "in S0SECURITY", NOON)


def test_a_listed_requester_may_ask_on_the_ground_of_the_list() -> None:
    ruling = rules.may_ask(AMY, Membership({"U0AMY": "named in requesters"}), POLICY)

    assert (ruling.ok, ruling.why) == (True, "named in requesters")


def test_somebody_who_is_not_listed_may_not_ask_and_is_told_who_may() -> None:
    ruling = rules.may_ask(OTTO, Membership({"U0AMY": "named"}), POLICY)

    assert (ruling.ok, ruling.who) == (False, ("U0AMY",))


def test_a_guest_may_not_ask_even_where_a_list_names_them() -> None:
    guest = replace(AMY, trusted=False)

    assert not rules.may_ask(guest, Membership({"U0AMY": "named"}), POLICY).ok


def test_an_approver_who_is_neither_requester_nor_leaver_may_decide() -> None:
    assert rules.may_decide(BEN, APPROVERS, case(), POLICY).why == "in S0SECURITY"


@pytest.mark.parametrize(
    "who",
    [
        AMY,
        person("U0AMY2", "AMY@acme.test"),
        DANA,
        person("U0DANA2", "Dana@ACME.test"),
        person("U0DANA", "another@acme.test"),
        replace(BEN, trusted=False),
    ],
)
def test_requester_leaver_and_untrusted_people_cannot_decide_even_where_a_list_names_them(who: Person) -> None:
    everybody = Membership({who.user_id: "in S0SECURITY"})

    assert not rules.may_decide(who, everybody, case(), POLICY).ok


def test_the_same_user_id_in_another_team_is_another_person() -> None:
    stranger = replace(AMY, team_id="T0OTHER", mail=None)

    assert not stranger.is_same_as(AMY)
    assert not replace(AMY, mail=None).is_same_as(replace(BEN, mail=None))


@pytest.mark.parametrize("who", [ROOT, OTTO])
def test_admins_and_the_owner_of_a_system_may_mend_it(who: Person) -> None:
    assert rules.may_mend(who, ADMINS, CRM, case(), POLICY).ok


@pytest.mark.parametrize("who", [AMY, BEN, DANA, replace(ROOT, trusted=False), replace(OTTO, trusted=False)])
def test_nobody_else_may_mend_a_system(who: Person) -> None:
    assert not rules.may_mend(who, ADMINS, CRM, case(), POLICY).ok


def test_nobody_owns_a_system_without_an_owner() -> None:
    assert not rules.may_mend(OTTO, ADMINS, replace(CRM, owner=None), case(), POLICY).ok


def test_an_admin_who_leaves_may_neither_mend_nor_cancel_their_own_case() -> None:
    roots = case(leaver=Leaver("Root", (Key(KeyKind.MAIL, "root@acme.test", KeySource.TYPED),)))

    assert not rules.may_mend(ROOT, ADMINS, CRM, roots, POLICY).ok
    assert not rules.may_cancel(ROOT, ADMINS, roots, POLICY).ok


def test_a_requester_may_cancel_until_something_was_approved() -> None:
    allowed = {
        state
        for state in CaseState
        for attempt in (0, 1)
        if rules.may_cancel(AMY, ADMINS, case(state, attempt), POLICY).ok and attempt == 0
    }

    assert allowed == {CaseState.LOOKING, CaseState.WAITING}
    assert not rules.may_cancel(AMY, ADMINS, case(attempt=1), POLICY).ok


def test_an_approver_may_not_cancel() -> None:
    assert rules.may_cancel(BEN, ADMINS, case(), POLICY).who == ("U0ROOT",)


def test_approvers_admins_and_owners_see_every_case_and_guests_none() -> None:
    def sees(who: Person) -> bool:
        return rules.sees_all(who, APPROVERS, ADMINS, ["U0OTTO"])

    assert all(sees(who) for who in (BEN, ROOT, OTTO))
    assert not any(sees(who) for who in (AMY, DANA, replace(BEN, trusted=False)))


def test_requester_and_leaver_are_not_possible_approvers() -> None:
    assert rules.possible_approvers([AMY, DANA, BEN], AMY, LEAVER) == 1


def test_possible_approvers_are_humans_with_an_address_and_not_ids() -> None:
    second = person("U0BEN2", "ben+two@acme.test")

    assert rules.possible_approvers([BEN, second, replace(CHLOE, mail=None)], AMY, LEAVER) == 1


def test_the_strictest_system_says_how_many_approvals_are_needed() -> None:
    assert rules.approvals_needed(POLICY, [CRM, replace(CRM, approvals=3)]) == 3
    assert rules.approvals_needed(replace(POLICY, approvals=2), [CRM]) == 2
    assert rules.approvals_needed(POLICY, []) == 1


def test_one_human_with_two_slack_ids_counts_once() -> None:
    again = person("U0BEN2", "BEN@acme.test")

    assert rules.counting([approval(BEN), approval(again)], AMY, LEAVER) == 1
    assert rules.counting([approval(BEN), approval(CHLOE)], AMY, LEAVER) == 2


def test_one_human_with_two_addresses_and_ids_counts_once_where_the_operator_ties_them() -> None:
    again = person("U0BEN2", "b.sato@other.test")
    tied = (("U0BEN", "U0BEN2"),)

    assert rules.counting([approval(BEN), approval(again)], AMY, LEAVER) == 2
    assert rules.counting([approval(BEN), approval(again)], AMY, LEAVER, tied) == 1


def test_a_sub_address_is_the_same_human() -> None:
    assert rules.counting([approval(BEN), approval(person("U0BEN2", "ben+two@acme.test"))], AMY, LEAVER) == 1
    assert rules.counting([approval(person("U0AMY2", "Amy+approves@acme.test"))], AMY, LEAVER) == 0


def test_the_second_id_of_the_requester_does_not_count_where_the_operator_ties_them() -> None:
    second = person("U0AMY2", "a.ortiz@other.test")

    assert rules.counting([approval(second)], AMY, LEAVER, (("U0AMY", "U0AMY2"),)) == 0


def test_an_approval_without_an_address_does_not_count() -> None:
    assert rules.counting([approval(replace(BEN, mail=None)), approval(CHLOE)], AMY, LEAVER) == 1


def test_an_approver_without_an_address_is_told_why_and_who_may_decide() -> None:
    ruling = rules.may_decide(replace(BEN, mail=None), APPROVERS, case(), POLICY)

    assert (ruling.ok, ruling.who) == (False, POLICY.approvers)
    assert "no confirmed address" in ruling.why


@pytest.mark.parametrize("who", [ROOT, OTTO])
def test_an_admin_or_owner_without_an_address_may_not_mend(who: Person) -> None:
    assert not rules.may_mend(replace(who, mail=None), ADMINS, CRM, case(), POLICY).ok


def test_a_requester_needs_no_address() -> None:
    assert rules.may_ask(replace(AMY, mail=None), Membership({"U0AMY": "named"}), POLICY).ok


def test_approvals_of_requester_and_leaver_never_count() -> None:
    assert rules.counting([approval(AMY), approval(DANA)], AMY, LEAVER) == 0


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("ceo@acme.test", "CEO@Acme.Test"),
        ("*@svc.acme.test", "backup@svc.acme.test"),
        ("ACME\\svc-*", "acme\\SVC-offboard"),
        ("*", "anything"),
        ("a*c*e", "abcde"),
        (" ceo@acme.test ", "ceo@acme.test"),
    ],
)
def test_a_pattern_protects_what_it_means(pattern: str, value: str) -> None:
    assert rules.protected_by([pattern], ["other", value]) == pattern


@pytest.mark.parametrize(
    ("pattern", "value"),
    [
        ("ceo@acme.test", "xceo@acme.test"),
        ("ceo@acme.test", "ceo@acme-test"),
        ("*@svc.acme.test", "backup@svc.acme.test.evil"),
        ("[ab]*", "abc"),
        ("a?c", "abc"),
        ("", "x"),
        ("*", ""),
    ],
)
def test_a_pattern_protects_nothing_else(pattern: str, value: str) -> None:
    assert rules.protected_by([pattern], [value]) is None


@given(st.text("ab*", max_size=8), st.text("ab", max_size=8))
def test_a_pattern_protects_what_a_regular_expression_would(pattern: str, value: str) -> None:
    expression = ".*".join(map(re.escape, pattern.split("*")))
    expected = pattern if value and re.fullmatch(expression, value) else None

    assert rules.protected_by([pattern], [value]) == expected


def test_many_stars_on_a_long_text_take_no_time() -> None:
    before = time.process_time()

    assert rules.protected_by(["*a" * 60 + "b"], ["a" * 100_000]) is None
    assert time.process_time() - before < 1


def test_an_account_is_protected_by_its_handle_its_id_and_every_fact_of_its_identity() -> None:
    one = account(id="7", handle="ACME\\dana", identity=facts(id="7", mail="dana@acme.test", login="dana.f"))

    assert set(rules.account_names(one)) >= {"7", "ACME\\dana", "dana@acme.test", "dana.f"}


def test_a_case_begins_when_asked_or_after_the_cool_down_whichever_is_later() -> None:
    hour = timedelta(hours=1)

    assert rules.start_of(None, NOON, timedelta()) == NOON
    assert rules.start_of(None, NOON, hour) == NOON + hour
    assert rules.start_of(NOON + 2 * hour, NOON, hour) == NOON + 2 * hour
    assert rules.start_of(NOON - hour, NOON, hour) == NOON + hour


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("K", "\N{KELVIN SIGN}"),
        ("ss", "ß"),
        ("s", "\N{LATIN SMALL LETTER LONG S}"),
        ("i", "İ"),
        ("dana", "d\N{CYRILLIC SMALL LETTER A}na"),
    ],
)
def test_keys_that_only_look_alike_are_not_equal(one: str, other: str) -> None:
    assert not Key(KeyKind.LOGIN, one, KeySource.OTHER).equals(other)


def test_keys_are_compared_after_composing_and_lowering() -> None:
    assert Key(KeyKind.LOGIN, " Dana.F\u0065\u0301 ", KeySource.OTHER).equals("dana.f\u00c9")
    assert fold("DANA") == "dana"


@pytest.mark.parametrize("value", ["", "  ", None, "dana"])
def test_nothing_equals_an_empty_key(value: str | None) -> None:
    assert not Key(KeyKind.LOGIN, " ", KeySource.OTHER).equals(value)
