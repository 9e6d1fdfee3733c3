"""The service's multi-account paths; IAM's stand in `iam`."""

import json
from collections.abc import Iterable
from typing import Any, ClassVar, Final

from aiohttp import web

from sandbox.systems.clock import MovableClock
from sandbox.systems.frame import Simulator
from sandbox.systems.huawei_hss import iam, seed
from sandbox.systems.huawei_hss.access import Caller, Desk, Throttle
from sandbox.systems.huawei_hss.answers import gateway, hss, reply
from sandbox.systems.huawei_hss.state import HssState, Member, Row
from sandbox.systems.journal import EVERYONE, note

Json = dict[str, Any]

ACCOUNTS: Final = "/v5/setting/account/accounts"
_PAGE: Final = (10, 200)
_FARTHEST: Final = 2_000_000
_NAMED: Final = ("organization_id", "account_id", "project_id")


class HuaweiHss(Simulator):
    """Answers as the "HSS API Reference" and the "IAM API Reference" tell; `state.switches` where they are silent.

    Deleting an account takes its row off the list and touches nothing else: not the organization, no IAM user.
    """

    kind: ClassVar[str] = "huawei_hss"
    state: HssState

    def __init__(self, *, clock: MovableClock | None = None, limits: bool = True, delay: float = 0.0) -> None:
        super().__init__(clock=clock, limits=limits, delay=delay)
        self.state = HssState()
        self._throttle = Throttle()

    def seed(self) -> None:
        self.owned = seed.fill(self.state)

    def settings(self) -> dict[str, object]:
        """An entry that signs with the access key; service and IAM are one server here."""
        return {
            "provider": self.kind,
            "ca_file": self.ca_file,
            "region": seed.REGION,
            "project_id": seed.PROJECT,
            "access_key": seed.ACCESS_KEY,
            "secret_key": seed.SECRET_KEY,
            "organization_id": seed.ORGANIZATION,
            "accounts": seed.assigned(self.state),
            "protected_accounts": ["acme-master", "acme-prod"],
            "endpoint": self.url,
            "iam_endpoint": self.url,
            "calls_per_minute": 5 if self.limits else 600,
        }

    def standing(self) -> frozenset[str]:
        """Rows as `account/project`, IAM users as `iam name`, the organization's accounts as `member name`."""
        rows = [seed.handle(row) for row in self.state.rows if row.lists_left is None]
        users = [f"iam {user.name}" for user in self.state.users.values() if user.enabled]
        return frozenset([*rows, *users, *(f"member {member.name}" for member in self.state.members.values())])

    def routes(self) -> Iterable[web.RouteDef]:
        return [
            web.get(ACCOUNTS, self._list),
            web.delete(ACCOUNTS, self._delete),
            web.post(ACCOUNTS, self._add),
            web.get("/v5/setting/account/organization-tree", self._tree),
            web.get("/v5/setting/account/admin", self._admin),
            *iam.routes(self),
        ]

    def missing(self, request: web.Request, status: int) -> web.Response:
        """The gateway knows no such API: a wrong path or region, never a missing account."""
        no = gateway("APIGW.0101", f"The API does not exist: {request.method} {request.path}", status)
        return no.response

    async def caller(self, request: web.Request, scope: str) -> Caller:
        """Who calls, counted against the limits; a token must have been issued for `scope`."""
        caller = await Desk(self.state, self.clock.now()).caller(request)
        if self.limits:
            self._throttle.count(request, caller, self.clock.now())
        if caller.scope not in {None, scope}:
            raise hss("HSS.0010", "Access denied.")
        return caller

    async def _administrator(self, request: web.Request) -> None:
        """Only the organization's administrator side may manage accounts, and in its own project."""
        caller = await self.caller(request, "project")
        if request.headers.get("X-Project-Id", seed.PROJECT) != seed.PROJECT:
            raise hss("HSS.0010", "Access denied.")
        if not caller.user.is_administrator:
            raise hss("HSS.0013", "Insufficient permissions.")

    async def _list(self, request: web.Request) -> web.Response:
        """Pages of 10 unless told, 200 at most; no filter but the enterprise project's."""
        note(request, EVERYONE)
        await self._administrator(request)
        limit = _number(request, "limit", _PAGE[0], *_PAGE)
        offset = _number(request, "offset", 0, 0, _FARTHEST)
        rows = [row for row in self.state.listed() if _is_in(row, request)]
        page = [row.json() for row in rows[offset : offset + limit]]
        return reply({"total_num": len(rows), "data_list": page})

    async def _tree(self, request: web.Request) -> web.Response:
        """The organization, from a cache that `is_refresh=true` renews."""
        await self._administrator(request)
        if self.state.cached_members is None or request.query.get("is_refresh") == "true":
            self.state.cached_members = dict(self.state.members)
        nodes = [_node(member) for member in self.state.cached_members.values()]
        return reply({"total_num": len(nodes), "data_list": nodes})

    async def _admin(self, request: web.Request) -> web.Response:
        caller = await self.caller(request, "project")
        return reply({"is_admin_account": caller.user.is_administrator})

    async def _delete(self, request: web.Request) -> web.Response:
        """One row a call, named by three ids; success has no body ("Deleting an Account")."""
        body = await _body(request)
        account = body.get("account_id")
        note(request, account if isinstance(account, str) else None)
        await self._administrator(request)
        wanted = tuple(_named(body, name) for name in _NAMED)
        row = next((row for row in self._rows() if row.triple == wanted and _is_in(row, request)), None)
        if row is None:
            return self._not_there()
        self._take_off(row)
        note(request, row.account_id, effect=True)
        return reply(None, self.state.switches.delete_status)

    def _rows(self) -> list[Row]:
        return [row for row in self.state.rows if row.lists_left is None]

    def _not_there(self) -> web.Response:
        if self.state.switches.silent_second_delete:
            return reply(None, self.state.switches.delete_status)
        raise hss("HSS.0011", "The requested resource is not found.")

    def _take_off(self, row: Row) -> None:
        lists = self.state.switches.lists_that_still_show
        if lists:
            row.lists_left = lists
        else:
            self.state.rows.remove(row)

    async def _add(self, request: web.Request) -> web.Response:
        """All accounts of the batch must be delegated members that are not yet managed, or none is added."""
        await self._administrator(request)
        batch = (await _body(request)).get("data_list")
        if not isinstance(batch, list) or not all(isinstance(one, dict) for one in batch):
            raise hss("HSS.0001", "Invalid parameter: data_list.")
        legal = all(self._may_be_added(one) for one in batch)
        for one in batch if legal else ():
            row = self.state.add_row(one["account_name"], one["organization_id"], seed.REGION, **_same_id(one))
            note(request, row.account_id, effect=True)
        return reply({"is_all_legal_count": legal})

    def _may_be_added(self, one: Json) -> bool:
        member = self.state.members.get(one.get("account_id", ""))
        managed = {row.account_id for row in self._rows()}
        known = member is not None and member.kind == "account" and member.delegated and member.id not in managed
        return known and one.get("organization_id") == seed.ORGANIZATION and bool(one.get("account_name"))


def _same_id(one: Json) -> dict[str, str]:
    return {"account_id": one["account_id"]}


async def _body(request: web.Request) -> Json:
    try:
        body = json.loads(await request.read())
    except ValueError:
        raise hss("HSS.0002", "The request cannot be parsed.") from None
    if not isinstance(body, dict):
        raise hss("HSS.0002", "The request cannot be parsed.")
    return body


def _named(body: Json, name: str) -> str:
    value = body.get(name)
    if not isinstance(value, str) or not value:
        raise hss("HSS.0001", f"Invalid parameter: {name}.")
    return value


def _number(request: web.Request, name: str, default: int, least: int, most: int) -> int:
    text = request.query.get(name, str(default))
    if not text.isdecimal() or not least <= int(text) <= most:
        raise hss("HSS.0001", f"Invalid parameter: {name}.")
    return int(text)


def _is_in(row: Row, request: web.Request) -> bool:
    """Absent means the default enterprise project, 0."""
    wanted = request.query.get("enterprise_project_id", "0")
    return wanted in {"all_granted_eps", row.enterprise_project}


def _node(member: Member) -> Json:
    return {
        "parent_id": member.parent,
        "id": member.id,
        "urn": f"organizations::{seed.DOMAIN}:{member.kind}:{seed.ORGANIZATION}/{member.id}",
        "name": member.name,
        "org_type": member.kind,
        "delegated": member.delegated,
    }
