"""The small dialogs behind Decline, Mark done and Skip: one question each."""

from __future__ import annotations

from handlers import ids
from handlers.views.blocks import Json, plain
from handlers.views.brakes import dialog, text_input

LONGEST = 1000
"""Characters of a reason or of evidence."""


def decline_dialog(target: str) -> Json:
    return _dialog(ids.DECLINE_VIEW, "Decline", "Decline", "Reason", "It is shown in the case's thread.", target)


def mark_done_dialog(target: str) -> Json:
    hint = "What was done, and how somebody else can check it."
    return _dialog(ids.MARK_DONE_VIEW, "Mark done", "Mark done", "Evidence", hint, target)


def skip_dialog(target: str) -> Json:
    return _dialog(ids.SKIP_VIEW, "Skip", "Skip", "Reason", "Why this system is left as it is.", target)


def code_dialog(target: str) -> Json:
    """Ask for the code of an authenticator app; the approval counts when the code is right."""
    hint = "The digits that your authenticator app shows for offboard. Each code counts once."
    title = f"Approve OFF-{target.partition(':')[0]}"
    return dialog(ids.CODE_VIEW, title, "Approve", target, [text_input(ids.CODE, "Code", hint, rows=False)])


def told_dialog(says: str) -> Json:
    """Return a dialog that only says something."""
    words = {"type": "section", "text": plain(says)}
    return {"type": "modal", "title": plain("Offboard"), "close": plain("Close"), "blocks": [words]}


def _dialog(callback_id: str, title: str, submit: str, label: str, hint: str, target: str) -> Json:
    """Return the dialog; `target` is the pressed button's value and comes back with the answer."""
    element = {"type": "plain_text_input", "action_id": ids.WORDS, "multiline": True, "max_length": LONGEST}
    question = {
        "type": "input",
        "block_id": ids.WORDS,
        "label": plain(label),
        "hint": plain(hint),
        "element": element,
    }
    return {
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": target,
        "title": plain(title),
        "submit": plain(submit),
        "close": plain("Back"),
        "blocks": [question],
    }
