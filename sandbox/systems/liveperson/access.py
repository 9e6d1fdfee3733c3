"""Who may use the Users API: a bearer of the token server or of the Login Service, or a signed request."""

from aiohttp import web

from sandbox.systems.liveperson.answers import refusal
from sandbox.systems.liveperson.state import LpState

ACCOUNT = "50000001"
"""The site id of the one account there is."""


def admit(request: web.Request, state: LpState, now: float) -> None:
    """Let a call through, or refuse it: 401 without valid credentials, 403 without the privilege Users, 404 elsewhere.

    That another account's path answers 404 is inferred.
    """
    privileged = _privilege(request, state, now)
    if privileged is None:
        raise refusal(401, "not authenticated", now)
    if request.match_info["account"] != ACCOUNT:
        raise refusal(404, "no such account", now)
    if not privileged:
        raise refusal(403, "the privilege Users is missing", now)


def _privilege(request: web.Request, state: LpState, now: float) -> bool | None:
    """Say whether the caller may see users; None for a caller who is nobody."""
    header = request.headers.get("Authorization", "")
    scheme, _, token = header.partition(" ")
    if scheme == "Bearer":
        bearer = state.sentinel.bearer(token, now) or state.login.bearer(token, now)
        return bearer.may_see_users if bearer is not None else None
    url = f"{request.scheme}://{request.host.lower()}{request.rel_url.raw_path}"
    signed = state.signatures.valid(header, request.method, url, request.query.items(), now)
    return state.signatures.key.may_see_users if signed else None
