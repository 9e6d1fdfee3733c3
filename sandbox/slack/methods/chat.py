"""chat.postMessage, chat.update, chat.postEphemeral, chat.delete, chat.getPermalink."""

from dataclasses import replace

from sandbox.slack.backend import Backend
from sandbox.slack.lint.message import check_message
from sandbox.slack.methods.access import known, own_message, postable, thread_root
from sandbox.slack.methods.arguments import Arguments
from sandbox.slack.normal import normal_blocks
from sandbox.slack.records import Json, Message, Refused
from sandbox.slack.shapes import message_json

POST_TEXT = 40_000
UPDATE_TEXT = 4_000
"""Characters: a longer post is cut off with a warning, a longer update is refused ("chat.update", errors)."""


def post_message(backend: Backend, args: Arguments) -> Json:
    channel = postable(backend, args.text("channel"))
    _inspect(backend, "chat.postMessage", args)
    text = args.text("text")
    root = thread_root(backend, channel, args.maybe("thread_ts"))
    message = Message(
        ts=backend.state.next_ts(),
        channel=channel.id,
        user=backend.state.bot,
        text=text[:POST_TEXT],
        blocks=normal_blocks(args.json("blocks") or []),
        thread_ts=root,
        metadata=args.json("metadata") or None,
        reply_broadcast=bool(root) and args.flag("reply_broadcast"),
    )
    answer = _answer(backend, backend.state.post(message))
    return answer | ({"warning": "message_truncated"} if len(text) > POST_TEXT else {})


def update(backend: Backend, args: Arguments) -> Json:
    """Edit the bot's own message. Text without blocks drops the blocks; metadata that is not sent stays."""
    message = own_message(backend, args.text("channel"), args.text("ts"), "cant_update_message")
    if len(args.text("text")) > UPDATE_TEXT:
        backend.inspection.note("chat.update", f"text of {len(args.text('text'))} characters is refused")
        raise Refused("msg_too_long")
    _inspect(backend, "chat.update", args)
    edited = replace(
        message,
        text=args.text("text"),
        blocks=normal_blocks(args.json("blocks") or []),
        metadata=(args.json("metadata") or None) if "metadata" in args else message.metadata,
        reply_broadcast=message.reply_broadcast or (bool(message.thread_ts) and args.flag("reply_broadcast")),
    )
    return _answer(backend, backend.state.edit(edited)) | {"text": args.text("text")}


def post_ephemeral(backend: Backend, args: Arguments) -> Json:
    channel = postable(backend, args.text("channel"))
    user = args.text("user")
    if user not in channel.members:
        raise Refused("user_not_in_channel")
    _inspect(backend, "chat.postEphemeral", args)
    message = Message(
        ts=backend.state.next_ts(),
        channel=channel.id,
        user=backend.state.bot,
        text=args.text("text"),
        blocks=normal_blocks(args.json("blocks") or []),
        thread_ts=thread_root(backend, channel, args.maybe("thread_ts")),
        metadata=args.json("metadata") or None,
        ephemeral_for=user,
    )
    return {"message_ts": backend.state.whisper(message).ts}


def delete(backend: Backend, args: Arguments) -> Json:
    message = own_message(backend, args.text("channel"), args.text("ts"), "cant_delete_message")
    backend.state.remove(message)
    return {"channel": message.channel, "ts": message.ts}


def get_permalink(backend: Backend, args: Arguments) -> Json:
    channel = known(backend, args.text("channel"))
    message = backend.state.find(channel.id, args.text("message_ts"))
    if message is None:
        raise Refused("message_not_found")
    link = f"https://acme.slack.com/archives/{channel.id}/p{message.ts.replace('.', '')}"
    thread = f"?thread_ts={message.thread_ts}&cid={channel.id}" if message.thread_ts else ""
    return {"channel": channel.id, "permalink": link + thread}


def _inspect(backend: Backend, method: str, args: Arguments) -> None:
    """Note every defect of what was sent, then refuse it where Slack would."""
    refusal = check_message(method, args.values, backend.inspection)
    if refusal is not None:
        raise refusal


def _answer(backend: Backend, message: Message) -> Json:
    return {"channel": message.channel, "ts": message.ts, "message": message_json(backend.state, message)}
