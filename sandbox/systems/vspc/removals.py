"""What deletes: identities, users, tokens; at once, or later behind a 202 ("Asynchronous Processing")."""

from collections.abc import Callable
from typing import Final

from aiohttp import web

from sandbox.systems.frame import Refusal
from sandbox.systems.vspc.access import Caller
from sandbox.systems.vspc.answers import Json, answer, empty, error, refuse
from sandbox.systems.vspc.state import OWNERS, Action, Login, User, VspcState

SUCCESS_KEPT: Final = 300.0
FAILURE_KEPT: Final = 3600.0
"""Seconds for which an action's result is kept ("Async Action Settings")."""

Removal = Callable[[VspcState, Caller, str, int | None], web.Response]


def user_of(state: VspcState, caller: Caller, uid: str) -> User:
    """The user, if it exists and the caller's scope shows it; else 404."""
    user = state.users.get(uid.lower())
    if user is None or not caller.sees(user):
        raise refuse(404, "User was not found.")
    return user


def login_of(state: VspcState, caller: Caller, uid: str, login: int | None) -> Login:
    """The identity of exactly this user; else 404."""
    user = user_of(state, caller, uid)
    found = state.logins.get(login) if login is not None else None
    if found is None or found.user != user.uid:
        raise refuse(404, f"User login with ID {login} was not found.")
    return found


def drop_login(state: VspcState, caller: Caller, uid: str, login: int | None) -> web.Response:
    """One identity goes; the user and the user's other identities stay."""
    found = login_of(state, caller, uid, login)
    if len(state.logins_of(found.user)) == 1:
        _stop(state.switches.last_identity, "The last identity cannot be deleted.")
    del state.logins[found.id]
    return answer(data=True)


def drop_user(state: VspcState, caller: Caller, uid: str, _: int | None) -> web.Response:
    user = user_of(state, caller, uid)
    if user.uid == caller.user.uid:
        _stop(state.switches.own_user, "You cannot delete your own user.")
    if user.role in OWNERS:
        _stop(state.switches.owner, "An owner is deleted with its company.")
    if state.is_last_administrator(user):
        _stop(state.switches.last_administrator, "The last portal administrator cannot be deleted.")
    if user.backup_job_uses_it:
        _stop(409, "The credentials of this user are in use by a backup job.")
    state.remove_user(user.uid)
    return empty()


def revoke(state: VspcState, caller: Caller, uid: str, login: int | None) -> web.Response:
    """All tokens of the user end, or those of one identity ("Revoke Authentication Token")."""
    state.revoke(user_of(state, caller, uid).uid, login)
    return answer(data=True)


def _stop(status: int, message: str) -> None:
    if status:
        raise refuse(status, message)


REMOVALS: Final[dict[str, Removal]] = {"drop_login": drop_login, "drop_user": drop_user, "revoke": revoke}


def settle(state: VspcState, now: float) -> None:
    """Carry out the actions that are due, and forget the results that were kept long enough."""
    for action in list(state.actions.values()):
        if action.status == "running" and action.due <= now:
            action.ended = action.due
            action.status, action.error = _carry_out(state, action)
        kept = SUCCESS_KEPT if action.status == "succeed" else FAILURE_KEPT
        if action.ended and action.ended + kept <= now:
            del state.actions[action.id]


def _carry_out(state: VspcState, action: Action) -> tuple[str, Json | None]:
    outcome = state.switches.action_outcome
    if outcome != "succeed":
        return outcome, error(409, "The operation was not completed.")
    initiator = state.users.get(action.initiator)
    try:
        if initiator is not None:
            REMOVALS[action.operation](state, Caller(initiator), action.user, action.login)
    except Refusal as no:
        return "failed", error(no.response.status, "The operation was refused.")
    return "succeed", None
