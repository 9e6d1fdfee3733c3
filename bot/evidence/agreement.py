"""Whether a case's records say what its chain says: rows can be changed without the chain, and then they part."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bot import plan as planning
from bot.audit import Event, PersonalValue
from bot.brakes import is_break_glass
from bot.model import CaseView, Outcome
from bot.nothing_found import CONFIRMED

REDACTED: Final = "redacted"
"""The kind of the event that says that what was personal was deleted."""
GLASS: Final = "glass broken"
"""The kind of the event that says that a run was begun without approvals."""


@dataclass(frozen=True, slots=True)
class Told:
    """An event as people read it: its facts, and the personal values that are still kept."""

    event: Event
    facts: Mapping[str, Any]
    values: Mapping[str, str]


def told(events: Sequence[Event], values: Iterable[PersonalValue]) -> tuple[Told, ...]:
    """Return the events of an unbroken chain with their values. An event that is not of our writing tells nothing."""
    kept: dict[int, dict[str, str]] = {}
    for value in values:
        kept.setdefault(value.seq, {})[value.field] = value.value
    return tuple(Told(event, _facts(event), kept.get(event.seq, {})) for event in events)


def _facts(event: Event) -> Mapping[str, Any]:
    try:
        facts = json.loads(event.body)["facts"]
    except (ValueError, KeyError, TypeError):
        return {}
    return facts if isinstance(facts, dict) else {}


def disagreements(view: CaseView, events: Sequence[Event], values: Iterable[PersonalValue]) -> Iterator[str]:
    """Say where plans, approvals, outcomes and a confirmation differ from what was logged when they came to be."""
    every = told(events, values)
    bare = any(one.event.kind == REDACTED for one in every)
    if bare is (view.case.redacted_at is None):
        yield "case.json: whether the case was redacted is not what was logged"
    yield from _confirmation(view, [one for one in every if one.event.kind == CONFIRMED])
    yield from _plans(view, [one for one in every if one.event.kind == "plan"], bare=bare)
    yield from _approvals(view, [one for one in every if one.event.kind in {"approved", GLASS}])
    outcomes = [one for one in every if one.event.kind == "outcome"]
    yield from _bare_outcomes(view, outcomes) if bare else _outcomes(view, outcomes)


def _confirmation(view: CaseView, logged: Sequence[Told]) -> Iterator[str]:
    """Hold who confirmed that no system knows the person to the last event of it; older packs have neither."""
    user = logged[-1].facts.get("user") if logged else None
    if user != view.case.confirmed_by:
        yield "case.json: who confirmed that no system knows the person is not what was logged"


def _plans(view: CaseView, logged: Sequence[Told], *, bare: bool) -> Iterator[str]:
    """Of a redacted case the plans' accounts are gone, so that their digests can no longer be made of them."""
    known = {(one.facts.get("turn"), one.facts.get("digest")) for one in logged}
    for plan in view.plans:
        if not bare and planning.digest(plan.systems) != plan.digest:
            yield f"plans.json: plan {plan.turn} is not the one that its digest was made of"
        if (plan.turn, plan.digest) not in known:
            yield f"plans.json: plan {plan.turn} was not logged so"
    for turn in sorted({turn for turn, _ in known if isinstance(turn, int)} - {plan.turn for plan in view.plans}):
        yield f"plans.json: plan {turn} was logged and is missing"


def _approvals(view: CaseView, logged: Sequence[Told]) -> Iterator[str]:
    named = ("turn", "digest", "user", "why", "team")
    known = {tuple(one.facts.get(name) for name in named) for one in logged}
    for given in view.approvals:
        said = (given.turn, given.digest, given.user_id, given.why)
        # Events of break-glass did not name the team until they named the code.
        teams = (given.team_id, None) if is_break_glass(given) else (given.team_id,)
        if not any((*said, team) in known for team in teams):
            yield f"approvals.json: the approval of plan {given.turn} by {given.user_id} was not logged so"


def _outcomes(view: CaseView, logged: Sequence[Told]) -> Iterator[str]:
    last = {(one.facts.get("system"), one.values.get("account")): one for one in logged}
    for outcome in view.outcomes:
        found = last.get((outcome.system, outcome.account_id))
        if found is None or not _is_same(outcome, found):
            yield f"outcomes.json: an outcome in {outcome.system} ({outcome.word}) was not logged so"


def _bare_outcomes(view: CaseView, logged: Sequence[Told]) -> Iterator[str]:
    """Hold the outcomes of a redacted case to what was logged for the same system; accounts have no names any more."""
    known = {(one.facts.get("system"), *_facts_of(one)) for one in logged}
    for outcome in view.outcomes:
        if (outcome.system, *_words(outcome)) not in known:
            yield f"outcomes.json: an outcome in {outcome.system} ({outcome.word}) was not logged so"


def _facts_of(logged: Told) -> tuple[object, ...]:
    return tuple(logged.facts.get(name) for name in ("word", "done_by", "proved_at", "by_id", "by_search"))


def _words(outcome: Outcome) -> tuple[object, ...]:
    proof = outcome.proof
    proved = (proof.at.isoformat(), proof.by_id, proof.by_search) if proof else (None, None, None)
    return (outcome.word.value, outcome.done_by, *proved)


def _is_same(outcome: Outcome, logged: Told) -> bool:
    values = tuple(logged.values.get(name) for name in ("handle", "sentence", "left"))
    return (*_facts_of(logged), *values) == (*_words(outcome), outcome.handle, outcome.sentence, outcome.left)
