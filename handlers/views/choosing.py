"""The dialog in which a person says which of several accounts is the leaver's; none is ticked beforehand."""

from __future__ import annotations

from collections.abc import Iterator

from bot.choice import choosable
from bot.domain.identifiers import reveal
from bot.model import Account, CaseView, Leaver, Plan, PlannedAccount, PlannedSystem
from handlers import ids
from handlers.views.blocks import Json, Line, bold, code, line, plain, rich_blocks, section
from handlers.views.brakes import dialog, text_input
from handlers.views.found import other_names, show_names
from handlers.views.readable import dated, is_only_an_id
from handlers.views.words import calm, cut, sentence

_MOST_BOXES = 10
"""Options that a group of check boxes holds; a menu holds a hundred ("Checkboxes", "Multi-select menu")."""
_MOST_OPTIONS = 100
_MOST_BLOCKS = 90
_LONGEST_LABEL = 75
"""Characters of an option ("Option object")."""


def choose_dialog(view: CaseView, plan: Plan) -> Json:
    """Return what is known of each account that may be chosen, a box for each, and a reason to be written."""
    wanted = set(choosable(view, plan))
    blocks: list[Json] = [section("Choose only what you know to be this person's. A new plan follows, to be approved.")]
    for number, system in enumerate(plan.systems):
        open_ones = [
            (place, planned)
            for place, planned in enumerate(system.accounts)
            if (system.name, planned.account.id) in wanted
        ][:_MOST_OPTIONS]
        if open_ones:
            blocks += rich_blocks(list(_known(system, [planned for _, planned in open_ones], view.case.leaver)))
            blocks.append(_boxes(number, system, open_ones, view.case.leaver))
    reason = text_input(ids.WORDS, "Reason", "How you know whose they are. It is shown with the new plan.")
    value = f"{plan.case_id}:{plan.turn}:{plan.digest}"
    return dialog(ids.CHOOSE_VIEW, f"Choose {view.case.name}", "Choose", value, [*blocks[:_MOST_BLOCKS], reason])


def _known(system: PlannedSystem, accounts: list[PlannedAccount], leaver: Leaver) -> Iterator[Line]:
    yield line(bold(system.label))
    for planned in accounts:
        account = planned.account
        others = other_names(account, leaver)
        told = {account.id, account.handle, *(value for _, value in others)}
        facts = [(name.replace("_", " "), value) for name, value in (*account.notes, *account.identity)]
        yield line(code(reveal(account.handle)), f", {account.match}", level=1)
        if others:
            yield line("there as: ", *show_names(others), level=2)
        if account.weight:
            yield line("holds: ", calm(", ".join(account.weight)), level=2)
        worth = [(name, value) for name, value in facts if value not in told and not is_only_an_id(value)]
        yield line(calm(", ".join(f"{name}: {dated(reveal(value))}" for name, value in worth)), level=2)
        if planned.why_not:
            yield line(sentence(calm(planned.why_not)), level=2)


def _boxes(number: int, system: PlannedSystem, accounts: list[tuple[int, PlannedAccount]], leaver: Leaver) -> Json:
    options = [
        {"text": plain(_label(planned.account, leaver), _LONGEST_LABEL), "value": f"{number}.{place}"}
        for place, planned in accounts
    ]
    name = f"{ids.ACCOUNTS}_{number}"
    kind = "checkboxes" if len(options) <= _MOST_BOXES else "multi_static_select"
    element: Json = {"type": kind, "action_id": name, "options": options}
    label = plain(cut(f"Accounts in {system.label}", 200))
    return {"type": "input", "block_id": name, "label": label, "element": element, "optional": True}


def _label(account: Account, leaver: Leaver) -> str:
    """Return the names by which a person tells the account: also those that are not what was looked for."""
    names = [account.handle, *(value for _, value in other_names(account, leaver))]
    return f"{', '.join(reveal(name) for name in names)} ({account.id})"
