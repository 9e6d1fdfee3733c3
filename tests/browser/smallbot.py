"""What the small bot of these tests does: opens a modal, answers a submission, notes who pressed."""

from __future__ import annotations

from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.async_app import AsyncAck
from slack_sdk.web.async_client import AsyncWebClient


def opens(app: AsyncApp, view: dict[str, Any]) -> None:
    """Let the command open this modal."""

    async def command(ack: AsyncAck, body: dict[str, Any], client: AsyncWebClient) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()

    app.command("/offboard")(command)


def answers(app: AsyncApp, answer: dict[str, Any]) -> None:
    """Let every submission get this answer."""

    async def submission(ack: AsyncAck) -> None:
        await ack(**answer)

    app.view("request")(submission)


def notes(app: AsyncApp, action_id: str) -> list[Any]:
    """Return a list that grows with every press: who pressed, and what was entered."""
    pressed: list[Any] = []

    async def action(ack: AsyncAck, body: dict[str, Any]) -> None:
        pressed.append((body["user"]["id"], body.get("view", {}).get("state", {}).get("values", {})))
        await ack()

    app.action(action_id)(action)
    return pressed
