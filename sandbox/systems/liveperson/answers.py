"""What the services say beside a 200: the error envelope (Login Service API; for the Users API it is inferred)."""

from datetime import UTC, datetime
from http import HTTPStatus

from aiohttp import web

from sandbox.systems.frame import Refusal

_RESPONSE_STATUS = {401: "UNAUTHORIZED", 403: "FORBIDDEN", 404: "NOT_FOUND", 451: "UNAVAILABLE_FOR_LEGAL_REASONS"}


def envelope(status: int, message: str, now: float) -> web.Response:
    """Return the error; `now` is epoch seconds and is written as `Sep 22, 2016 4:10:15 PM`."""
    at = datetime.fromtimestamp(now, UTC)
    time = f"{at:%b} {at.day}, {at.year} {at.hour % 12 or 12}:{at:%M:%S %p}"
    named = _RESPONSE_STATUS.get(status, HTTPStatus(status).name)
    error = {"time": time, "message": message, "internalCode": 10, "responseStatus": named}
    return web.json_response({"error": error}, status=status)


def refusal(status: int, message: str, now: float) -> Refusal:
    """Return the error as what a handler raises."""
    return Refusal(envelope(status, message, now))
