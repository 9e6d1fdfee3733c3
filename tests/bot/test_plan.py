"""From what was found to what would be done."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot import plan as planning
from bot.model import (
    Account,
    Case,
    CaseState,
    CaseSystem,
    CaseView,
    Discovery,
    Finding,
    Key,
    KeyKind,
    KeySource,
    Leaver,
    Match,
    Outcome,
    Pick,
    Plan,
    PlannedAccount,
    PlannedSystem,
    PlanState,
    Sight,
    Word,
    facts,
)
from bot.policy import Policy
from tests.bot.fakes import AMY, account

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
POLICY = Policy(requesters=("U0AMY",), approvers=("U0BEN",))
LEAVER = Leaver("Dana Fox", (Key(KeyKind.MAIL, "dana@acme.test", KeySource.TYPED),))
CRM = CaseSystem("crm", "CRM", "fake", "fake crm", 1)
WIKI = CaseSystem("wiki", "Wiki", "fake", "fake wiki", 2)
CASE = Case(7, CaseState.LOOKING, LEAVER, AMY, "", (CRM, WIKI), "C0CASES", discreet=False, opened_at=NOON)


def look(*accounts: Account, system: str = "crm", sight: Sight = Sight.FULL, **more: object) -> Discovery:
    return replace(Discovery(system, sight, accounts), **more)  # type: ignore[arg-type]


def planned(*looks: Discovery, policy: Policy = POLICY) -> Plan:
    return planning.make(CASE, looks, policy, NOON)


def only(plan: Plan) -> PlannedAccount:
    """The one account of a plan."""
    (found,) = plan.systems[0].accounts
    return found


def digest(*accounts: Account, **changes: object) -> str:
    chosen = tuple(PlannedAccount(one, chosen=True) for one in accounts)
    system = PlannedSystem("crm", "CRM", "fake", "fake crm", look(*accounts), chosen)
    return planning.digest([replace(system, **changes)])  # type: ignore[arg-type]


@pytest.mark.parametrize("match", [Match.EXACT, Match.DERIVED, Match.ASSIGNED])
def test_the_only_account_of_a_person_is_chosen(match: Match) -> None:
    plan = planned(look(account(match=match)))

    assert (plan.case_id, plan.turn, plan.state) == (7, 1, PlanState.WAITING)
    assert only(plan).chosen


def test_of_two_accounts_of_one_person_both_are_shown_and_neither_is_chosen() -> None:
    plan = planned(look(account(id="1"), account(id="2")))

    assert [(one.chosen, one.instead) for one in plan.systems[0].accounts] == [(False, Word.MANUAL)] * 2
    assert plan.state is PlanState.EMPTY


def test_an_account_beside_one_that_was_decided_on_is_not_chosen_either() -> None:
    plan = planning.make(CASE, [look(account(id="2"))], POLICY, NOON, [look(account(id="1"), account(id="2"))])

    assert not only(plan).chosen


def test_one_account_in_each_of_two_systems_is_chosen_in_both() -> None:
    plan = planned(look(account(system="wiki"), system="wiki"), look(account()))

    assert [system.name for system in plan.systems] == ["crm", "wiki"]
    assert len(list(plan.chosen())) == 2
    assert plan.needed == 2


def test_a_system_in_which_nothing_is_chosen_does_not_raise_the_number_of_approvals() -> None:
    assert planned(look(account()), look(system="wiki")).needed == 1


def test_an_account_found_by_other_logins_only_is_shown_and_not_chosen() -> None:
    assert only(planned(look(account(match=Match.OTHER)))).instead is Word.MANUAL


SEAT = account(identity=facts(id="1", login="dana@acme.test", mail="sam@acme.test"))
"""A seat handed to Sam: the log-in is still Dana's."""


@pytest.mark.parametrize("match", list(Match))
def test_a_successors_seat_is_shown_with_both_names_and_not_chosen(match: Match) -> None:
    found = only(planned(look(replace(SEAT, match=match))))

    assert (found.chosen, found.instead, found.is_open_to_choice) == (False, Word.MANUAL, True)
    assert "dana@acme.test" in found.why_not
    assert "sam@acme.test" in found.why_not


def test_a_successors_seat_beside_another_account_says_that_its_names_are_two_peoples() -> None:
    (seat, other) = planned(look(SEAT, account(id="2"))).systems[0].accounts

    assert "Its log-in is dana@acme.test" in seat.why_not
    assert other.why_not.startswith("2 accounts match")


def test_an_approved_account_whose_names_are_two_peoples_goes_only_if_a_person_chose_it() -> None:
    before = planned(look(account()))
    seen = CaseView(CASE, plans=(_with_only(before, PlannedAccount(SEAT, chosen=True)),))
    picked = PlannedAccount(SEAT, chosen=True, picked=Pick("U0BEN", "she handed it back"))

    kept = planning.keep(seen, SEAT, POLICY)

    assert kept is not None
    assert (kept.chosen, kept.instead) == (False, Word.MANUAL)
    assert planning.keep(CaseView(CASE, plans=(_with_only(before, picked),)), SEAT, POLICY) is None
    assert planning.keep(seen, account(), POLICY) is None


def _with_only(plan: Plan, planned: PlannedAccount) -> Plan:
    (system,) = plan.systems
    return replace(plan, systems=(replace(system, accounts=(planned,)),))


def test_a_finding_that_stops_gives_its_own_word_and_reason() -> None:
    found = only(planned(look(account(findings=(Finding("the last administrator", Word.REFUSED),)))))

    assert (found.chosen, found.instead, found.why_not) == (False, Word.REFUSED, "the last administrator")


def test_a_finding_that_only_informs_does_not_keep_an_account_from_being_chosen() -> None:
    assert only(planned(look(account(findings=(Finding("manages a group"),))))).chosen


@pytest.mark.parametrize("pattern", ["dana@*", "crm-*", "*-7", "DANA@acme.test"])
def test_a_protected_account_is_refused_whichever_name_is_protected(pattern: str) -> None:
    protected = replace(POLICY, protected=(pattern,))
    one = account(id="id-7", handle="crm-dana", identity=facts(id="id-7", mail="dana@acme.test"))

    found = only(planned(look(one), policy=protected))

    assert (found.chosen, found.instead) == (False, Word.REFUSED)
    assert pattern in found.why_not


def test_a_protected_person_has_no_account_chosen_under_whatever_name_it_stands() -> None:
    protected = replace(POLICY, protected=("dana@acme.test",))
    one = account(handle="X4711", identity=facts(id="1", login="X4711"), match=Match.ASSIGNED)

    assert only(planned(look(one), policy=protected)).instead is Word.REFUSED


def test_looks_at_systems_that_are_not_of_the_case_are_no_part_of_the_plan() -> None:
    assert planned(look(account(system="mail"), system="mail")).systems == ()


def test_what_cannot_be_compared_does_not_change_the_digest() -> None:
    one = account(weight=("b", "a"), parts=("2", "1"))

    assert digest(one) == digest(replace(one, weight=("a", "b"), parts=("1", "2"), notes=facts(login="today")))
    assert digest(one) == digest(one, label="Customer records")


@pytest.mark.parametrize(
    "changes",
    [
        {"id": "2"},
        {"handle": "erin"},
        {"identity": facts(id="1", mail="erin@acme.test")},
        {"weight": ("admin",)},
        {"parts": ("phone",)},
    ],
)
def test_all_that_is_compared_changes_the_digest(changes: dict[str, object]) -> None:
    assert digest(account()) != digest(replace(account(), **changes))  # type: ignore[arg-type]


@pytest.mark.parametrize("changes", [{"name": "other"}, {"kind": "other"}, {"identity": "other"}, {"accounts": ()}])
def test_the_system_and_what_is_chosen_there_change_the_digest(changes: dict[str, object]) -> None:
    assert digest(account()) != digest(account(), **changes)


def test_one_fact_cannot_pass_for_two_in_a_digest() -> None:
    assert digest(account(weight=("a", "b"))) != digest(account(weight=("a,b",)))
    assert digest(account(weight=("a",), parts=())) != digest(account(weight=(), parts=("a",)))


def test_the_digest_does_not_depend_on_the_order_in_which_things_were_found() -> None:
    there, back = account(id="1"), account(id="2")

    assert digest(there, back) == digest(back, there)
    assert digest(there)[0] == "1"


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"id": "2"}, "another account"),
        ({"identity": facts(id="1", mail="erin@acme.test")}, "changed: mail"),
        ({"identity": facts(id="1")}, "changed: mail"),
        ({"weight": ("admin", "user")}, "more than was shown: admin"),
        ({"parts": ("p1", "p2")}, "1 more part"),
    ],
)
def test_what_makes_an_account_another_is_said_in_words(changes: dict[str, object], says: str) -> None:
    approved = account(weight=("user",), parts=("p1",))

    difference = planning.difference(approved, replace(approved, **changes))  # type: ignore[arg-type]

    assert difference is not None
    assert says in difference


def test_less_weight_fewer_parts_and_other_notes_make_no_difference() -> None:
    approved = account(weight=("admin", "user"), parts=("p1",))

    assert planning.difference(approved, replace(approved, weight=("user",), parts=(), notes=facts(seen="now"))) is None


def test_accounts_without_an_outcome_wait_and_settled_ones_do_not() -> None:
    settled = Outcome("crm", "1", Word.REMOVED, "", NOON)
    found = look(account(id="1"), account(id="2"), similar=("dan",))

    (waiting,) = planning.unapproved([found, look(system="wiki")], [settled])

    assert waiting == replace(found, accounts=(account(id="2"),))


def test_an_outcome_in_one_system_settles_nothing_in_another() -> None:
    settled = Outcome("wiki", "1", Word.REMOVED, "", NOON)

    assert planning.unapproved([look(account())], [settled]) == (look(account()),)


def test_a_changed_account_stands_in_the_look_as_it_now_is() -> None:
    now = account(weight=("admin",))

    (there,) = planning.as_changed(look(account()), now, "more").accounts

    assert replace(there, findings=()) == now
    assert [(one.text, one.stops) for one in there.findings] == [("Not as it was approved: more.", None)]


def test_an_account_that_the_search_no_longer_finds_stays_in_the_look_for_a_person() -> None:
    renamed = account(identity=facts(id="1", mail="erin@acme.test"))

    (there,) = planning.as_changed(look(), renamed, "changed: mail").accounts

    assert there.stop is not None
    assert there.stop.stops is Word.MANUAL
    assert "changed: mail" in there.stop.text


@pytest.mark.parametrize(
    ("sight", "words"),
    [(Sight.FULL, [Word.ABSENT]), (Sight.PARTIAL, []), (Sight.NOT_READ, []), (Sight.UNASSIGNED, [])],
)
def test_only_full_sight_makes_nothing_found_absent(sight: Sight, words: list[Word]) -> None:
    outcomes = planning.outcomes_without_removal(planned(look(sight=sight)), NOON)

    assert [(outcome.word, outcome.account_id) for outcome in outcomes] == [(word, "") for word in words]


def test_accounts_that_are_not_chosen_end_with_their_word_and_still_work() -> None:
    outcomes = planning.outcomes_without_removal(planned(look(account(id="1"), account(id="2"))), NOON)

    assert [(one.account_id, one.word, one.left) for one in outcomes] == [
        ("1", Word.MANUAL, "The account still works."),
        ("2", Word.MANUAL, "The account still works."),
    ]


def test_a_system_whose_own_finding_needs_a_person_is_never_absent() -> None:
    rule = Finding("a rule lets them in", stops=Word.MANUAL)

    (outcome,) = planning.outcomes_without_removal(planned(look(findings=(rule,))), NOON)

    assert (outcome.word, outcome.sentence, outcome.account_id) == (Word.MANUAL, "a rule lets them in", "")
