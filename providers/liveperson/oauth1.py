"""Signed requests: OAuth 1.0a with HMAC-SHA1 (RFC 5849, section 3), for the four values of an API key."""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from base64 import b64encode
from collections.abc import Callable, Iterable
from urllib.parse import parse_qsl, quote, urlsplit

from providers.liveperson.settings import Settings
from providers.settings import revealed

_OWN_PORTS = {"http": 80, "https": 443}


class SignedRequests:
    """Signs each call anew: a nonce is good once. Nothing is logged on. `clock` gives seconds since 1970."""

    denial = "LivePerson does not accept the API key's signature (401); check its four values and this machine's clock"

    def __init__(self, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self._settings = settings
        self._clock = clock

    async def ready(self) -> None:
        """Do nothing: there is no log-on."""

    def header(self, method: str, url: str) -> str:
        """Return `Authorization` for a call without a body, or with one in JSON, which takes no part."""
        protocol = {
            "oauth_consumer_key": str(self._settings.consumer_key),
            "oauth_token": revealed(self._settings.access_token),
            "oauth_signature_method": "HMAC-SHA1",
            "oauth_timestamp": str(int(self._clock())),
            "oauth_nonce": secrets.token_hex(16),
            "oauth_version": "1.0",
        }
        base = base_string(method, url, protocol.items())
        keys = revealed(self._settings.consumer_secret), revealed(self._settings.access_token_secret)
        signed = {**protocol, "oauth_signature": signature(base, *keys)}
        return "OAuth " + ", ".join(f'{name}="{_encoded(value)}"' for name, value in signed.items())

    def turned_down(self) -> bool:
        """Return that no other try can help: the next signature would be made with the same values."""
        return False

    def is_own(self, user_id: str, login: str) -> bool:  # noqa: ARG002  # a key is nobody among the users
        return False

    async def aclose(self) -> None:
        """Do nothing: there is no log-on."""


def base_string(method: str, url: str, protocol: Iterable[tuple[str, str]]) -> str:
    """Return the signature base string (3.4.1): method, address, and the query's parameters with the protocol's."""
    parts = urlsplit(url)
    pairs = [*parse_qsl(parts.query, keep_blank_values=True), *protocol]
    encoded = sorted((_encoded(name), _encoded(value)) for name, value in pairs)
    host = (parts.hostname or "") + ("" if parts.port in {None, _OWN_PORTS[parts.scheme]} else f":{parts.port}")
    address = f"{parts.scheme}://{host}{parts.path or '/'}"
    return "&".join(
        (method.upper(), _encoded(address), _encoded("&".join(f"{name}={value}" for name, value in encoded)))
    )


def signature(base: str, consumer_secret: str, token_secret: str) -> str:
    """Return the HMAC-SHA1 signature in base 64 (3.4.2)."""
    key = f"{_encoded(consumer_secret)}&{_encoded(token_secret)}"
    return b64encode(hmac.digest(key.encode(), base.encode(), hashlib.sha1)).decode()


def _encoded(text: str) -> str:
    return quote(text, safe="-._~")
