"""How the Administration API says no: a status, and a body with `code` and `description` (both as captured)."""

from http import HTTPStatus

from aiohttp import web

from sandbox.systems.frame import Refusal


def refusal(status: int, description: str) -> Refusal:
    """Return the refusal; for 405, 409 and 429 the shape of the body is inferred."""
    code = f"{status} {HTTPStatus(status).name}"
    return Refusal(web.json_response({"code": code, "description": description}, status=status))


def not_found(key: str) -> Refusal:
    """The captured wording; `key` is the mail, user name or id that was asked for."""
    return refusal(404, f"User {key} not found")


def conflict(description: str) -> Refusal:
    """The list of reasons is missing from every copy of the pages, so the words are ours (inferred)."""
    return refusal(409, description)


def scim_managed() -> Refusal:
    """The answer for users of SCIM identity sources (Delete User Now API, Mark User Deleted API)."""
    return refusal(405, "The method is not allowed for users of this identity source.")


def bad_token(path: str, now: float) -> Refusal:
    """The captured answer to a bad, expired or wrongly signed token: 403 in a shape of its own; `now` in seconds."""
    body = {
        "timestamp": int(now * 1000),
        "status": 403,
        "error": "Forbidden",
        "message": "Server failed to process provided access token",
        "path": path,
    }
    return Refusal(web.json_response(body, status=403))
