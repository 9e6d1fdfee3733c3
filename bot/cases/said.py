"""What people put to a case and what they are told."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.model import Case, CaseView, Leaver
from bot.policy import Ruling


class Field(StrEnum):
    """Where in the request a mistake stands."""

    FORM = "form"
    PERSON = "person"
    EMAIL = "email"
    NO_SLACK = "no_slack"
    OTHER_LOGINS = "other_logins"
    REASON = "reason"
    SYSTEMS = "systems"
    WHEN = "when"


@dataclass(frozen=True, slots=True)
class Form:
    """What somebody filled in. `user_id` is the person picked in Slack; `when` is UTC, None means now.

    `corrects` is the case whose address this request corrects, or None.
    `no_slack` is the requester's word that the person has no Slack account.
    """

    view_id: str
    user_id: str | None
    email: str
    other_logins: tuple[str, ...]
    reason: str
    systems: tuple[str, ...]
    when: datetime | None
    corrects: int | None = None
    no_slack: bool = False


@dataclass(frozen=True, slots=True)
class Denied:
    """Why a request was not opened. `case_id` is the open case of that person; `who` are those who may.

    `tell` are the Slack ids of people who have to hear of it directly, because nobody else will.
    """

    field: Field
    text: str
    case_id: int | None = None
    who: tuple[str, ...] = ()
    tell: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """The case that a request opened; `again` where the same form had opened it before."""

    case: Case
    again: bool


@dataclass(frozen=True, slots=True)
class Said:
    """What a person is told, privately. `who` are the ids of those who may, for a refusal.

    `needs_code` says that the person has to give a code from an authenticator app, or another one than was given.
    """

    ok: bool
    text: str
    who: tuple[str, ...] = ()
    needs_code: bool = False


Shown = Callable[[CaseView], str | None]
"""Tells the text of a case's plan that a person was looking at, or None where they did not see the plan."""


def said(ruling: Ruling, leaver: Leaver | None = None) -> Said:
    """Tell a ruling to the person it is about; the leaver is never among those who may."""
    away = leaver.slack_ids if leaver is not None else frozenset()
    return Said(ruling.ok, ruling.why, tuple(one for one in ruling.who if one not in away))
