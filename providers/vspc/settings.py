"""What the operator says about a Service Provider Console, and which names that makes a leaver's."""

from __future__ import annotations

import hashlib
from typing import Annotated, ClassVar, Literal

from pydantic import AfterValidator, Field

from bot.model import Key, KeyKind, KeySource, Leaver, Match, fold
from providers.http import Door
from providers.settings import Secret, ServerUrl, SystemSettings, Texts, Token, refuse_flaws, revealed
from providers.ways import Way


def _prefixes(names: tuple[str, ...]) -> tuple[str, ...]:
    if any(not name.strip() or set(name) & set("\\@") for name in names):
        raise ValueError("must be company prefixes of log-in names, without backslash and @")
    refuse_flaws(names)
    return names


class Settings(SystemSettings):
    r"""A console. `logins` are the company prefixes that log-in names have there (`prefix\login`).

    `remove` says what goes: the user with all identities, or the identities only. The vendor advises an `api_key`;
    a user with a password must be the bot's own, and have no multi-factor authentication.
    """

    ways: ClassVar[tuple[Way, ...]] = (("api_key",), ("username", "password"))

    url: ServerUrl
    api_key: Token | None = None
    username: str | None = Field(default=None, min_length=1, max_length=256)
    password: Secret | None = None
    logins: Annotated[Texts, AfterValidator(_prefixes)] = ()
    remove: Literal["user", "identities"] = "user"

    @property
    def api(self) -> str:
        """The address that all paths of the API follow."""
        return self.url.removesuffix("/api/v3") + "/api/v3"


def identity(settings: Settings) -> str:
    """Return what makes two entries the same system: the server, and the user's name or the key as a digest."""
    if settings.username is not None:
        return f"vspc {settings.api.lower()} user {fold(settings.username)}"
    digest = hashlib.sha256(revealed(settings.api_key).encode()).hexdigest()
    return f"vspc {settings.api.lower()} {digest[:16]}"


def door(settings: Settings) -> Door:
    """Return a door to the server: one call at a time, as "Throttling" caps parallel requests."""
    return Door(ca_file=settings.ca_file, timeout=settings.timeout, concurrency=1)


def user_names(leaver: Leaver, settings: Settings) -> dict[str, Match]:
    r"""Return all user names to ask for, each with how sure it makes us.

    A key is itself a name. With the operator's prefixes a bare log-in gives `prefix\login`, and a mail
    `prefix\local`: the latter only *derived*, since a prefix does not say whose mail domain it is.
    """
    names = {key.value: Match.EXACT for key in leaver.keys}
    for key in leaver.keys:
        match = Match.DERIVED if key.kind is KeyKind.MAIL else Match.EXACT
        for name in _prefixed(key, settings):
            names.setdefault(name, match)
    return names


def reasons(leaver: Leaver, settings: Settings, name: str, mail: str | None) -> tuple[tuple[Key, Match], ...]:
    """Return the keys that make a user with this name and mail the leaver's, strongest first.

    A user with another mail than the leaver's is not theirs on the strength of a derived name.
    """
    found = [(key, _weakened(key, _of_key(key, settings, name, mail))) for key in leaver.keys]
    sure = [(key, match) for key, match in found if match is not None]
    return tuple(sorted(sure, key=lambda one: _STRENGTH.index(one[1])))


_STRENGTH = (Match.EXACT, Match.DERIVED, Match.OTHER)


def _of_key(key: Key, settings: Settings, name: str, mail: str | None) -> Match | None:
    # The profile's mail is free text, so a log-in may stand there too; equal to a key, it would not be similar either.
    if key.equals(name) or key.equals(mail):
        return Match.EXACT
    if not any(fold(one) == fold(name) for one in _prefixed(key, settings)):
        return None
    if key.kind is KeyKind.LOGIN:
        return Match.EXACT
    return None if mail else Match.DERIVED


def _weakened(key: Key, match: Match | None) -> Match | None:
    return Match.OTHER if match is not None and key.source is KeySource.OTHER else match


def _prefixed(key: Key, settings: Settings) -> tuple[str, ...]:
    login = key.value.rpartition("@")[0] if key.kind is KeyKind.MAIL else key.value
    # Equality takes blanks off: “dana ” would become the log-in of somebody else.
    return () if "\\" in login or login != login.strip() else tuple(f"{prefix}\\{login}" for prefix in settings.logins)
