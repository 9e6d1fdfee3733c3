"""The dialog in which a discreet case shows its whole plan, page by page, with Approve and Decline on the last."""

from __future__ import annotations

from bot.model import CaseView, Plan
from handlers import ids
from handlers.views.blocks import Json, context, line, plain, rich, rich_blocks, section, size
from handlers.views.keys import keys_lines, no_slack_sentence
from handlers.views.plan import NOT_OURS, decision_buttons, is_open, plan_blocks, plan_summary, plan_value

_MOST_BLOCKS = 90
_MOST_BYTES = 200_000
"""A dialog holds 100 blocks and 250 kB ("Views", view_too_large)."""


def review_pages(view: CaseView, plan: Plan) -> tuple[Json, ...]:
    """Return the dialogs that show the plan whole, in their order. Who approves has gone through all of them."""
    parts: list[list[Json]] = [[]]
    for block in plan_blocks(plan, view.case.leaver):
        if parts[-1] and (len(parts[-1]) >= _MOST_BLOCKS or size([*parts[-1], block]) > _MOST_BYTES):
            parts.append([])
        parts[-1].append(block)
    return tuple(_page(view, plan, part, number, len(parts)) for number, part in enumerate(parts, 1))


def _page(view: CaseView, plan: Plan, found: list[Json], number: int, last: int) -> Json:
    address = view.case.leaver.address
    count = f" Page {number} of {last}: the buttons stand on the last one." if last > 1 else ""
    about = [rich([line(f"{address}: ", plan_summary(plan), count)])]
    about += rich_blocks(keys_lines(view.case.leaver)) if number > 1 else []
    if number < last:
        more = {"submit": plain("Next"), "private_metadata": f"{plan_value(plan)}:{number + 1}"}
        return _modal([*about, *found], view.case.name) | more
    sentence = no_slack_sentence(view.case)
    about += [section(sentence)] if sentence else []
    ends = [decision_buttons(view, plan, address)] if is_open(view, plan) else []
    last_page = _modal([*about, *found, context(NOT_OURS), *ends], view.case.name)
    return last_page | {"private_metadata": plan_value(plan)}


def reviewed_dialog(case_id: int, text: str) -> Json:
    """Return the dialog after the decision, or after a page that is not to be seen."""
    return _modal([rich([line(text)])], f"OFF-{case_id}")


def _modal(blocks: list[Json], name: str) -> Json:
    title = plain(f"Plan of {name}", 24)
    return {"type": "modal", "callback_id": ids.PLAN_VIEW, "title": title, "close": plain("Close"), "blocks": blocks}
