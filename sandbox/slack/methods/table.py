"""The table of Web API methods: for each name its function, scopes, rate tier, token and arguments."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Literal, TypeAlias

from sandbox.slack.backend import Backend
from sandbox.slack.limits import Tier
from sandbox.slack.methods import auth, blocks, chat, conversations, files, usergroups, users, views
from sandbox.slack.methods.arguments import Arguments, Signature, signature
from sandbox.slack.records import Json

Run: TypeAlias = Callable[[Backend, Arguments], Json]


@dataclass(frozen=True, slots=True)
class Method:
    """`scopes`: all of them are needed; what depends on the conversation's kind the function checks itself."""

    run: Run
    tier: Tier
    signature: Signature
    scopes: tuple[str, ...] = ()
    caller: Literal["bot", "app", "any"] = "bot"


_MESSAGE = ("channel*", "text", "blocks:json", "attachments:json", "metadata:json", "parse", "link_names:flag")
_POST = (*_MESSAGE, "thread_ts", "reply_broadcast:flag", "unfurl_links:flag", "unfurl_media:flag", "mrkdwn:flag")
_LOOK = ("channel*", "cursor", "limit:number", "include_all_metadata:flag", "inclusive:flag", "oldest", "latest")

METHODS: Mapping[str, Method] = {
    "api.test": Method(auth.api_test, Tier.SPECIAL, signature("error", "foo"), caller="any"),
    "auth.test": Method(auth.auth_test, Tier.SPECIAL, signature()),
    "apps.connections.open": Method(auth.connections_open, Tier.T3, signature(), caller="app"),
    "blocks.validate": Method(
        blocks.validate, Tier.SPECIAL, signature("blocks:json", "view:json", "message:json"), caller="any"
    ),
    "chat.postMessage": Method(chat.post_message, Tier.POST, signature(*_POST), ("chat:write",)),
    "chat.update": Method(
        chat.update, Tier.T3, signature(*_MESSAGE, "ts*", "reply_broadcast:flag", "as_user:flag"), ("chat:write",)
    ),
    "chat.postEphemeral": Method(
        chat.post_ephemeral, Tier.T4, signature(*_MESSAGE, "user*", "thread_ts"), ("chat:write",)
    ),
    "chat.delete": Method(chat.delete, Tier.T3, signature("channel*", "ts*"), ("chat:write",)),
    "chat.getPermalink": Method(chat.get_permalink, Tier.SPECIAL, signature("channel*", "message_ts*")),
    "conversations.info": Method(
        conversations.info, Tier.T3, signature("channel*", "include_num_members:flag", "include_locale:flag")
    ),
    "conversations.members": Method(conversations.members, Tier.T4, signature("channel*", "cursor", "limit:number")),
    "conversations.history": Method(conversations.history, Tier.T3, signature(*_LOOK)),
    "conversations.replies": Method(conversations.replies, Tier.T3, signature(*_LOOK, "ts*")),
    "conversations.open": Method(
        conversations.open_dm, Tier.T3, signature("users", "channel", "return_im:flag"), ("im:write",)
    ),
    "users.info": Method(users.info, Tier.T4, signature("user*", "include_locale:flag"), ("users:read",)),
    "users.lookupByEmail": Method(users.lookup_by_email, Tier.T3, signature("email*"), ("users:read.email",)),
    "usergroups.list": Method(
        usergroups.list_groups,
        Tier.T2,
        signature("include_users:flag", "include_count:flag", "include_disabled:flag"),
        ("usergroups:read",),
    ),
    "usergroups.users.list": Method(
        usergroups.users_list, Tier.T2, signature("usergroup*", "include_disabled:flag"), ("usergroups:read",)
    ),
    "views.open": Method(views.open_view, Tier.T4, signature("trigger_id*", "view*:json")),
    "views.push": Method(views.push, Tier.T4, signature("trigger_id*", "view*:json")),
    "views.update": Method(views.update, Tier.T4, signature("view*:json", "view_id", "external_id", "hash")),
    "views.publish": Method(views.publish, Tier.T4, signature("user_id*", "view*:json", "hash")),
    "files.getUploadURLExternal": Method(
        files.get_upload_url,
        Tier.T4,
        signature("filename*", "length*:number", "alt_txt", "snippet_type"),
        ("files:write",),
    ),
    "files.completeUploadExternal": Method(
        files.complete_upload,
        Tier.T4,
        signature("files*:json", "channel_id", "channels", "thread_ts", "initial_comment", "blocks:json"),
        ("files:write",),
    ),
}
