"""What was looked at again after the end, what that showed, and what is still to be looked at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.evidence.agreement import Told
from bot.evidence.page.html import Markup, element, lines, moment, table
from bot.model import CaseView

_MADE = frozenset({"proved again", "came back", "not proved again"})


def later_looks(view: CaseView, events: Sequence[Told]) -> Markup:
    """Return a row for each look that was asked for; of one asked for anew after a Retry, the newest."""
    due = {(one.facts.get("system"), one.facts.get("look")): one for one in events if one.event.kind == "look due"}
    rows = [_row(view, one, events) for one in due.values()]
    return table(("System", "Look", "Due", "What it showed"), rows, "No later look was asked for.")


def _row(view: CaseView, due: Told, events: Sequence[Told]) -> tuple[object, ...]:
    name, look = str(due.facts.get("system")), due.facts.get("look")
    system = view.case.system(name)
    after = [one for one in events if one.event.seq > due.event.seq and one.event.kind in _MADE]
    made = [one for one in after if (one.facts.get("system"), one.facts.get("look")) == (name, look)]
    shown = lines(said for one in made for said in _said(one)) if made else "Not made yet: a second look is due."
    return system.label if system else name, look, _date(due.facts.get("due_at")), shown


def _said(made: Told) -> Iterator[object]:
    at = moment(made.event.at)
    if made.event.kind == "not proved again":
        yield f"{at}: it could not be made: {made.facts.get('why')}"
        return
    proved, changed = made.facts.get("proved") or 0, made.facts.get("changed") or 0
    if proved:
        yield f"{at}: {proved} proved gone again, by id and by search"
    if changed:
        yield element("span", f"{at}: {changed} not as it had ended", cls="word")
    yield from (value for name, value in made.values.items() if name.startswith("differs:"))


def _date(stamp: object) -> str:
    """Return a time as the log writes it, to the second."""
    return f"{str(stamp)[:19].replace('T', ' ')} UTC" if stamp else ""
