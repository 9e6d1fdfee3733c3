"""What a failed call to Slack means for a message: try later, post anew, or draw it another way."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from slack_sdk.errors import SlackApiError

LONGEST = 60.0
_LONG = 600.0
"""Seconds until a message is tried again that Slack will hardly take (it is kept, for a later version may send it)."""


class Way(StrEnum):
    """How to go on."""

    LATER = "later"
    ANEW = "anew"
    REDRAW = "redraw"


@dataclass(frozen=True, slots=True)
class Verdict:
    """`seconds` is how long to wait for LATER. `trouble` is set where an operator has to mend something."""

    way: Way
    seconds: float
    word: str
    trouble: bool = False


_GONE = frozenset({"message_not_found", "cant_update_message", "edit_window_closed", "block_mismatch"})
_NOT_DRAWN = frozenset(
    {"invalid_blocks", "invalid_blocks_format", "unsupported", "msg_blocks_too_long", "msg_too_long"}
)
_OPERATOR = frozenset(
    {
        "account_inactive",
        "channel_not_found",
        "invalid_auth",
        "is_archived",
        "missing_scope",
        "no_permission",
        "not_authed",
        "not_in_channel",
        "restricted_action",
        "token_expired",
        "token_revoked",
    }
)


def backoff(failures: int) -> float:
    """Return the seconds before the next try, after so many failures: 1, 2, 4 … at most a minute."""
    return min(2.0 ** min(failures, 10), LONGEST)


def verdict(error: SlackApiError, failures: int) -> Verdict:
    """Judge what Slack answered to `chat.postMessage` or `chat.update`."""
    word = str(error.response.get("error"))
    if word in _GONE:
        return Verdict(Way.ANEW, backoff(failures), word)
    if word in _NOT_DRAWN:
        return Verdict(Way.REDRAW, _LONG, word)
    if word == "ratelimited":
        return Verdict(Way.LATER, max(_retry_after(error), 1.0), word)
    return Verdict(Way.LATER, backoff(failures), word, trouble=word in _OPERATOR)


def _retry_after(error: SlackApiError) -> float:
    headers = {str(name).lower(): value for name, value in error.response.headers.items()}
    value = headers.get("retry-after", "1")
    text = str(value[0] if isinstance(value, list) else value)
    return float(text) if text.isdecimal() else 1.0
