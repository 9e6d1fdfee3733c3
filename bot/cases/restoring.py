"""Going on with a database that was put back from an older copy: an admin's word, with a reason."""

from __future__ import annotations

from bot import restored
from bot.cases.desk import Desk, note_refusal, person_of_click
from bot.cases.said import Said
from bot.model import Person
from bot.ports import Tx

_NOT_ADMIN = "Only an admin can let the bot go on with this database. Nothing was done."
_NOT_HELD = "The bot is not held by this any more. Nothing was done."


class Restoring(Desk):
    """The one way out of a database that is older than what stands in Slack."""

    __slots__ = ()

    async def may_go_on(self, user_id: str, team_id: str) -> Said:
        """Say whether this person could release the database now; a refusal is in the audit."""
        person, is_admin = await self._admin(user_id, team_id)
        async with self.store.begin(ahead=True) as tx:
            return await self._judge(tx, person, is_admin=is_admin)

    async def go_on(self, user_id: str, team_id: str, reason: str) -> Said:
        """Release the database as it is."""
        person, is_admin = await self._admin(user_id, team_id)
        async with self.store.begin(ahead=True) as tx:
            judged = await self._judge(tx, person, is_admin=is_admin)
            if not judged.ok:
                return judged
            if not reason.strip():
                return Said(ok=False, text="A reason is needed. Nothing was done.")
            if not await restored.go_on(tx, self.store):
                return Said(ok=False, text=_NOT_HELD)
            facts = {"user": person.user_id, "team": person.team_id}
            await tx.audit(None, "went on with an older database", facts, {"reason": reason})
        self.reporter.wake()
        return Said(ok=True, text="The bot goes on with this database.")

    async def _judge(self, tx: Tx, person: Person, *, is_admin: bool) -> Said:
        if not is_admin:
            await note_refusal(tx, None, "go on", person, _NOT_ADMIN)
            return Said(ok=False, text=_NOT_ADMIN, who=self.policy.admins)
        if not await restored.is_held(self.store):
            return Said(ok=False, text=_NOT_HELD)
        return Said(ok=True, text="")

    async def _admin(self, user_id: str, team_id: str) -> tuple[Person, bool]:
        person = await person_of_click(self, user_id, team_id)
        admins = await self.people.members(self.policy.admins, of={user_id})
        return person, person.trusted and person.user_id in admins
