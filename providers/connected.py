"""The connected systems: the operator's entries, checked by their kinds, with one door each for the whole process."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import SecretStr, ValidationError

from bot.errors import ConfigurationError, Misconfigured
from bot.model import CaseSystem
from bot.ports import Provider
from bot.settings import sentence
from providers.catalog import kinds
from providers.http import Door, Turns
from providers.kind import Kind
from providers.settings import SystemSettings


@dataclass(frozen=True, slots=True)
class Entry:
    """One `[systems.NAME]` of the configuration, checked."""

    name: str
    kind: Kind
    settings: SystemSettings

    @property
    def label(self) -> str:
        """What people see."""
        return self.settings.label or self.name

    @property
    def identity(self) -> str:
        """Kind, server, tenant and log-on."""
        return self.kind.identity(self.settings)

    def describe(self) -> CaseSystem:
        """Return the system as a case keeps it."""
        settings = self.settings
        return CaseSystem(
            self.name,
            self.label,
            self.kind.name,
            self.identity,
            settings.approvals or 1,
            settings.owner,
            second_factor=settings.second_factor == "totp",
        )


def entries(tables: Mapping[str, Mapping[str, Any]]) -> tuple[Entry, ...]:
    """Check all entries. Raise ConfigurationError, naming the key, on the first that is wrong."""
    checked = tuple(_entry(name, table) for name, table in tables.items())
    _only_once(checked)
    return checked


def _entry(name: str, table: Mapping[str, Any]) -> Entry:
    kind_name = table.get("provider")
    if kind_name is None:
        raise ConfigurationError(f"systems.{name}.provider: missing")
    kind = kinds().get(str(kind_name))
    if kind is None:
        raise ConfigurationError(f"systems.{name}.provider: {kind_name} is not one of {', '.join(sorted(kinds()))}")
    try:
        return Entry(name, kind, kind.settings.model_validate(dict(table)))
    except ValidationError as error:
        raise ConfigurationError(sentence(error, f"systems.{name}")) from None


def _only_once(checked: tuple[Entry, ...]) -> None:
    seen: dict[str, str] = {}
    for entry in checked:
        for what in (f"label {entry.label}", entry.identity):
            if what in seen:
                raise ConfigurationError(
                    f"systems.{entry.name}: the same as systems.{seen[what]} ({_same(what)}); each must be its own"
                )
            seen[what] = entry.name


def _same(what: str) -> str:
    return what if what.startswith("label ") else "server, tenant and log-on"


def secrets_in(written: Mapping[str, Mapping[str, Any]], checked: tuple[Entry, ...]) -> tuple[str, ...]:
    """Return the keys of secrets that stand in the file itself, where they can be read by too many."""
    return tuple(
        f"systems.{entry.name}.{key}"
        for entry in checked
        for key in written.get(entry.name, {})
        if isinstance(getattr(entry.settings, key, None), SecretStr)
    )


class ConnectedSystems:
    """The Systems port. Build it inside the running loop; close it at the end.

    `turns` are shared with other processes that call the same systems; None where there are none.
    """

    def __init__(self, checked: tuple[Entry, ...], turns: Turns | None = None) -> None:
        self._turns = turns
        self._entries = {entry.name: entry for entry in checked}
        self._described = tuple(entry.describe() for entry in checked)
        self._doors: dict[str, Door] = {}

    def connected(self) -> tuple[CaseSystem, ...]:
        """All systems of the configuration, in its order."""
        return self._described

    @asynccontextmanager
    async def open(self, name: str) -> AsyncIterator[Provider]:
        """Give a provider for one look or removal, and log out at the end."""
        entry = self._entries.get(name)
        if entry is None:
            raise Misconfigured(f"no system is connected under the name {name}")
        if name not in self._doors:
            self._doors[name] = entry.kind.door(entry.settings)
            self._doors[name].turns = self._turns
        provider = entry.kind.build(name, entry.settings, self._doors[name])
        try:
            yield provider
        finally:
            await provider.aclose()

    def certificates(self, name: str) -> Mapping[str, datetime]:
        """Return when the certificates end that a system's door has come to know, by whose they are."""
        door = self._doors.get(name)
        return {} if door is None else dict(door.certificates)

    async def aclose(self) -> None:
        """Close all doors."""
        while self._doors:
            _, door = self._doors.popitem()
            await door.aclose()
