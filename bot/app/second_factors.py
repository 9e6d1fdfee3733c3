"""Authenticator apps for operators: who is enrolled, and the key under which theirs lie."""

from __future__ import annotations

import logging
from collections.abc import Iterable

from bot.app.canary import NotWell
from bot.app.database import database_file, in_words
from bot.app.evidence import open_existing
from bot.authenticators import KeyBox, make_key
from bot.domain.second_factor import SecondFactor
from bot.errors import ConfigurationError, Refusal
from bot.model import CaseSystem
from bot.policy import approvals_needed
from bot.ports import Membership
from bot.settings import File, Loaded
from bot.store import open_store, second_factors

log = logging.getLogger(__name__)

_KEY = "policy.second_factor_key"
_HOW = "set OFFBOARD_POLICY__SECOND_FACTOR_KEY to 32 or more random characters"


def is_asked_for(file: File, systems: Iterable[CaseSystem]) -> bool:
    """Whether any approval needs a code."""
    return file.rules().second_factor or any(system.second_factor for system in systems)


def key_box(file: File) -> KeyBox:
    """Return what encrypts the keys of authenticator apps. Raise `ConfigurationError` where its key is missing."""
    key = file.policy.second_factor_key
    if key is None:
        raise ConfigurationError(f"{_KEY}: missing; {_HOW}")
    return KeyBox.of(key.get_secret_value())


def must_have_key(file: File, systems: Iterable[CaseSystem]) -> None:
    """Raise `ConfigurationError` where an approval needs a code and the key is missing under which theirs lie."""
    if is_asked_for(file, systems) and file.policy.second_factor_key is None:
        raise ConfigurationError(f"{_KEY}: missing; {_HOW}")


def key_box_at_start(loaded: Loaded, systems: Iterable[CaseSystem]) -> KeyBox | None:
    """Return the same where an approval needs a code, else None. Warn of a key that stands in the file."""
    if "second_factor_key" in loaded.written.get("policy", {}):
        log.warning("%s is a secret and stands in %s; move it to the environment", _KEY, loaded.path.name)
    return key_box(loaded.file) if is_asked_for(loaded.file, systems) else None


async def enrol(url: str, box: KeyBox, user_id: str, *, replace: bool) -> str:
    """Make and keep a person's key, and return it. Raise `Refusal` where they have one and `replace` is not said."""
    key = make_key()
    with in_words():
        store = await open_existing(url)
        try:
            async with store.begin() as tx:
                if replace and await second_factors.revoke(tx.connection, user_id):
                    await tx.audit(None, "second factor revoked", {"user": user_id}, {})
                sealed = box.encrypt(user_id, key)
                if not await second_factors.enrol(tx.connection, user_id, sealed, await tx.now()):
                    raise Refusal(f"{user_id} is enrolled already. Revoke that first, or add --replace.")
                await tx.audit(None, "second factor enrolled", {"user": user_id}, {})
        finally:
            await store.aclose()
    return key


async def revoke(url: str, user_id: str) -> None:
    """Forget a person's key. Raise `Refusal` where there is none."""
    with in_words():
        store = await open_existing(url)
        try:
            async with store.begin() as tx:
                if not await second_factors.revoke(tx.connection, user_id):
                    raise Refusal(f"{user_id} has no authenticator enrolled. Nothing was done.")
                await tx.audit(None, "second factor revoked", {"user": user_id}, {})
        finally:
            await store.aclose()


async def list_enrolled(url: str) -> tuple[SecondFactor, ...]:
    """Return who is enrolled, by Slack id."""
    with in_words():
        store = await open_existing(url)
        try:
            return await store.second_factors()
        finally:
            await store.aclose()


async def count_enrolled(loaded: Loaded, systems: Iterable[CaseSystem], approvers: Membership) -> str:
    """Say how many approvers can give a code. Raise `NotWell` where they are fewer than a case needs."""
    key_box(loaded.file)
    url = loaded.environment.database_url.get_secret_value()
    file = database_file(url)
    enrolled = set() if file is not None and not file.exists() else await _enrolled(url)
    able = len(enrolled & set(approvers.why))
    needed = approvals_needed(loaded.file.rules(), systems)
    says = f"{able} of {len(approvers.why)} approvers have an authenticator enrolled"
    if able < needed:
        raise NotWell(f"{says}, and {needed} are needed: run `offboard second-factor enrol U…` for the others")
    return says


async def _enrolled(url: str) -> set[str]:
    with in_words():
        store = await open_store(url)
        try:
            return {factor.user_id for factor in await store.second_factors()}
        finally:
            await store.aclose()
