"""The request's modal."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model import CaseSystem
from handlers import ids
from handlers.views.blocks import Json, plain, section

MOST_BOXES = 10
"""Options that check boxes hold ("Checkboxes element")."""
MOST_OPTIONS = 100
"""Options of a menu, and how many of them can be chosen at the start ("Multi-select menu element")."""


def request_modal(systems: Sequence[CaseSystem], person: str | None = None, email: str = "") -> Json:
    """Return the modal in which a case is requested, filled in with what the command named."""
    return {
        "type": "modal",
        "callback_id": ids.REQUEST_VIEW,
        "title": plain("Offboard somebody"),
        "submit": plain("Request"),
        "close": plain("Close"),
        "blocks": [
            _input(ids.PERSON, "Person in Slack", _person(person), optional=True),
            _input(ids.EMAIL, "E-mail", _email(email), optional=True, hint="One of these two is needed."),
            _input(ids.NO_SLACK, "Has no Slack account", _no_slack(), optional=True, hint=_NO_SLACK),
            _input(ids.OTHER_LOGINS, "Other logins", _text(ids.OTHER_LOGINS), optional=True, hint=_OTHER),
            _input(ids.REASON, "Reason", _reason(focus=bool(person or email)), optional=True),
            *_systems(systems),
            _input(ids.WHEN, "When", _when(), optional=True, hint="Empty means now."),
        ],
    }


_OTHER = "Comma separated. What is found by these alone is shown and not chosen."

_NO_SLACK = (
    "For somebody who is not found in Slack, secrecy and self-approval cannot be checked. Tick this if you know that "
    "there is no account; otherwise whoever approves must state it."
)


def _input(block_id: str, label: str, element: Json, *, optional: bool = False, hint: str = "") -> Json:
    block: Json = {"type": "input", "block_id": block_id, "label": plain(label), "element": element}
    block |= {"optional": True} if optional else {}
    return block | ({"hint": plain(hint, 2000)} if hint else {})


def _person(user_id: str | None) -> Json:
    element: Json = {"type": "users_select", "action_id": ids.PERSON, "placeholder": plain("Pick a person")}
    return element | ({"initial_user": user_id} if user_id else {})


def _email(address: str) -> Json:
    element: Json = {"type": "email_text_input", "action_id": ids.EMAIL, "placeholder": plain("name@company.example")}
    return element | ({"initial_value": address} if address else {})


def _no_slack() -> Json:
    option = {"text": plain("I state that this person has no Slack account."), "value": ids.NO_SLACK}
    return {"type": "checkboxes", "action_id": ids.NO_SLACK, "options": [option]}


def _text(action_id: str, *, multiline: bool = False) -> Json:
    return {"type": "plain_text_input", "action_id": action_id, "multiline": multiline, "max_length": 1000}


def _reason(*, focus: bool) -> Json:
    """Return the field for the reason; the cursor stands there where the person is filled in already."""
    return _text(ids.REASON, multiline=True) | ({"focus_on_load": True} if focus else {})


def _when() -> Json:
    return {"type": "datetimepicker", "action_id": ids.WHEN}


def _systems(systems: Sequence[CaseSystem]) -> list[Json]:
    """Return the choice of systems, all chosen; an empty choice would make Slack refuse the whole modal."""
    if not systems:
        return [section("No system is connected yet, so nothing can be requested.")]
    if len(systems) <= MOST_BOXES:
        return [_choice(systems, ids.SYSTEMS, "Systems", "checkboxes")]
    starts = range(0, len(systems), MOST_OPTIONS)
    return [_menu(systems[start : start + MOST_OPTIONS], start, optional=len(starts) > 1) for start in starts]


def _menu(systems: Sequence[CaseSystem], start: int, *, optional: bool) -> Json:
    """Return a menu of up to a hundred systems; further ones stand in menus of their own."""
    block_id, label = (f"{ids.SYSTEMS}_{start}", f"Systems from {start + 1}") if start else (ids.SYSTEMS, "Systems")
    return _choice(systems, block_id, label, "multi_static_select", optional=optional)


def _choice(systems: Sequence[CaseSystem], block_id: str, label: str, kind: str, *, optional: bool = False) -> Json:
    options = [_option(system) for system in systems]
    element: Json = {"type": kind, "action_id": block_id, "options": options, "initial_options": options}
    return _input(block_id, label, element, optional=optional)


def _option(system: CaseSystem) -> Json:
    return {"text": plain(system.label, 75), "value": system.name}
