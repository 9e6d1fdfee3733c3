"""The hand for Enterprise Manager.

Its accounts are names with roles that point at Windows or single sign-on users and groups; there is no mail, no
filter, no paging. So the list is read whole and names are compared here, whole and never by a part.
"""

from __future__ import annotations

from collections.abc import Sequence
from http import HTTPStatus

from bot.errors import (
    CredentialsRejected,
    Forbidden,
    HandedOver,
    ProviderError,
    Refused,
    UnexpectedAnswer,
)
from bot.model import (
    Account,
    Discovery,
    Finding,
    Health,
    Key,
    Leaver,
    Match,
    Sent,
    SentState,
    Sight,
    Step,
    Word,
    facts,
    fold,
)
from providers.hints import hint
from providers.http import Answer, Door, failure
from providers.matching import similar
from providers.veeam_em import shapes
from providers.veeam_em.session import Session
from providers.veeam_em.settings import Settings, Wanted, is_bare, sought, wanted
from providers.veeam_em.shapes import Entity, Ref, Role

_ACCOUNTS = "/security/accounts"
_PEOPLE = {"User", "ExternalUser"}
_LIST = (Step("delete", "delete the account, with its roles, from Enterprise Manager"),)
_SENT: dict[int, SentState] = {
    HTTPStatus.NO_CONTENT: SentState.ACCEPTED,
    HTTPStatus.OK: SentState.ACCEPTED,
    HTTPStatus.ACCEPTED: SentState.PENDING,
    HTTPStatus.NOT_FOUND: SentState.NO_SUCH_ACCOUNT,
}
_LEFT = {
    "User": "The Windows user itself stays, with whatever role a group in Enterprise Manager gives to it.",
    "ExternalUser": "The single sign-on user itself stays, with whatever role an external group here gives to it.",
}


class VeeamEmProvider:
    """One Enterprise Manager. Only a Portal Administrator may read accounts, so what is read is all there is."""

    def __init__(self, name: str, settings: Settings, door: Door) -> None:
        self._name = name
        self._settings = settings
        self._session = Session(settings, door)

    async def check(self) -> Health:
        """Log on and read the list: a log-on alone proves nothing, lesser roles may log on too."""
        try:
            count = len(await self._refs())
        except (CredentialsRejected, Forbidden) as error:
            return Health(ok=False, says=str(error), sees_all=False)
        return Health(ok=True, says=f"logged on as a Portal Administrator; {count} accounts are listed")

    async def find(self, leaver: Leaver) -> Discovery:
        """Read the whole list, and every account whose name is one of the leaver's."""
        names = wanted(leaver, self._settings)
        refs = await self._refs()
        hits = [ref for ref in refs if _reasons(ref.name, names)]
        looked = [await self._look(ref, names) for ref in hits]
        return Discovery(
            self._name,
            Sight.FULL,
            accounts=tuple(found for found in looked if isinstance(found, Account)),
            similar=similar(sought(leaver, names), (ref.name for ref in refs if ref not in hits)),
            findings=tuple(found for found in looked if isinstance(found, Finding)),
            size=len(refs),
        )

    async def read(self, account: Account) -> Account | None:
        """Read an account by its GUID. Absence needs two witnesses: 404, and a list without the GUID."""
        entity = await self._entity(account.id)
        if entity is not None:
            return await self._account(entity, account.match, account.matched_by)
        if any(ref.id == account.id for ref in await self._refs()):
            raise UnexpectedAnswer("the account is said not to exist and is listed all the same")
        return None

    def steps(self, account: Account) -> tuple[Step, ...]:
        """Return the one call there is, for accounts of people."""
        return _LIST if account.stop is None else ()

    async def do(self, account: Account, step: Step, key: str) -> Sent:  # noqa: ARG002  # the vendor takes no key
        """Delete the account ("DELETE /security/accounts/{ID}": 204 without a body)."""
        if step not in _LIST or not shapes.is_guid(account.id):
            raise Refused("this is no account or no step of Enterprise Manager")
        answer = await self._session.delete(f"{_ACCOUNTS}/{account.id}")
        state = None if "html" in answer.media else _SENT.get(answer.status)
        if state is None:
            raise _of_delete(answer, account.handle, self._settings.password.get_secret_value())
        return Sent(state)

    async def aclose(self) -> None:
        """Log out."""
        await self._session.aclose()

    async def _refs(self) -> tuple[Ref, ...]:
        return shapes.refs(_good(await self._session.read(_ACCOUNTS)))

    async def _entity(self, guid: str) -> Entity | None:
        if not shapes.is_guid(guid):
            raise Refused("the id of the account is no GUID")
        answer = await self._session.read(f"{_ACCOUNTS}/{guid}?format=Entity")
        return None if answer.status == HTTPStatus.NOT_FOUND else shapes.entity(_good(answer), guid)

    async def _roles(self, guid: str) -> tuple[Role, ...]:
        """Return the roles of an account that was there just now; without them nobody knows what it may do."""
        answer = await self._session.read(f"{_ACCOUNTS}/{guid}/roles")
        if answer.status == HTTPStatus.NOT_FOUND:
            raise UnexpectedAnswer("an account that was listed is said to have no roles")
        return shapes.roles(_good(answer))

    async def _look(self, ref: Ref, names: Sequence[Wanted]) -> Account | Finding:
        entity = await self._entity(ref.id)
        if entity is None or fold(entity.name) != fold(ref.name):
            # Gone or renamed since the list, or a wrong answer: only a list that agrees can tell.
            raise UnexpectedAnswer("an account that was listed just now is not there, or has another name")
        if entity.type not in _PEOPLE:
            return _no_person(entity)
        reasons = _reasons(entity.name, names)
        return await self._account(entity, reasons[0].match, tuple(dict.fromkeys(one.key for one in reasons)))

    async def _account(self, entity: Entity, match: Match, keys: tuple[Key, ...]) -> Account:
        roles = await self._roles(entity.id)
        is_admin = any(role.is_administrator for role in roles)
        is_last = is_admin and not await self._has_other_administrator(entity)
        findings = (*_own(entity, await self._session.user(), self._settings.username), *_last(is_last=is_last))
        return Account(
            self._name,
            entity.id,
            entity.name,
            facts(id=entity.id, login=entity.name, type=entity.type or "not told"),
            match,
            keys,
            weight=_weight(entity, roles),
            findings=(*findings, *_doubts(entity, match)),
            left=_LEFT.get(entity.type, ""),
            one_at_a_time=is_admin,
        )

    async def _has_other_administrator(self, entity: Entity) -> bool:
        """Whether another person holds the role directly. We do not count: nobody can log on as the bot."""
        ours = {fold(await self._session.user()), fold(self._settings.username)}
        for ref in await self._refs():
            if ref.id != entity.id and fold(ref.name) not in ours and await self._is_person_in_charge(ref):
                return True
        return False

    async def _is_person_in_charge(self, ref: Ref) -> bool:
        if not any(role.is_administrator for role in await self._roles(ref.id)):
            return False
        entity = await self._entity(ref.id)
        return entity is not None and entity.type in _PEOPLE


def _good(answer: Answer) -> Answer:
    if answer.status != HTTPStatus.OK:
        raise failure(answer, sending=False)
    return answer


def _of_delete(answer: Answer, name: str, *private: str) -> ProviderError:
    if answer.status in {HTTPStatus.METHOD_NOT_ALLOWED, HTTPStatus.NOT_IMPLEMENTED}:
        return HandedOver("this server deletes no accounts over REST; delete it under Configuration, Roles")
    if answer.status == HTTPStatus.BAD_REQUEST:
        said = hint(shapes.message(answer), name, name.rpartition("\\")[2].partition("@")[0], *private)
        return Refused(f"Enterprise Manager did not accept it (400){said}")
    return failure(answer, sending=True)


def _reasons(name: str, names: Sequence[Wanted]) -> list[Wanted]:
    return [one for one in names if fold(one.name) == fold(name)]


def _no_person(entity: Entity) -> Finding:
    if entity.type in {"Group", "ExternalGroup"}:
        return Finding(f"“{entity.name}” is a group: everybody in it would lose access", stops=Word.MANUAL)
    return Finding(f"“{entity.name}” is of a type that we do not know", stops=Word.MANUAL)


def _own(entity: Entity, *ours: str) -> tuple[Finding, ...]:
    is_own = fold(entity.name) in {fold(name) for name in ours}
    return (Finding("this is the account that the bot itself logs on with", stops=Word.REFUSED),) if is_own else ()


def _last(*, is_last: bool) -> tuple[Finding, ...]:
    return (Finding("no other person here is a Portal Administrator", stops=Word.REFUSED),) if is_last else ()


def _doubts(entity: Entity, match: Match) -> tuple[Finding, ...]:
    if entity.type not in _PEOPLE:
        return (_no_person(entity),)
    if is_bare(entity.name) and match is not Match.ASSIGNED:
        return (Finding("the name has no domain, so nobody can tell from here whose it is", stops=Word.MANUAL),)
    return ()


def _weight(entity: Entity, roles: Sequence[Role]) -> tuple[str, ...]:
    names = sorted(role.name for role in roles)
    return (*names, "may restore all machines") if entity.restores_all else tuple(names)
