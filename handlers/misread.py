"""What happens to a payload that no form of ours can read: it is logged, nothing is done, and the person is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse

from bot.cases import Said
from handlers import forms
from handlers.answers import Answers
from handlers.domain import Cases
from handlers.forms import Actor
from handlers.http import is_verified
from handlers.tasks import Tasks, report
from handlers.views.dialogs import told_dialog

_TOO_OLD = Said(ok=False, text="I do not understand this button any more. Nothing was done.")
_NOT_READ = "I could not read what this form sent. Nothing was done."


class Misread:
    """The end of a listener that raised before it acknowledged."""

    def __init__(self, cases: Cases, answers: Answers, tasks: Tasks) -> None:
        self._cases = cases
        self._answers = answers
        self._tasks = tasks

    async def failed(self, error: Exception, body: Mapping[str, Any], request: AsyncBoltRequest) -> BoltResponse | None:
        """Log the error without its text and put it into the audit.

        A click and a form are acknowledged and answered; anything else stays an error. A body that was not verified
        is answered with 401 and nothing else is done: it may name any address and any person.
        """
        report("a listener", error)
        if not is_verified(request):
            return BoltResponse(status=401, body="The request is not signed by Slack.")
        self._note(body)
        if body.get("type") == "view_submission":
            return BoltResponse(status=200, body={"response_action": "update", "view": told_dialog(_NOT_READ)})
        url = forms.click_url(body)
        if not url:
            return None
        self._answers.tell(url, _TOO_OLD, forms.click_thread(body))
        return BoltResponse(status=200)

    def _note(self, body: Mapping[str, Any]) -> None:
        who = _sender(body)
        said = self._cases.turned_away("unreadable", who.user_id, who.team_id, "what came could not be read")
        self._tasks.spawn(said, "a refusal's audit")


def _sender(body: Mapping[str, Any]) -> Actor:
    try:
        return forms.actor(body)
    except forms.Unreadable:
        return Actor("", "")
