"""A case in which no system knows the person: when that is so, and who may say that it is right. Pure, as `bot.policy`.

Nothing anywhere is the most doubtful answer: a typing error in an address gives it too.
"""

from __future__ import annotations

from bot.model import CaseState, CaseSystem, CaseView, Discovery, Person, Sight, Word
from bot.policy import Policy, Ruling, may_decide
from bot.ports import Membership

CONFIRMED = "nothing confirmed"
"""The kind of the event that says that a person confirmed it."""

_OVER = Ruling(ok=False, why="This question is no longer open. Look at the newest messages. Nothing was done.")
_READ = frozenset({Sight.FULL, Sight.UNASSIGNED})


def is_nothing_found(view: CaseView) -> bool:
    """Whether systems were read and none of them ever showed an account of this person, or anything else to decide."""
    planned = [system for plan in view.plans for system in plan.systems]
    looks = [*view.looks, *(system.discovery for system in planned)]
    is_known = any(map(_shows_somebody, looks)) or any(system.accounts for system in planned)
    was_read = any(look.sight in _READ for look in view.looks)
    return was_read and not is_known and not any(outcome.account_id for outcome in view.outcomes)


def _shows_somebody(look: Discovery) -> bool:
    return bool(look.accounts) or any(finding.stops is not None for finding in look.findings)


def is_doubtful(view: CaseView) -> bool:
    """Whether nothing was found and nobody has answered for that: neither confirmed it nor marked a system done."""
    by_hand = any(outcome.word is Word.MANUAL and outcome.done_by is not None for outcome in view.outcomes)
    return is_nothing_found(view) and view.case.confirmed_by is None and not by_hand


def is_asked(view: CaseView) -> bool:
    """Whether people are asked at present whether the address is right."""
    return view.case.state is CaseState.NEEDS_PEOPLE and is_doubtful(view)


def was_asked(view: CaseView) -> bool:
    """Whether the first plan already found nothing, so that the thread has the question."""
    first = view.plans[:1]
    looks = tuple(system.discovery for plan in first for system in plan.systems)
    return is_nothing_found(CaseView(view.case, plans=first, looks=looks))


def unread_systems(view: CaseView) -> tuple[CaseSystem, ...]:
    """Return the systems that need a person first: of them nobody can say that there is nothing."""
    return tuple(system for system in view.case.systems if view.needs_people(system.name))


def may_confirm(
    person: Person, approvers: Membership, admins: Membership, view: CaseView, policy: Policy, attempt: int
) -> Ruling:
    """Whether this person may confirm that there is nothing: an approver or admin, never the requester or the leaver.

    `attempt` is the number of runs after which the question was drawn; a later one has shown something else.
    """
    ruling = may_decide(person, approvers, view.case, policy)
    if not ruling.ok and person.trusted and person.user_id in admins:
        ruling = _may_as_admin(person, admins, view, policy)
    if not ruling.ok:
        who = tuple(dict.fromkeys((*ruling.who, *policy.admins))) if ruling.who else ()
        return Ruling(ok=False, why=ruling.why, who=who)
    if not is_asked(view) or view.case.attempt != attempt:
        return _OVER
    if unread := unread_systems(view):
        labels = ", ".join(system.label for system in unread)
        return Ruling(ok=False, why=f"Not read so far: {labels}. Retry, mark done or skip that first.")
    return ruling


def _may_as_admin(person: Person, admins: Membership, view: CaseView, policy: Policy) -> Ruling:
    """Judge an admin who is no approver by the rule for approvers, on their own list."""
    ruling = may_decide(person, admins, view.case, policy)
    return ruling if ruling.ok else Ruling(ok=False, why=ruling.why, who=policy.admins if ruling.who else ())


def may_correct(person: Person, view: CaseView) -> Ruling:
    """Whether this person may ask with another address in the place of this case: who asked for it."""
    if person.is_leaver(view.case.leaver) or not (person.trusted and person.is_same_as(view.case.requester)):
        why = "Only who asked for this offboarding can correct the address. Nothing was done."
        return Ruling(ok=False, why=why, who=(view.case.requester.user_id,))
    return Ruling(ok=True, why="asked for it") if is_asked(view) else _OVER
