"""What everybody who serves a case has at hand."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

from bot import policy as rules
from bot.authenticators import KeyBox
from bot.cases.said import Said, said
from bot.model import CaseView, Person, Plan
from bot.policy import Policy, Ruling
from bot.ports import Engine, Membership, People, Reporter, Store, Systems, Tx
from bot.quiet import Quiet, Room, told_directly

GONE = Said(ok=False, text="There is no such case. Nothing was done.")
AGAIN = Said(ok=False, text="This click was taken already. It counts once.")
FASTER = Said(ok=False, text="Somebody else was faster: the case has moved on. Nothing was done by this click.")


@dataclass(frozen=True, slots=True)
class Desk:
    """The doors that the domain uses; nothing of a case is kept here.

    `keys` opens the keys of authenticator apps; without it no code counts.
    """

    store: Store
    people: People
    systems: Systems
    engine: Engine
    reporter: Reporter
    policy: Policy
    room: Room
    keys: KeyBox | None = None

    @property
    def quiet(self) -> Quiet:
        """What keeps a case out of the leaver's sight; to be asked before what ends a case or makes a plan."""
        return Quiet(self.store, self.people, self.policy, self.room)

    def is_code_needed(self, view: CaseView, plan: Plan) -> bool:
        """Whether an approval of this plan needs a code from an authenticator app."""
        return rules.is_code_needed(self.policy, plan, view.case, self.systems.connected())

    async def told_of_pauses(self, case_id: int) -> tuple[str, ...]:
        """Return the admins who hear that somebody's codes do not count for a while, without the leaver."""
        case = await self.store.case(case_id)
        return () if case is None else await told_directly(self.people, self.policy, case.leaver)

    async def turned_away(self, act: str, user_id: str, team_id: str, why: str) -> None:
        """Put into the audit that somebody asked for what there is not, or in a way that cannot be read."""
        async with self.store.begin(ahead=True) as tx:
            await count_refusal(tx, act, Person(user_id, team_id), why)

    async def refused(self, case_id: int | None, act: str, person: Person, ruling: Ruling) -> Said:
        """Put a refusal into the audit and tell it to the person; nothing else happens."""
        async with self.store.begin(ahead=True) as tx:
            await note_refusal(tx, case_id, act, person, ruling.why)
        return Said(ok=False, text=ruling.why, who=ruling.who)

    async def identify_reader(self, user_id: str, team_id: str) -> tuple[Person, bool]:
        """Return who asks, and whether they may see every case but one about themselves."""
        person, approvers, admins = await self.read_lists(user_id, team_id)
        owners = [system.owner for system in self.systems.connected() if system.owner is not None]
        return person, rules.sees_all(person, approvers, admins, owners)

    async def read_lists(self, user_id: str, team_id: str) -> tuple[Person, Membership, Membership]:
        """Return who asks, the approvers and the admins."""
        return await asyncio.gather(
            person_of_click(self, user_id, team_id),
            self.people.members(self.policy.approvers, of={user_id}),
            self.people.members(self.policy.admins, of={user_id}),
        )


async def is_again(tx: Tx, case_id: int, click: str) -> bool:
    """Whether this click was taken before; if not, it is now. Without an id of it from Slack nobody can tell."""
    return bool(click) and not await tx.take_click(case_id, click)


async def gone(tx: Tx, act: str, person: Person) -> Said:
    """Say that there is no such case. Who tries numbers is in the audit."""
    await count_refusal(tx, act, person, "there is no such case")
    return GONE


async def refuse(tx: Tx, view: CaseView, act: str, person: Person, ruling: Ruling) -> Said:
    """Note a refusal in the case's chain and say it; for the leaver there is no such case, nor an event of it."""
    if person.is_leaver(view.case.leaver):
        return await gone(tx, act, person)
    await note_refusal(tx, view.case.id, act, person, ruling.why)
    return said(ruling, view.case.leaver)


async def count_refusal(tx: Tx, act: str, person: Person, why: str) -> None:
    """Put the first refusal of this act to this person within an hour into the chain of refusals, and count the rest.

    For what has no case, or a case that this person may not see: nothing of it belongs into that case's chain.
    """
    if await tx.count_refusal(person.user_id, act):
        await note_refusal(tx, None, act, person, why)


async def note_refusal(tx: Tx, case_id: int | None, act: str, person: Person, why: str) -> None:
    """Put a refusal into the chain of the case, or of refusals where there is no case."""
    facts: Mapping[str, object] = {"act": act, "user": person.user_id, "team": person.team_id, "why": why}
    await tx.audit(case_id, "refused", facts, {})


async def person_of_click(desk: Desk, user_id: str, team_id: str) -> Person:
    """Return who clicked; somebody whose click comes from another team than their profile is not trusted."""
    person = await desk.people.person(user_id)
    if person.team_id and team_id and person.team_id != team_id:
        return Person(user_id, team_id, person.name, None, trusted=False)
    return person
