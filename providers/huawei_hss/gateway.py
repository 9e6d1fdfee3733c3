"""Signed calls to Huawei Cloud's gateway, and what its errors mean."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

from bot.errors import CredentialsRejected, Forbidden, Misconfigured, ProviderError, RateLimited, Refused
from providers.hints import hint
from providers.http import Answer, Door, Limit, failure, retry_after
from providers.huawei_hss.memory import Memory
from providers.huawei_hss.settings import Settings
from providers.huawei_hss.signer import QueryValue, Request, Signer, canonical_query

_MINUTE = 60.0
_UNAUTHORIZED = 401
_TOO_MANY = 429
_BAD_REQUEST = 400
_NO_METHOD = 405
_GATEWAY_CODE = re.compile(r"^APIGW?\.(\d{4})$")
_WRONG_KEY = frozenset({"0301", "0303"})
_WRONG_TIME = "0303"
_THROTTLED = "0308"
_DENIED = frozenset({"HSS.0010", "HSS.0013"})
_CODE_NAMES = (("error_code", "error_msg"), ("errorCode", "errorMsg"), ("code", "message"))


class Gateway:
    """One region's service, called with one key. `clock` gives seconds since 1970 for the signature's date."""

    def __init__(self, settings: Settings, door: Door, memory: Memory, clock: Callable[[], float]) -> None:
        self._settings = settings
        self._door = door
        self._memory = memory
        self._clock = clock
        self._signer = Signer(settings.access_key, settings.secret_key)

    async def read(self, path: str, query: Mapping[str, QueryValue]) -> Any:  # noqa: ANN401  # JSON is any value
        """Return the JSON that a GET answers. Raises what its error means."""
        url, headers = await self._ready("GET", path, query, b"")
        answer = await self._door.read("GET", url, headers=headers, delay=_delay)
        if answer.status // 100 != 2:  # noqa: PLR2004  # the class of successes
            raise self.fault(answer, sending=False)
        return answer.json()

    async def delete(self, path: str, query: Mapping[str, QueryValue], content: Mapping[str, str]) -> Answer:
        """Send one DELETE with a JSON body and return whatever it answers."""
        body = json.dumps(content).encode()
        url, headers = await self._ready("DELETE", path, query, body)
        return await self._door.send("DELETE", url, headers=headers, body=body)

    async def _ready(
        self, method: str, path: str, query: Mapping[str, QueryValue], body: bytes
    ) -> tuple[str, dict[str, str]]:
        # Signed only when the turn has come: a signature that waited in line for 15 minutes is refused, and counts
        # towards the lock. One address shares a limit whatever the key, so the key is no part of its name.
        self._memory.must_be_usable()
        server = self._settings.server
        await Limit.shared(f"huawei_hss {server} {method} {path}", self._settings.calls_per_minute, _MINUTE).turn()
        self._memory.must_be_usable()
        extra = {
            "Content-Type": "application/json",
            "X-Project-Id": self._settings.project_id,
            "region": self._settings.region,
        }
        request = Request(method, self._settings.host, urlsplit(server).path + path, query, extra, body)
        url = f"{server}{path}?{canonical_query(query)}".rstrip("?")
        return url, self._signer.headers(request, datetime.fromtimestamp(self._clock(), UTC))

    def fault(self, answer: Answer, *, sending: bool) -> ProviderError:
        """Return what an error answer means; a key that was turned down is remembered."""
        code, text = error_of(answer)
        known = _GATEWAY_CODE.match(code)
        tail = known.group(1) if known else ""
        if answer.status == _UNAUTHORIZED or tail in _WRONG_KEY:
            self._memory.turned_down()
            return CredentialsRejected(_about_the_key(tail))
        if answer.status == _TOO_MANY or tail == _THROTTLED:
            return RateLimited("Huawei Cloud asks for fewer calls", retry_after(answer) or _MINUTE)
        if code in _DENIED:
            return Forbidden(f"the key may not manage accounts of host security ({code})")
        if sending and answer.status in {_BAD_REQUEST, _NO_METHOD}:
            return Refused(f"Huawei Cloud did not take the request ({code or answer.status}){hint(text)}")
        if answer.status == _BAD_REQUEST:
            return Misconfigured(f"Huawei Cloud does not take what it is asked ({code or answer.status}){hint(text)}")
        return failure(answer, sending=sending)


def _about_the_key(tail: str) -> str:
    if tail == _WRONG_TIME:
        return "Huawei Cloud says that the time of the request is wrong: check this machine's clock (APIGW.0303)"
    return "Huawei Cloud does not accept the access key or its signature (401)"


def _delay(answer: Answer) -> float | None:
    return retry_after(answer) or (_MINUTE if answer.status == _TOO_MANY else None)


def error_of(answer: Answer) -> tuple[str, str]:
    """Return the code and the text of an error in any of Huawei's shapes; both empty where there is none."""
    try:
        content = json.loads(answer.body)
    except (ValueError, RecursionError):
        return "", ""
    nested = list(content.values()) if isinstance(content, dict) else []
    for shape in (content, *nested):
        for code, text in _CODE_NAMES:
            if isinstance(shape, dict) and code in shape and text in shape:
                return str(shape[code]), str(shape[text])
    return "", ""
