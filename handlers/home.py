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
from handlers.tasks import Tasks
from handlers.views.home import home


class Home:
    """What somebody sees who opens the app's Home tab."""

    def __init__(self, cases: Cases, dialogs: Dialogs, tasks: Tasks) -> None:
        self._cases = cases
        self._dialogs = dialogs
        self._tasks = tasks

    async def opened(self, body: Mapping[str, Any]) -> None:
        """Publish in the background: Bolt has acknowledged the event before."""
        if who := forms.home_opened(body):
            self._tasks.spawn(self._publish(who), "home tab")

    async def _publish(self, who: Actor) -> None:
        seen = await asked(self._cases.visible(who.user_id, who.team_id))
        if not isinstance(seen, Said):
            await self._dialogs.publish(who.user_id, home(seen, who.user_id))
