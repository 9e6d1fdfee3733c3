"""How long it took until access was gone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.evidence.page.html import Markup, moment, table
from bot.model import CaseView, Word


def speed(view: CaseView) -> Markup:
    """Return a row for each system in which an account was proved gone: since the request, and since the last run."""
    heads = ("System", "Proved gone", "After the request", "After the last run began")
    return table(heads, _rows(view), "No account was proved gone.")


def _rows(view: CaseView) -> Iterator[tuple[object, ...]]:
    for system in view.case.systems:
        times = [one.proof.at for one in view.of_system(system.name) if one.word is Word.REMOVED and one.proof]
        if times:
            gone = max(times)
            yield system.label, moment(gone), _after(view.case.opened_at, gone), _after(view.case.start_at, gone)


def _after(begin: datetime | None, end: datetime) -> str:
    return str(timedelta(seconds=round((end - begin).total_seconds()))) if begin is not None and begin <= end else ""
