"""Whom a request is about, as Slack knows them: asked by every key, and compared with the lists of this bot."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from bot.cases.said import Denied, Field
from bot.domain.identifiers import is_address, local_part
from bot.model import Key, KeyKind, KeySource, Leaver, Person
from bot.ports import People

MOST_OTHER_LOGINS = 30
"""Other logins of one request: Slack answers some fifty look-ups a minute ("users.lookupByEmail", Tier 3)."""


_TWO_PEOPLE = (
    "In Slack this address belongs to somebody else than the person picked above. Make the two agree, or leave one of "
    "them out. Nothing was opened."
)
_KNOWN_TO_SLACK = (
    "Slack knows somebody by what you wrote above. Take the tick off, or correct what is written. Nothing was opened."
)


class AddressBook:
    """Asks Slack who has an address, each address of one request once. Raises `PeopleNotReadable`."""

    def __init__(self, people: People) -> None:
        self.people = people
        self._known: dict[str, Person | None] = {}

    async def find(self, addresses: Iterable[str]) -> dict[str, Person]:
        """Return who has these addresses in Slack, by address; who is not found is left out."""
        wanted = tuple(dict.fromkeys(addresses))
        asked = [address for address in wanted if address not in self._known]
        answers = await asyncio.gather(*(self.people.by_mail(address) for address in asked))
        self._known |= dict(zip(asked, answers, strict=True))
        return {address: person for address in wanted if (person := self._known[address]) is not None}


async def find_leaver(
    book: AddressBook, keys: Sequence[Key], picked: Person | None, *, no_slack: bool
) -> Leaver | Denied:
    """Ask Slack about every address of a request, and return whom it is about.

    Who is found by the person picked or by a sure key is the leaver, with every other Slack account of that human. Who
    is found by *Other logins* alone is kept from seeing the case and is nothing else in it. `no_slack` says that the
    requester states that this person has no Slack account.
    """
    mails = [key.value for key in keys if key.kind is KeyKind.MAIL]
    found = await book.find(one for mail in mails for one in _spell(mail))
    sure = [picked] if picked is not None else []
    sure += _pick_found((key for key in keys if key.source is not KeySource.OTHER), found)
    if any(not person.is_same_as(sure[0]) for person in sure):
        return Denied(Field.EMAIL, _TWO_PEOPLE)
    others = _pick_found((key for key in keys if key.source is KeySource.OTHER), found)
    if no_slack and (sure or others):
        return Denied(Field.NO_SLACK, _KNOWN_TO_SLACK)
    first = sure[0] if sure else None
    own = _collect_slack_ids((*sure, *(person for person in others if first is not None and person.is_same_as(first))))
    return Leaver(
        name=first.name if first is not None else "",
        keys=tuple(keys),
        slack_id=first.user_id if first is not None else None,
        team_id=first.team_id if first is not None else None,
        also=tuple(sorted(own - {first.user_id})) if first is not None else (),
        named=tuple(sorted(_collect_slack_ids(others) - own)),
        no_slack=no_slack,
    )


def _pick_found(keys: Iterable[Key], found: dict[str, Person]) -> list[Person]:
    """Return who was found by these keys, by a key as it is before its other spellings."""
    return [found[one] for key in keys if key.kind is KeyKind.MAIL for one in _spell(key.value) if one in found]


def _collect_slack_ids(persons: Iterable[Person]) -> frozenset[str]:
    return frozenset(one for person in persons for one in person.slack_ids)


async def find_listed_login(book: AddressBook, leaver: Leaver, requester: Person, listed: Sequence[str]) -> str | None:
    """Return the first of the *Other logins* that names somebody else on these lists, or None.

    A log-in without a domain is looked up in the domains of the leaver's own addresses and of the requester's.
    """
    domains = _collect_domains(leaver, requester)
    spelled = {
        login: _spell_login(login, domains)
        for login in dict.fromkeys(key.value for key in leaver.keys if key.source is KeySource.OTHER)
    }
    found = await book.find(one for addresses in spelled.values() for one in addresses)
    others = {address: person for address, person in found.items() if not person.is_leaver(leaver)}
    ids = _collect_slack_ids(others.values())
    if not ids:
        return None
    members = (await book.people.members(listed, of=ids)).among(ids)
    named = {address for address, person in others.items() if person.slack_ids & members}
    return next((login for login, addresses in spelled.items() if named & set(addresses)), None)


def _spell(address: str) -> tuple[str, ...]:
    """Return an address as it is, and without its sub-address (`dana+x@`): both are one human's."""
    local, _, domain = address.rpartition("@")
    return tuple(dict.fromkeys((address, f"{local.partition('+')[0] or local}@{domain}")))


def _spell_login(login: str, domains: Iterable[str]) -> tuple[str, ...]:
    if "@" in login:
        return _spell(login) if is_address(login) else ()
    made = (f"{local_part(login)}@{domain}" for domain in domains)
    return tuple(address for address in made if is_address(address))


def _collect_domains(leaver: Leaver, requester: Person) -> tuple[str, ...]:
    mails = (key.value for key in leaver.sure_keys if key.kind is KeyKind.MAIL)
    addresses = [*mails, requester.mail or ""]
    folded = (address.rpartition("@")[2].lower() for address in addresses)
    return tuple(dict.fromkeys(domain for domain in folded if domain))
