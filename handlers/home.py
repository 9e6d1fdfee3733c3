"""The Home tab, shown afresh whenever somebody opens it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.cases import Said
from handlers import forms
from handlers.answers import asked
from handlers.dialogs import Dialogs
from handlers.domain import Cases
from handlers.forms import Actor
from handlers.links import Links
from handlers.tasks import Tasks
from handlers.views.home import Shelves, home


class Home:
    """What somebody sees who opens the app's Home tab."""

    def __init__(self, cases: Cases, dialogs: Dialogs, links: Links, tasks: Tasks) -> None:
        self._cases = cases
        self._dialogs = dialogs
        self._links = links
        self._tasks = tasks

    async def opened(self, body: Mapping[str, Any]) -> None:
        """Publish in the background: Bolt has acknowledged the event before."""
        if who := forms.home_opened(body):
            self._tasks.spawn(self._publish(who), "home tab")

    async def _publish(self, who: Actor) -> None:
        found = await asked(self._found(who))
        if isinstance(found, Said):
            return
        links = await self._links.of(view.case.id for view in found.shown())
        await self._dialogs.publish(who.user_id, home(found, links))

    async def _found(self, who: Actor) -> Shelves:
        seen = await self._cases.visible(who.user_id, who.team_id)
        waits = await self._cases.waits_for(seen, who.user_id, who.team_id)
        return Shelves.sorted(seen, waits, who.user_id)
