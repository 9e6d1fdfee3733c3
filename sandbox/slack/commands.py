"""What a person types or picks from a menu: slash commands, shortcuts, ordinary messages, the Home tab."""

import re

from sandbox.slack import payloads
from sandbox.slack.delivery import ACK_SECONDS
from sandbox.slack.desk import Desk
from sandbox.slack.lint.message import check_message
from sandbox.slack.people import TEAM_ID
from sandbox.slack.records import Json, Message, Result, View
from sandbox.slack.response_url import say
from sandbox.slack.shapes import message_json
from sandbox.slack.state import State

_MENTION = re.compile(r"(<@[UW][A-Z0-9]+(?:\|[^>]*)?>)")
_HANDLE = re.compile(r"(?<!\S)@([a-z0-9._-]+)")
_CHANNEL = re.compile(r"(?<!\S)#([a-z0-9_-]+)")


async def command(desk: Desk, user: str, line: str, channel_id: str) -> Result:
    """Send a slash command; what the app says in its acknowledgement is shown to the person alone."""
    person, channel = desk.person(user), desk.channel_of(user, channel_id)
    name, _, text = line.strip().partition(" ")
    if name not in desk.commands:
        return Result(200, {}, error="invalid_command")
    trigger_id = desk.backend.triggers.make(user)
    response_url = desk.hooks.make(user, channel.id)
    typed = escaped(desk.backend.state, text.strip())
    payload = payloads.command(person, channel, name, typed, trigger_id, response_url)
    answer = await desk.send("slash_commands", payload)
    if answer.error or not answer.body:
        return desk.shown(user, answer)
    if check_message("command acknowledgement", answer.body, desk.backend.inspection):
        return Result(answer.status, answer.body, error="dispatch_failed")
    return desk.shown(user, answer, say(desk.backend, user, channel.id, answer.body))


def escaped(state: State, text: str) -> str:
    """Write typed text as Slack does with `should_escape`: people and channels by id, & < > as entities."""
    parts = _MENTION.split(text)
    parts[::2] = [_escaped_part(state, part) for part in parts[::2]]
    return "".join(parts)


def _escaped_part(state: State, text: str) -> str:
    by_name = {person.name: person.id for person in state.people.values()}
    channels = {channel.name: channel.id for channel in state.channels.values()}

    def user(match: re.Match[str]) -> str:
        name = match[1]
        return f"<@{by_name[name]}|{name}>" if name in by_name else match[0]

    def channel(match: re.Match[str]) -> str:
        name = match[1]
        return f"<#{channels[name]}|{name}>" if name in channels else match[0]

    plain = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _CHANNEL.sub(channel, _HANDLE.sub(user, plain))


async def shortcut(desk: Desk, user: str, callback_id: str, message: Message | None) -> Result:
    """Send a message shortcut when a message is given, else a global one."""
    person, backend = desk.person(user), desk.backend
    kind = "message_action" if message else "shortcut"
    payload = payloads.interaction(kind, person) | {
        "callback_id": callback_id,
        "trigger_id": backend.triggers.make(user),
        "action_ts": backend.state.next_ts(),
    }
    if message:
        payload |= _about(desk, user, desk.visible(user, message))
    return desk.shown(user, await desk.interact(payload))


def _about(desk: Desk, user: str, message: Message) -> Json:
    channel = desk.backend.state.channels[message.channel]
    return {
        "message_ts": message.ts,
        "channel": {"id": channel.id, "name": payloads.shown_name(channel)},
        "message": message_json(desk.backend.state, message),
        "response_url": desk.hooks.make(user, message.channel),
    }


def speak(desk: Desk, user: str, text: str, channel_id: str, thread_ts: str | None) -> Message:
    """Post an ordinary message as this person; the app has not subscribed to such messages."""
    channel, state = desk.channel_of(user, channel_id), desk.backend.state
    typed = escaped(state, text)
    return state.post(Message(state.next_ts(), channel.id, user, typed, thread_ts=thread_ts))


async def open_home(desk: Desk, user: str) -> View | None:
    """Open the app's Home tab: tell the app, wait up to three seconds for it to publish, return what stands there."""
    desk.person(user)
    backend = desk.backend
    before = backend.screens.published.get(user, 0)
    await desk.event(_opened(desk, user))
    await backend.state.feed.until(lambda: backend.screens.published.get(user, 0) > before, ACK_SECONDS)
    return backend.screens.home(user)


async def join(desk: Desk, user: str, channel_id: str) -> None:
    """Make this person a member of a channel; the app is told of it where it is a member itself."""
    state = desk.backend.state
    state.join(user, channel_id)
    channel = state.channels[channel_id]
    if state.bot in channel.members:
        await desk.event(
            {
                "type": "member_joined_channel",
                "user": user,
                "channel": channel_id,
                "channel_type": "G" if channel.is_private else "C",
                "team": TEAM_ID,
                "event_ts": state.next_ts(),
            }
        )


def _opened(desk: Desk, user: str) -> Json:
    state = desk.backend.state
    return {
        "type": "app_home_opened",
        "user": user,
        "channel": state.dm_of(user).id,
        "tab": "home",
        "event_ts": state.next_ts(),
    }
