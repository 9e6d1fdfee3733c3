"""conversations.info, .members, .history, .replies, .open."""

from collections.abc import Sequence

from sandbox.slack.backend import Backend
from sandbox.slack.methods.access import entered, kind_of, known, need_scope, page
from sandbox.slack.methods.arguments import Arguments
from sandbox.slack.records import Json, Message, Refused
from sandbox.slack.shapes import channel_json, message_json


def info(backend: Backend, args: Arguments) -> Json:
    channel = known(backend, args.text("channel"))
    need_scope(backend, f"{kind_of(channel)}:read")
    return {"channel": channel_json(backend.state, channel, with_count=args.flag("include_num_members"))}


def members(backend: Backend, args: Arguments) -> Json:
    channel = known(backend, args.text("channel"))
    need_scope(backend, f"{kind_of(channel)}:read")
    users, cursor = page(args, channel.members)
    return {"members": list(users), "response_metadata": {"next_cursor": cursor}}


def history(backend: Backend, args: Arguments) -> Json:
    """Return what stands in the conversation itself, newest first; replies only where they were broadcast."""
    channel = entered(backend, args.text("channel"))
    need_scope(backend, f"{kind_of(channel)}:history")
    newest_first = backend.state.top_level(channel.id)[::-1]
    return _listed(backend, args, newest_first)


def replies(backend: Backend, args: Arguments) -> Json:
    """Return a thread, its root first; a reply's ts gives that reply's thread."""
    channel = entered(backend, args.text("channel"))
    need_scope(backend, f"{kind_of(channel)}:history")
    message = backend.state.find(channel.id, args.text("ts"))
    if message is None:
        raise Refused("thread_not_found")
    return _listed(backend, args, backend.state.thread(channel.id, message.root_ts))


def open_dm(backend: Backend, args: Arguments) -> Json:
    users = [user for user in args.text("users").split(",") if user]
    if len(users) != 1:
        raise Refused("users_list_not_supplied" if not users else "method_not_supported_for_channel_type")
    person = backend.state.people.get(users[0])
    if person is None:
        raise Refused("user_not_found")
    if person.is_bot:
        raise Refused("cannot_dm_bot")
    if person.deleted:
        raise Refused("user_disabled")
    channel = backend.state.dm_of(person.id)
    return {"channel": channel_json(backend.state, channel) if args.flag("return_im") else {"id": channel.id}}


def _listed(backend: Backend, args: Arguments, messages: Sequence[Message]) -> Json:
    wanted = [message for message in messages if _within(args, message.ts)]
    found, cursor = page(args, wanted)
    with_metadata = args.flag("include_all_metadata")
    shapes = [message_json(backend.state, message, metadata=with_metadata) for message in found]
    answer: Json = {"messages": shapes, "has_more": bool(cursor)}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def _within(args: Arguments, ts: str) -> bool:
    at, oldest, latest = float(ts), float(args.text("oldest") or 0), args.maybe("latest")
    if args.flag("inclusive"):
        return at >= oldest and (latest is None or at <= float(latest))
    return at > oldest and (latest is None or at < float(latest))
