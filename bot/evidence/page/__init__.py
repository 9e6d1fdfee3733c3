"""The page of a pack, for people: complete in itself, loads nothing, runs nothing, prints well."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.evidence.agreement import Told
from bot.evidence.controls import CONTROLS
from bot.evidence.page.alarm import alarms
from bot.evidence.page.happened import everything, sent
from bot.evidence.page.html import Markup, code, element, pairs, safe, section, table
from bot.evidence.page.later import later_looks
from bot.evidence.page.speed import speed
from bot.evidence.page.standing import approvals, plans, results, summary
from bot.evidence.page.style import STYLE
from bot.model import CaseView

_SHUT = "default-src 'none'; style-src 'unsafe-inline'"
"""No script, picture or address is loaded, whatever stands in a name or a reason."""


@dataclass(frozen=True, slots=True)
class Edition:
    """Which edition the page is of, how far the chain goes in it, and the fingerprint of the key that signs it."""

    number: int
    head: str
    key_id: str


def drawn(view: CaseView, events: Sequence[Told], edition: Edition) -> bytes:
    """Return the page."""
    name = view.case.name
    body = (
        element("h1", f"{name}: evidence, edition {edition.number}"),
        *alarms(view, events),
        summary(view),
        section("Results", results(view)),
        section("How long it took", speed(view)),
        section("Looked at again later", later_looks(view, events)),
        section("What was to be removed, and what each account could do", *plans(view)),
        section("Approvals", approvals(view)),
        section("What was sent to the systems", sent(view, events)),
        section("Everything that happened, in order", everything(events)),
        section("Controls", _controls()),
        section("How to check this", *_check(edition)),
    )
    head = Markup(
        f'<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="{safe(_SHUT)}">'
        f"<title>{safe(name)} evidence</title><style>{STYLE}</style>"
    )
    return f'<!doctype html>\n<html lang="en">{element("head", head)}{element("body", *body)}</html>\n'.encode()


def _controls() -> Markup:
    rows = [(control.name, control.asks, control.answer) for control in CONTROLS]
    return table(("Control", "Asks that", "Answered here by"), rows, "")


def _check(edition: Edition) -> tuple[Markup, ...]:
    says = (
        "This page is one file of a signed pack and proves nothing by itself. Check the whole file with offboard "
        "verify and the fingerprint that the operator gives you; do not take it from here."
    )
    facts = pairs([("Head", code(edition.head)), ("Signed with", code(edition.key_id))])
    return element("p", says), facts
