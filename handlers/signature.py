"""Slack's signature over an HTTP request ("Verifying requests from Slack"), checked before anything is read of it."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Sequence
from typing import Final

from pydantic import SecretStr

LONGEST_AGE: Final = 300.0
"""Seconds between our clock and the request's time stamp: what is older may be a replay."""
_TIMESTAMP: Final = re.compile(rb"[0-9]{1,12}")
_SIGNATURE: Final = re.compile(rb"v0=[0-9a-f]{64}")


def is_signed(body: bytes, timestamps: Sequence[str], signatures: Sequence[str], secret: SecretStr, now: float) -> bool:
    """Whether the raw body was signed with our secret within five minutes of `now` (seconds since 1970).

    Takes the values of both headers as they came. Missing, repeated or malformed ones are simply not signed, and
    an empty secret signs nothing: nothing here raises, whatever a stranger sends.
    """
    timestamp, signature = _only(timestamps), _only(signatures)
    if not secret.get_secret_value():
        return False
    if not _TIMESTAMP.fullmatch(timestamp) or not _SIGNATURE.fullmatch(signature):
        return False
    if abs(now - int(timestamp)) > LONGEST_AGE:
        return False
    signed = hmac.new(secret.get_secret_value().encode(), b"v0:" + timestamp + b":" + body, hashlib.sha256)
    return hmac.compare_digest(f"v0={signed.hexdigest()}".encode(), signature)


def _only(values: Sequence[str]) -> bytes:
    """Return the one value of a header in bytes; nothing where it is missing or repeated."""
    return values[0].encode("utf-8", "surrogateescape") if len(values) == 1 else b""
