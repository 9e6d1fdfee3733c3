"""How each fault is played to the client that it befalls."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Protocol, TypeAlias

from aiohttp import web

from sandbox.systems.faults import Fault, What

Answer: TypeAlias = Callable[[], Awaitable[web.Response]]
Play: TypeAlias = Callable[[Fault, web.Request, Answer], Awaitable[web.StreamResponse]]

_PAGE = "<!doctype html><html><head><title>Gateway</title></head><body><h1>Please sign in</h1></body></html>"
_CHUNK = b" " * 65536


class Undoable(Protocol):
    """Something whose state can be put back as it was."""

    def undone(self) -> Callable[[], None]:
        """Remember the state as it is now; the answer puts it back."""


async def play(fault: Fault, request: web.Request, answer: Answer, system: Undoable) -> web.StreamResponse:
    """Let the fault befall the call. Where it breaks the connection, what is returned reaches nobody."""
    if fault.act is not None:
        fault.act()
    if fault.what == "ok_without_effect":
        return await _without_effect(answer, system)
    return await _PLAYS[fault.what](fault, request, answer)


async def _without_effect(answer: Answer, system: Undoable) -> web.StreamResponse:
    put_back = system.undone()
    response = await answer()
    put_back()
    return response


async def _delay(fault: Fault, request: web.Request, answer: Answer) -> web.StreamResponse:
    # Taken in whole first: a client that gives up meanwhile has sent all of it, and it is carried out all the same.
    await request.read()
    await asyncio.sleep(fault.seconds)
    return await answer()


async def _act(_: Fault, __: web.Request, answer: Answer) -> web.StreamResponse:
    return await answer()


async def _hold(fault: Fault, request: web.Request, answer: Answer) -> web.StreamResponse:
    await request.read()
    if fault.until is not None:
        await fault.until.wait()
    return await answer()


async def _reset_before(_: Fault, request: web.Request, __: Answer) -> web.StreamResponse:
    return broken(request)


async def _reset_after(_: Fault, request: web.Request, answer: Answer) -> web.StreamResponse:
    await answer()
    return broken(request)


async def _effect_without_answer(fault: Fault, request: web.Request, answer: Answer) -> web.StreamResponse:
    await answer()
    await asyncio.sleep(fault.seconds)
    return broken(request)


async def _truncate(_: Fault, request: web.Request, answer: Answer) -> web.StreamResponse:
    whole = await answer()
    body = _bytes(whole)
    part = web.StreamResponse(status=whole.status, headers=_headers(whole))
    part.content_length = len(body) + 1
    await part.prepare(request)
    await part.write(body[: len(body) // 2])
    _close(request)
    return part


async def _drip(fault: Fault, request: web.Request, answer: Answer) -> web.StreamResponse:
    whole = await answer()
    body = _bytes(whole)
    drops = web.StreamResponse(status=whole.status, headers=_headers(whole))
    drops.content_length = len(body)
    await drops.prepare(request)
    for at in range(len(body)):
        await drops.write(body[at : at + 1])
        await asyncio.sleep(fault.seconds)
    return drops


async def _huge(fault: Fault, request: web.Request, _: Answer) -> web.StreamResponse:
    flood = web.StreamResponse(headers={"Content-Type": "application/json; charset=utf-8"})
    await flood.prepare(request)
    await flood.write(b"[")
    for _chunk in range(fault.size // len(_CHUNK)):
        await flood.write(_CHUNK)
    await flood.write(b"]")
    return flood


async def _malformed(_: Fault, __: web.Request, ___: Answer) -> web.StreamResponse:
    return web.Response(text='{"data": [{"id": ', content_type="application/json")


async def _html(fault: Fault, _: web.Request, __: Answer) -> web.StreamResponse:
    return web.Response(status=fault.status, text=fault.body or _PAGE, content_type="text/html")


async def _wrong_type(_: Fault, __: web.Request, ___: Answer) -> web.StreamResponse:
    return web.Response(text='"as you wish"', content_type="application/json")


async def _redirect(fault: Fault, _: web.Request, __: Answer) -> web.StreamResponse:
    return web.Response(status=302, headers={"Location": "https://127.0.0.1:9/elsewhere"} | dict(fault.headers))


async def _status(fault: Fault, _: web.Request, __: Answer) -> web.StreamResponse:
    return web.Response(status=fault.status, text=fault.body, headers=_typed(fault))


async def _status_after(fault: Fault, _: web.Request, answer: Answer) -> web.StreamResponse:
    await answer()
    return web.Response(status=fault.status, text=fault.body, headers=_typed(fault))


def _typed(fault: Fault) -> dict[str, str]:
    return {"Content-Type": "application/json; charset=utf-8"} | dict(fault.headers)


def broken(request: web.Request) -> web.Response:
    """Break the connection at once; what is returned can reach nobody."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response(status=499)


def _close(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.close()


def _bytes(response: web.Response) -> bytes:
    return response.body if isinstance(response.body, bytes) else b""


def _headers(response: web.Response) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name != "Content-Length"}


_PLAYS: dict[What, Play] = {
    "delay": _delay,
    "act": _act,
    "hold": _hold,
    "reset_before": _reset_before,
    "reset_after": _reset_after,
    "effect_without_answer": _effect_without_answer,
    "truncate": _truncate,
    "drip": _drip,
    "huge": _huge,
    "malformed": _malformed,
    "html": _html,
    "wrong_type": _wrong_type,
    "redirect": _redirect,
    "status": _status,
    "status_after": _status_after,
}
