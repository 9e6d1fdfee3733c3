"""Checking AK/SK signatures, scheme SDK-HMAC-SHA256 ("AK/SK signing guide"), from the bytes that came in."""

import hashlib
import hmac
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, unquote

SCHEME: Final = "SDK-HMAC-SHA256"

_HEADER: Final = re.compile(r"SDK-HMAC-SHA256 Access=([^,]+), ?SignedHeaders=([^,]+), ?Signature=([0-9a-f]{64})")


@dataclass(frozen=True, slots=True)
class Claim:
    """What an Authorization header says: whose key, which headers take part, and the signature."""

    access: str
    headers: tuple[str, ...]
    signature: str


def claim(authorization: str) -> Claim | None:
    """None where the header is not of this scheme or not whole."""
    found = _HEADER.fullmatch(authorization.strip())
    return Claim(found[1], tuple(found[2].split(";")), found[3]) if found else None


def canonical_request(
    method: str, target: str, headers: Mapping[str, str], signed: tuple[str, ...], body: bytes
) -> bytes:
    """The text that is hashed; `target` is the raw path and query, `headers` are looked up without case."""
    path, _, query = target.partition("?")
    lines = [f"{name}:{headers.get(name, '').strip()}" for name in signed]
    replaced = headers.get("X-Sdk-Content-Sha256") if body else None
    digest = replaced or hashlib.sha256(body).hexdigest()
    return "\n".join([method, _uri(path), _query(query), *lines, "", ";".join(signed), digest]).encode()


def signature(secret: str, date: str, canonical: bytes) -> str:
    text = f"{SCHEME}\n{date}\n{hashlib.sha256(canonical).hexdigest()}"
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def _uri(path: str) -> str:
    """Each segment encoded anew; the signed form always ends with a slash."""
    encoded = "/".join(_encoded(segment) for segment in path.split("/"))
    return encoded if encoded.endswith("/") else f"{encoded}/"


def _query(query: str) -> str:
    """Sorted by key, then value. A plus stays a plus: this is no form."""
    pairs = [part.partition("=")[::2] for part in query.split("&") if part]
    return "&".join(f"{key}={value}" for key, value in sorted((_encoded(key), _encoded(value)) for key, value in pairs))


def _encoded(text: str) -> str:
    return quote(unquote(text), safe="-_.~")
