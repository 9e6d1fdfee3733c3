"""What changes the console."""

from __future__ import annotations

import json
import uuid
from typing import TYPE_CHECKING, Any, Final

from sandbox.systems.journal import note
from sandbox.systems.vspc import shapes
from sandbox.systems.vspc.answers import answer, empty, refuse
from sandbox.systems.vspc.reads import find_action
from sandbox.systems.vspc.removals import REMOVALS, login_of, user_of
from sandbox.systems.vspc.state import Action

if TYPE_CHECKING:
    from aiohttp import web

    from sandbox.systems.vspc.access import Caller
    from sandbox.systems.vspc.console import Console
    from sandbox.systems.vspc.state import Login

_PATCHABLE: Final = frozenset({"status", "description"})


async def drop_login(console: Console, request: web.Request, who: Caller) -> web.Response:
    """Answers true; 404 for the second time ("Delete User Identity")."""
    return _remove(console, request, who, "drop_login", int(request.match_info["login"]))


async def drop_user(console: Console, request: web.Request, who: Caller) -> web.Response:
    return _remove(console, request, who, "drop_user", None)


async def revoke(console: Console, request: web.Request, who: Caller) -> web.Response:
    login = request.query.get("userLoginId")
    return _remove(console, request, who, "revoke", int(login) if login and login.isdecimal() else None)


def _remove(console: Console, request: web.Request, who: Caller, operation: str, login: int | None) -> web.Response:
    """Do it now, or promise it where a request id forces that."""
    _may(who)
    uid = request.match_info["user"].lower()
    request_id = request.headers.get("X-Request-id")
    if request_id and console.state.switches.request_id_forces_async:
        return _promise(console, request, Action(request_id.lower(), who.user.uid, operation, uid, login, 0.0))
    response = REMOVALS[operation](console.state, who, uid, login)
    note(request, uid, effect=True)
    return response


def _promise(console: Console, request: web.Request, action: Action) -> web.Response:
    """202 with the action's address; the request id is the action's id."""
    switches = console.state.switches
    action.due = console.clock.now() + switches.action_seconds
    console.state.actions[action.id] = action
    note(request, action.user, effect=switches.action_outcome == "succeed")
    return answer(None, status=202, Location=f"{console.url}/api/v3/asyncActions/{action.id}")


async def drop_result(console: Console, request: web.Request, who: Caller) -> web.Response:
    del console.state.actions[find_action(console, request, who).id]
    return empty()


async def drop_rule(console: Console, request: web.Request, who: Caller) -> web.Response:
    _may(who)
    wanted = request.match_info["rule"]
    if not wanted.isdecimal() or int(wanted) not in console.state.rules:
        raise refuse(404, "Rule was not found.")
    del console.state.rules[int(wanted)]
    note(request, f"rule {wanted}", effect=True)
    return empty()


async def add_key(console: Console, request: web.Request, who: Caller) -> web.Response:
    """A new API key; its secret stands in `parameters` this once."""
    _may(who)
    owner = user_of(console.state, who, request.match_info["user"])
    read_only = request.query.get("isReadAccessOnly", "false").lower() == "true"
    description = request.query.get("description", "")
    login = console.state.add_login(owner, "ApiKey", description, read_only=read_only, key=uuid.uuid4().hex)
    note(request, owner.uid, effect=True)
    return answer(shapes.login(login, console.state, old=shapes.is_old(request)) | {"parameters": login.key})


async def patch_login(console: Console, request: web.Request, who: Caller) -> web.Response:
    """A JSON Patch of status or description."""
    _may(who)
    login = login_of(console.state, who, request.match_info["user"], int(request.match_info["login"]))
    for change in await _patch(request):
        _apply(login, change)
    note(request, login.user, effect=True)
    return answer(shapes.login(login, console.state, old=shapes.is_old(request)))


async def _patch(request: web.Request) -> list[dict[str, Any]]:
    if request.content_type not in {"application/json", "application/json-patch+json"}:
        raise refuse(415, "The media type is not supported.")
    try:
        changes = json.loads(await request.read())
    except ValueError:
        raise refuse(400, "The body is not valid JSON.") from None
    if not isinstance(changes, list) or not all(isinstance(change, dict) for change in changes):
        raise refuse(400, "The body must be an array of operations.")
    return changes


def _apply(login: Login, change: dict[str, Any]) -> None:
    field, value = str(change.get("path", "")).lstrip("/"), change.get("value")
    known = change.get("op") == "replace" and field in _PATCHABLE and isinstance(value, str)
    if not known or (field == "status" and value not in {"enabled", "disabled"}):
        raise refuse(400, "The operation is not allowed.", failedJsonPatch=change)
    setattr(login, field, value)


def _may(who: Caller) -> None:
    if not who.may_manage_users:
        raise refuse(403, "Access is denied.", type_="security")
