"""The door itself."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from aiohttp import ClientError, ClientResponse, ClientSession, ClientTimeout, DummyCookieJar, TCPConnector
from yarl import URL

from bot.errors import AnswerLost, RateLimited, Unavailable, UnexpectedAnswer
from bot.ports.receipts import note_receipt
from providers.http.answer import Answer
from providers.http.certificates import note_ends, trusted_ends
from providers.http.items import Intake
from providers.http.limit import Limit, Sleep, Turns
from providers.http.passage import Broken, Passage, once, tracer, translate
from providers.http.status import failure, retry_after

Delay = Callable[[Answer], float | None]
Headers = Mapping[str, str] | Callable[[], Mapping[str, str]]
"""Headers, or what makes them anew for each try."""

_PAUSES = (0.2, 1.0)
_PATIENCE = 30.0
_PASSING = frozenset({429, 502, 503, 504})
_CHUNK = 64 * 1024
_OK = 200
_SUCCESS = 2
"""The class of successes."""


class Door:
    """The way to one server, as long as the process lives.

    `timeout` is seconds for one whole exchange (waiting for a turn not counted), `concurrency` the exchanges at
    one time, `max_header` the longest header and `max_body` the longest decompressed body in bytes. Redirects are
    returned, never followed; cookies and the environment's proxies are not used; TLS is always verified, with
    `ca_file` in place of the system's store where it is given. Addresses must come percent-encoded.
    Raises only `ProviderError`s; their texts hold nothing that was sent or received but the status. `certificates`
    says when those of the servers that were reached, and of the authorities in `ca_file`, will end.
    """

    def __init__(
        self,
        *,
        ca_file: Path | None,
        timeout: float,
        concurrency: int,
        max_header: int = 8190,
        max_body: int = 32 * 2**20,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._tls = ssl.create_default_context(cafile=ca_file)
        self.certificates: dict[str, datetime] = dict(trusted_ends(self._tls) if ca_file is not None else ())
        note_ends(self._tls, self.certificates.__setitem__)
        self._timeout = ClientTimeout(total=timeout, sock_connect=min(timeout, 10.0))
        self._slots = asyncio.Semaphore(concurrency)
        self._max_header = max_header
        self._max_body = max_body
        self._sleep = sleep
        self._session: ClientSession | None = None
        self._closed = False
        self.turns: Turns | None = None

    async def turn(self, key: str, calls: int, per: float) -> None:
        """Wait for a turn under `key`: at most so many in any so many seconds, in all processes that share `turns`.

        The key names endpoint and credential, never an entry, and holds no secret.
        """
        if self.turns is None:
            await Limit.shared(key, calls, per).turn()
        elif (seconds := await self.turns.take(key, calls, per)) > 0:
            await self._sleep(seconds)

    async def read(
        self,
        method: str,
        url: str,
        *,
        headers: Headers | None = None,
        body: bytes | None = None,
        limit: Limit | None = None,
        delay: Delay = retry_after,
        into: Intake | None = None,
    ) -> Answer:
        """Ask for something that changes nothing, and so may be asked again.

        Lost connections, 429, 502, 503 and 504 are tried twice more after short pauses (`delay` reads the pause
        from an answer; one above 30 s is not waited for). Then raises `Unavailable` or `RateLimited`. A call that
        ran out of time is not tried again. Every other status is returned. With `into`, the body of a 200 goes
        there while it arrives, under the same limits of size and time, and the answer's own stays empty.
        """
        pauses = iter(_PAUSES)
        while True:
            asked = 0.0
            try:
                made = headers() if callable(headers) else headers
                answer = await self._exchange(method, url, made, body, limit, into)
                if answer.status not in _PASSING:
                    return answer
                asked = delay(answer) or 0.0
                fault = _with_delay(answer, asked)
            except Broken as broken:
                fault = Unavailable("the server did not answer in time" if broken.slow else "the server is not reached")
                if broken.slow:
                    raise fault from None
            pause = next(pauses, None)
            if pause is None or asked > _PATIENCE:
                raise fault
            await self._sleep(max(pause, asked))

    async def send(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes | None = None,
        limit: Limit | None = None,
    ) -> Answer:
        """Send something that changes something: once, whatever happens. Every status is returned.

        A success whose body is neither JSON nor XML says nothing: some proxies answer 200 with a page of their own.
        Raises `Unavailable` or `Misconfigured` where no connection stood, so that nothing was sent, and
        `AnswerLost` for everything that goes wrong after that.
        """
        try:
            answer = await self._exchange(method, url, headers, body, limit)
        except Broken as broken:
            if not broken.sent:
                raise Unavailable("the server is not reached; nothing was sent") from None
            why = "in time" if broken.slow else "before the connection was lost"
            raise AnswerLost(f"sent, but no answer came {why}") from None
        except UnexpectedAnswer as error:
            raise AnswerLost(f"sent, but {error}") from None
        note_receipt(answer.status, answer.body)
        if answer.status // 100 == _SUCCESS and answer.body and not answer.is_document:
            raise AnswerLost("sent, but the answer is a page and not an API's (from a proxy?)")
        return answer

    async def aclose(self) -> None:
        """Close all connections; later calls raise `Unavailable`."""
        self._closed = True
        if self._session is not None:
            await self._session.close()

    async def _exchange(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        body: bytes | None,
        limit: Limit | None,
        into: Intake | None = None,
    ) -> Answer:
        if limit is not None:
            await limit.turn()
        passage = Passage()
        async with self._slots:
            try:
                async with self._open().request(
                    method,
                    URL(url, encoded=True),
                    headers=headers,
                    data=body,
                    allow_redirects=False,
                    skip_auto_headers=("Content-Type",),
                    trace_request_ctx=passage,
                ) as response:
                    if into is not None and response.status == _OK:
                        return await self._poured(response, into)
                    return Answer(response.status, response.headers, await self._whole(response))
            except (ClientError, TimeoutError, OSError) as error:
                raise translate(error, passage) from None

    async def _whole(self, response: ClientResponse) -> bytes:
        body = bytearray()
        await self._pour(response, body.extend)
        return bytes(body)

    async def _poured(self, response: ClientResponse, into: Intake) -> Answer:
        answer = Answer(response.status, response.headers, b"")
        try:
            into.begin(answer)
            await self._pour(response, into.feed)
            into.end()
        except UnexpectedAnswer:
            response.close()
            raise
        return answer

    async def _pour(self, response: ClientResponse, feed: Callable[[bytes], None]) -> None:
        size = 0
        async for piece in response.content.iter_chunked(_CHUNK):
            size += len(piece)
            if size > self._max_body:
                response.close()
                raise UnexpectedAnswer("the server's answer is larger than any we expect")
            feed(piece)

    def _open(self) -> ClientSession:
        if self._closed:
            raise Unavailable("the program is stopping; nothing was sent")
        if self._session is None:
            self._session = ClientSession(
                connector=TCPConnector(limit=0, ssl=self._tls),
                cookie_jar=DummyCookieJar(),
                headers={"User-Agent": "offboard"},
                timeout=self._timeout,
                max_field_size=self._max_header,
                max_line_size=self._max_header,
                middlewares=(once,),
                trace_configs=[tracer()],
                trust_env=False,
            )
        return self._session


def _with_delay(answer: Answer, asked: float) -> RateLimited | Unavailable:
    fault = failure(answer, sending=False)
    if isinstance(fault, RateLimited):
        return RateLimited(str(fault), asked or fault.retry_after)
    return Unavailable(str(fault))
