"""Signed HTTP delivery to the app's request URL ("Verifying requests from Slack"); redirects are not followed."""

import hashlib
import hmac
import json
import time
from http import HTTPStatus
from urllib.parse import urlencode

import aiohttp

from sandbox.slack.delivery import Answer, Kind, nobody_there, timed_out
from sandbox.slack.records import Json

_FORM = "application/x-www-form-urlencoded"


class HttpDelivery:
    """`url` may be set after the start, once the app's port is known. The timestamp is the real time."""

    def __init__(self, url: str, signing_secret: str, ack_timeout: float) -> None:
        self.url = url
        self._secret = signing_secret
        self._timeout = aiohttp.ClientTimeout(total=ack_timeout)
        self._session: aiohttp.ClientSession | None = None

    async def deliver(self, kind: Kind, payload: Json, *, retry: int = 0) -> Answer:
        content_type, body = _body(kind, payload)
        headers = self.signed(body) | {"Content-Type": content_type}
        if retry:
            headers |= {"X-Slack-Retry-Num": str(retry), "X-Slack-Retry-Reason": "http_timeout"}
        return await self._post(body, headers)

    def signed(self, body: bytes, at: int | None = None) -> dict[str, str]:
        """Return the two signature headers over this exact body; `at` is in seconds of the epoch."""
        moment = str(int(time.time()) if at is None else at)
        text = b"v0:" + moment.encode() + b":" + body
        digest = hmac.new(self._secret.encode(), text, hashlib.sha256).hexdigest()
        return {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": f"v0={digest}"}

    async def verify(self, challenge: str) -> bool:
        """Send url_verification as Slack does when the address is set; True when the challenge came back."""
        payload = {"type": "url_verification", "challenge": challenge, "token": "sandbox"}
        answer = await self.deliver("events_api", payload)
        return challenge in {answer.body.get("challenge"), answer.body.get("text")}

    async def close(self) -> None:
        if self._session is not None:
            await self._session.close()

    async def _post(self, body: bytes, headers: dict[str, str]) -> Answer:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._timeout)
        try:
            async with self._session.post(self.url, data=body, headers=headers, allow_redirects=False) as response:
                text = await response.text()
                return _answer(response.status, response.content_type, text)
        except TimeoutError:
            return timed_out()
        except aiohttp.ClientError:
            return nobody_there()


def _body(kind: Kind, payload: Json) -> tuple[str, bytes]:
    if kind == "events_api":
        return "application/json", json.dumps(payload).encode()
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return _FORM, urlencode(fields).encode()


def _answer(status: int, content_type: str, text: str) -> Answer:
    if status != HTTPStatus.OK:
        return Answer(error="dispatch_failed", status=status)
    if not text:
        return Answer()
    return Answer(json.loads(text) if content_type == "application/json" else {"text": text})
