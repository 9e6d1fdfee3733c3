"""A plain client for the tests of LivePerson's simulator, written from the vendor's pages."""

from typing import Any

import aiohttp

from sandbox.systems.liveperson import LivePerson

ACCOUNT = "50000001"
USERS = f"/api/account/{ACCOUNT}/configuration/le-users/users"

Answer = tuple[int, Any, str]
"""Status, parsed body (None if there is none) and `ac-revision` (empty if there is none)."""


class Client:
    """Calls with the token that `log_on` got."""

    def __init__(self, http: aiohttp.ClientSession, liveperson: LivePerson) -> None:
        self._http = http
        self.liveperson = liveperson
        self.headers: dict[str, str] = {}

    async def log_on(self) -> None:
        _, body, _ = await self.token()
        self.headers = {"Authorization": f"Bearer {body['access_token']}"}

    async def token(self, **change: str) -> Answer:
        settings = self.liveperson.settings()
        secret = {name: str(settings[name]) for name in ("client_id", "client_secret")}
        form = {"grant_type": "client_credentials", **secret, **change}
        return await self.bare(f"/sentinel/api/v2/account/{ACCOUNT}/app/token", "POST", data=form)

    async def bare(self, path: str, method: str = "GET", **rest: Any) -> Answer:  # noqa: ANN401 - aiohttp's options
        async with self._http.request(method, self.liveperson.url + path, **rest) as response:
            body = await response.json() if await response.read() else None
            return response.status, body, response.headers.get("ac-revision", "")

    async def call(self, method: str, path: str, revision: str = "", **rest: Any) -> Answer:  # noqa: ANN401 - the same
        headers = {**self.headers, **({"If-Match": revision} if revision else {}), **rest.pop("headers", {})}
        return await self.bare(path, method, headers=headers, **rest)

    async def users(self, method: str, query: str = "v=4.0&select=$all", **rest: Any) -> Answer:  # noqa: ANN401 - the same
        return await self.call(method, f"{USERS}?{query}", **rest)

    async def user(self, method: str, user_id: int, query: str = "v=4.0", **rest: Any) -> Answer:  # noqa: ANN401 - the same
        return await self.call(method, f"{USERS}/{user_id}?{query}", **rest)

    async def listed(self) -> list[dict[str, Any]]:
        body: list[dict[str, Any]] = (await self.users("GET"))[1]
        return body

    async def matching(self, key: str) -> list[dict[str, Any]]:
        """Return the users whose log-in or address is the key, letter case aside."""
        return [one for one in await self.listed() if key in {one["loginName"].lower(), one["email"].lower()}]

    async def only(self, key: str) -> dict[str, Any]:
        (found,) = await self.matching(key)
        return found
