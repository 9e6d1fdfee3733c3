"""The dialog in which a discreet case shows its whole plan, with Approve and Decline inside."""

from __future__ import annotations

from bot.model import CaseView, Plan
from handlers import ids
from handlers.views.blocks import Json, context, line, plain, rich, section, size
from handlers.views.plan import NOT_OURS, decision_buttons, is_open, plan_blocks, plan_summary

_MOST_BLOCKS = 90
_MOST_BYTES = 200_000
"""A dialog holds 100 blocks and 250 kB ("Views", view_too_large)."""


def review_dialog(view: CaseView, plan: Plan) -> Json:
    """Return the plan with its buttons. A plan too long to be shown whole has no buttons: nobody approves a part."""
    found = plan_blocks(plan, view.case.leaver)
    whole = len(found) <= _MOST_BLOCKS and size(found) <= _MOST_BYTES
    about = rich([line(f"{view.case.leaver.address}: ", plan_summary(plan))])
    ends = [decision_buttons(view, plan)] if whole and is_open(view, plan) else []
    cut_off = [] if whole else [section("This plan is too long for a dialog. An admin has to split the request.")]
    return _modal([about, *(found if whole else found[:20]), *cut_off, context(NOT_OURS), *ends], view.case.name)


def reviewed_dialog(case_id: int, text: str) -> Json:
    """Return the dialog after the decision."""
    return _modal([rich([line(text)])], f"OFF-{case_id}")


def _modal(blocks: list[Json], name: str) -> Json:
    title = plain(f"Plan of {name}", 24)
    return {"type": "modal", "callback_id": ids.PLAN_VIEW, "title": title, "close": plain("Close"), "blocks": blocks}
