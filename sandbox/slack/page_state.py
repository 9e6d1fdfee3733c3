"""The workspace as one person sees it, in the page's JSON (described in `page_api`)."""

from dataclasses import asdict

from sandbox.slack.acting import Acting
from sandbox.slack.backend import Backend
from sandbox.slack.people import Channel, Person
from sandbox.slack.records import Json, Message, NotPossible, Result, View
from sandbox.slack.shapes import view_json


def snapshot(backend: Backend, acting: Acting) -> Json:
    state, user = backend.state, acting.user
    dm = state.dm_of(user)
    channels = [channel for channel in state.channels.values() if user in channel.members and not channel.is_im]
    home = backend.screens.home(user)
    return {
        "version": state.feed.version,
        "me": _person(backend.person(user)),
        "bot": _person(backend.person(state.bot)),
        "commands": sorted(acting.commands),
        "people": [_person(person) for person in state.people.values()],
        "groups": [
            {"id": group, "handle": state.seed.handle_of(group), "users": list(users)}
            for group, users in state.groups.items()
        ],
        "channels": [_channel(backend, channel, user) for channel in [*channels, dm]],
        "notices": _notices(backend),
        "modals": [view_json(view) for view in backend.screens.stack(user)],
        "home": view_json(home) if home else None,
    }


def _notices(backend: Backend) -> dict[str, list[Json]]:
    """Map each person to the messages of which Slack notified them, whoever is looking."""
    notices: dict[str, list[Json]] = {user: [] for user in backend.state.people}
    for message in backend.state.everything():
        shape = {key: getattr(message, key) for key in ("channel", "ts", "thread_ts", "user", "reply_broadcast")}
        for user in message.notified:
            notices[user].append(shape)
    return notices


def result_json(backend: Backend, acting: Acting, result: Result) -> Json:
    return {
        "ok": result.ok,
        "error": result.error,
        "errors": dict(result.errors),
        "field_errors": dict(result.field_errors),
        "ephemerals": [_message(backend, message, acting.user) for message in result.ephemerals],
        "view": view_json(result.view) if result.view else None,
    }


def message_of(backend: Backend, user: str, body: Json) -> Message:
    """Return the message that an act names by channel and ts."""
    state = backend.state
    message = state.find(body.get("channel", ""), body["ts"]) or state.whispered(body["ts"])
    if message is None or message.ephemeral_for not in {None, user}:
        raise NotPossible("there is no such message")
    return message


def view_of(backend: Backend, view_id: str) -> View:
    view = backend.screens.open_view(view_id)
    if view is None:
        raise NotPossible("this view is closed")
    return view


def _channel(backend: Backend, channel: Channel, user: str) -> Json:
    own = [m for m in backend.state.ephemerals if m.ephemeral_for == user and m.channel == channel.id]
    messages = sorted([*backend.state.all_in(channel.id), *own], key=lambda message: message.ts)
    shapes = [_message(backend, message, user) for message in messages]
    return asdict(channel) | {"is_im": channel.is_im, "messages": shapes}


def _message(backend: Backend, message: Message, user: str) -> Json:
    replies = [] if message.thread_ts else backend.state.thread(message.channel, message.ts)[1:]
    return {
        "ts": message.ts,
        "channel": message.channel,
        "user": message.user,
        "text": message.text,
        "blocks": message.blocks,
        "thread_ts": message.thread_ts,
        "edited": message.edited,
        "reply_broadcast": message.reply_broadcast,
        "ephemeral": message.ephemeral_for is not None,
        "notifies": message.notified.get(user),
        "files": list(message.files),
        "reply_count": len(replies),
    }


def _person(person: Person) -> Json:
    shape = asdict(person)
    return {key: shape[key] for key in ("id", "name", "real_name", "email", "is_bot", "deleted", "avatar")}
