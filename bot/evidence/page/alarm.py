"""What an auditor must not overlook: a run that was begun without approvals."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.evidence.agreement import GLASS, Told
from bot.evidence.page.html import Markup, element, moment
from bot.model import CaseView


def alarms(view: CaseView, events: Sequence[Told]) -> Iterator[Markup]:
    """Yield in red, at the top, who broke the glass, when, on what ground and for what reason."""
    addresses = {one.user_id: one.mail for one in view.approvals if one.mail}
    for one in events:
        if one.event.kind == GLASS:
            user = str(one.facts.get("user"))
            who = f"{addresses.get(user, '')} ({user})".strip()
            reason = one.values.get("reason") or "no longer kept"
            says = f"Break-glass: plan {one.facts.get('turn')} was begun without enough approvals by {who} on "
            yield element("p", f"{says}{moment(one.event.at)}, {one.facts.get('why')}. Reason: {reason}", cls="alarm")


def in_red(kind: str) -> Markup | str:
    """Return the name of an event; break-glass stands out among the others."""
    return element("span", kind, cls="alarm") if kind == GLASS else kind
