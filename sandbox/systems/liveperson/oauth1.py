"""OAuth 1.0a signed requests: HMAC-SHA1 over method, address and query (RFC 5849; Create API keys)."""

import hmac
import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha1
from urllib.parse import quote, unquote

WINDOW = 300.0
"""Seconds that a timestamp may be away from the server's clock (inferred)."""

PARAMETER = re.compile(r'^\s*([\w%.-]+)="([^"]*)"\s*$')
REQUIRED = ("oauth_consumer_key", "oauth_token", "oauth_signature_method", "oauth_timestamp", "oauth_nonce")


@dataclass(slots=True)
class ApiKey:
    """The four values of an API key, and whether it carries the privilege Administration → Users."""

    consumer_key: str
    consumer_secret: str
    access_token: str
    access_token_secret: str
    may_see_users: bool = True


@dataclass(slots=True)
class Signatures:
    """Checks signed requests for one API key; a nonce is good once."""

    key: ApiKey
    seen: set[tuple[str, str]] = field(default_factory=set)

    def valid(self, header: str, method: str, url: str, query: Iterable[tuple[str, str]], now: float) -> bool:
        """Say whether the `Authorization` header signs this request. `url` is without its query."""
        given = parameters(header)
        if given is None or not self._fresh(given, now):
            return False
        signed = [*query, *((name, value) for name, value in given.items() if name not in {"realm", "oauth_signature"})]
        wanted = signature(self.key, base_string(method, url, signed))
        if not hmac.compare_digest(wanted.encode(), given.get("oauth_signature", "").encode()):
            return False
        self.seen.add((given["oauth_timestamp"], given["oauth_nonce"]))
        return True

    def _fresh(self, given: dict[str, str], now: float) -> bool:
        if any(name not in given for name in REQUIRED) or given["oauth_signature_method"] != "HMAC-SHA1":
            return False
        if (given["oauth_consumer_key"], given["oauth_token"]) != (self.key.consumer_key, self.key.access_token):
            return False
        stamp = given["oauth_timestamp"]
        near = stamp.isdigit() and abs(int(stamp) - now) <= WINDOW
        return near and (stamp, given["oauth_nonce"]) not in self.seen


def parameters(header: str) -> dict[str, str] | None:
    """Return the decoded parameters of an `Authorization: OAuth …` header, or None if it is none."""
    scheme, _, rest = header.partition(" ")
    matches = [PARAMETER.match(part) for part in rest.split(",")]
    if scheme != "OAuth" or not all(matches):
        return None
    return {unquote(found[1]): unquote(found[2]) for found in matches if found is not None}


def base_string(method: str, url: str, pairs: Iterable[tuple[str, str]]) -> str:
    """Return the signature base string (RFC 5849, 3.4.1)."""
    encoded = sorted((_percent(name), _percent(value)) for name, value in pairs)
    joined = "&".join(f"{name}={value}" for name, value in encoded)
    return "&".join((method.upper(), _percent(url), _percent(joined)))


def signature(key: ApiKey, base: str) -> str:
    """Return the HMAC-SHA1 signature in base 64 (RFC 5849, 3.4.2)."""
    secret = f"{_percent(key.consumer_secret)}&{_percent(key.access_token_secret)}"
    return b64encode(hmac.new(secret.encode(), base.encode(), sha1).digest()).decode()


def _percent(text: str) -> str:
    return quote(text, safe="-._~")
