"""Making a pack of a case as it stands, and writing down that it was given out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.audit import GIVEN_OUT, READINGS, Event
from bot.errors import OffboardError
from bot.evidence import heads, pack
from bot.evidence.agreement import told
from bot.evidence.keys import Signer
from bot.evidence.pack import Contents


class NoSuchCaseError(OffboardError):
    """There is no such case to make a pack of."""


class Archive(Protocol):
    """What of the database a pack is made of."""

    async def give_out(self, case_id: int, signer: Signer, to: str, personal: Mapping[str, str]) -> Contents | None:
        """Log that evidence is given out, seal that, and return what stands then, all in one transaction.

        None where there is no such case; then nothing is logged.
        """


@dataclass(frozen=True, slots=True)
class Made:
    """A pack, ready to be given out. `head` and `key_id` are what its receiver keeps beside it."""

    case: str
    name: str
    content: bytes
    edition: int
    head: str
    key_id: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Makes packs under one key."""

    archive: Archive
    signer: Signer

    async def make(self, case_id: int, to: str, personal: Mapping[str, str]) -> Made:
        """Return the case's pack as of now, with the event in it that says that it was given out.

        `to` says where it goes and `personal` to whom. The edition is that of the last pack unless anything else was
        logged since. Raises `NoSuchCaseError`.
        """
        contents = await self.archive.give_out(case_id, self.signer, to, personal)
        if contents is None:
            raise NoSuchCaseError(f"There is no case OFF-{case_id}.")
        head, content = heads.shown(contents.head), pack.write(contents, self.signer)
        case = contents.view.case.name
        return Made(case, contents.name, content, contents.edition, head, self.signer.fingerprint)


def next_edition(events: Sequence[Event]) -> int:
    """Return the number of the pack that would be made now: the last one's where nothing else was logged since."""
    given = [one for one in told(events, ()) if one.event.kind == GIVEN_OUT]
    if not given:
        return 1
    last = given[-1]
    edition = last.facts.get("edition")
    number = edition if isinstance(edition, int) else len(given)
    changed = any(event.kind not in READINGS for event in events[last.event.seq :])
    return number + changed
