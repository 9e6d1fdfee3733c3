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
from handlers.views.blocks import Json
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

    def tell(self, response_url: str, said: Said, thread_ts: str = "") -> None:
        """Send an answer that only the person sees ("Handling user interaction", response_url); best effort.

        With `thread_ts`, the root of the thread in which the button stands, it appears there and not in the channel.
        """
        if response_url and said.text:
            self._tasks.spawn(self._send(response_url, said, thread_ts), "private answer")

    async def _send(self, response_url: str, said: Said, thread_ts: str) -> None:
        message = reply(said)
        body: Json = {"text": message.text, "blocks": list(message.blocks)}
        body |= {"response_type": "ephemeral", "replace_original": False}
        body |= {"thread_ts": thread_ts} if thread_ts else {}
        answer = await AsyncWebhookClient(response_url).send_dict(body)
        if answer.status_code != HTTPStatus.OK:
            log.warning("Slack did not take a private answer: status %s", answer.status_code)
