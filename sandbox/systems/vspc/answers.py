"""The console's envelopes: data with paging, and errors."""

import json
from typing import Any, Final

from aiohttp import web

from sandbox.systems.frame import Refusal

Json = dict[str, Any]

PAGE: Final = 100
LARGEST_PAGE: Final = 500


def answer(data: object, *, status: int = 200, meta: Json | None = None, **headers: str) -> web.Response:
    body = {"data": data} if meta is None else {"meta": meta, "data": data}
    return write(body, status, **headers)


def empty() -> web.Response:
    """The envelope of a deleted user: neither data nor a true ("Delete User")."""
    return write({"meta": None, "data": None, "errors": None}, 200)


def write(body: Json, status: int, **headers: str) -> web.Response:
    text = json.dumps(body, ensure_ascii=False)
    response = web.Response(text=text, status=status, content_type="application/json", charset="utf-8")
    response.headers.update(headers)
    return response


def error(status: int, message: str | None, *, type_: str = "logical", **more: object) -> Json:
    """One error as "Errors" shows it; `message` can be missing."""
    said = {} if message is None else {"message": message}
    return said | {"type": type_, "code": status} | more


def refuse(status: int, message: str | None, *, type_: str = "logical", **more: object) -> Refusal:
    """A refusal to raise; every server fault has the status 520."""
    return Refusal(write({"errors": [error(status, message, type_=type_, **more)]}, status))


def page(request: web.Request, rows: list[Json], *, ignores_offset: bool, says_skip: bool) -> web.Response:
    """A page of the rows: limit 1 to 500, 100 unless told; offset from 0 ("Pagination")."""
    limit = _number(request, "limit", PAGE, 1, LARGEST_PAGE)
    offset = _number(request, "offset", 0, 0, None)
    start = 0 if ignores_offset else offset
    shown = rows[start : start + limit]
    where = "skip" if says_skip else "offset"
    paging = {"total": len(rows), "count": len(shown), where: start}
    return answer(shown, meta={"pagingInfo": paging})


def _number(request: web.Request, name: str, default: int, least: int, most: int | None) -> int:
    text = request.query.get(name, str(default))
    try:
        value = int(text)
    except ValueError:
        value = least - 1
    if value < least or (most is not None and value > most):
        raise refuse(400, f"The value '{text}' is not valid for {name}.", parameterName=name)
    return value
