"""What one person alone is told: help, lists, one case, refusals."""

from __future__ import annotations

from collections.abc import Sequence
from difflib import get_close_matches

from bot.cases import Denied, Field, Said
from bot.model import CaseView
from handlers import ids
from handlers.views.blocks import Line, Piece, bold, code, line, rich, rich_blocks, section
from handlers.views.cards import Card, cards
from handlers.views.message import Message
from handlers.views.plan import meter
from handlers.views.words import cut, escape, mention, utc

MOST_CASES = 30
"""Lines of a list; more would be too long to be read."""

_HELP = (
    f"`{ids.COMMAND}` opens the request. `{ids.COMMAND} @person` or `{ids.COMMAND} dana@company.example` fills it in.",
    f"`{ids.COMMAND} list` shows the cases that you may see.",
    f"`{ids.COMMAND} status OFF-12` shows one of them.",
    f"`{ids.COMMAND} cancel OFF-12` ends a case in which nothing was taken away yet.",
    f"`{ids.COMMAND} withdraw OFF-12` takes your approval back, until the run begins.",
    f"`{ids.COMMAND} stop OFF-12` sends nothing more in a case that runs (approvers and admins).",
    f"`{ids.COMMAND} release OFF-12 reason` lets a case go on that a limit holds (admins).",
    f"`{ids.COMMAND} break-glass OFF-12` begins without approvals, where the operator allows that (admins).",
)
_WORDS = ("help", "list", "status", "cancel", "withdraw", "stop", "release", "break-glass")
NOT_READABLE = Said(ok=False, text="Slack did not answer when I asked who is who. Nothing was done. Press again.")
BROKEN = Said(ok=False, text="Something went wrong on my side. Look at the case before you try again.")
NOT_OPENED = Said(ok=False, text="Slack did not open the form in time. Try again.")


def reply(said: Said) -> Message:
    """Return an answer with, for a refusal, those who may. What is said is shown as it is."""
    blocks = [rich([line(said.text)])]
    if said.who:
        blocks.append(section("Who may: " + " ".join(mention(one) for one in dict.fromkeys(said.who))))
    return Message(escape(said.text), tuple(blocks))


def help_reply(not_understood: str = "") -> Message:
    blocks = [section("\n".join(_HELP))]
    if not_understood:
        blocks.insert(
            0, rich([line("I did not understand ", code(cut(not_understood, 100)), ".", _meant(not_understood))])
        )
    return Message(f"How to use {ids.COMMAND}.", tuple(blocks))


def _meant(typed: str) -> str:
    """Return a did-you-mean for a mistyped word, "" where nothing is near."""
    near = get_close_matches(typed.split(maxsplit=1)[0].lower(), _WORDS, n=1, cutoff=0.6)
    return f" Did you mean {ids.COMMAND} {near[0]}?" if near else ""


def list_reply(views: Sequence[CaseView]) -> Message:
    """Return the cases, newest first, as many as fit."""
    if not views:
        return Message("There are no cases that you may see.", (section("There are no cases that you may see."),))
    rows = [case_line(view) for view in views[:MOST_CASES]]
    more = len(views) - len(rows)
    rows += [line(f"… and {more} older.")] if more else []
    return Message("The cases that you may see.", tuple(rich_blocks(rows)))


def case_line(view: CaseView, url: str = "") -> Line:
    """Return one case in a line; with `url`, its name leads to its thread."""
    case = view.case
    return line(Piece(case.name, "bold", url), f" {case.title}: {case.state}", level=1)


def status_reply(view: CaseView) -> Message:
    """Return where one case stands, a line a system."""
    case = view.case
    plan = view.open_plan
    who = f"{case.title} ({case.leaver.address})" if case.discreet else case.title
    head = line(bold(case.name), f" {who}: {case.state}", f", {meter(view, plan)} approved" if plan else "")
    rows = [line(bold(card.label), f": {_told_privately(view, card)}", level=1) for card in cards(view)]
    more = [line(f"… and {len(rows) - MOST_CASES} more systems.")] if len(rows) > MOST_CASES else []
    bare = [line(f"What was personal in it was deleted on {utc(case.redacted_at)}.")] if case.redacted_at else []
    return Message(f"{case.name}: where it stands.", tuple(rich_blocks([head, *bare, *rows[:MOST_CASES], *more])))


def _told_privately(view: CaseView, card: Card) -> str:
    """Return a system's word; of a discreet case with the accounts, which the thread does not show."""
    said = " ".join(card.lines) if view.case.discreet else ""
    return f"{card.word or card.says}. {said}" if said else str(card.word or card.says)


def no_case_reply(typed: str, seen: Sequence[CaseView]) -> Message:
    """Return that there is no such case for this person, and which one may have been meant."""
    names = {view.case.name.lower(): view.case.name for view in seen}
    near = get_close_matches(typed.lower(), list(names), n=1, cutoff=0.5)
    meant = f" Did you mean {names[near[0]]}?" if near else ""
    asked = [line("There is no case ", code(cut(typed, 60)), f" that you may see.{meant}")]
    none = [line(f"Name a case, e.g. {ids.COMMAND} status OFF-12.{meant}")]
    return Message("There is no such case that you may see.", (rich(asked if typed else none),))


def field_errors(denied: Sequence[Denied]) -> dict[str, str]:
    """Return what stands under each field of the request; what is about the whole form stands under E-mail."""
    errors: dict[str, str] = {}
    for one in denied:
        place = ids.EMAIL if one.field is Field.FORM else one.field.value
        errors[place] = f"{errors[place]} {one.text}" if place in errors else one.text
    return errors
