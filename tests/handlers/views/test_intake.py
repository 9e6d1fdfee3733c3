"""The request's modal and the small dialogs."""

from __future__ import annotations

import pytest

from bot.model import CaseSystem
from handlers import ids
from handlers.views.dialogs import decline_dialog, mark_done_dialog, skip_dialog
from handlers.views.intake import request_modal
from tests.handlers.made import CRM, WIKI, view_defects


def systems(number: int) -> tuple[CaseSystem, ...]:
    return tuple(CaseSystem(f"s{n}", f"System {n}", "fake", f"fake {n}", 1) for n in range(number))


def choice(number: int) -> dict[str, object]:
    modal = request_modal(systems(number))
    block = next(block for block in modal["blocks"] if block.get("block_id") == ids.SYSTEMS)
    element = block["element"]
    assert isinstance(element, dict)
    return element


def test_the_labels_and_the_button_are_what_people_were_promised() -> None:
    modal = request_modal((CRM, WIKI))
    labels = [block["label"]["text"] for block in modal["blocks"]]
    assert labels == ["Person in Slack", "E-mail", "Has no Slack account", "Other logins", "Reason", "Systems", "When"]
    assert modal["submit"]["text"] == "Request"
    assert [bool(block.get("optional")) for block in modal["blocks"]] == [True, True, True, True, True, False, True]
    assert "Empty means now." in str(modal["blocks"][-1]["hint"])
    assert "not found in Slack, secrecy and self-approval cannot be checked." in str(modal["blocks"][2]["hint"])
    assert view_defects(modal) == []


def test_a_command_fills_in_the_person_or_the_address() -> None:
    by_person = request_modal((CRM,), person="U0DANA")
    by_mail = request_modal((CRM,), email="dana@acme.test")
    assert by_person["blocks"][0]["element"]["initial_user"] == "U0DANA"
    assert "initial_value" not in by_person["blocks"][1]["element"]
    assert by_mail["blocks"][1]["element"]["initial_value"] == "dana@acme.test"
    assert view_defects(by_mail) == []


def test_the_cursor_stands_in_the_reason_only_where_the_person_is_filled_in() -> None:
    def focused(modal: dict[str, list[dict[str, dict[str, object]]]]) -> list[object]:
        elements = (block["element"] for block in modal["blocks"])
        return [element["action_id"] for element in elements if element.get("focus_on_load")]

    assert focused(request_modal((CRM,))) == []
    assert focused(request_modal((CRM,), email="dana@acme.test")) == [ids.REASON]
    assert focused(request_modal((CRM,), person="U0DANA")) == [ids.REASON]


@pytest.mark.parametrize(
    ("number", "kind"),
    [(1, "checkboxes"), (10, "checkboxes"), (11, "multi_static_select"), (100, "multi_static_select")],
)
def test_all_systems_are_chosen_in_check_boxes_up_to_ten_and_in_a_select_above(number: int, kind: str) -> None:
    element = choice(number)
    assert element["type"] == kind
    assert element["initial_options"] == element["options"]
    assert len(str(element["options"]).split("'value'")) == number + 1
    assert view_defects(request_modal(systems(number))) == []


def test_more_than_a_hundred_systems_come_in_several_menus_of_which_none_has_to_be_used() -> None:
    modal = request_modal(systems(230))
    menus = [block for block in modal["blocks"] if block["block_id"].startswith(ids.SYSTEMS)]
    assert [len(block["element"]["initial_options"]) for block in menus] == [100, 100, 30]
    assert all(block["optional"] for block in menus)
    assert view_defects(modal) == []


def test_without_systems_the_modal_says_so_instead_of_being_refused_by_slack() -> None:
    modal = request_modal(())
    assert view_defects(modal) == []
    assert "No system is connected" in str(modal["blocks"])


@pytest.mark.parametrize("dialog", [decline_dialog, mark_done_dialog, skip_dialog])
def test_a_small_dialog_asks_one_question_and_carries_the_pressed_value(dialog: object) -> None:
    assert callable(dialog)
    view = dialog("12:1:1abc")
    assert view["private_metadata"] == "12:1:1abc"
    assert [block["block_id"] for block in view["blocks"]] == [ids.WORDS]
    assert view_defects(view) == []
