"""What happens to a payload that no form of ours can read: it is logged, nothing is done, and the person is told."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from slack_bolt.response import BoltResponse

from bot.cases import Said
from handlers import forms
from handlers.answers import Answers
from handlers.tasks import report

_TOO_OLD = Said(ok=False, text="I do not understand this button any more. Nothing was done.")


class Misread:
    """The end of a listener that raised before it acknowledged."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers

    async def failed(self, error: Exception, body: Mapping[str, Any]) -> BoltResponse | None:
        """Log the error without its text. A click is acknowledged and answered; anything else stays an error."""
        report("a listener", error)
        url = forms.click_url(body)
        if not url:
            return None
        self._answers.tell(url, _TOO_OLD, forms.click_thread(body))
        return BoltResponse(status=200)
