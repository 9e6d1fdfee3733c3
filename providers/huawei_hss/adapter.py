"""Huawei Cloud Host Security Service: takes a person's own cloud account off central management, and nothing else."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable

from bot.errors import Refused
from bot.model import Account, Discovery, Health, Key, Leaver, Match, Sent, SentState, Sight, Step
from providers.http import Door
from providers.huawei_hss.accounts import Accounts
from providers.huawei_hss.gateway import Gateway, error_of
from providers.huawei_hss.memory import Memory
from providers.huawei_hss.rows import Row, account_of
from providers.huawei_hss.settings import Settings
from providers.huawei_hss.sightings import Sightings
from providers.matching import match_of, similar

_SUCCESS = frozenset({200, 202, 204})
_NOT_FOUND = "HSS.0011"
_STEP = "delete "


class HuaweiHssProvider:
    """One look or removal. Persons and cloud accounts are tied by the operator's `accounts` alone, never by a name."""

    def __init__(self, name: str, settings: Settings, door: Door, clock: Callable[[], float] = time.time) -> None:
        self._name = name
        self._settings = settings
        memory = Memory.of(door)
        self._accounts = Accounts(settings, Gateway(settings, door, memory, clock), memory)

    async def check(self) -> Health:
        if not await self._accounts.is_admin():
            return Health(ok=False, says="the key is not of the organization's administrator", sees_all=False)
        rows = await self._accounts.rows(fresh=False)
        if not self._settings.sees_all:
            return Health(ok=True, says="sees one enterprise project only", sees_all=False)
        return Health(ok=True, says=f"sees {len({row.account_id for row in rows})} cloud accounts")

    async def find(self, leaver: Leaver) -> Discovery:
        assigned = _assigned(leaver, self._settings)
        if not assigned:
            return Discovery(self._name, Sight.UNASSIGNED, similar=similar(leaver, self._settings.accounts))

        async def compare(rows: tuple[Row, ...]) -> Sightings:
            return Sightings(rows, leaver, assigned)

        seen = await self._accounts.search(compare, lambda seen: not seen.missing)
        found = tuple(account_of(self._name, own, self._settings, keys, _match(keys)) for own, keys in seen.found)
        reason = await self._unseen() if seen.missing else ""
        return Discovery(
            self._name,
            Sight.PARTIAL if reason else Sight.FULL,
            found,
            similar(leaver, (*self._settings.accounts, *seen.other_names)),
            seen.findings,
            reason,
            seen.size,
        )

    async def read(self, account: Account) -> Account | None:
        rows = _of(await self._accounts.rows(fresh=True), account.id)
        return account_of(self._name, rows, self._settings, account.matched_by, account.match) if rows else None

    def steps(self, account: Account) -> tuple[Step, ...]:
        words = "take the cloud account off central host-security management"
        return tuple(
            Step(f"{_STEP}{project}", f"{words} (project {project})", irreversible=False) for project in account.parts
        )

    async def do(self, account: Account, step: Step, key: str) -> Sent:  # noqa: ARG002  # the vendor takes no key
        answer = await self._accounts.delete(_row_of(account, step))
        request_id = answer.headers.get("X-request-id", "")
        if answer.status in _SUCCESS:
            return Sent(SentState.ACCEPTED, request_id=request_id)
        if error_of(answer)[0] == _NOT_FOUND:
            return Sent(SentState.NO_SUCH_ACCOUNT, request_id=request_id)
        raise self._accounts.fault(answer, account.handle, account.id)

    async def aclose(self) -> None:
        """Do nothing: signed calls have no log-on."""

    async def _unseen(self) -> str:
        # An account that is not listed is absent only for one who would see it.
        if not self._settings.sees_all:
            return "the key was asked about one enterprise project only"
        return "" if await self._accounts.is_admin() else "the key is not of the organization's administrator"


def _assigned(leaver: Leaver, settings: Settings) -> dict[str, tuple[Key, ...]]:
    assigned: dict[str, tuple[Key, ...]] = {}
    for key in leaver.keys:
        account_id = settings.assigned(key.value)
        if account_id is not None:
            assigned[account_id] = (*assigned.get(account_id, ()), key)
    return assigned


def _match(keys: Iterable[Key]) -> Match:
    return Match.OTHER if match_of(keys) is Match.OTHER else Match.ASSIGNED


def _of(rows: Iterable[Row], account_id: str) -> tuple[Row, ...]:
    return tuple(row for row in rows if row.account_id == account_id)


def _row_of(account: Account, step: Step) -> Row:
    project = step.name.removeprefix(_STEP)
    known = dict(account.identity)
    if project not in account.parts or known.get("id") != account.id or "," in known.get("organization", ","):
        raise Refused("this step is not one of this account's")
    return Row(known["organization"], account.id, account.handle, project)
