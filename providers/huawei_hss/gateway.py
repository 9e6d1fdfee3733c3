"""Calls to Huawei Cloud's gateway, and what its errors mean."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from bot.errors import Conflict, Forbidden, Misconfigured, ProviderError, RateLimited, Refused
from providers.hints import hint
from providers.http import Answer, Door, failure, retry_after
from providers.huawei_hss.credentials import credential
from providers.huawei_hss.memory import Memory
from providers.huawei_hss.settings import Settings
from providers.huawei_hss.signer import QueryValue, Request, canonical_query

_MINUTE = 60.0
_SUCCESSES = range(200, 300)
_UNAUTHORIZED = 401
_TOO_MANY = 429
_BAD_REQUEST = 400
_NO_METHOD = 405
_CODE = re.compile(r"^[A-Z]{2,8}\.\d{1,8}$")
_GATEWAY_CODE = re.compile(r"^APIGW?\.(\d{4})$")
_WRONG_KEY = frozenset({"0301", "0303"})
_THROTTLED = "0308"
_DENIED = frozenset({"HSS.0010", "HSS.0013"})
_CODE_NAMES = (("error_code", "error_msg"), ("errorCode", "errorMsg"), ("code", "message"))


class Gateway:
    """One region's service, called with one credential. `clock` gives seconds since 1970."""

    def __init__(self, settings: Settings, door: Door, memory: Memory, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._door = door
        self._credential = credential(settings, door, memory, clock)
        self._lost_a_write = False

    async def read(self, path: str, query: Mapping[str, QueryValue]) -> Any:  # noqa: ANN401  # JSON is any value
        """Return the JSON that a GET answers. Raises what its error means. A token that has ended is renewed once."""
        answer = await self._get(path, query)
        if answer.status == _UNAUTHORIZED and self._credential.renews():
            answer = await self._get(path, query)
        if answer.status not in _SUCCESSES:
            raise self.fault(answer, sending=False)
        return answer.json()

    async def delete(self, path: str, query: Mapping[str, QueryValue], content: Mapping[str, str]) -> Answer:
        """Send one DELETE with a JSON body and return whatever it answers.

        Raises `Conflict` where a token had ended: not carried out, to be read anew first.
        """
        body = json.dumps(content).encode()
        url, headers = await self._ready("DELETE", path, query, body)
        answer = await self._door.send("DELETE", url, headers=headers, body=body)
        was_lost, self._lost_a_write = self._lost_a_write, answer.status == _UNAUTHORIZED
        if self._lost_a_write and not was_lost and self._credential.renews():
            raise Conflict("the token for Huawei Cloud had ended before the request was carried out")
        return answer

    async def _get(self, path: str, query: Mapping[str, QueryValue]) -> Answer:
        url, headers = await self._ready("GET", path, query, b"")
        return await self._door.read("GET", url, headers=headers, delay=_delay)

    async def _ready(
        self, method: str, path: str, query: Mapping[str, QueryValue], body: bytes
    ) -> tuple[str, dict[str, str]]:
        # Signed only when the turn has come: a signature that waited in line for 15 minutes is refused, and counts
        # towards the lock. One address shares a limit whatever the key, so the key is no part of its name.
        self._credential.must_be_usable()
        server = self._settings.server
        await self._door.turn(f"huawei_hss {server} {method} {path}", self._settings.calls_per_minute, _MINUTE)
        self._credential.must_be_usable()
        extra = {"Content-Type": "application/json", "region": self._settings.region}
        request = Request(method, self._settings.host, urlsplit(server).path + path, query, extra, body)
        url = f"{server}{path}?{canonical_query(query)}".rstrip("?")
        return url, await self._credential.headers(request)

    def fault(self, answer: Answer, *private: str, sending: bool) -> ProviderError:
        """Return what an error answer means, without the `private` texts; a credential turned down is remembered."""
        code, text = error_of(answer)
        told = code if _CODE.match(code) else answer.status
        known = _GATEWAY_CODE.match(code)
        tail = known.group(1) if known else ""
        if answer.status == _UNAUTHORIZED or tail in _WRONG_KEY:
            return self._credential.turned_down(tail)
        if answer.status == _TOO_MANY or tail == _THROTTLED:
            return RateLimited("Huawei Cloud asks for fewer calls", retry_after(answer) or _MINUTE)
        if code in _DENIED:
            return Forbidden(f"the bot may not manage accounts of host security ({code})")
        if sending and answer.status in {_BAD_REQUEST, _NO_METHOD}:
            return Refused(f"Huawei Cloud did not take the request ({told}){hint(text, *private)}")
        if answer.status == _BAD_REQUEST:
            return Misconfigured(f"Huawei Cloud does not take what it is asked ({told})")
        return failure(answer, sending=sending)


def _delay(answer: Answer) -> float | None:
    return retry_after(answer) or (_MINUTE if answer.status == _TOO_MANY else None)


def error_of(answer: Answer) -> tuple[str, str]:
    """Return the code and the text of an error in any of Huawei's shapes; both empty where there is none."""
    content = answer.told()
    for shape in (content, *content.values()):
        for code, text in _CODE_NAMES:
            if isinstance(shape, dict) and code in shape and text in shape:
                return str(shape[code]), str(shape[text])
    return "", ""
