"""What the handlers ask of the domain: the doors that `bot.cases.Cases` fills."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.cases import Denied, Form, Opened, Said, Shown
from bot.choice import Chosen
from bot.model import CaseSystem, CaseView
from bot.ports import DialogUse, OpenedDialog, PostedMessage


class Cases(Protocol):
    """What people do to a case. Each method is one commit; all that ask who somebody is raise `PeopleNotReadable`."""

    def connected(self) -> tuple[CaseSystem, ...]:
        """All systems that a case can be about."""

    async def may_ask(self, user_id: str, team_id: str) -> Said:
        """Say whether this person may open a case."""

    async def open(self, form: Form, user_id: str, team_id: str) -> Opened | tuple[Denied, ...]:
        """Open a case, or say under which fields the request is wrong."""

    async def turned_away(self, act: str, user_id: str, team_id: str, why: str) -> None:
        """Put into the audit that somebody asked for what there is not, or in a way that cannot be read."""

    async def messages_at(self, case_id: int, channel: str, ts: str) -> tuple[PostedMessage, ...]:
        """The message of a case that stands at this place, and those that are being posted at the moment."""

    async def redraw(self, posted: PostedMessage) -> None:
        """Let a message be drawn anew."""

    async def has_moved(self, case_id: int, channel: str) -> bool:
        """Whether this is one of our channels, in which the case is no longer told."""

    async def keep_dialog(self, dialog: OpenedDialog) -> None:
        """Note a dialog that is being opened."""

    async def is_dialog_open(self, dialog: OpenedDialog) -> bool:
        """Whether a dialog was opened just so and not used."""

    async def use_dialog(self, dialog: OpenedDialog) -> DialogUse:
        """Use a dialog up, once."""

    async def reopen_dialog(self, dialog: OpenedDialog) -> None:
        """Let a dialog that stayed open be submitted once more."""

    async def forged(self, case_id: int, act: str, user_id: str, team_id: str, where: str) -> Said:
        """Put a forgery into the audit, and tell the admins."""

    async def joined(self, channel: str, user_id: str) -> None:
        """Move the open cases of whoever has just joined this channel to where they cannot be read by them."""

    async def place(self, case_id: int) -> tuple[str, str] | None:
        """Channel and timestamp of a case's root message, or None where it is not posted."""

    async def approve(
        self,
        case_id: int,
        turn: int,
        digest: str,
        user_id: str,
        team_id: str,
        shown: Shown,
        click: str = "",
        code: str | None = None,
    ) -> Said:
        """Count one approval of exactly this plan; `shown` tells the text that the person saw.

        `click`, here and below, is Slack's id of the click: a click that is delivered again acts once. Where a code
        from an authenticator app is needed and `code` is None, the answer `needs_code` and nothing is counted.
        """

    async def may_decide(self, case_id: int, turn: int, digest: str, user_id: str, team_id: str) -> Said:
        """Say whether this person could decide on this plan now."""

    async def review(
        self, case_id: int, turn: int, digest: str, user_id: str, team_id: str, page: int = 1
    ) -> CaseView | Said:
        """Return the case to somebody who could decide on this plan and opens it; that they did is in the audit."""

    async def decline(self, case_id: int, turn: int, digest: str, user_id: str, team_id: str, reason: str) -> Said:
        """End a plan with a reason."""

    async def cancel(self, case_id: int, user_id: str, team_id: str) -> Said:
        """End a case in which nothing was sent yet."""

    async def withdraw(
        self, case_id: int, user_id: str, team_id: str, of: tuple[int, str] | None = None, click: str = ""
    ) -> Said:
        """Take one's own approval of the newest plan back; nothing where that is not the plan (turn, digest) `of`."""

    async def stop(self, case_id: int, user_id: str, team_id: str, click: str = "") -> Said:
        """Send nothing more in a running case."""

    async def may_release(self, case_id: int, user_id: str, team_id: str) -> Said:
        """Say whether this person could let a held case go on now."""

    async def release(self, case_id: int, user_id: str, team_id: str, reason: str) -> Said:
        """Let a case go on that a limit holds."""

    async def may_choose(self, case_id: int, turn: int, digest: str, user_id: str, team_id: str) -> Said:
        """Say whether this person could choose among this plan's accounts now."""

    async def choose(
        self, case_id: int, turn: int, digest: str, user_id: str, team_id: str, accounts: Sequence[Chosen], reason: str
    ) -> Said:
        """Say which accounts are the leaver's; a new plan follows."""

    async def review_nothing(self, case_id: int, attempt: int, user_id: str, team_id: str) -> CaseView | Said:
        """Return the case to somebody who could confirm that no system knows the person; that they looked is logged."""

    async def confirm_nothing(
        self, case_id: int, attempt: int, user_id: str, team_id: str, shown: Shown, click: str = ""
    ) -> Said:
        """Record that the address is right and that there is nothing to remove."""

    async def may_correct(self, case_id: int, user_id: str, team_id: str) -> CaseView | Said:
        """Return the case to who asked for it, so that they can ask with another address."""

    async def may_go_on(self, user_id: str, team_id: str) -> Said:
        """Say whether this person could let the bot go on with a database that is older than what stands in Slack."""

    async def go_on(self, user_id: str, team_id: str, reason: str) -> Said:
        """Let it go on with this database."""

    async def may_break_glass(self, case_id: int, user_id: str, team_id: str) -> Said:
        """Say whether this person could begin this case without approvals now."""

    async def break_glass(
        self,
        case_id: int,
        turn: int,
        digest: str,
        user_id: str,
        team_id: str,
        reason: str,
        typed: str,
        code: str = "",
    ) -> Said:
        """Begin at once without approvals; `typed` is the second confirmation, the person's address."""

    async def may_mend(self, case_id: int, system: str, user_id: str, team_id: str) -> Said:
        """Say whether this person could act on this system now."""

    async def retry(self, case_id: int, system: str, user_id: str, team_id: str, click: str = "") -> Said:
        """Try one system again."""

    async def mark_done(self, case_id: int, system: str, user_id: str, team_id: str, evidence: str) -> Said:
        """Record a person's word that the access is gone."""

    async def skip(self, case_id: int, system: str, user_id: str, team_id: str, reason: str) -> Said:
        """Record a person's decision to leave a system."""

    async def visible(self, user_id: str, team_id: str) -> tuple[CaseView, ...]:
        """The cases that this person may see, newest first."""

    async def waits_for(self, views: Sequence[CaseView], user_id: str, team_id: str) -> frozenset[int]:
        """The ids of those cases in which this person could decide on a plan, or mend a system, at present."""

    async def read_status(self, case_id: int, user_id: str, team_id: str) -> CaseView | None:
        """As `status`, for somebody who asked to read it: that is in the audit."""

    async def status(self, case_id: int, user_id: str, team_id: str) -> CaseView | None:
        """One case, or None where there is none that this person may see."""
