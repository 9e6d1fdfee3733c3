"""The Home tab: what waits for me, my cases, how to begin."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import CaseState, CaseView
from handlers import ids
from handlers.views.blocks import Json, header, rich_blocks, section
from handlers.views.replies import case_line

_SHOWN = 15
_WAITS = frozenset({CaseState.WAITING, CaseState.NEEDS_PEOPLE})


def home(views: Sequence[CaseView], user_id: str) -> Json:
    """Return the Home tab of one person from the cases that they may see."""
    mine = [view for view in views if view.case.requester.user_id == user_id]
    waiting = [view for view in views if view.case.state in _WAITS and view not in mine]
    blocks = [
        header("Offboarding"),
        section(f"Type `{ids.COMMAND}` in any channel to ask for an offboarding; `{ids.COMMAND} help` tells the rest."),
        *_shelf("Waiting for a decision or a person", waiting),
        *_shelf("Cases I asked for", mine),
    ]
    return {"type": "home", "blocks": blocks}


def _shelf(title: str, views: Sequence[CaseView]) -> list[Json]:
    if not views:
        return [header(title), section("Nothing at the moment.")]
    return [header(title), *rich_blocks([case_line(view) for view in views[:_SHOWN]])]
