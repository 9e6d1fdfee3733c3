"""Private answers after the acknowledgement, through the `response_url` of a click. Never raises into a listener."""

from __future__ import annotations

import logging
from collections.abc import Awaitable
from http import HTTPStatus
from typing import TypeVar

from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.cases import Said
from bot.errors import PeopleNotReadable
from handlers.tasks import Tasks, report
from handlers.views.replies import BROKEN, NOT_READABLE, reply

log = logging.getLogger(__name__)
T = TypeVar("T")


async def asked(question: Awaitable[T]) -> T | Said:
    """Return the domain's answer, or what a person is told where it could not be had."""
    try:
        return await question
    except PeopleNotReadable:
        return NOT_READABLE
    except Exception as error:  # noqa: BLE001 - the edge: whatever broke, the person gets an answer and Slack its ack
        report("a request from Slack", error)
        return BROKEN


class Answers:
    """Tells people things that only they see."""

    def __init__(self, tasks: Tasks) -> None:
        self._tasks = tasks

    def tell(self, response_url: str, said: Said) -> None:
        """Send an answer that only the person sees ("Handling user interaction", response_url); best effort."""
        if response_url and said.text:
            self._tasks.spawn(self._send(response_url, said), "private answer")

    async def _send(self, response_url: str, said: Said) -> None:
        message = reply(said)
        answer = await AsyncWebhookClient(response_url).send(
            text=message.text, blocks=list(message.blocks), response_type="ephemeral", replace_original=False
        )
        if answer.status_code != HTTPStatus.OK:
            log.warning("Slack did not take a private answer: status %s", answer.status_code)
