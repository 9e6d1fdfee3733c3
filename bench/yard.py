"""`python -m bench.yard`: five light servers in the shape of RSA's Administration API, without TLS, each call 50 ms.

The real simulators verify signatures and go through their lists at every call; with a thousand leavers they would be
what is measured. These know users by their address and by their id, and nothing else.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

from aiohttp import web

from bench.child import answer_all
from sandbox.systems.rsa_cas import RsaCas
from sandbox.systems.rsa_cas.api import BASE
from sandbox.systems.rsa_cas.people import ACME_AD
from sandbox.systems.rsa_cas.users import Status, User, details

_LIKE = "emailLike"
_TOKEN = {"access_token": "worth-nothing", "token_type": "Bearer", "expires_in": 3600}
_NONE = {"code": "NOT_FOUND", "description": "User not found"}


class Tenant:
    """One server. `calls` are what it was asked since the last question about it: method, path and body."""

    def __init__(self, delay: float) -> None:
        self.delay = delay
        self.calls: list[tuple[str, str, str]] = []
        self._by_id: dict[str, User] = {}
        self._by_mail: dict[str, User] = {}
        self._by_name: dict[str, User] = {}

    def add(self, mail: str) -> str:
        """Add a user; its id."""
        user = User(str(uuid4()), mail, "Some", "Leaver", ACME_AD, mail, 0.0)
        self._by_id[user.id] = self._by_mail[mail] = self._by_name[mail.partition("@")[0] + "@"] = user
        return user.id

    def left(self) -> int:
        """How many users stand."""
        return len(self._by_id)

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """Answer one call as the vendor would."""
        body = await request.text()
        self.calls.append((request.method, request.path_qs, body))
        await asyncio.sleep(self.delay)
        if request.path == "/oauth/token":
            return web.json_response(_TOKEN)
        *_, last = parts = request.path.removeprefix(f"{BASE}/").split("/")
        if last in {"lookup", "search"}:
            return self._asked(last, json.loads(body))
        return self._of_user(request.method, last, self._by_id.get(parts[2]))

    def _asked(self, how: str, body: dict[str, str]) -> web.Response:
        if how == "search":
            user = self._by_mail.get(body[_LIKE]) or self._by_name.get(body[_LIKE])
            return web.json_response([details(user)] if user else [])
        user = self._by_mail.get(body.get("email") or body.get("username", ""))
        return web.json_response(details(user)) if user else web.json_response(_NONE, status=404)

    def _of_user(self, method: str, what: str, user: User | None) -> web.Response:
        if user is None:
            return web.json_response(_NONE, status=404)
        if what == "devices":
            return web.json_response([])
        if what == "userStatus":
            user.status = Status.DISABLED
            return web.json_response({"id": user.id, "userStatus": user.status.value})
        if method == "DELETE":
            del self._by_id[user.id], self._by_mail[user.email], self._by_name[user.email.partition("@")[0] + "@"]
        return web.Response(content_type="application/json")


class Yard:
    """The first question opens the servers: `systems`, `users` (mails) and `delay`. Each further one is a count.

    With `delay` it sets the delay anew; `calls` gives and forgets what the first server was asked.
    """

    def __init__(self) -> None:
        self._tenants: list[Tenant] = []
        self._runners: list[web.ServerRunner] = []

    async def answer(self, question: dict[str, Any]) -> object:
        if not self._tenants:
            return [await self._open(question["users"], question["delay"]) for _ in range(question["systems"])]
        for tenant in self._tenants:
            tenant.delay = question.get("delay", tenant.delay)
        first = self._tenants[0]
        calls, first.calls = first.calls, []
        return {"left": [tenant.left() for tenant in self._tenants], "calls": calls if question.get("calls") else []}

    async def _open(self, mails: list[str], delay: float) -> dict[str, object]:
        tenant = Tenant(delay)
        ids = {mail: tenant.add(mail) for mail in mails}
        runner = web.ServerRunner(web.Server(_typed(tenant.answer)))
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self._tenants.append(tenant)
        self._runners.append(runner)
        shape = RsaCas()
        shape.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
        entry = {key: value for key, value in shape.settings().items() if key != "ca_file"}
        return {"url": shape.url, "entry": entry, "ids": ids}

    async def aclose(self) -> None:
        """Close all servers."""
        for runner in self._runners:
            await runner.cleanup()


def _typed(answer: Callable[[web.BaseRequest], Awaitable[web.Response]]) -> Any:  # noqa: ANN401  # aiohttp's own alias is for whole applications
    return answer


async def _main() -> None:
    yard = Yard()
    try:
        await answer_all(yard.answer)
    finally:
        await yard.aclose()


if __name__ == "__main__":
    asyncio.run(_main())
