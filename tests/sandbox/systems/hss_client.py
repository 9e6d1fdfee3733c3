"""A plain client of Huawei's cloud, written from the vendor's pages, with a signer of its own."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

import aiohttp
from yarl import URL

from sandbox.systems.huawei_hss import HuaweiHss
from sandbox.systems.huawei_hss.seed import ACCESS_KEY, ORGANIZATION, PROJECT, SECRET_KEY
from sandbox.systems.huawei_hss.state import Row

ACCOUNTS = "/v5/setting/account/accounts"
Query = Iterable[tuple[str, str]]


def encoded(query: Query) -> str:
    """The canonical query, which is also sent as it is."""
    return "&".join(sorted(f"{quote(key, safe='-_.~')}={quote(value, safe='-_.~')}" for key, value in query))


def sign(secret: str, method: str, path: str, query: Query, headers: dict[str, str], body: bytes) -> str:
    """The signature over all of `headers`, whose names are lower-case."""
    slashed = path if path.endswith("/") else path + "/"
    lines = [f"{name}:{headers[name]}\n" for name in sorted(headers)]
    text = (
        f"{method}\n{quote(slashed, safe='/-_.~')}\n{encoded(query)}\n{''.join(lines)}\n{';'.join(sorted(headers))}\n"
    )
    canonical = text + hashlib.sha256(body).hexdigest()
    to_sign = f"SDK-HMAC-SHA256\n{headers['x-sdk-date']}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
    return hmac.new(secret.encode(), to_sign.encode(), hashlib.sha256).hexdigest()


@dataclass(slots=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - a document
        return json.loads(self.body)

    @property
    def code(self) -> str:
        return str(self.json()["error_code"])


@dataclass(slots=True)
class HssClient:
    """Signs each call, or sends `token` in place of a signature. `skew` moves the date, in seconds."""

    http: aiohttp.ClientSession
    cloud: HuaweiHss
    secret: str = SECRET_KEY
    access: str = ACCESS_KEY
    token: str = ""
    skew: float = 0.0
    extra: dict[str, str] = field(default_factory=dict)
    unsigned: tuple[str, ...] = ()

    async def call(self, method: str, path: str, *query: tuple[str, str], body: object = None) -> Reply:
        data = b"" if body is None else json.dumps(body).encode()
        headers = {"X-Auth-Token": self.token} if self.token else self._signed(method, path, query, data)
        url = URL(f"{self.cloud.url}{path}" + (f"?{encoded(query)}" if query else ""), encoded=True)
        async with self.http.request(
            method, url, headers={"Content-Type": "application/json"} | headers, data=data or None
        ) as answer:
            return Reply(answer.status, answer.headers, await answer.read())

    def _signed(self, method: str, path: str, query: Query, body: bytes) -> dict[str, str]:
        at = datetime.fromtimestamp(self.cloud.clock.now() + self.skew, UTC)
        sent = {
            "content-type": "application/json",
            "host": self.cloud.url.removeprefix("https://"),
            "x-project-id": PROJECT,
            "x-sdk-date": at.strftime("%Y%m%dT%H%M%SZ"),
        } | self.extra
        part = {name: value for name, value in sent.items() if name not in self.unsigned}
        signature = sign(self.secret, method, path, query, part, body) if "x-sdk-date" in part else "0" * 64
        names = ";".join(sorted(part))
        said = f"SDK-HMAC-SHA256 Access={self.access}, SignedHeaders={names}, Signature={signature}"
        return sent | {"Authorization": said}

    async def page(self, limit: int = 200, offset: int = 0) -> Reply:
        everywhere = ("enterprise_project_id", "all_granted_eps")
        return await self.call("GET", ACCOUNTS, ("limit", str(limit)), ("offset", str(offset)), everywhere)

    async def delete(self, row: Row, **changed: str) -> Reply:
        organization, account, project = row.triple
        body = {"organization_id": organization, "account_id": account, "project_id": project} | changed
        return await self.call("DELETE", ACCOUNTS, ("enterprise_project_id", "all_granted_eps"), body=body)

    async def get_token(self, scope: dict[str, object], user: str = "svc-offboard", password: str = "") -> Reply:
        who = {"name": user, "password": password or "iam-sandbox-password", "domain": {"name": "acme-master"}}
        auth = {"identity": {"methods": ["password"], "password": {"user": who}}, "scope": scope}
        async with self.http.post(f"{self.cloud.url}/v3/auth/tokens", json={"auth": auth}) as answer:
            reply = Reply(answer.status, answer.headers, await answer.read())
        self.token = reply.headers.get("X-Subject-Token", "")
        return reply

    def row(self, name: str, project: str = "eu-west-101", organization: str = ORGANIZATION) -> Row:
        wanted = (name, project, organization)
        rows = self.cloud.state.rows
        (found,) = [row for row in rows if (row.account_name, row.project_name, row.organization_id) == wanted]
        return found
