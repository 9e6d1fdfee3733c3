"""The payloads Slack sends when a person does something, field for field."""

from sandbox.slack.people import APP_ID, TEAM_ID, Channel, Person
from sandbox.slack.records import Json, Message, View
from sandbox.slack.shapes import message_json, view_json
from sandbox.slack.state import State

_TEAM = {"id": TEAM_ID, "domain": "acme"}
_TOKEN = "sandbox-verification-token"  # noqa: S105 - Slack's deprecated field, which nobody must trust


def command(person: Person, channel: Channel, name: str, text: str, trigger_id: str, response_url: str) -> Json:
    return {
        "token": _TOKEN,
        "team_id": TEAM_ID,
        "team_domain": "acme",
        "channel_id": channel.id,
        "channel_name": shown_name(channel),
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": text,
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }


def interaction(kind: str, person: Person) -> Json:
    """Return what every interaction carries."""
    return {
        "type": kind,
        "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": person.team_id},
        "api_app_id": APP_ID,
        "token": _TOKEN,
        "team": _TEAM,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def in_message(state: State, message: Message) -> Json:
    """Return what a block_actions of a message adds; an ephemeral message is not repeated in it."""
    container: Json = {
        "type": "message",
        "message_ts": message.ts,
        "channel_id": message.channel,
        "is_ephemeral": bool(message.ephemeral_for),
    }
    if message.thread_ts:
        container["thread_ts"] = message.thread_ts
    channel = state.channels[message.channel]
    parts: Json = {"container": container, "channel": {"id": channel.id, "name": shown_name(channel)}}
    return parts if message.ephemeral_for else parts | {"message": message_json(state, message)}


def in_view(view: View) -> Json:
    return {"container": {"type": "view", "view_id": view.id}, "view": view_json(view)}


def event(state: State, number: int, content: Json) -> Json:
    """Return the outer form of an Events API event."""
    authorization = {
        "enterprise_id": None,
        "team_id": TEAM_ID,
        "user_id": state.bot,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    return {
        "token": _TOKEN,
        "team_id": TEAM_ID,
        "api_app_id": APP_ID,
        "event": content,
        "type": "event_callback",
        "event_id": f"Ev0{number:08d}",
        "event_time": int(state.clock()),
        "authorizations": [authorization],
        "is_ext_shared_channel": False,
        "context_team_id": TEAM_ID,
    }


def shown_name(channel: Channel) -> str:
    """Return the channel's name as payloads give it: the name of a private one is not told."""
    if channel.is_im:
        return "directmessage"
    return "privategroup" if channel.is_private else channel.name
