"""The address with which somebody decides: where it is another than last time, the admins hear of it.

An account that was taken over, or a profile that was edited to look like somebody else's, shows here. Nothing is held
up by it: people do change their addresses.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet

from bot.cases.desk import Desk
from bot.errors import NotAskedAbout, PeopleNotReadable
from bot.model import Case, Person
from bot.policy import Policy
from bot.ports import Membership, Tx
from bot.quiet import tell


async def read_admins(desk: Desk, asked: AbstractSet[str]) -> Membership | None:
    """Return all admins where the lists of admins are among what was asked about, else None.

    Where Slack does not answer, the admins that the configuration names by their own ids: a decision waits for none.
    """
    lists = desk.policy.admins
    if not lists or not set(lists) <= asked:
        return None
    try:
        return await desk.people.members(lists)
    except PeopleNotReadable:
        return Membership({one: "named by id" for one in lists if not one.startswith("S")})


async def note_address(tx: Tx, case: Case, person: Person, admins: Membership | None, policy: Policy) -> None:
    """Keep with which address somebody decides; where it is another than last time, log it and tell every admin.

    Raises `NotAskedAbout` with the lists of admins where these were not read and somebody is to be told.
    """
    if person.mail is None or not await tx.note_decider(person.user_id, person.mail):
        return
    if admins is None and policy.admins:
        raise NotAskedAbout(frozenset(policy.admins))
    told = sorted(set(admins.why if admins is not None else ()) - case.leaver.unseeing)
    await tx.audit(case.id, "address changed", {"user": person.user_id, "team": person.team_id, "told": told}, {})
    # The time makes it a message of its own: who changes twice is told of twice.
    await tell(tx, case.id, f"{CHANGED}:{person.user_id}:{int((await tx.now()).timestamp())}", told, "")


CHANGED = "address"
"""With which the key of such a message begins."""
