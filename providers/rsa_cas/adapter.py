"""RSA Cloud Access Service: disables the person's user, then deletes it at once or puts it in the seven-day bin."""

from __future__ import annotations

import time
import uuid
from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import UTC, datetime

from bot.errors import Forbidden
from bot.model import Account, Discovery, Health, Key, Leaver, Match, Sent, Sight, Step
from providers.http import Door
from providers.matching import match_of, matched_by, similar
from providers.rsa_cas.directory import Directory
from providers.rsa_cas.queries import domain_parts, near_parts, spellings, whole_parts
from providers.rsa_cas.session import Session
from providers.rsa_cas.settings import Settings
from providers.rsa_cas.users import BIN, DISABLED, NOT_SEARCHABLE, User, account_of
from providers.rsa_cas.writes import DELETE, DISABLE, DISABLE_AGAIN, MARK, Writes


class RsaCasProvider:
    """One look or removal. `clock` gives seconds since 1970, for tokens."""

    def __init__(self, name: str, settings: Settings, door: Door, clock: Callable[[], float] = time.time) -> None:
        self._name = name
        self._settings = settings
        self._clock = clock
        session = Session(settings, door, clock)
        self._directory = Directory(session)
        self._writes = Writes(session)
        self._were_disabled: set[str] = set()

    async def check(self) -> Health:
        await self._directory.like("@", pages=1)
        try:
            await self._directory.devices(str(uuid.uuid4()))
        except Forbidden as error:
            return Health(ok=False, says=f"sees users, but could not prove that one is gone: {error}")
        if self._settings.access_key is not None:
            return Health(ok=True, says="sees users; whether this key may delete shows only when it does")
        return Health(ok=True, says="sees users and was granted every scope that is needed")

    async def find(self, leaver: Leaver) -> Discovery:
        users, is_whole = await self._seen(leaver)
        found: list[Account] = []
        near: list[str] = []
        for user in users.values():
            keys = matched_by(leaver, mails=user.names, logins=user.names)
            if keys:
                found.append(await self._account(user, keys, match_of(keys)))
            else:
                near += user.names
        reason = "" if is_whole else "too many users have an address like this one to be sure"
        sight = Sight.FULL if is_whole else Sight.PARTIAL
        findings = () if found else (NOT_SEARCHABLE,)
        return Discovery(self._name, sight, tuple(found), similar(leaver, near), findings, reason)

    async def read(self, account: Account) -> Account | None:
        user = await self._again(account)
        if user is not None:
            return await self._account(user, account.matched_by, account.match)
        if await self._directory.devices(account.id) is None:
            return None
        # It answers by its id and no more by its address: renamed, not gone.
        renamed = await self._renamed(account)
        if renamed is None:
            return _unnamed(account)
        return await self._account(renamed, account.matched_by, account.match)

    def steps(self, account: Account) -> tuple[Step, ...]:
        if account.ends_at is not None:
            return ()
        last = MARK if self._settings.remove == "mark" else DELETE
        if dict(account.notes).get("status") == DISABLED:
            return (last,)
        # A synchronisation may enable a user again between our two steps; that is worth one more try, not a loop.
        return (DISABLE_AGAIN if account.id in self._were_disabled else DISABLE, last)

    async def do(self, account: Account, step: Step, key: str) -> Sent:  # noqa: ARG002  # the vendor takes no key
        return await self._writes.do(account, step)

    async def aclose(self) -> None:
        """Do nothing: tokens end by themselves."""

    async def _seen(self, leaver: Leaver) -> tuple[dict[str, User], bool]:
        """Return every user that any question brings, by id, and whether no list was cut.

        A person logs on by user name or address, and either may be an address, so each key is asked for as both. One
        lookup answers with one user even where two share an address, so the search is asked as well.
        """
        users: dict[str, User] = {}
        for value in dict.fromkeys(spelling for key in leaver.keys for spelling in spellings(key.value)):
            looked_up = (await self._directory.by_mail(value), await self._directory.by_login(value))
            users |= {user.id: user for user in looked_up if user is not None}
        is_whole = True
        asked = (part for key in leaver.mails for part in (*whole_parts(key.value), *near_parts(key.value)))
        for part in dict.fromkeys(asked):
            hits, is_all = await self._directory.like(part)
            users = {user.id: user for user in hits} | users
            is_whole = is_whole and is_all
        return users | await self._of_domains(leaver, users.values()), is_whole

    async def _of_domains(self, leaver: Leaver, users: Iterable[User]) -> dict[str, User]:
        """Return who shares a mail domain with a leaver of whom not every key was found, as far as pages go.

        `NOT_SEARCHABLE` says what this may still miss.
        """
        found = {key for user in users for key in matched_by(leaver, mails=user.names, logins=user.names)}
        if found >= set(leaver.keys):
            return {}
        parts = dict.fromkeys(part for key in leaver.mails for part in domain_parts(key.value))
        return {user.id: user for part in parts for user in (await self._directory.like(part))[0]}

    async def _again(self, account: Account) -> User | None:
        mail = dict(account.identity).get("mail", "")
        if not mail:
            return await self._renamed(account)
        user = await self._directory.by_mail(mail)
        if user is not None and user.id != account.id:
            hits, _ = await self._directory.like(mail)
            user = next((hit for hit in hits if hit.id == account.id), None)
        return user

    async def _renamed(self, account: Account) -> User | None:
        login = dict(account.identity).get("login", "")
        user = await self._directory.by_login(login) if login else None
        return user if user is not None and user.id == account.id else None

    async def _account(self, user: User, keys: tuple[Key, ...], match: Match) -> Account:
        try:
            devices = await self._directory.devices(user.id) or ()
        except Forbidden:
            devices = None
        if user.status == DISABLED:
            self._were_disabled.add(user.id)
        return account_of(self._name, user, keys, match, devices, self._ends_at(user))

    def _ends_at(self, user: User) -> datetime | None:
        # Told to delete at once, a user in the bin is deleted nonetheless, unless RSA has just refused that.
        is_enough = self._settings.remove == "mark" or user.id in self._writes.kept_in_bin
        if not user.is_marked or not is_enough:
            return None
        return (user.marked_at or datetime.fromtimestamp(self._clock(), UTC)) + BIN


def _unnamed(account: Account) -> Account:
    identity = tuple((name, "another than before" if name == "mail" else value) for name, value in account.identity)
    return replace(account, identity=identity)
