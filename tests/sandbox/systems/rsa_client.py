"""A plain client for the tests of RSA's simulator, written from the vendor's pages."""

import uuid
from typing import Any

import aiohttp
import jwt

from sandbox.systems.rsa_cas import RsaCas

ALL_SCOPES = (
    "rsa.user.read rsa.user.manage rsa.user.delete rsa.user.delete.soft "
    "rsa.authenticator.mobile.read rsa.authenticator.mobile.manage"
)

Answer = tuple[int, Any]
"""Status and parsed body (None if there is none)."""


class Client:
    """Calls with the bearer that `log_on` got."""

    def __init__(self, http: aiohttp.ClientSession, rsa: RsaCas) -> None:
        self._http = http
        self.rsa = rsa
        self.bearer = ""

    async def log_on(self, scope: str = ALL_SCOPES) -> None:
        """Get a token with a signed assertion, as the OAuth client."""
        self.bearer = (await self.token(self.assertion(), scope))[1]["access_token"]

    def assertion(self, algorithm: str = "ES256", **change: Any) -> str:  # noqa: ANN401 - claims of any kind
        client, now = self.rsa.state.oauth, int(self.rsa.clock.now())
        claims: dict[str, Any] = {"iss": client.client_id, "sub": client.client_id, "aud": f"{self.rsa.issuer}/token"}
        claims |= {"iat": now, "exp": now + 300, "jti": str(uuid.uuid4())} | change
        return jwt.encode(claims, client.private_key, algorithm=algorithm)

    async def token(self, assertion: str, scope: str = ALL_SCOPES, **change: str) -> Answer:
        form = {
            "grant_type": "client_credentials",
            "client_id": self.rsa.state.oauth.client_id,
            "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            "client_assertion": assertion,
            "scope": scope,
        }
        return await self.bare("POST", f"{self.rsa.issuer}/token", data={**form, **change})

    def self_signed(self, algorithm: str = "RS256", typ: str = "JWT", **change: Any) -> str:  # noqa: ANN401 - the same
        """Return a token of the legacy key."""
        key, now = self.rsa.state.key, int(self.rsa.clock.now())
        claims: dict[str, Any] = {"sub": key.access_id, "iat": now, "exp": now + 3600, "aud": self.rsa.admin_url}
        return jwt.encode(claims | change, key.private_key, algorithm=algorithm, headers={"typ": typ})

    async def bare(self, method: str, url: str, **rest: Any) -> Answer:  # noqa: ANN401 - aiohttp's options
        async with self._http.request(method, url, **rest) as response:
            typed = response.content_type == "application/json" and await response.read()
            return response.status, await response.json() if typed else None

    async def call(self, method: str, path: str, **rest: Any) -> Answer:  # noqa: ANN401 - the same
        url = f"{self.rsa.url}/AdminInterface/restapi{path}"
        return await self.bare(method, url, headers={"Authorization": f"Bearer {self.bearer}"}, **rest)

    async def lookup(self, email: str, **more: Any) -> Answer:  # noqa: ANN401 - properties of any kind
        return await self.call("POST", "/v1/users/lookup", json={"email": email, **more})

    async def search(self, like: str, query: str = "pageSize=25&pageNumber=0") -> Answer:
        return await self.call("POST", f"/v2/users/search?{query}", json={"emailLike": like})

    async def set_status(self, user_id: str, status: str) -> Answer:
        return await self.call("PUT", f"/v1/users/{user_id}/userStatus", json={"userStatus": status})

    async def mark(self, user_id: str, wanted: object) -> Answer:
        return await self.call("PUT", f"/v1/users/{user_id}/markDeleted", json={"markDeleted": wanted})

    async def delete(self, user_id: str) -> Answer:
        return await self.call("DELETE", f"/v1/users/{user_id}")

    async def id_of(self, email: str) -> str:
        found: str = (await self.lookup(email))[1]["id"]
        return found
