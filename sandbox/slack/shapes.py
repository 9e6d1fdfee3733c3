"""Messages, views, people and conversations in the JSON in which Slack gives them out."""

from sandbox.slack.people import APP_ID, BOT_ID, TEAM_ID, Channel, Person
from sandbox.slack.records import Json, Message, View
from sandbox.slack.state import State


def message_json(state: State, message: Message, *, metadata: bool = True) -> Json:
    """Return a message; `metadata` only where Slack was asked for it or the bot itself has just sent it."""
    shape: Json = {"type": "message", "user": message.user, "ts": message.ts, "text": message.text, "team": TEAM_ID}
    if message.user == state.bot:
        shape |= {"bot_id": BOT_ID, "app_id": APP_ID}
    if message.blocks:
        shape["blocks"] = message.blocks
    if message.thread_ts:
        shape["thread_ts"] = message.thread_ts
    if message.reply_broadcast:
        shape["subtype"] = "thread_broadcast"
    if message.edited:
        shape["edited"] = {"user": message.user, "ts": message.ts}
    if metadata and message.metadata:
        shape["metadata"] = message.metadata
    if message.files:
        shape["files"] = list(message.files)
    return shape | _replies(state, message)


def _replies(state: State, message: Message) -> Json:
    replies = [] if message.thread_ts else state.thread(message.channel, message.ts)[1:]
    if not replies:
        return {}
    return {
        "thread_ts": message.ts,
        "reply_count": len(replies),
        "reply_users": sorted({reply.user for reply in replies}),
        "latest_reply": replies[-1].ts,
    }


def view_json(view: View) -> Json:
    def plain(text: str) -> Json | None:
        return {"type": "plain_text", "text": text, "emoji": True} if text else None

    return {
        "id": view.id,
        "team_id": TEAM_ID,
        "type": view.type,
        "blocks": view.blocks,
        "private_metadata": view.private_metadata,
        "callback_id": view.callback_id,
        "state": {"values": view.state},
        "hash": view.hash,
        "title": plain(view.title) or {"type": "plain_text", "text": "View Title", "emoji": True},
        "clear_on_close": view.clear_on_close,
        "notify_on_close": view.notify_on_close,
        "close": plain(view.close),
        "submit": plain(view.submit),
        "previous_view_id": view.previous_id,
        "root_view_id": view.root_id,
        "app_id": APP_ID,
        "external_id": view.external_id,
        "app_installed_team_id": TEAM_ID,
        "bot_id": BOT_ID,
    }


def user_json(person: Person, *, with_email: bool) -> Json:
    """Return a user object; the address is there only with the users:read.email scope."""
    profile: Json = {
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.name,
        "display_name_normalized": person.name,
        "team": person.team_id,
    }
    if with_email and person.email:
        profile["email"] = person.email
    shape: Json = {
        "id": person.id,
        "team_id": person.team_id,
        "name": person.name,
        "deleted": person.deleted,
        "profile": profile,
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": 1,
    }
    if person.deleted:
        return shape
    return shape | {
        "real_name": person.real_name,
        "tz": "Etc/UTC",
        "tz_label": "Coordinated Universal Time",
        "tz_offset": 0,
        "is_admin": False,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": person.is_restricted,
        "is_ultra_restricted": False,
    }


def channel_json(state: State, channel: Channel, *, with_count: bool = False) -> Json:
    if channel.is_im:
        other = next(user for user in channel.members if user != state.bot)
        return {"id": channel.id, "is_im": True, "is_open": True, "user": other, "created": 1}
    shape: Json = {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": not channel.is_private,
        "is_group": channel.is_private,
        "is_im": False,
        "is_mpim": False,
        "is_private": channel.is_private,
        "is_archived": False,
        "is_general": channel.name == "general",
        "is_member": state.bot in channel.members,
        "is_shared": False,
        "is_ext_shared": channel.is_ext_shared,
        "is_pending_ext_shared": channel.is_pending_ext_shared,
        "is_org_shared": False,
        "created": 1,
        "context_team_id": TEAM_ID,
        "creator": channel.members[0] if channel.members else "",
    }
    return shape | ({"num_members": len(channel.members)} if with_count else {})
