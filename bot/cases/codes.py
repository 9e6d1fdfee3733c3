"""Codes from authenticator apps: asked for, compared and used up inside the transaction of what they are given for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from bot.authenticators import KeyBox, KeyUnreadable, matching_steps
from bot.cases.desk import note_refusal
from bot.cases.said import Said
from bot.domain.second_factor import (
    MOST_WRONG_CODES,
    WITH_CODE,
    CodeFault,
    SecondFactor,
    count_wrong_code,
    find_unused_step,
    read_code,
    steps_around,
)
from bot.model import Case, Person
from bot.ports import Tx
from bot.quiet import tell

_NO_KEY: Final = (
    "Codes cannot be checked here: the operator has to set OFFBOARD_POLICY__SECOND_FACTOR_KEY. Nothing was done."
)
_UNREADABLE: Final = (
    "The key of your authenticator cannot be read, so no code counts. Nothing was done. Ask an operator to revoke it "
    "and enrol you again."
)
_NO_CODE: Final = "Write the 6 digits that your authenticator app shows. Nothing was done."
_WRONG: Final = "This code is wrong. Nothing was done. Write the code that your app shows now."
_USED: Final = "This code was used already, and each counts once. Nothing was done. Wait for the next one."
_PAUSED: Final = "wrong codes were given under your name in a row, so none counts until"


@dataclass(frozen=True, slots=True)
class UsedCode:
    """A code that counts. It is used up by `use`, once what it was given for is done."""

    factor: SecondFactor
    step: int

    async def use(self, tx: Tx) -> None:
        """Use the code up. Raise RuntimeError, which undoes the transaction, where another one did so first."""
        if not await tx.use_code(self.factor, self.step):
            raise RuntimeError("A code was used up by another transaction at the same time.")


@dataclass(frozen=True, slots=True)
class CodePurpose:
    """What a code is given for: `act` in a case, by a person; `facts` name the plan.

    `admins` are the Slack ids of those who hear of a pause; the leaver is not among them.
    """

    act: str
    case: Case
    person: Person
    facts: Mapping[str, object]
    admins: Iterable[str] = ()


async def ask_for_code(tx: Tx, keys: KeyBox | None, what: CodePurpose) -> Said:
    """Say that a code is needed, or why this person can give none; that is in the audit."""
    factor = await _usable(tx, keys, what)
    return factor if isinstance(factor, Said) else Said(ok=False, text="", needs_code=True)


async def check_code(tx: Tx, keys: KeyBox | None, what: CodePurpose, typed: str) -> UsedCode | Said:
    """Return the code if it counts, else what the person is told. Wrong codes are counted, and audited."""
    factor = await _usable(tx, keys, what)
    code = read_code(typed)
    if isinstance(factor, Said):
        return factor
    if code is None or keys is None:
        return Said(ok=False, text=_NO_CODE, needs_code=True)
    try:
        key = keys.decrypt(factor.user_id, factor.secret)
    except KeyUnreadable:
        return await _refused(tx, what, _UNREADABLE)
    step = find_unused_step(factor, matching_steps(key, code, steps_around(await tx.now())))
    return await _not_counted(tx, what, factor, step) if isinstance(step, CodeFault) else UsedCode(factor, step)


async def _usable(tx: Tx, keys: KeyBox | None, what: CodePurpose) -> SecondFactor | Said:
    """Return the person's authenticator, held until the transaction ends, or why none of its codes counts now."""
    if keys is None:
        return await _refused(tx, what, _NO_KEY)
    user = what.person.user_id
    factor = await tx.second_factor(user)
    if factor is None:
        text = f"You have no authenticator enrolled: ask an operator to run offboard second-factor enrol {user}."
        return await _refused(tx, what, f"{text} Nothing was done.")
    if factor.is_paused(await tx.now()):
        return await _refused(tx, what, _paused(factor))
    return factor


async def _not_counted(tx: Tx, what: CodePurpose, factor: SecondFactor, fault: CodeFault) -> Said:
    facts = {**what.facts, "user": what.person.user_id, "team": what.person.team_id, "act": what.act}
    await tx.audit(what.case.id, "wrong code", {**facts, "why": fault.value}, {})
    if fault is CodeFault.USED:
        return Said(ok=False, text=_USED, needs_code=True)
    counted = count_wrong_code(factor, await tx.now())
    await tx.keep_failures(counted)
    if counted.failures:
        return Said(ok=False, text=_WRONG, needs_code=True)
    await _pause(tx, what, counted)
    return Said(ok=False, text=_paused(counted), needs_code=True)


async def _pause(tx: Tx, what: CodePurpose, factor: SecondFactor) -> None:
    """Tell every admin, once for each pause, that somebody may have this person's session in Slack."""
    until = f"{factor.paused_until:%Y-%m-%d %H:%M}"
    await tx.audit(what.case.id, "second factor paused", {"user": factor.user_id, "until": until}, {})
    whose = f"{what.person.name} ({factor.user_id})" if what.person.name else factor.user_id
    text = (
        f"{MOST_WRONG_CODES} wrong codes in a row were given under the name of {whose}. No code of theirs counts "
        f"until {until} UTC. Ask them whether it was them: if not, somebody else uses their Slack account."
    )
    await tell(tx, what.case.id, f"code_pause:{factor.user_id}:{_minute(factor)}", what.admins, text)


def _minute(factor: SecondFactor) -> str:
    """Return the end of a pause as part of a message's key: a later pause is told in a message of its own."""
    return f"{factor.paused_until:%Y%m%d%H%M}"


def _paused(factor: SecondFactor) -> str:
    return f"{MOST_WRONG_CODES} {_PAUSED} {factor.paused_until:%Y-%m-%d %H:%M} UTC. Nothing was done."


async def _refused(tx: Tx, what: CodePurpose, text: str) -> Said:
    await note_refusal(tx, what.case.id, what.act, what.person, text)
    return Said(ok=False, text=text)


def ground_with_code(why: str, used: UsedCode | None) -> str:
    """Return the ground on which somebody was allowed, and that a code was given with it."""
    return why if used is None else why + WITH_CODE


def facts_of_code(used: UsedCode | None) -> dict[str, object]:
    """Return what the audit adds to an approval that was given with a code."""
    return {} if used is None else {"second_factor": "totp"}
