"""A domain that says what it is told to say, and remembers what it was asked."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from bot.cases import Denied, Form, Opened, Said, Shown
from bot.choice import Chosen
from bot.model import CaseSystem, CaseView
from bot.ports import DialogUse, OpenedDialog, PostedMessage
from tests.handlers.made import CRM, WIKI, made_case, made_view

YES = Said(ok=True, text="Done.")
PLANS = tuple(f"plan:{turn}" for turn in range(10))
EVERY_KEY = (*PLANS, "progress", "held:1", "expired", "dm:expired", "dm:restored:1", "nothing")
"""What a message is that carries any button."""


@dataclass
class FakeCases:
    """Every answer is `says`, or `error` is raised; `asked` lists the calls, `clicks` the ids of their clicks."""

    says: Said = YES
    opened: Opened | tuple[Denied, ...] = field(default_factory=lambda: Opened(made_case(), again=False))
    views: tuple[CaseView, ...] = ()
    systems: tuple[CaseSystem, ...] = (CRM, WIKI)
    waiting: frozenset[int] = frozenset()
    places: dict[int, tuple[str, str]] = field(default_factory=dict)
    error: Exception | None = None
    asked: list[tuple[object, ...]] = field(default_factory=list)
    clicks: list[str] = field(default_factory=list)
    is_ours: bool = True
    drawn_at: Callable[[str, str], str] = lambda _channel, _ts: ""
    dialogs: list[OpenedDialog] = field(default_factory=list)

    def connected(self) -> tuple[CaseSystem, ...]:
        return self.systems

    async def may_ask(self, user_id: str, team_id: str) -> Said:
        return self._say("may_ask", user_id, team_id)

    async def open(self, form: Form, user_id: str, team_id: str) -> Opened | tuple[Denied, ...]:
        self._say("open", form, user_id, team_id)
        return self.opened

    async def turned_away(self, act: str, user_id: str, team_id: str, why: str) -> None:
        self._say("turned_away", act, user_id, team_id, why)

    async def messages_at(self, case_id: int, channel: str, ts: str) -> tuple[PostedMessage, ...]:
        drawn = self.drawn_at(channel, ts)
        return tuple(PostedMessage(case_id, key, drawn) for key in EVERY_KEY) if self.is_ours else ()

    async def redraw(self, posted: PostedMessage) -> None:
        self._say("redraw", posted.key)

    async def has_moved(self, case_id: int, channel: str) -> bool:
        return False

    async def keep_dialog(self, dialog: OpenedDialog) -> None:
        self.dialogs.append(dialog)

    async def is_dialog_open(self, dialog: OpenedDialog) -> bool:
        return dialog in self.dialogs

    async def use_dialog(self, dialog: OpenedDialog) -> DialogUse:
        return DialogUse.FIRST if dialog in self.dialogs else DialogUse.FOREIGN

    async def reopen_dialog(self, dialog: OpenedDialog) -> None:
        return

    async def forged(self, case_id: int, act: str, user_id: str, team_id: str, where: str) -> Said:
        self._say("forged", case_id, act, user_id, team_id, where)
        return Said(ok=False, text="This is not a message or form that I wrote.")

    async def joined(self, channel: str, user_id: str) -> None:
        self._say("joined", channel, user_id)

    async def place(self, case_id: int) -> tuple[str, str] | None:
        return self.places.get(case_id)

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
        self.clicks.append(click)
        view = next((view for view in self.views if view.case.id == case_id), made_view())
        given = () if code is None else (code,)
        return self._say("approve", case_id, turn, digest, user_id, team_id, *given, shown(view))

    async def may_decide(self, case_id: int, turn: int, digest: str, user_id: str, team_id: str) -> Said:
        return self._say("may_decide", case_id, turn, digest, user_id, team_id)

    async def review(
        self, case_id: int, turn: int, digest: str, user_id: str, team_id: str, page: int = 1
    ) -> CaseView | Said:
        said = self._say("review", case_id, turn, digest, user_id, team_id, page)
        return next((view for view in self.views if view.case.id == case_id), said) if said.ok else said

    async def decline(self, case_id: int, turn: int, digest: str, user_id: str, team_id: str, reason: str) -> Said:
        return self._say("decline", case_id, turn, digest, user_id, team_id, reason)

    async def cancel(self, case_id: int, user_id: str, team_id: str) -> Said:
        return self._say("cancel", case_id, user_id, team_id)

    async def withdraw(
        self, case_id: int, user_id: str, team_id: str, of: tuple[int, str] | None = None, click: str = ""
    ) -> Said:
        self.clicks.append(click)
        return self._say("withdraw", case_id, user_id, team_id, of)

    async def stop(self, case_id: int, user_id: str, team_id: str, click: str = "") -> Said:
        self.clicks.append(click)
        return self._say("stop", case_id, user_id, team_id)

    async def may_release(self, case_id: int, user_id: str, team_id: str) -> Said:
        return self._say("may_release", case_id, user_id, team_id)

    async def release(self, case_id: int, user_id: str, team_id: str, reason: str) -> Said:
        return self._say("release", case_id, user_id, team_id, reason)

    async def may_choose(self, case_id: int, turn: int, digest: str, user_id: str, team_id: str) -> Said:
        return self._say("may_choose", case_id, turn, digest, user_id, team_id)

    async def choose(
        self, case_id: int, turn: int, digest: str, user_id: str, team_id: str, accounts: Sequence[Chosen], reason: str
    ) -> Said:
        return self._say("choose", case_id, turn, digest, user_id, team_id, tuple(accounts), reason)

    async def review_nothing(self, case_id: int, attempt: int, user_id: str, team_id: str) -> CaseView | Said:
        said = self._say("review_nothing", case_id, attempt, user_id, team_id)
        return next((view for view in self.views if view.case.id == case_id), said) if said.ok else said

    async def confirm_nothing(
        self, case_id: int, attempt: int, user_id: str, team_id: str, shown: Shown, click: str = ""
    ) -> Said:
        self.clicks.append(click)
        view = next((view for view in self.views if view.case.id == case_id), made_view())
        return self._say("confirm_nothing", case_id, attempt, user_id, team_id, shown(view))

    async def may_correct(self, case_id: int, user_id: str, team_id: str) -> CaseView | Said:
        said = self._say("may_correct", case_id, user_id, team_id)
        return next((view for view in self.views if view.case.id == case_id), said) if said.ok else said

    async def may_go_on(self, user_id: str, team_id: str) -> Said:
        return self._say("may_go_on", user_id, team_id)

    async def go_on(self, user_id: str, team_id: str, reason: str) -> Said:
        return self._say("go_on", user_id, team_id, reason)

    async def may_break_glass(self, case_id: int, user_id: str, team_id: str) -> Said:
        return self._say("may_break_glass", case_id, user_id, team_id)

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
        given = (code,) if code else ()
        return self._say("break_glass", case_id, turn, digest, user_id, team_id, reason, typed, *given)

    async def may_mend(self, case_id: int, system: str, user_id: str, team_id: str) -> Said:
        return self._say("may_mend", case_id, system, user_id, team_id)

    async def retry(self, case_id: int, system: str, user_id: str, team_id: str, click: str = "") -> Said:
        self.clicks.append(click)
        return self._say("retry", case_id, system, user_id, team_id)

    async def mark_done(self, case_id: int, system: str, user_id: str, team_id: str, evidence: str) -> Said:
        return self._say("mark_done", case_id, system, user_id, team_id, evidence)

    async def skip(self, case_id: int, system: str, user_id: str, team_id: str, reason: str) -> Said:
        return self._say("skip", case_id, system, user_id, team_id, reason)

    async def visible(self, user_id: str, team_id: str) -> tuple[CaseView, ...]:
        self._say("visible", user_id, team_id)
        return self.views

    async def waits_for(self, views: Sequence[CaseView], user_id: str, team_id: str) -> frozenset[int]:
        self._say("waits_for", user_id, team_id)
        return self.waiting

    async def read_status(self, case_id: int, user_id: str, team_id: str) -> CaseView | None:
        return await self.status(case_id, user_id, team_id)

    async def status(self, case_id: int, user_id: str, team_id: str) -> CaseView | None:
        self._say("status", case_id, user_id, team_id)
        return next((view for view in self.views if view.case.id == case_id), None)

    def _say(self, *asked: object) -> Said:
        self.asked.append(asked)
        if self.error is not None:
            raise self.error
        return self.says
