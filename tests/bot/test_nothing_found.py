"""When no system knows the person, and who may answer for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.model import (
    Case,
    CaseState,
    CaseView,
    Discovery,
    Finding,
    Key,
    KeyKind,
    KeySource,
    Leaver,
    Outcome,
    Person,
    Sight,
    Word,
)
from bot.nothing_found import is_doubtful, is_nothing_found, may_confirm, may_correct
from bot.policy import Policy, Ruling
from bot.ports import Membership
from tests.bot.fakes import AMY, BEN, DANA, OTTO, ROOT, account
from tests.bot.test_plan import CRM, WIKI

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
LEAVER = Leaver("Dana Fox", (Key(KeyKind.MAIL, "dana@acme.test", KeySource.TYPED),), "U0DANA", "T0ACME")
CASE = Case(7, CaseState.NEEDS_PEOPLE, LEAVER, AMY, "", (CRM, WIKI), "C0CASES", discreet=False, opened_at=NOON)
NOBODY = tuple(Outcome(name, "", Word.ABSENT, "Nobody there.", NOON) for name in ("crm", "wiki"))
LOOKS = (Discovery("crm", Sight.FULL, similar=("dan",)), Discovery("wiki", Sight.FULL))
VIEW = CaseView(CASE, outcomes=NOBODY, looks=LOOKS)
POLICY = Policy(requesters=("U0AMY",), approvers=("U0AMY", "U0BEN", "U0DANA"), admins=("U0ROOT", "U0AMY"))


def listed(*users: str) -> Membership:
    return Membership(dict.fromkeys(users, "on the list"), None)


def ruling(person: Person, view: CaseView = VIEW, attempt: int = 0) -> Ruling:
    return may_confirm(person, listed(*POLICY.approvers), listed(*POLICY.admins), view, POLICY, attempt)


def seen(look: Discovery) -> CaseView:
    """The view after the CRM showed something else."""
    return replace(VIEW, looks=(look, LOOKS[1]))


def test_a_person_whom_no_system_knows_is_doubtful_however_near_the_similar_names_are() -> None:
    assert is_nothing_found(VIEW)
    assert is_doubtful(VIEW)


def test_a_person_for_whom_nothing_is_assigned_is_as_doubtful() -> None:
    assert is_doubtful(seen(Discovery("crm", Sight.UNASSIGNED)))


@pytest.mark.parametrize(
    "view",
    [
        seen(Discovery("crm", Sight.FULL, (account(),))),
        seen(Discovery("crm", Sight.FULL, findings=(Finding("a rule lets them in", Word.MANUAL),))),
        replace(VIEW, outcomes=(Outcome("crm", "1", Word.ABSENT, "It was gone without the bot.", NOON), *NOBODY[1:])),
        replace(VIEW, looks=tuple(Discovery(name, Sight.NOT_READ) for name in ("crm", "wiki"))),
    ],
    ids=["an account", "a finding for a person", "an account that went by itself", "nothing was read"],
)
def test_whoever_was_seen_anywhere_at_any_time_is_not_unknown(view: CaseView) -> None:
    assert not is_nothing_found(view)
    assert not is_doubtful(view)


def test_a_finding_that_only_informs_does_not_make_somebody_known() -> None:
    assert is_nothing_found(seen(Discovery("crm", Sight.FULL, findings=(Finding("the list is long"),))))


def test_a_persons_word_answers_for_it() -> None:
    by_hand = replace(NOBODY[0], word=Word.MANUAL, done_by="U0ROOT")
    assert not is_doubtful(replace(VIEW, case=replace(CASE, confirmed_by="U0BEN")))
    assert not is_doubtful(replace(VIEW, outcomes=(by_hand, NOBODY[1])))
    assert is_doubtful(replace(VIEW, outcomes=(replace(by_hand, word=Word.SKIPPED), NOBODY[1])))


@pytest.mark.parametrize("person", [BEN, ROOT])
def test_an_approver_and_an_admin_may_confirm(person: Person) -> None:
    assert ruling(person).ok


@pytest.mark.parametrize(
    "person",
    [AMY, OTTO, DANA, replace(BEN, trusted=False), replace(ROOT, trusted=False), replace(ROOT, mail="amy@acme.test")],
    ids=["the requester, also an admin", "an outsider", "the leaver", "a guest", "a guest as admin", "a second self"],
)
def test_requester_leaver_and_strangers_may_not_confirm_whatever_lists_they_are_on(person: Person) -> None:
    assert not ruling(person).ok


def test_who_may_confirm_is_told_to_an_outsider_and_not_to_the_leaver() -> None:
    assert ruling(OTTO).who == (*POLICY.approvers, "U0ROOT")
    assert ruling(DANA).who == ()


def test_nothing_can_be_confirmed_where_the_question_is_not_open_or_was_drawn_before_the_last_run() -> None:
    over = replace(VIEW, case=replace(CASE, state=CaseState.CLOSED, confirmed_by="U0BEN"))
    assert "no longer open" in ruling(BEN, over).why
    assert "no longer open" in ruling(BEN, replace(VIEW, case=replace(CASE, attempt=1))).why
    assert "no longer open" in ruling(BEN, seen(Discovery("crm", Sight.FULL, (account(),)))).why


def test_nobody_can_say_that_there_is_nothing_in_a_system_that_was_not_read() -> None:
    view = replace(seen(Discovery("crm", Sight.NOT_READ, reason="it is down")), outcomes=NOBODY[1:])

    assert ruling(BEN, view) == Ruling(ok=False, why="Not read so far: CRM. Retry, mark done or skip that first.")


def test_the_requester_alone_may_correct_the_address_while_the_question_is_open() -> None:
    assert may_correct(AMY, VIEW).ok
    assert may_correct(BEN, VIEW).who == ("U0AMY",)
    assert not may_correct(DANA, VIEW).ok
    assert not may_correct(replace(AMY, trusted=False), VIEW).ok
    assert "no longer open" in may_correct(AMY, replace(VIEW, case=replace(CASE, state=CaseState.CLOSED))).why
