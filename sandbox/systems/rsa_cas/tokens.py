"""The two ways to a bearer: an OAuth client with a signed assertion, and the legacy key's self-signed JWT."""

import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import jwt
from jwt.types import Options

from sandbox.systems.rsa_cas.keys import KeyType, legacy_key, oauth_key, public_key

READ: Final = "rsa.user.read"
MANAGE: Final = "rsa.user.manage"
DELETE: Final = "rsa.user.delete"
DELETE_SOFT: Final = "rsa.user.delete.soft"
DEVICES: Final = "rsa.authenticator.mobile.read"
DEVICES_MANAGE: Final = "rsa.authenticator.mobile.manage"
ALL_SCOPES: Final = frozenset({READ, MANAGE, DELETE, DELETE_SOFT, DEVICES, DEVICES_MANAGE})
"""OAuth 2.0-Based Permissions for the Cloud Administration APIs; the name of the last one is inferred."""

FORM: Final = "application/x-www-form-urlencoded"
ASSERTION_TYPE: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
SKEW: Final = 60.0
LONGEST: Final = 3600.0
_SIGNATURE_ONLY: Final[Options] = {
    "verify_exp": False,
    "verify_iat": False,
    "verify_nbf": False,
    "verify_aud": False,
    "verify_iss": False,
    "verify_sub": False,
    "verify_jti": False,
}

Answer = tuple[int, dict[str, object]]


@dataclass(frozen=True, slots=True)
class Grant:
    """What a bearer may do, until when (epoch seconds), and in whose name."""

    by: str
    expires: float
    scopes: frozenset[str]


@dataclass(slots=True)
class OAuthClient:
    """A client of type "Admin API". `lifetime` is what the console sets for its tokens, in seconds."""

    client_id: str = "acme-offboarding"
    key_type: KeyType = "EC"
    scopes: frozenset[str] = ALL_SCOPES
    lifetime: int = 3600
    bad_client_status: int = 401  # 400 or 401 (inferred)
    tokens: dict[str, Grant] = field(default_factory=dict)
    spent: set[str] = field(default_factory=set)

    @property
    def private_key(self) -> str:
        return oauth_key(self.key_type)

    def token(self, content_type: str, form: Mapping[str, object], endpoint: str, now: float) -> Answer:
        """Answer a token request with status and body; `endpoint` is the address that the assertion must name."""
        if content_type != FORM or form.get("client_assertion_type") != ASSERTION_TYPE:
            return 400, {"error": "invalid_request"}
        if form.get("grant_type") != "client_credentials":
            return 400, {"error": "unsupported_grant_type"}
        if form.get("client_id") != self.client_id or not self._proves(
            str(form.get("client_assertion")), endpoint, now
        ):
            return self.bad_client_status, {"error": "invalid_client"}
        wanted = frozenset(str(form.get("scope", "")).split())
        if not wanted or not wanted <= self.scopes:
            return 400, {"error": "invalid_scope"}
        return 200, {"access_token": self._issue(wanted, now), "token_type": "Bearer", "expires_in": self.lifetime}

    def grant(self, token: str, now: float) -> Grant | None:
        """Return what the token is worth now, None if it is unknown or has expired."""
        found = self.tokens.get(token)
        return found if found is not None and found.expires > now else None

    def revoke_all(self) -> None:
        """Make every token that was handed out worthless."""
        self.tokens.clear()

    def _proves(self, assertion: str, endpoint: str, now: float) -> bool:
        claims = _verified(assertion, lambda: self.private_key, "ES256" if self.key_type == "EC" else "RS256")
        expires, jti = _seconds(claims.get("exp")), claims.get("jti")
        named = (claims.get("iss"), claims.get("sub"), claims.get("aud")) == (self.client_id, self.client_id, endpoint)
        if not named or expires is None or expires <= now or not isinstance(jti, str) or jti in self.spent:
            return False
        self.spent.add(jti)
        return True

    def _issue(self, scopes: frozenset[str], now: float) -> str:
        token = f"{secrets.token_urlsafe(24)}.{secrets.token_urlsafe(64)}.{secrets.token_urlsafe(32)}"
        self.tokens[token] = Grant(self.client_id, now + self.lifetime, scopes)
        return token


@dataclass(slots=True)
class ApiKey:
    """A legacy Administration API key; `scopes` is what its role may do (for Delete Now: inferred)."""

    access_id: str = "3b8f0a52-5d0e-4f0f-9a53-4f2f5c7a9c11"
    scopes: frozenset[str] = ALL_SCOPES

    @property
    def private_key(self) -> str:
        return legacy_key()

    def grant(self, token: str, url: str, now: float) -> Grant | None:
        """Return what a self-signed token is worth; `url` is `adminRestApiUrl`, which `aud` repeats byte for byte."""
        claims = _verified(token, legacy_key, "RS256", "JWT")
        issued, expires = _seconds(claims.get("iat")), _seconds(claims.get("exp"))
        if (claims.get("sub"), claims.get("aud")) != (self.access_id, url) or issued is None or expires is None:
            return None
        in_time = issued - SKEW <= now < expires + SKEW and 0 < expires - issued <= LONGEST
        return Grant(self.access_id, expires, self.scopes) if in_time else None


def _verified(token: str, key: Callable[[], str], algorithm: str, type_: str | None = None) -> dict[str, object]:
    """Return the claims of a token signed with the key, empty if it is not; times and names are for the caller."""
    try:
        header = jwt.get_unverified_header(token)
        if header.get("alg") != algorithm or type_ not in {None, header.get("typ")}:
            return {}
        claims: dict[str, object] = jwt.decode(token, public_key(key()), [algorithm], _SIGNATURE_ONLY)
    except jwt.InvalidTokenError:
        return {}
    return claims


def _seconds(value: object) -> float | None:
    """Return a time claim; the vendor's own sample writes the numbers as strings."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return float(value)
    except ValueError:
        return None
