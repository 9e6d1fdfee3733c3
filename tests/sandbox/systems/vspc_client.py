"""A plain client of the Service Provider Console, written from the vendor's pages."""

import json
from dataclasses import dataclass
from typing import Any

import aiohttp

from sandbox.systems.vspc import Vspc
from sandbox.systems.vspc.seed import API_KEY
from sandbox.systems.vspc.state import Login, User


@dataclass(slots=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - a document
        return json.loads(self.body)

    @property
    def data(self) -> Any:  # noqa: ANN401 - a document
        return self.json()["data"]

    @property
    def error(self) -> Any:  # noqa: ANN401 - a document
        (error,) = self.json()["errors"]
        return error


@dataclass(slots=True)
class VspcClient:
    """Sends one call each with the given bearer."""

    http: aiohttp.ClientSession
    console: Vspc
    bearer: str = API_KEY
    version: str = "3.6.1"

    async def call(
        self, method: str, path: str, *, body: object = None, request_id: str = "", **query: object
    ) -> Reply:
        headers = {"Authorization": f"Bearer {self.bearer}", "X-Client-Version": self.version}
        headers |= {"X-Request-id": request_id} if request_id else {}
        headers |= {"Content-Type": "application/json"} if body is not None else {}
        params = {name: value if isinstance(value, str) else json.dumps(value) for name, value in query.items()}
        data = None if body is None else json.dumps(body)
        url = f"{self.console.url}/api/v3{path}"
        async with self.http.request(method, url, headers=headers, params=params, data=data) as answer:
            return Reply(answer.status, dict(answer.headers), await answer.read())

    async def get(self, path: str, **query: object) -> Reply:
        return await self.call("GET", path, body=None, request_id="", **query)

    async def delete(self, path: str, request_id: str = "") -> Reply:
        return await self.call("DELETE", path, request_id=request_id)

    async def token(self, **form: str) -> Reply:
        async with self.http.post(f"{self.console.url}/api/v3/token", data=form) as answer:
            return Reply(answer.status, dict(answer.headers), await answer.read())

    def user(self, name: str) -> User:
        (found,) = [user for user in self.console.state.users.values() if user.name == name]
        return found

    def logins(self, name: str) -> list[Login]:
        return self.console.state.logins_of(self.user(name).uid)


def equals(field: str, value: object, **more: object) -> list[dict[str, object]]:
    """A filter of one condition."""
    return [{"property": field, "operation": "equals", "value": value} | more]
