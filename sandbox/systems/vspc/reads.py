"""The console's GETs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from sandbox.systems.journal import EVERYONE, note
from sandbox.systems.vspc import shapes
from sandbox.systems.vspc.answers import answer, page, refuse
from sandbox.systems.vspc.filters import chosen
from sandbox.systems.vspc.removals import SUCCESS_KEPT, login_of, user_of

if TYPE_CHECKING:
    from aiohttp import web

    from sandbox.systems.vspc.access import Caller
    from sandbox.systems.vspc.console import Console
    from sandbox.systems.vspc.state import Action, Login, User

Json = dict[str, Any]

_OF_USERS: Final = (
    "instanceUid",
    "organizationUid",
    "userName",
    "status",
    "role",
    "profile.email",
    "profile.firstName",
    "profile.lastName",
)
_OF_LOGINS: Final = ("id", "userUid", "userId", "userName", "companyId", "companyName", "status", "description")


async def about(console: Console, _: web.Request, who: Caller) -> web.Response:
    """A cheap probe of the credentials."""
    del console, who
    return answer({"serverVersion": "9.1.0.31345", "installationId": "6f0d7d0e-31a0-4c44-9d0c-6c1b2f0f4b11"})


async def me(console: Console, request: web.Request, who: Caller) -> web.Response:
    note(request, who.user.uid)
    del console
    return answer(shapes.user(who.user, old=shapes.is_old(request)))


async def users(console: Console, request: web.Request, who: Caller) -> web.Response:
    return _users(console, request, [user for user in _visible(console, who) if who.sees(user)])


async def organization_users(console: Console, request: web.Request, who: Caller) -> web.Response:
    wanted = request.match_info["organization"].lower()
    return _users(console, request, [user for user in _visible(console, who) if user.organization == wanted])


async def user(console: Console, request: web.Request, who: Caller) -> web.Response:
    _visible(console, who)
    found = user_of(console.state, who, request.match_info["user"])
    return answer(shapes.user(found, old=shapes.is_old(request)))


async def logins(console: Console, request: web.Request, who: Caller) -> web.Response:
    """Every identity in sight; one that outlived its user is in sight of those who see the whole console."""
    seen = {user.uid for user in _visible(console, who)}
    orphans = {one.user for one in console.state.logins.values()} - console.state.users.keys()
    shown = seen | (orphans if who.sees_everything else set())
    return _logins(console, request, [one for one in console.state.logins.values() if one.user in shown])


async def organization_keys(console: Console, request: web.Request, who: Caller) -> web.Response:
    wanted = request.match_info["organization"].lower()
    members = {user.uid for user in _visible(console, who) if user.organization == wanted}
    keys = [one for one in console.state.logins.values() if one.user in members and one.key is not None]
    return _logins(console, request, keys)


async def user_logins(console: Console, request: web.Request, who: Caller) -> web.Response:
    """One person's identities, whole: no paging in the specification."""
    _visible(console, who)
    uid = user_of(console.state, who, request.match_info["user"]).uid
    old = shapes.is_old(request)
    return answer([shapes.login(one, console.state, old=old) for one in console.state.logins_of(uid)])


async def login(console: Console, request: web.Request, who: Caller) -> web.Response:
    _visible(console, who)
    found = login_of(console.state, who, request.match_info["user"], int(request.match_info["login"]))
    return answer(shapes.login(found, console.state, old=shapes.is_old(request)))


async def rules(console: Console, request: web.Request, who: Caller) -> web.Response:
    _visible(console, who)
    return _page(console, request, [shapes.rule(rule) for rule in console.state.rules.values()])


async def rule(console: Console, request: web.Request, who: Caller) -> web.Response:
    _visible(console, who)
    wanted = request.match_info["rule"]
    found = console.state.rules.get(int(wanted)) if wanted.isdecimal() else None
    if found is None:
        raise refuse(404, "Rule was not found.")
    return answer(shapes.rule(found))


async def action_settings(console: Console, request: web.Request, who: Caller) -> web.Response:
    del console, request, who
    return answer({"resultRetentionTime": int(SUCCESS_KEPT)})


async def action(console: Console, request: web.Request, who: Caller) -> web.Response:
    return answer(shapes.action(find_action(console, request, who)))


async def action_result(console: Console, request: web.Request, who: Caller) -> web.Response:
    """What the call would have been answered, once it has ended."""
    found = find_action(console, request, who)
    if found.status == "running":
        raise refuse(400, "The action has not ended.")
    if found.error is not None:
        raise refuse(found.error["code"], found.error.get("message"))
    return answer(data=True)


def find_action(console: Console, request: web.Request, who: Caller) -> Action:
    """The caller's own action, as long as its result is kept; else 404."""
    found = console.state.actions.get(request.match_info["action"].lower())
    if found is None or found.initiator != who.user.uid:
        raise refuse(404, "Async action was not found.")
    return found


def _visible(console: Console, who: Caller) -> list[User]:
    if not who.may_manage_users:
        raise refuse(403, "Access is denied.", type_="security")
    return [user for user in console.state.users.values() if who.sees(user)]


def _users(console: Console, request: web.Request, found: list[User]) -> web.Response:
    old = shapes.is_old(request)
    rows = chosen(request, [shapes.user(user, old=old) for user in found], _OF_USERS)
    _note_list(request, [row["instanceUid"] for row in rows])
    return _page(console, request, rows)


def _logins(console: Console, request: web.Request, found: list[Login]) -> web.Response:
    old = shapes.is_old(request)
    rows = chosen(request, [shapes.login(one, console.state, old=old) for one in found], _OF_LOGINS)
    _note_list(request, [row["userId" if old else "userUid"] for row in rows])
    return _page(console, request, rows)


def _note_list(request: web.Request, owners: list[str]) -> None:
    """A filtered list tells about the one person it shows, an unfiltered one about everybody."""
    if "filter" not in request.query:
        note(request, EVERYONE)
    elif len(set(owners)) == 1:
        note(request, owners[0])


def _page(console: Console, request: web.Request, rows: list[Json]) -> web.Response:
    switches = console.state.switches
    return page(request, rows, ignores_offset=switches.ignores_offset, says_skip=switches.says_skip)
