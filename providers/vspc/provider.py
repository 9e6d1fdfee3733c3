"""The hand for the Service Provider Console.

A user is a person, an identity one way in which that user authenticates. Deleting one identity takes nothing from
the others, so all of them go, and then the user: by the console's pages nobody knows that one implies the other.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection, Iterable, Mapping
from functools import partial

from bot.domain.identifiers import are_equal
from bot.errors import Conflict, CredentialsRejected, Forbidden, Refused, UnexpectedAnswer
from bot.model import Account, Discovery, Finding, Health, Key, Leaver, Match, Sent, Sight, Step, Word, facts
from providers.http import Door
from providers.http.limit import Sleep
from providers.matching import glance, search_word, similar
from providers.vspc.console import Console
from providers.vspc.filters import NoSuchFilter
from providers.vspc.findings import about_rules, about_user
from providers.vspc.lists import Lists
from providers.vspc.settings import Settings, reasons, user_names
from providers.vspc.shapes import Identity, User, is_uuid

_ADMINISTRATOR = "PortalAdministrator"
_USER = Step("user", "delete the user with everything that is left of it")
_NARROW = "the bot's user is no Portal Administrator, and sees only a part of the console"
_SSO_LEFT = (
    "While the identity provider lets them in, a single sign-on rule may make a new identity at the next log-in."
)
_USER_LEFT = "The user itself stays in the console, without an identity."


class VspcProvider:
    """One console. `sleep` is waited with while the console works on something that it promised."""

    def __init__(self, name: str, settings: Settings, door: Door, sleep: Sleep = asyncio.sleep) -> None:
        self._name = name
        self._settings = settings
        self._console = Console(settings, door, sleep)
        self._lists = Lists(self._console, door)
        self._whose: User | None = None
        self._kept: set[str] = set()

    async def check(self) -> Health:
        """Ask whom we work as, and whether a key may more than read."""
        try:
            me = await self._me()
            own = await self._console.identities_of(me.uid) or ()
        except (CredentialsRejected, Forbidden) as error:
            return Health(ok=False, says=str(error), sees_all=False)
        if me.role != _ADMINISTRATOR:
            return Health(ok=False, says=_NARROW, sees_all=False)
        if self._settings.api_key is not None and own and all(identity.is_read_only for identity in own):
            return Health(ok=False, says="the API key is for reading only")
        return Health(ok=True, says="the bot works as a Portal Administrator")

    async def find(self, leaver: Leaver) -> Discovery:
        """Ask for every mail and name of the leaver, and compare again here."""
        # Asked anew each time: how much we see now, not when we began, makes nothing found a proof.
        self._whose = me = await self._console.me()
        users = await self._candidates(leaver)
        looked = [await self._account_of(user, leaver) for user in users.values()]
        accounts = tuple(account for account in looked if account is not None)
        orphans = await self._orphans(leaver, {account.id for account in accounts}, users)
        rules = about_rules(await self._rules(), user_names(leaver, self._settings))
        is_all = me.role == _ADMINISTRATOR
        return Discovery(
            self._name,
            Sight.FULL if is_all else Sight.PARTIAL,
            accounts,
            similar(leaver, _handles(users.values(), accounts)),
            (*rules, *orphans),
            "" if is_all else _NARROW,
        )

    async def read(self, account: Account) -> Account | None:
        """Read a user by its uid. Absence needs two witnesses: 404, and no identity of that user in the list."""
        if not is_uuid(account.id):
            raise Refused("the id of the user is no UUID")
        user = await self._console.user(account.id)
        identities = None if user is None else await self._console.identities_of(account.id)
        if user is not None and identities is not None:
            return await self._account(user, identities, account.match, account.matched_by)
        self._lists.changed()
        if await self._owned(account.id):
            raise UnexpectedAnswer("the user is said not to exist, and an identity of it is listed all the same")
        return None

    def steps(self, account: Account) -> tuple[Step, ...]:
        """Return a step for each identity, then the user; an identity that the console keeps goes with its user."""
        if account.stop is not None:
            return ()
        steps = (_of_part(part) for part in account.parts)
        own = tuple(step for step in steps if step.name not in self._kept)
        return (*own, _USER) if self._removes_user else own

    async def do(self, account: Account, step: Step, key: str) -> Sent:
        """Delete one identity, or the user."""
        names = {_of_part(part).name: part.partition(" ")[0] for part in account.parts}
        if not is_uuid(account.id) or (step.name not in names and step != _USER):
            raise Refused("this is no user or no step of the console")
        private = (account.handle, *(value for _, value in account.identity))
        self._lists.changed()
        try:
            return await self._send(account, step, names, key, private)
        finally:
            self._lists.changed()

    async def _send(
        self, account: Account, step: Step, names: Mapping[str, str], key: str, private: tuple[str, ...]
    ) -> Sent:
        if step == _USER:
            return await self._console.delete(f"/users/{account.id}", key, *private, says_true=False)
        path = f"/users/{account.id}/logins/{int(names[step.name])}"
        try:
            return await self._console.delete(path, key, *private, says_true=True)
        except Refused:
            if not self._removes_user:
                raise
            self._kept.add(step.name)
            raise Conflict("the console keeps this identity for itself; the user is deleted with it") from None

    async def aclose(self) -> None:
        """Do nothing: see `Session`."""

    @property
    def _removes_user(self) -> bool:
        return self._settings.remove == "user"

    async def _me(self) -> User:
        self._whose = self._whose or await self._console.me()
        return self._whose

    async def _candidates(self, leaver: Leaver) -> dict[str, User]:
        """Return by uid who may be the leaver, and who is near; whoever comes is compared here, field by field.

        The console is asked for every user in whose name or mail a word of a key stands: its own equality does not
        take off blanks as ours does, and may fold letters otherwise. A filter may bring a match and never an absence:
        a character that nobody sees may stand inside each word. Where a key was not found, or filters are not taken,
        all users are gone through.
        """
        names = user_names(leaver, self._settings)
        words = dict.fromkeys(search_word(one) for one in (*names, *(key.value for key in leaver.keys)))
        try:
            _must_be_ascii(words)
            conditions = [(field, "contains", word) for word in words for field in ("userName", "profile.email")]
            wanted = partial(self._is_concerned, leaver)
            found = [user for condition in conditions for user in await self._console.users(condition, wanted)]
        except NoSuchFilter:
            found = []
        if not _rest_on_no_absence(leaver, self._settings, found):
            found += await self._gone_through(leaver)
        return {user.uid: user for user in found}

    def _is_concerned(self, leaver: Leaver, user: User) -> bool:
        return bool(reasons(leaver, self._settings, user.name, user.mail)) or _is_near(user, leaver)

    async def _gone_through(self, leaver: Leaver) -> list[User]:
        """Return who may be the leaver, read anew, and who is near, by the list of all users."""
        return await self._lists.search_users(
            glance(leaver),
            partial(self._compare, leaver),
            is_complete=lambda users: _rest_on_no_absence(leaver, self._settings, users),
        )

    async def _compare(self, leaver: Leaver, concerned: Iterable[User]) -> list[User]:
        found = []
        for user in concerned:
            if reasons(leaver, self._settings, user.name, user.mail):
                known = await self._console.user(user.uid)
                if known is None:
                    self._lists.changed()
                    raise UnexpectedAnswer("the console lists a user and says that there is no such user")
                found.append(known)
            elif _is_near(user, leaver):
                found.append(user)
        return found

    async def _account_of(self, user: User, leaver: Leaver) -> Account | None:
        why = reasons(leaver, self._settings, user.name, user.mail)
        if not why:
            return None
        identities = await self._console.identities_of(user.uid)
        if identities is None:
            # Gone since the list, or a wrong answer: only a list that agrees can tell.
            raise UnexpectedAnswer("the console lists a user and says that there is no such user")
        return await self._account(user, identities, why[0][1], tuple(key for key, _ in why))

    async def _account(
        self, user: User, identities: tuple[Identity, ...], match: Match, keys: tuple[Key, ...]
    ) -> Account:
        me = await self._me()
        is_admin = user.role == _ADMINISTRATOR
        is_last = is_admin and not await self._has_other_administrator(user)
        company = next((identity.company for identity in identities if identity.company), None)
        return Account(
            self._name,
            user.uid,
            user.name,
            facts(id=user.uid, login=user.name, mail=user.mail, organization=user.organization, type="user"),
            match,
            keys,
            weight=(user.role,),
            parts=tuple(identity.part for identity in sorted(identities, key=lambda one: one.id)),
            notes=facts(status=user.status, company=company),
            findings=about_user(user, identities, match, is_own=user.uid == me.uid, is_last=is_last),
            left=_SSO_LEFT if self._removes_user else f"{_USER_LEFT} {_SSO_LEFT}",
            one_at_a_time=is_admin,
        )

    async def _has_other_administrator(self, user: User) -> bool:
        """Whether another enabled Portal Administrator is there. We do not count: nobody can log on as the bot."""
        passed = {user.uid, (await self._me()).uid}

        def counts(other: User) -> bool:
            return other.role == _ADMINISTRATOR and other.status == "Enabled" and other.uid not in passed

        return bool(await self._console.users(wanted=counts))

    async def _orphans(
        self, leaver: Leaver, accounts: Collection[str], users: Mapping[str, User]
    ) -> tuple[Finding, ...]:
        """Tell of identities under the leaver's names whose user is none of these accounts, even if it is similar.

        An identity under its user's own name adds nothing: by that name the user was judged already, with its mail.
        """

        def is_mine(owner: str, name: str) -> bool:
            is_judged = owner in accounts or (owner in users and are_equal(users[owner].name, name))
            return not is_judged and bool(reasons(leaver, self._settings, name, ""))

        def wanted(one: Identity) -> bool:
            return is_mine(one.owner, one.user_name)

        words = dict.fromkeys(search_word(name) for name in user_names(leaver, self._settings))
        try:
            _must_be_ascii(words)
            conditions = [("userName", "contains", word) for word in words]
            mine = [str(one.id) for each in conditions for one in await self._console.identities(each, wanted)]
        except NoSuchFilter:
            found = await self._lists.identities(glance(leaver))
            mine = [number for number, name, owner in found if is_mine(owner, name)]
        text = "identity {} bears a log-in of this person and belongs to a user that was not found by it"
        return tuple(Finding(text.format(number), stops=Word.MANUAL) for number in dict.fromkeys(mine))

    async def _rules(self) -> tuple[str, ...] | None:
        try:
            return await self._lists.rules()
        except Forbidden:
            return None

    async def _owned(self, uid: str) -> bool:
        try:
            found = await self._console.identities(("userUid", "equals", uid))
        except NoSuchFilter:
            found = await self._console.identities(wanted=lambda identity: identity.owner == uid)
        return any(identity.owner == uid for identity in found)


def _is_near(user: User, leaver: Leaver) -> bool:
    return bool(similar(leaver, (handle for handle in (user.name, user.mail) if handle)))


def _handles(users: Iterable[User], accounts: Iterable[Account]) -> list[str]:
    """Return names and mails of those who are not among the accounts."""
    chosen = {account.id for account in accounts}
    return [handle for user in users if user.uid not in chosen for handle in (user.name, user.mail) if handle]


def _rest_on_no_absence(leaver: Leaver, settings: Settings, users: Iterable[User]) -> bool:
    """Whether every key was found: then nothing depends on who is missing in a list."""
    found = {key for user in users for key, _ in reasons(leaver, settings, user.name, user.mail)}
    return found >= set(leaver.keys)


def _must_be_ascii(words: Iterable[str]) -> None:
    """Raise `NoSuchFilter` for a word in which the console's idea of the same letters may differ from ours."""
    if not all(word.isascii() for word in words):
        raise NoSuchFilter


def _of_part(part: str) -> Step:
    number, _, rest = part.partition(" ")
    return Step(f"identity:{number}", f"delete identity {number} ({rest.partition(' ')[0]})")
