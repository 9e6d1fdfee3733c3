"""A case whose rows cannot be read: what is said of it names its number and nothing else."""

from __future__ import annotations

from datetime import datetime

from bot.model import Case, CaseState, CaseView, Key, KeyKind, KeySource, Leaver, Person
from bot.ports import Post
from handlers.views.blocks import line, rich
from handlers.views.message import Message

_NOBODY = Leaver("", (Key(KeyKind.LOGIN, "unknown", KeySource.TYPED),))


def stand_in(post: Post, now: datetime) -> CaseView:
    """Return a case with that number of which nothing is known."""
    state, nobody = CaseState.NEEDS_PEOPLE, Person("", "")
    case = Case(post.case_id, state, _NOBODY, nobody, "", (), post.channel, discreet=True, opened_at=now)
    return CaseView(case)


def told(view: CaseView, post: Post) -> Message:
    """Return a direct message that needs nothing of the case but its number."""
    return Message(f"{view.case.name}: please look.", (rich([line(f"{view.case.name}: {post.text}")]),))
