"""What is looked at again some time after the end of a case, and what that look means. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot import plan as planning
from bot.model import Account, CaseView, Discovery, DueLook, Outcome, Proof, Sight, Word

SOON, NEXT_DAY, ON_ITS_DATE = "after 5 minutes", "after 24 hours", "on its date"
_AFTER = {SOON: timedelta(minutes=5), NEXT_DAY: timedelta(hours=24)}
_GRACE = timedelta(minutes=5)
"""What a vendor is given beyond the date that it named."""
_WORKS = "The account works again."


def due_later(view: CaseView, ended_at: datetime) -> Iterator[DueLook]:
    """Yield every later look that the outcomes of a case ask for."""
    for system in dict.fromkeys(outcome.system for outcome in view.outcomes):
        outcomes = view.of_system(system)
        if any(outcome.word is Word.REMOVED and outcome.account_id for outcome in outcomes):
            for name, after in _AFTER.items():
                yield DueLook(system, name, ended_at + after)
        dates = [one.effective_at for one in outcomes if one.word is Word.SCHEDULED and one.effective_at is not None]
        if dates:
            yield DueLook(system, ON_ITS_DATE, max(dates) + _GRACE)


def to_read(view: CaseView, system: str) -> tuple[Outcome, ...]:
    """Return the outcomes of the accounts that a later look reads by their ids."""
    words = {Word.REMOVED, Word.SCHEDULED}
    return tuple(outcome for outcome in view.of_system(system) if outcome.word in words and outcome.account_id)


@dataclass(frozen=True, slots=True)
class Judged:
    """What a later look showed: accounts proved gone (anew), outcomes that change, a date that is still to come.

    `unproven` says why absence could not be shown, or is empty.
    """

    proved: tuple[str, ...] = ()
    changed: tuple[Outcome, ...] = ()
    again_at: datetime | None = None
    unproven: str = ""

    @property
    def came_back(self) -> bool:
        """Whether something stands there that a person has to decide about."""
        return any(outcome.word is Word.MANUAL for outcome in self.changed)


def judge(view: CaseView, fresh: Discovery, read: Mapping[str, Account | None], now: datetime) -> Judged:
    """Compare a fresh search and fresh reads by id with how the accounts of one system had ended."""
    listed = {account.id for account in fresh.accounts}
    proved, changed, dates, unproven = [], [], [], ""
    for outcome in to_read(view, fresh.system):
        stands = read.get(outcome.account_id)
        if stands is not None or outcome.account_id in listed:
            ends_at = stands.ends_at if stands is not None else None
            if outcome.word is Word.SCHEDULED and ends_at is not None and ends_at > now:
                dates.append(ends_at + _GRACE)
            else:
                changed.append(_there(outcome, now))
        elif fresh.sight is not Sight.FULL:
            unproven = "this key does not see the whole system"
        else:
            proved.append(outcome.account_id)
            changed += [_gone(outcome, now)] if outcome.word is Word.SCHEDULED else []
    changed += _newcomers(view, fresh, now)
    return Judged(tuple(proved), tuple(changed), min(dates, default=None), unproven)


def _there(before: Outcome, now: datetime) -> Outcome:
    if before.word is Word.SCHEDULED:
        text = "Its date has passed and the account still stands: a person has to look."
        return _open(before.system, before.account_id, before.handle, text, "The account still works.", now)
    text = "It had been proved gone and is there again: a person has to decide."
    return _open(before.system, before.account_id, before.handle, text, _WORKS, now)


def _gone(before: Outcome, now: datetime) -> Outcome:
    proof = Proof("not there", "not listed", now)
    text = "Its date came, and a later look proved that it is gone."
    return Outcome(before.system, before.account_id, Word.REMOVED, text, now, before.handle, before.left, proof)


def _newcomers(view: CaseView, fresh: Discovery, now: datetime) -> Iterable[Outcome]:
    known = {outcome.account_id for outcome in view.of_system(fresh.system)}
    new = [account for account in fresh.accounts if account.id not in known]
    crowd = planning.find_crowd(len(new))
    if crowd is not None:
        return [_open(fresh.system, "", "", crowd.text, _WORKS, now)]
    text = "A new account under this person's keys stands there since: a person has to decide."
    return [_open(fresh.system, account.id, account.handle, text, _WORKS, now) for account in new]


def _open(system: str, account_id: str, handle: str, text: str, left: str, now: datetime) -> Outcome:
    return Outcome(system, account_id, Word.MANUAL, text, now, handle, left)
