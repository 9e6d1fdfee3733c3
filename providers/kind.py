"""What a kind of system is to the rest of the program."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.ports import Provider
from providers.http import Door
from providers.quality import Level, level_of
from providers.settings import SystemSettings


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of system.

    `settings` is its model; `build` makes a provider from the entry's name, its settings and a door, for one look
    or removal; `door` makes the door that lives as long as the process. `actions` says in one sentence what is
    done to an account. `identity` names kind, server, tenant and log-on: entries with equal identity are the
    same system. The callables take the kind's own settings, which the types cannot say. `keeps` names the rules of
    the quality scale that tests prove of it.
    """

    name: str
    settings: type[SystemSettings]
    build: Callable[[str, Any, Door], Provider]
    actions: str
    identity: Callable[[Any], str]
    door: Callable[[Any], Door]
    keeps: frozenset[str] = frozenset()

    @property
    def quality(self) -> Level:
        """The level of the quality scale that it has reached."""
        return level_of(self.keeps)
