"""Whether the bot can speak in a channel, checked before the start."""

from __future__ import annotations

import aiohttp
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.errors import Refusal
from handlers.identity import NotReachable, refusal

_NOT_THERE = frozenset({"channel_not_found", "not_in_channel", "is_archived"})


async def check_channel(client: AsyncWebClient, channel: str) -> None:
    """Raise `Refusal` where the bot is not a member of the channel, `NotReachable` where Slack does not answer."""
    try:
        answer = await client.conversations_info(channel=channel)
    except SlackApiError as error:
        if error.response.get("error") in _NOT_THERE:
            raise _not_in(channel) from error
        raise refusal(error, "SLACK_BOT_TOKEN") from error
    except (SlackClientError, aiohttp.ClientError, TimeoutError, OSError) as error:
        raise NotReachable("Slack could not be reached.") from error
    found = answer.get("channel") or {}
    if not found.get("is_member") or found.get("is_archived"):
        raise _not_in(channel)


def _not_in(channel: str) -> Refusal:
    return Refusal(f"slack.channel: the bot is not in the channel {channel}. Invite it there: /invite @offboard")
