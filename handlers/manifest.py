"""The app's manifest ("App manifest reference", schema 2): what Slack is told the app is and may do."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

from bot.errors import ConfigurationError
from handlers import ids
from handlers.http import PATH

Manifest = dict[str, Any]

SCOPES: dict[str, tuple[str, ...]] = {
    "channels:history": ("conversations.history", "conversations.replies"),
    "channels:read": ("conversations.info", "conversations.members"),
    "chat:write": ("chat.postMessage", "chat.update"),
    "commands": (ids.COMMAND,),
    "files:write": ("files.getUploadURLExternal", "files.completeUploadExternal"),
    "groups:history": ("conversations.history", "conversations.replies"),
    "groups:read": ("conversations.info", "conversations.members"),
    "im:write": ("conversations.open",),
    "usergroups:read": ("usergroups.users.list",),
    "users:read": ("users.info",),
    "users:read.email": ("users.lookupByEmail",),
}
"""Every scope that is asked for, and the calls that need it. `views.*` and `auth.test` need none."""

_LONGEST_URL = 3000


def manifest(url: str | None = None) -> Manifest:
    """Return the manifest for Socket Mode, or for HTTP where `url` is the public base.

    Raise `ConfigurationError` where `url` is not a plain https address.
    """
    request_url = _request_url(url) if url is not None else None
    return {
        "_metadata": {"major_version": 2, "minor_version": 0},
        "display_information": {
            "name": "Offboard",
            "description": "Takes a leaver's access away in every connected system, and proves it.",
            "background_color": "#2c3e50",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "Offboard", "always_online": True},
            "slash_commands": [_command(request_url)],
        },
        "oauth_config": {"scopes": {"bot": sorted(SCOPES)}},
        "settings": {
            "event_subscriptions": _with_url({"bot_events": ["app_home_opened", "member_joined_channel"]}, request_url),
            "interactivity": _with_url({"is_enabled": True}, request_url),
            "org_deploy_enabled": False,
            "socket_mode_enabled": request_url is None,
            "token_rotation_enabled": False,
        },
    }


def _command(request_url: str | None) -> Manifest:
    command: Manifest = {
        "command": ids.COMMAND,
        "description": "Ask for somebody's access to be taken away",
        "usage_hint": "[@person | address | list | status OFF-12 | cancel OFF-12 | help]",
        "should_escape": True,
    }
    return command | ({"url": request_url} if request_url else {})


def _with_url(settings: Manifest, request_url: str | None) -> Manifest:
    return settings | ({"request_url": request_url} if request_url else {})


def _request_url(url: str) -> str:
    parts = urlsplit(url.strip())
    plain = parts.scheme == "https" and parts.hostname and not parts.query and not parts.fragment
    if not plain or parts.username or len(url) + len(PATH) > _LONGEST_URL:
        raise ConfigurationError(
            "--url: the public base address of the bot is needed, e.g. https://offboard.example.org"
        )
    base = url.strip().rstrip("/")
    return base if base.endswith(PATH) else base + PATH
