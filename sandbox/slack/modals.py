"""Submitting and closing a modal, and what the app's answer does to the person's stack of modals."""

from collections.abc import Mapping
from typing import Any

from sandbox.slack import payloads
from sandbox.slack.delivery import Answer
from sandbox.slack.desk import Desk
from sandbox.slack.inputs import complaints, entered_state, label_of
from sandbox.slack.lint.view import check_view
from sandbox.slack.records import Json, NotPossible, Refused, Result, View
from sandbox.slack.shapes import view_json

TROUBLE = "trouble_connecting"
"""What the person is told in the modal when the app's answer is not one that Slack takes."""


async def submit(desk: Desk, user: str, view: View, values: Mapping[str, Any]) -> Result:
    """Enter the values and press the submit button; Slack's own checks come before the app hears of it."""
    person, screens = desk.person(user), desk.backend.screens
    current = _on_top(desk, user, view)
    if not current.submit:
        raise NotPossible(f"the view {current.title!r} has no submit button")
    current = screens.enter(current, entered_state(current.blocks, current.state, values))
    if problems := complaints(current.blocks, current.state):
        return _with_errors(current, Answer(error="incomplete"), problems)
    payload = payloads.interaction("view_submission", person) | {
        "trigger_id": desk.backend.triggers.make(user),
        "view": view_json(current),
        "response_urls": [],
    }
    answer = await desk.interact(payload)
    return desk.shown(user, answer) if answer.error else _answered(desk, current, answer)


async def close(desk: Desk, user: str, view: View) -> Result:
    """Close the modal on top; the app is told only where the view asked for it."""
    person, current = desk.person(user), _on_top(desk, user, view)
    if current.clear_on_close:
        desk.backend.screens.clear(user)
    else:
        desk.backend.screens.close(current)
    if not current.notify_on_close:
        return desk.shown(user, Answer())
    payload = payloads.interaction("view_closed", person) | {
        "view": view_json(current),
        "is_cleared": current.clear_on_close,
    }
    return desk.shown(user, await desk.interact(payload))


def _on_top(desk: Desk, user: str, view: View) -> View:
    top = desk.backend.screens.top(user)
    if top is None or top.id != view.id:
        raise NotPossible(f"{user} does not have {view.title!r} in front; it is {top.title if top else 'nothing'!r}")
    return top


def _answered(desk: Desk, view: View, answer: Answer) -> Result:
    try:
        errors = _apply(desk, view, answer.body)
    except Refused as refused:
        desk.backend.inspection.note("view submission answer", refused.error)
        return desk.shown(view.opened_for, Answer(answer.body, TROUBLE))
    if errors:
        return _with_errors(view, answer, errors)
    return desk.shown(view.opened_for, answer)


def _apply(desk: Desk, view: View, body: Json) -> dict[str, str]:
    """Do what the answer asks for; return the field errors it carries. Raise `Refused` on a bad answer."""
    screens, act = desk.backend.screens, body.get("response_action")
    if not body:
        screens.close(view)
    elif act == "clear":
        screens.clear(view.opened_for)
    elif act == "errors":
        return _checked_errors(view, body.get("errors"))
    elif act in {"update", "push"}:
        _show(desk, view, act, body.get("view"))
    else:
        raise Refused(f"no such response_action: {act!r}")
    return {}


def _show(desk: Desk, view: View, act: str, payload: object) -> None:
    refusal = check_view(f"response_action {act}", payload, "modal", desk.backend.inspection)
    if refusal is not None or not isinstance(payload, dict):
        raise refusal or Refused("the view is no object")
    if act == "push":
        desk.backend.screens.push(view.opened_for, payload)
    else:
        current = desk.backend.screens.open_view(view.id) or view
        desk.backend.screens.update(current, payload)


def _checked_errors(view: View, errors: object) -> dict[str, str]:
    inputs = {block["block_id"] for block in view.blocks if block["type"] == "input"}
    if not isinstance(errors, dict) or not errors:
        raise Refused("errors is empty")
    if stray := sorted(set(errors) - inputs):
        raise Refused(f"errors under {stray}, which are no input blocks of the view")
    if any(not isinstance(text, str) or not text for text in errors.values()):
        raise Refused("an error without words")
    return errors


def _with_errors(view: View, answer: Answer, errors: dict[str, str]) -> Result:
    labels = {block["block_id"]: label_of(block) for block in view.blocks}
    by_label = {labels[block_id]: text for block_id, text in errors.items()}
    return Result(answer.status, answer.body, answer.error, errors, by_label, view=view)
