"""The manifest, against what Slack's published schema says of the parts that we use."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pytest

from bot.errors import ConfigurationError
from handlers import ids
from handlers.manifest import SCOPES, Manifest, manifest
from sandbox.slack.backend import DEFAULT_SCOPES

URL = re.compile(r"https?://")
BOTH = [manifest(), manifest("https://offboard.example.org")]

KEYS: Mapping[str, frozenset[str]] = {
    "": frozenset({"_metadata", "display_information", "features", "oauth_config", "settings"}),
    "_metadata": frozenset({"major_version", "minor_version", "schema_version", "min_version"}),
    "display_information": frozenset({"name", "description", "long_description", "background_color"}),
    "features": frozenset({"app_home", "bot_user", "slash_commands", "shortcuts", "unfurl_domains"}),
    "features.app_home": frozenset({"home_tab_enabled", "messages_tab_enabled", "messages_tab_read_only_enabled"}),
    "features.bot_user": frozenset({"display_name", "always_online"}),
    "features.slash_commands": frozenset({"command", "url", "description", "usage_hint", "should_escape"}),
    "oauth_config": frozenset({"redirect_urls", "scopes", "token_management_enabled", "pkce_enabled"}),
    "oauth_config.scopes": frozenset({"bot", "user", "bot_optional", "user_optional"}),
    "settings": frozenset(
        {
            "allowed_ip_address_ranges",
            "event_subscriptions",
            "incoming_webhooks",
            "interactivity",
            "org_deploy_enabled",
            "socket_mode_enabled",
            "token_rotation_enabled",
        }
    ),
    "settings.event_subscriptions": frozenset({"request_url", "user_events", "bot_events", "metadata_subscriptions"}),
    "settings.interactivity": frozenset({"is_enabled", "request_url", "message_menu_options_url"}),
}
"""Keys that the schema allows (it allows no others), by the place of the object."""


def objects(value: object, place: str = "") -> list[tuple[str, Manifest]]:
    found: list[tuple[str, Manifest]] = []
    if isinstance(value, dict):
        found.append((place, value))
        for key, item in value.items():
            found += objects(item, f"{place}.{key}".lstrip("."))
    elif isinstance(value, list):
        for item in value:
            found += objects(item, place)
    return found


@pytest.mark.parametrize("made", BOTH)
def test_it_has_no_key_that_the_schema_does_not_know(made: Manifest) -> None:
    for place, found in objects(made):
        assert set(found) <= KEYS[place], place


@pytest.mark.parametrize("made", BOTH)
def test_its_texts_and_lists_have_the_lengths_that_the_schema_allows(made: Manifest) -> None:
    shown = made["display_information"]
    assert 1 <= len(shown["name"]) <= 35
    assert 1 <= len(shown["description"]) <= 140
    assert re.fullmatch(r"#[0-9a-fA-F]{3}([0-9a-fA-F]{3})?", shown["background_color"])
    assert 1 <= len(made["features"]["bot_user"]["display_name"]) <= 80
    (command,) = made["features"]["slash_commands"]
    assert command["command"].startswith("/")
    assert 2 <= len(command["command"]) <= 32
    assert 1 <= len(command["description"]) <= 2000
    assert 1 <= len(command["usage_hint"]) <= 1000
    assert all(len(scope) <= 50 for scope in made["oauth_config"]["scopes"]["bot"])


@pytest.mark.parametrize("made", BOTH)
def test_people_typed_in_the_command_arrive_as_ids(made: Manifest) -> None:
    (command,) = made["features"]["slash_commands"]
    assert (command["command"], command["should_escape"]) == (ids.COMMAND, True)


def test_in_socket_mode_there_is_no_address_anywhere() -> None:
    assert manifest()["settings"]["socket_mode_enabled"] is True
    assert not URL.search(str(manifest()))


@pytest.mark.parametrize(
    "base", ["https://o.example.org", "https://o.example.org/", "https://o.example.org/slack/events"]
)
def test_over_http_all_three_addresses_are_the_one_route(base: str) -> None:
    made = manifest(base)
    settings = made["settings"]
    addresses = {
        made["features"]["slash_commands"][0]["url"],
        settings["interactivity"]["request_url"],
        settings["event_subscriptions"]["request_url"],
    }
    assert addresses == {"https://o.example.org/slack/events"}
    assert settings["socket_mode_enabled"] is False


@pytest.mark.parametrize(
    "url", ["http://o.example.org", "o.example.org", "https://", "https://u:p@x.org", "https://x/?a=1"]
)
def test_an_address_that_slack_could_not_call_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="--url"):
        manifest(url)


def test_it_asks_for_no_scope_that_no_call_needs() -> None:
    assert manifest()["oauth_config"]["scopes"]["bot"] == sorted(SCOPES)
    assert all(SCOPES.values())
    assert set(SCOPES) <= DEFAULT_SCOPES
