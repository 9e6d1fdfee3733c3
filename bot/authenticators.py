"""The keys of authenticator apps: made, encrypted for the database, and compared with the codes that people type."""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

import pyotp
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bot.errors import OffboardError

ISSUER: Final = "offboard"
"""What an authenticator app shows beside the code."""
_VERSION: Final = "1."
_NONCE_BYTES: Final = 12
_SALT: Final = b"offboard second factor"


class KeyUnreadable(OffboardError):
    """A stored key was encrypted under another operator's key, for another person, or was changed."""


@dataclass(frozen=True, slots=True)
class KeyBox:
    """Encrypts the keys of authenticator apps. It never shows the operator's key under which it does."""

    _cipher: AESGCM = field(repr=False)

    @classmethod
    def of(cls, operators_key: str) -> KeyBox:
        """Return the box of `OFFBOARD_POLICY__SECOND_FACTOR_KEY`. Takes some 50 ms: guessing that key costs time."""
        return cls(AESGCM(hashlib.scrypt(operators_key.encode(), salt=_SALT, n=2**14, r=8, p=1, dklen=32)))

    def encrypt(self, user_id: str, key: str) -> str:
        """Return the key as it may be stored; it opens for this person alone, so that rows cannot be swapped."""
        nonce = os.urandom(_NONCE_BYTES)
        sealed = self._cipher.encrypt(nonce, key.encode(), user_id.encode())
        return _VERSION + base64.b64encode(nonce + sealed).decode()

    def decrypt(self, user_id: str, stored: str) -> str:
        """Return a person's key in base32. Raise `KeyUnreadable` where it is not that person's or was changed."""
        try:
            raw = base64.b64decode(stored.removeprefix(_VERSION), validate=True)
            return self._cipher.decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], user_id.encode()).decode()
        except (InvalidTag, ValueError):
            raise KeyUnreadable("The stored key of this authenticator cannot be read.") from None


def make_key() -> str:
    """Return a new key: 160 random bits in base32 ("RFC 4226", section 4)."""
    return pyotp.random_base32()


def enrolment_uri(user_id: str, key: str) -> str:
    """Return the `otpauth:` address by which an app takes the key in."""
    return pyotp.TOTP(key).provisioning_uri(name=user_id, issuer_name=ISSUER)


def matching_steps(key: str, code: str, steps: Iterable[int]) -> tuple[int, ...]:
    """Return those of these time steps that have this code ("RFC 6238": SHA-1, 6 digits, 30 seconds)."""
    codes = pyotp.HOTP(key)
    return tuple(step for step in steps if hmac.compare_digest(codes.at(step), code))
