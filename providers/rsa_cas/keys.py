"""Private keys that sign what we claim to RSA."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TypeAlias

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.serialization import load_pem_private_key

PrivateKey: TypeAlias = RSAPrivateKey | EllipticCurvePrivateKey

_SMALLEST_RSA = 2048


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A private key, the algorithm that goes with it, and its name (`kid`) where it has one."""

    key: PrivateKey = field(repr=False)
    algorithm: str
    kid: str | None = None

    def sign(self, claims: dict[str, object]) -> str:
        """Return a signed JWT of type `JWT`."""
        return jwt.encode(claims, self.key, self.algorithm, headers={"kid": self.kid} if self.kid else None)


def signing_key(text: str) -> SigningKey:
    r"""Read a PEM file's text or a JWK. Raises ValueError, without the text, for what cannot sign here.

    A PKCS#8 header does not tell RSA from EC, so the key is loaded to choose RS256 or ES256. A text in one line
    with `\n` written out, as environment variables hold it, is read as the lines that it means.
    """
    plain = text.strip()
    key, kid = _from_jwk(plain) if plain.startswith("{") else (_from_pem(plain), None)
    if isinstance(key, RSAPrivateKey) and key.key_size >= _SMALLEST_RSA:
        return SigningKey(key, "RS256", kid)
    if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1):
        return SigningKey(key, "ES256", kid)
    raise ValueError("is not a private key of RSA (2048 bits or more) or EC (P-256)")


def _from_pem(text: str) -> object:
    lines = text if "\n" in text else text.replace("\\n", "\n")
    try:
        return load_pem_private_key(lines.encode(), password=None)
    except (ValueError, TypeError, UnsupportedAlgorithm):
        raise ValueError("is not a private key in PEM form without a passphrase") from None


def _from_jwk(text: str) -> tuple[object, str | None]:
    try:
        jwk = jwt.PyJWK(json.loads(text))
    except (ValueError, jwt.PyJWTError):
        raise ValueError("is not a private key in JWK form") from None
    return jwk.key, jwk.key_id
