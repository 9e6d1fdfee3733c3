"""Whether the bot can speak in a channel, and whether others than its members can read there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import Refusal
from handlers.identity import NotReachable, refusal

_NOT_THERE = frozenset({"channel_not_found", "not_in_channel", "is_archived"})


async def check_channel(client: AsyncWebClient, channel: str) -> Mapping[str, Any]:
    """Return Slack's description of a channel of which the bot is a member ("Conversation object").

    Raise `Refusal` where the bot is not a member, `NotReachable` where Slack does not answer.
    """
    try:
        answer = await client.conversations_info(channel=channel)
    except SlackApiError as error:
        if error.response.get("error") in _NOT_THERE:
            raise _not_in(channel) from error
        raise refusal(error, "SLACK_BOT_TOKEN") from error
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise NotReachable("Slack could not be reached.") from error
    found: Mapping[str, Any] = answer.get("channel") or {}
    if not found.get("is_member") or found.get("is_archived"):
        raise _not_in(channel)
    return found


def check_privacy(found: Mapping[str, Any], key: str) -> None:
    """Raise `Refusal` where people who are no members can read this channel; `key` is the setting that names it."""
    exposure = exposure_of(found)
    if exposure:
        raise Refusal(
            f"{key}: the channel {found.get('id')} {exposure}. Cases name leavers: use a private channel of your own "
            "workspace, or set slack.allow_public = true"
        )


def exposure_of(found: Mapping[str, Any]) -> str:
    """Return who besides its members can read a channel, completing "the channel …"; empty for nobody.

    By `is_private`, `is_ext_shared` and `is_pending_ext_shared` ("Conversation object"). A channel of which Slack does
    not say that it is private counts as public.
    """
    if not found.get("is_private"):
        return "is public: everybody in the workspace can read it"
    if found.get("is_ext_shared"):
        return "is shared with another company"
    if found.get("is_pending_ext_shared"):
        return "is about to be shared with another company"
    return ""


def _not_in(channel: str) -> Refusal:
    return Refusal(f"slack.channel: the bot is not in the channel {channel}. Invite it there: /invite @offboard")
