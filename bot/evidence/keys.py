"""Ed25519 keys ("RFC 8032") that sign evidence, and the fingerprints by which people know them."""

from __future__ import annotations

import base64
import binascii
import hashlib
from dataclasses import dataclass, field
from typing import Final

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)

from bot.errors import ConfigurationError

_RAW: Final = 32
_NOT_A_KEY: Final = (
    "evidence.signing_key: not an Ed25519 private key (PEM without a password, or 32 bytes in base64 are needed)"
)


@dataclass(frozen=True, slots=True)
class Signer:
    """A private key that signs. It never shows itself."""

    _private: Ed25519PrivateKey = field(repr=False)

    @property
    def public(self) -> bytes:
        """The raw public key, 32 bytes."""
        return self._private.public_key().public_bytes_raw()

    @property
    def fingerprint(self) -> str:
        """By what people and signatures name this key."""
        return fingerprint(self.public)

    def sign(self, message: bytes) -> bytes:
        """Return the signature, 64 bytes; the same for the same message."""
        return self._private.sign(message)


def fingerprint(public: bytes) -> str:
    """Return SHA-256 of the raw public key in base32, small letters: 52 of a-z and 2-7."""
    return base64.b32encode(hashlib.sha256(public).digest()).decode().rstrip("=").lower()


def same_fingerprint(typed: str, true: str) -> bool:
    """Whether a fingerprint as a person gives it, perhaps in groups or capitals, is this one, whole."""
    return "".join(typed.replace("-", " ").split()).lower() == true


def is_signed(public: bytes, signature: bytes, message: bytes) -> bool:
    """Whether the owner of this public key signed exactly this message."""
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except (InvalidSignature, ValueError):
        return False
    return True


def new_key() -> str:
    """Return a new private key as PEM (PKCS #8)."""
    pem = Ed25519PrivateKey.generate().private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    return pem.decode()


def signer(text: str) -> Signer:
    """Read a private key: PEM (line breaks may be written as backslash and n), or its 32 bytes in base64.

    Raises `ConfigurationError`, without a word of what was given.
    """
    return Signer(_of_pem(text) if "-----BEGIN" in text else _of_base64(text))


def _of_pem(text: str) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(text.replace("\\n", "\n").encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ConfigurationError(_NOT_A_KEY) from None
    if not isinstance(key, Ed25519PrivateKey):
        raise ConfigurationError(_NOT_A_KEY)
    return key


def _of_base64(text: str) -> Ed25519PrivateKey:
    try:
        raw = base64.b64decode(text.strip(), validate=True)
    except (binascii.Error, ValueError):
        raise ConfigurationError(_NOT_A_KEY) from None
    if len(raw) != _RAW:
        raise ConfigurationError(_NOT_A_KEY)
    return Ed25519PrivateKey.from_private_bytes(raw)
