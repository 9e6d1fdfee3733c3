"""A plain client of Enterprise Manager, written from the vendor's pages."""

import json
from dataclasses import dataclass, field
from typing import Any
from xml.etree.ElementTree import Element, fromstring

import aiohttp

from sandbox.systems.veeam_em import VeeamEm

JSON = "application/json"
XML = "application/xml"
HEADER = "X-RestSvcSessionId"


@dataclass(slots=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - a document
        return json.loads(self.body)

    def xml(self) -> Element:
        return fromstring(self.body)  # noqa: S314 - the simulator's own document


@dataclass(slots=True)
class EmClient:
    """Sends one call each; `accept` None sends no Accept header at all."""

    http: aiohttp.ClientSession
    em: VeeamEm
    accept: str | None = JSON
    token: str = ""
    session: str = ""
    extra: dict[str, str] = field(default_factory=dict)

    async def call(self, method: str, path: str, **headers: str) -> Reply:
        sent = {HEADER: self.token} if self.token else {}
        sent |= {"Accept": self.accept} if self.accept else {}
        skip = () if self.accept else ("Accept",)
        every = sent | self.extra | headers
        async with self.http.request(
            method, f"{self.em.url}/api{path}", headers=every, skip_auto_headers=skip
        ) as answer:
            return Reply(answer.status, dict(answer.headers), await answer.read())

    async def log_on(self, user: str | None = None, password: str | None = None, path: str = "?v=latest") -> Reply:
        known = self.em.settings()
        basic = aiohttp.encode_basic_auth(user or str(known["username"]), password or str(known["password"]))
        reply = await self.call("POST", f"/sessionMngr/{path}", Authorization=basic)
        if reply.status == 201:
            self.token = reply.headers[HEADER]
            self.session = reply.json()["SessionId"] if self.accept == JSON else ""
        return reply

    def id_of(self, name: str) -> str:
        account = self.em.state.named(name)
        assert account is not None
        return account.id

    async def delete(self, account: str) -> Reply:
        return await self.call("DELETE", f"/security/accounts/{account}")

    async def entity(self, account: str) -> Reply:
        return await self.call("GET", f"/security/accounts/{account}?format=Entity")
