"""Huawei Cloud's request signature `SDK-HMAC-SHA256` (AK/SK signing guide), as its own SDK makes it."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias
from urllib.parse import quote, unquote

from pydantic import SecretStr

QueryValue: TypeAlias = str | int | bool | Sequence[str]

_SCHEME = "SDK-HMAC-SHA256"


@dataclass(frozen=True, slots=True)
class Request:
    """What is signed, and sent exactly so.

    `path` may be percent-encoded or not; `headers` are those that take part besides `Host` and `X-Sdk-Date`; `host`
    has a port where it is not the scheme's own.
    """

    method: str
    host: str
    path: str
    query: Mapping[str, QueryValue]
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Signer:
    """Signs with one pair of keys. The gateway accepts dates up to 15 minutes off."""

    access_key: str
    secret_key: SecretStr

    def headers(self, request: Request, at: datetime) -> dict[str, str]:
        """Return all headers to send, `Host` and `Authorization` among them. `at` is UTC."""
        date = at.strftime("%Y%m%dT%H%M%SZ")
        sent = {"Host": request.host, "X-Sdk-Date": date, **request.headers}
        digest = hashlib.sha256(canonical_request(request, sent).encode()).hexdigest()
        signature = self._hmac(f"{_SCHEME}\n{date}\n{digest}")
        names = ";".join(name for name, _ in _signed(sent))
        credential = f"Access={self.access_key}, SignedHeaders={names}, Signature={signature}"
        return {**sent, "Authorization": f"{_SCHEME} {credential}"}

    def _hmac(self, text: str) -> str:
        key = self.secret_key.get_secret_value().encode()
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def canonical_request(request: Request, sent: Mapping[str, str]) -> str:
    """Return the text whose digest is signed; `sent` are the headers that take part."""
    signed = list(_signed(sent))
    return "\n".join(
        (
            request.method,
            canonical_path(request.path),
            canonical_query(request.query),
            *(f"{name}:{value}" for name, value in signed),
            "",
            ";".join(name for name, _ in signed),
            hashlib.sha256(request.body).hexdigest(),
        )
    )


def canonical_path(path: str) -> str:
    """Return the path as it is signed: each segment encoded anew, with a slash at the end that is not sent."""
    return quote(unquote(path), safe="/").rstrip("/") + "/"


def canonical_query(query: Mapping[str, QueryValue]) -> str:
    """Return the query as it is signed and sent: sorted, with %20 for a blank and one pair per item of a list."""
    encoded = ((quote(name, safe=""), quote(text, safe="")) for name, value in query.items() for text in _texts(value))
    return "&".join(f"{name}={text}" for name, text in sorted(encoded))


def _texts(value: QueryValue) -> Iterator[str]:
    if isinstance(value, bool):
        yield "true" if value else "false"
    elif isinstance(value, str | int):
        yield str(value)
    else:
        yield from value


def _signed(sent: Mapping[str, str]) -> list[tuple[str, str]]:
    return sorted((name.lower(), value.strip()) for name, value in sent.items())
