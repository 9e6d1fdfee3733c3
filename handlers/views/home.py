"""The Home tab: what waits for me, what I asked for, what needs people, how to begin."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from bot.model import CaseState, CaseView
from handlers import ids
from handlers.views.blocks import Json, header, line, rich_blocks, section
from handlers.views.replies import case_line

_SHOWN = 10
"""Cases a section; `/offboard list` has them all."""


@dataclass(frozen=True, slots=True)
class Shelves:
    """The cases of one person's Home tab, each on one shelf, newest first."""

    waiting: tuple[CaseView, ...]
    mine: tuple[CaseView, ...]
    others: tuple[CaseView, ...]

    @classmethod
    def sorted(cls, views: Sequence[CaseView], waits: Collection[int], user_id: str) -> Shelves:
        """Sort the cases that a person may see; `waits` are the ids of those that this person can move on."""
        rest = [view for view in views if view.case.id not in waits]
        mine = tuple(view for view in rest if view.case.requester.user_id == user_id)
        stuck = [view for view in rest if view.case.state is CaseState.NEEDS_PEOPLE]
        return cls(
            waiting=tuple(view for view in views if view.case.id in waits),
            mine=mine,
            others=tuple(view for view in stuck if view not in mine),
        )

    def shown(self) -> tuple[CaseView, ...]:
        """The cases that the tab has room for."""
        return (*self.waiting[:_SHOWN], *self.mine[:_SHOWN], *self.others[:_SHOWN])


def home(shelves: Shelves, links: Mapping[int, str]) -> Json:
    """Return the Home tab; `links` are the addresses of the cases' threads, as far as they are known."""
    blocks = [
        header("Offboarding"),
        section(f"Type `{ids.COMMAND}` in any channel to ask for an offboarding; `{ids.COMMAND} help` tells the rest."),
        *_shelf("Waiting for you", shelves.waiting, links, "Nothing at the moment."),
        *_shelf("Cases I asked for", shelves.mine, links, "None so far."),
        *(_shelf("Needs other people", shelves.others, links, "") if shelves.others else []),
    ]
    return {"type": "home", "blocks": blocks}


def _shelf(title: str, views: Sequence[CaseView], links: Mapping[int, str], empty: str) -> list[Json]:
    if not views:
        return [header(title), section(empty)]
    rows = [case_line(view, links.get(view.case.id, "")) for view in views[:_SHOWN]]
    more = len(views) - len(rows)
    return [header(title), *rich_blocks([*rows, *([line(f"… and {more} more: {ids.COMMAND} list.")] if more else [])])]
