"""What the operator says about an Enterprise Manager, and which account names that makes a leaver's."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Annotated, ClassVar

from pydantic import AfterValidator, Field

from bot.model import Key, KeyKind, KeySource, Leaver, Match, fold
from providers.http import Door
from providers.settings import Secret, ServerUrl, SystemSettings, refuse_flaws
from providers.ways import Way


def _user_name(text: str) -> str:
    if ":" in text or not text.strip():
        raise ValueError("must be a log-in name; Basic authentication has no place for a colon in it")
    return text


def _domains(table: dict[str, list[str]]) -> dict[str, list[str]]:
    for mail_domain, names in table.items():
        if not mail_domain or "@" in mail_domain or any(not name or set(name) & set("@\\/ ") for name in names):
            raise ValueError("must map mail domains to NetBIOS names or UPN suffixes, without @ and backslash")
        refuse_flaws((mail_domain, *names))
    return {fold(mail_domain): names for mail_domain, names in table.items()}


def _names(table: dict[str, str]) -> dict[str, str]:
    if any("@" not in mail or not name.strip() for mail, name in table.items()):
        raise ValueError("must map mail addresses to account names")
    refuse_flaws((*table, *table.values()))
    if len({fold(mail) for mail in table}) < len(table):
        raise ValueError("names one mail twice")
    return {fold(mail): name for mail, name in table.items()}


class Settings(SystemSettings):
    """An Enterprise Manager.

    `domains` is the operator's word that the local part of a mail is the log-in in these Windows domains; `names`
    gives one mail's account name outright, in place of what `domains` would give.
    """

    ways: ClassVar[tuple[Way, ...]] = (("username", "password"),)

    url: ServerUrl
    username: Annotated[str, AfterValidator(_user_name)]
    password: Secret
    domains: Annotated[dict[str, list[str]], AfterValidator(_domains)] = Field(default_factory=dict)
    names: Annotated[dict[str, str], AfterValidator(_names)] = Field(default_factory=dict)

    @property
    def api(self) -> str:
        """The address that all paths of the API follow."""
        return self.url.removesuffix("/api") + "/api"


def identity(settings: Settings) -> str:
    """Return what makes two entries the same system: server and log-on."""
    return f"veeam_em {settings.api.lower()} {fold(settings.username)}"


def door(settings: Settings) -> Door:
    """Return a door to the server."""
    return Door(ca_file=settings.ca_file, timeout=settings.timeout, concurrency=settings.concurrency)


@dataclass(frozen=True, slots=True)
class Wanted:
    """An account name that would be the leaver's, and why."""

    name: str
    match: Match
    key: Key


def wanted(leaver: Leaver, settings: Settings) -> tuple[Wanted, ...]:
    r"""Return all names under which the leaver may have an account, strongest reason first.

    A key is itself a name (UPN, SAML NameID). A mail also gives the name that the operator assigned to it, else
    `DOMAIN\local` and `local@DOMAIN` of the operator's `domains`; a log-in without domain stands in the domains of
    the leaver's mails. There the log-in alone is a name too, but one about which only a person can decide.
    """
    found = [Wanted(key.value, Match.EXACT, key) for key in leaver.keys]
    for key in leaver.keys:
        found += _of_mail(key, settings) if key.kind is KeyKind.MAIL else _of_login(key, leaver, settings)
    return tuple(sorted((_weakened(one) for one in found), key=lambda one: _STRENGTH.index(one.match)))


def sought(leaver: Leaver, names: Iterable[Wanted]) -> Leaver:
    """Return the leaver with the names that the operator assigned as further keys, so that who is like them is shown.

    Derived names bear the log-in of a key anyway, and so does who is like them.
    """
    assigned = (one.name for one in names if one.match is Match.ASSIGNED)
    return replace(leaver, keys=(*leaver.keys, *(Key(KeyKind.LOGIN, name, KeySource.TYPED) for name in assigned)))


def is_bare(name: str) -> bool:
    """Whether a name has no domain, so that nobody can tell whose it is (Windows EM allows that)."""
    return "\\" not in name and "@" not in name


_STRENGTH = (Match.ASSIGNED, Match.EXACT, Match.DERIVED, Match.OTHER)


def _of_mail(key: Key, settings: Settings) -> Iterator[Wanted]:
    name = settings.names.get(fold(key.value))
    if name is not None:
        yield Wanted(name, Match.ASSIGNED, key)
        return
    yield from _in_domains(key.value.rpartition("@")[0], _domain(key), key, settings)


def _of_login(key: Key, leaver: Leaver, settings: Settings) -> Iterator[Wanted]:
    if is_bare(key.value):
        for mail_domain in dict.fromkeys(_domain(mail) for mail in leaver.mails):
            yield from _in_domains(key.value, mail_domain, key, settings)


def _in_domains(login: str, mail_domain: str, key: Key, settings: Settings) -> Iterator[Wanted]:
    if login != login.strip():
        return  # equality takes blanks off: “dana ” would become the log-in of somebody else
    for domain in settings.domains.get(mail_domain, ()):
        yield Wanted(f"{domain}\\{login}", Match.DERIVED, key)
        yield Wanted(f"{login}@{domain}", Match.DERIVED, key)
        yield Wanted(login, Match.DERIVED, key)


def _domain(mail: Key) -> str:
    return fold(mail.value).rpartition("@")[2]


def _weakened(one: Wanted) -> Wanted:
    return Wanted(one.name, Match.OTHER, one.key) if one.key.source is KeySource.OTHER else one
