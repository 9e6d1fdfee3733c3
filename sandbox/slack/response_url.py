"""response_url: five answers within thirty minutes to one interaction, beside the Web API."""

import json
import secrets
from dataclasses import dataclass, replace

from aiohttp import web

from sandbox.slack.backend import Backend
from sandbox.slack.lint.message import check_message
from sandbox.slack.normal import normal_blocks
from sandbox.slack.records import Json, Message

USES = 5
LIFETIME = 30 * 60.0
"""Seconds ("Handling user interaction", message responses)."""


@dataclass(slots=True)
class _Hook:
    user: str
    channel: str
    made_at: float
    origin: str | None
    origin_ephemeral: bool
    thread_ts: str | None
    used: int = 0


class ResponseUrls:
    def __init__(self, backend: Backend) -> None:
        self._backend = backend
        self._hooks: dict[str, _Hook] = {}

    def make(self, user: str, channel: str, message: Message | None = None) -> str:
        """Return an address for an interaction in `channel`, from `message` when it began there."""
        secret = secrets.token_urlsafe(12)
        self._hooks[secret] = _Hook(
            user,
            channel,
            self._backend.clock(),
            message.ts if message else None,
            bool(message and message.ephemeral_for),
            message.thread_ts if message else None,
        )
        return f"{self._backend.origin}/hooks/{secret}"

    async def handle(self, request: web.Request) -> web.StreamResponse:
        hook = self._hooks.get(request.match_info["secret"])
        raw = await request.text()
        error = self._unusable(hook)
        if hook is None or error:
            return web.json_response({"ok": False, "error": error}, status=404)
        hook.used += 1
        body: Json = json.loads(raw)
        refusal = check_message("response_url", body, self._backend.inspection)
        if refusal is not None:
            return web.json_response({"ok": False, "error": refusal.error}, status=400)
        self.show(hook, body)
        return web.json_response({"ok": True})

    def _unusable(self, hook: _Hook | None) -> str:
        if hook is None:
            return "no_such_url"
        if self._backend.clock() - hook.made_at > LIFETIME:
            return "expired_url"
        return "used_url" if hook.used >= USES else ""

    def show(self, hook: _Hook, body: Json) -> None:
        """Do what a message response asks for: delete or replace the original, or say something new."""
        state = self._backend.state
        original = self._original(hook)
        if body.get("delete_original") and original:
            state.remove(original)
        elif body.get("replace_original") and original:
            blocks = normal_blocks(body.get("blocks") or [])
            state.edit(replace(original, text=body.get("text", ""), blocks=blocks))
        else:
            thread_ts = body.get("thread_ts") or (hook.thread_ts if hook.origin_ephemeral else None)
            say(self._backend, hook.user, hook.channel, body, thread_ts)

    def _original(self, hook: _Hook) -> Message | None:
        if hook.origin is None:
            return None
        state = self._backend.state
        return state.whispered(hook.origin) if hook.origin_ephemeral else state.find(hook.channel, hook.origin)


def say(backend: Backend, user: str, channel: str, body: Json, thread_ts: str | None = None) -> Message:
    """Show an answer: to the person alone, or to the channel where response_type says so."""
    message = Message(
        ts=backend.state.next_ts(),
        channel=channel,
        user=backend.state.bot,
        text=str(body.get("text", "")),
        blocks=normal_blocks(body.get("blocks") or []),
        thread_ts=thread_ts,
        ephemeral_for=None if body.get("response_type") == "in_channel" else user,
    )
    return backend.state.whisper(message) if message.ephemeral_for else backend.state.post(message)
