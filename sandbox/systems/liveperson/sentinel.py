"""The token server `sentinel`: OAuth 2.0 client credentials, version 2 (OAuth 2.0 Client Credentials)."""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

import jwt

LIFETIME = 3599
USERS_SCOPE = "users.external"
FORM = "application/x-www-form-urlencoded"


@dataclass(slots=True)
class App:
    """A registered application. The scopes belong to it and are not asked for in the token request."""

    client_id: str
    client_secret: str
    scopes: frozenset[str] = frozenset({USERS_SCOPE})


@dataclass(frozen=True, slots=True)
class Bearer:
    """What a bearer may do, and until when (epoch seconds)."""

    expires: float
    may_see_users: bool


@dataclass(slots=True)
class Sentinel:
    """Hands out tokens to one application and says what a bearer is worth."""

    app: App
    bad_client_status: int = 401
    """What a wrong secret is answered with: 400 or 401 (inferred; the listed ones are 200, 400, 500)."""
    issued: dict[str, Bearer] = field(default_factory=dict)
    key: str = field(default_factory=lambda: secrets.token_hex(32))

    def token(self, content_type: str, form: Mapping[str, object], now: float) -> tuple[int, dict[str, object]]:
        """Answer a token request, made at `now`, with status and body."""
        if content_type != FORM:
            return _refused(400, "invalid_request")
        if form.get("grant_type") != "client_credentials":
            return _refused(400, "unsupported_grant_type")
        if not self._known(str(form.get("client_id")), str(form.get("client_secret"))):
            return _refused(self.bad_client_status, "invalid_client")
        return 200, {"access_token": self._issue(now), "token_type": "Bearer", "expires_in": LIFETIME}

    def bearer(self, token: str, now: float) -> Bearer | None:
        """Return what the token is worth now; None if it is unknown or past its hour."""
        found = self.issued.get(token)
        return found if found is not None and found.expires > now else None

    def revoke_all(self) -> None:
        """Make every token that was handed out worthless, as an expiry in the middle of a run does."""
        self.issued.clear()

    def _known(self, client_id: str, client_secret: str) -> bool:
        return client_id == self.app.client_id and secrets.compare_digest(
            client_secret.encode(), self.app.client_secret.encode()
        )

    def _issue(self, now: float) -> str:
        expires = now + LIFETIME
        claims = {"sub": self.app.client_id, "exp": int(expires), "jti": secrets.token_hex(8)}
        token = jwt.encode(claims, self.key, algorithm="HS256")
        self.issued[token] = Bearer(expires, USERS_SCOPE in self.app.scopes)
        return token


def _refused(status: int, error: str) -> tuple[int, dict[str, object]]:
    return status, {"error": error}
