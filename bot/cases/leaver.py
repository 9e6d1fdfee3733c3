"""Whom a request is about, as Slack knows them: asked by every key, and compared with the lists of this bot."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence

from bot.domain.identifiers import is_address, local_part
from bot.model import Key, KeySource, Leaver, Person
from bot.ports import People

MOST_OTHER_LOGINS = 30
"""Other logins of one request: Slack answers some fifty look-ups a minute ("users.lookupByEmail", Tier 3)."""


async def find_by_addresses(people: People, addresses: Iterable[str]) -> dict[str, Person]:
    """Return who has these addresses in Slack, by address; who is not found is left out."""
    asked = tuple(dict.fromkeys(addresses))
    found = await asyncio.gather(*(people.by_mail(address) for address in asked))
    return {address: person for address, person in zip(asked, found, strict=True) if person is not None}


async def find_listed_login(people: People, leaver: Leaver, requester: Person, listed: Sequence[str]) -> str | None:
    """Return the first of the *Other logins* that names somebody else on these lists, or None.

    A log-in without a domain is looked up in the domains of the leaver's own addresses and of the requester's.
    """
    domains = _domains(leaver, requester)
    spelled = {
        login: _addresses(login, domains)
        for login in dict.fromkeys(key.value for key in leaver.keys if key.source is KeySource.OTHER)
    }
    found = await find_by_addresses(people, (one for addresses in spelled.values() for one in addresses))
    others = {address: person for address, person in found.items() if not person.is_leaver(leaver)}
    ids = frozenset(one for person in others.values() for one in person.slack_ids)
    if not ids:
        return None
    members = (await people.members(listed, of=ids)).among(ids)
    named = {address for address, person in others.items() if person.slack_ids & members}
    return next((login for login, addresses in spelled.items() if named & set(addresses)), None)


def spellings(address: str) -> tuple[str, ...]:
    """Return an address as it is, and without its sub-address (`dana+x@`): both are one human's."""
    local, _, domain = address.rpartition("@")
    return tuple(dict.fromkeys((address, f"{local.partition('+')[0] or local}@{domain}")))


def _addresses(login: str, domains: Iterable[str]) -> tuple[str, ...]:
    if "@" in login:
        return spellings(login) if is_address(login) else ()
    made = (f"{local_part(login)}@{domain}" for domain in domains)
    return tuple(address for address in made if is_address(address))


def _domains(leaver: Leaver, requester: Person) -> tuple[str, ...]:
    addresses = [*(key.value for key in _sure_mails(leaver)), requester.mail or ""]
    folded = (address.rpartition("@")[2].lower() for address in addresses)
    return tuple(dict.fromkeys(domain for domain in folded if domain))


def _sure_mails(leaver: Leaver) -> tuple[Key, ...]:
    return tuple(key for key in leaver.mails if key.source is not KeySource.OTHER)
