"""Good and bad blocks, one line each: what the linter says and where."""

from typing import Any

import pytest

from sandbox.slack.lint.surface import check_blocks
from tests.sandbox.slack.payload import actions, button, entry, option, plain, section, text_entry

Block = dict[str, Any]


def mrkdwn(text: str) -> Block:
    return {"type": "mrkdwn", "text": text}


def rich(*elements: Block) -> Block:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


WORD = {"type": "text", "text": "word"}


def task(**more: object) -> Block:
    return {"type": "task_card", "task_id": "rsa", "title": "RSA", "status": "pending", **more}


def cells(count: int) -> list[Block]:
    return [{"type": "raw_text", "text": "x"}] * count


def select(**more: object) -> Block:
    return {"type": "static_select", "action_id": "pick", **more}


CONFIRM = {"title": plain("Sure?"), "text": mrkdwn("Really"), "confirm": plain("Yes"), "deny": plain("No")}

GOOD: list[tuple[str, Block]] = [
    ("message", section("x" * 3000)),
    ("message", {"type": "section", "fields": [mrkdwn("a")] * 10}),
    ("message", {"type": "section", "text": plain("a"), "accessory": button("go", confirm=CONFIRM, style="danger")}),
    ("message", {"type": "divider", "block_id": "x" * 255}),
    ("message", {"type": "header", "text": plain("x" * 150)}),
    ("message", {"type": "context", "elements": [mrkdwn("a"), plain("b")] * 5}),
    ("message", actions(*(button(f"a{number}", value="x" * 2000) for number in range(25)))),
    ("message", actions(button("go", visible_to_user_ids=["U0BEN"], accessibility_label="Go on"))),
    ("message", rich(WORD, {"type": "user", "user_id": "U0BEN"}, {"type": "emoji", "name": "key"})),
    ("message", rich({"type": "link", "url": "https://acme.test/", "text": "x", "style": {"bold": True}})),
    ("message", {"type": "markdown", "text": "x" * 12_000}),
    ("message", {"type": "table", "rows": [cells(20)] * 100}),
    ("message", {"type": "table", "rows": [[rich(WORD)]], "column_settings": [None, {"align": "right"}]}),
    ("message", {"type": "plan", "title": "Plan", "tasks": [task(), task(task_id="b", output=rich(WORD))]}),
    ("message", task(status="error", sources=[{"type": "url", "url": "https://acme.test/", "text": "log"}])),
    ("message", {"type": "card", "title": plain("x" * 150), "body": mrkdwn("x" * 200), "actions": [button("go")]}),
    ("message", {"type": "container", "title": plain("more"), "child_blocks": [section("x")] * 10}),
    ("message", {"type": "image", "image_url": "https://acme.test/a.png", "alt_text": "a"}),
    ("modal", {"type": "alert", "level": "warning", "text": mrkdwn("careful")}),
    ("modal", text_entry(hint=plain("why"), optional=True)),
    ("modal", entry("b", "Who", {"type": "users_select", "initial_user": "U0DANA"})),
    ("modal", entry("b", "Mail", {"type": "email_text_input", "initial_value": "a@b.c", "focus_on_load": True})),
    ("modal", entry("b", "When", {"type": "datetimepicker", "initial_date_time": 1_800_000_000})),
    ("modal", entry("b", "Day", {"type": "datepicker", "initial_date": "2026-11-30"})),
    ("modal", entry("b", "One", select(options=[option("a"), option("b")], initial_option=option("b")))),
    ("modal", entry("b", "One", select(option_groups=[{"label": plain("g"), "options": [option("a")]}]))),
    ("modal", entry("b", "Any", {"type": "checkboxes", "options": [{"text": mrkdwn("*a*"), "value": "a"}]})),
    ("modal", entry("b", "Any", {"type": "radio_buttons", "options": [option("a")]})),
    ("modal", entry("b", "Any", {"type": "multi_static_select", "options": [option("a")], "max_selected_items": 1})),
    ("home", {"type": "table", "rows": [cells(2)]}),
]

BAD: list[tuple[str, Block, str]] = [
    ("message", section("x" * 3001), "/blocks/0/text/text: must be less than 3001 characters, is 3001"),
    ("message", section(""), "/blocks/0/text/text: must be more than 0 characters"),
    ("message", {"type": "section"}, "/blocks/0: one of text, fields must be there"),
    ("message", {"type": "section", "fields": [mrkdwn("a")] * 11}, "/blocks/0/fields: no more than 10 items"),
    ("message", {"type": "section", "fields": [mrkdwn("x" * 2001)]}, "/blocks/0/fields/0/text: must be less than 2001"),
    ("message", {"type": "section", "text": "words"}, "/blocks/0/text: must be a text object"),
    ("message", {**section("a"), "colour": "red"}, "/blocks/0: invalid additional property: colour"),
    ("message", {"type": "divider", "block_id": "x" * 256}, "/blocks/0/block_id: must be less than 256"),
    ("message", {"type": "header", "text": plain("x" * 151)}, "/blocks/0/text/text: must be less than 151"),
    ("message", {"type": "header", "text": mrkdwn("a")}, "/blocks/0/text: must be a text object of ['plain_text']"),
    ("message", {"type": "context", "elements": [mrkdwn("a")] * 11}, "/blocks/0/elements: no more than 10 items"),
    ("message", {"type": "context", "elements": []}, "/blocks/0/elements: no fewer than 1 items"),
    ("message", {"type": "context", "elements": [button("a")]}, "/blocks/0/elements/0: unsupported type 'button'"),
    ("message", actions(*(button(f"a{number}") for number in range(26))), "/blocks/0/elements: no more than 25 items"),
    ("message", actions(button("a"), button("a")), "/blocks/0: action_id 'a' stands twice in the block"),
    ("message", actions({"type": "button", "action_id": "a"}), "/blocks/0/elements/0: missing required field: text"),
    ("message", actions(button("a", text=plain("x" * 76))), "/blocks/0/elements/0/text/text: must be less than 76"),
    ("message", actions(button("a", text=mrkdwn("x"))), "/blocks/0/elements/0/text: must be a text object"),
    ("message", actions(button("a", value="x" * 2001)), "/blocks/0/elements/0/value: must be less than 2001"),
    ("message", actions(button("a", value=7)), "/blocks/0/elements/0/value: must be a string"),
    ("message", actions(button("a", style="default")), "/blocks/0/elements/0/style: must be one of"),
    ("message", actions(button("a", visible_to_user_ids=[])), "/blocks/0/elements/0/visible_to_user_ids: no fewer"),
    ("message", actions(button("x" * 256)), "/blocks/0/elements/0/action_id: must be less than 256"),
    (
        "message",
        actions(button("a", confirm={**CONFIRM, "title": plain("x" * 101)})),
        "/confirm/title/text: must be less",
    ),
    ("message", actions(button("a", confirm={"title": plain("x")})), "/confirm: missing required field: confirm"),
    ("message", actions({"type": "plain_text_input", "action_id": "a"}), "unsupported type 'plain_text_input'"),
    ("message", {"type": "video"}, "/blocks/0: unsupported type 'video'"),
    ("message", {"type": "alert", "text": plain("a")}, "/blocks/0: a alert block may not stand in a message"),
    ("modal", {"type": "plan", "title": "a"}, "/blocks/0: a plan block may not stand in a modal"),
    ("modal", task(), "/blocks/0: a task_card block may not stand in a modal"),
    ("modal", {"type": "table", "rows": [cells(1)]}, "/blocks/0: a table block may not stand in a modal"),
    ("home", {"type": "markdown", "text": "a"}, "/blocks/0: a markdown block may not stand in a home"),
    ("home", {"type": "container", "title": plain("a"), "child_blocks": [section("a")]}, "may not stand in a home"),
    ("message", rich({"type": "text", "text": ""}), "/blocks/0/elements/0/elements/0/text: must be more than 0"),
    ("message", rich({"type": "user", "user_id": "dana"}), "/elements/0/user_id: must be like"),
    ("message", {"type": "rich_text", "elements": [WORD]}, "/blocks/0/elements/0: unsupported type 'text'"),
    ("message", {"type": "markdown", "text": "x" * 12_001}, "/blocks/0/text: must be less than 12001"),
    ("message", {"type": "table", "rows": [cells(21)]}, "/blocks/0/rows/0: no more than 20 items"),
    ("message", {"type": "table", "rows": [cells(1)] * 101}, "/blocks/0/rows: no more than 100 items"),
    ("message", {"type": "table", "rows": [[mrkdwn("a")]]}, "/blocks/0/rows/0/0: unsupported type 'mrkdwn'"),
    ("message", {"type": "plan", "title": plain("a")}, "/blocks/0/title: must be a string"),
    ("message", {"type": "plan", "title": "a", "tasks": [task(status="done")]}, "/tasks/0/status: must be one of"),
    ("message", {"type": "plan", "title": "a", "tasks": [task(), task()]}, "two tasks have the same task_id"),
    ("message", {"type": "plan", "title": "a", "tasks": [task(details="text")]}, "/tasks/0/details: unsupported type"),
    ("message", {"type": "card", "subtitle": plain("a")}, "/blocks/0: one of title, body, hero_image, actions"),
    ("message", {"type": "card", "body": mrkdwn("x" * 201)}, "/blocks/0/body/text: must be less than 201"),
    ("message", {"type": "container", "child_blocks": [section("a")]}, "one of title, rich_text_title must be there"),
    (
        "message",
        {"type": "container", "title": plain("a"), "child_blocks": [section("a")], "default_collapsed": True},
        "default_collapsed needs is_collapsible",
    ),
    ("message", {"type": "image", "alt_text": "a"}, "/blocks/0: exactly one of image_url, slack_file must be there"),
    ("modal", {"type": "alert", "text": plain("a"), "level": "loud"}, "/blocks/0/level: must be one of"),
    ("modal", entry("b", "x" * 2001, {"type": "users_select"}), "/blocks/0/label/text: must be less than 2001"),
    ("modal", entry("b", "a", button("a")), "/blocks/0/element: unsupported type 'button'"),
    ("modal", entry("b", "a", select(options=[])), "/blocks/0/element/options: no fewer than 1 items"),
    (
        "modal",
        entry("b", "a", select(options=[option(f"o{n}") for n in range(101)])),
        "/options: no more than 100 items",
    ),
    ("modal", entry("b", "a", select()), "exactly one of options, option_groups must be there"),
    ("modal", entry("b", "a", select(options=[option("a")], initial_option=option("b"))), "is not among the options"),
    ("modal", entry("b", "a", select(options=[option("a"), option("a")])), "two options have the same value"),
    (
        "modal",
        entry("b", "a", select(options=[{"text": mrkdwn("a"), "value": "a"}])),
        "/options/0/text: must be a text",
    ),
    ("modal", entry("b", "a", select(options=[option("x" * 151)])), "/options/0/text/text: must be less than 76"),
    (
        "modal",
        entry("b", "a", select(options=[option("a")], placeholder=plain("x" * 151))),
        "/placeholder/text: must be",
    ),
    (
        "modal",
        entry("b", "a", {"type": "checkboxes", "options": [option(f"o{n}") for n in range(11)]}),
        "no more than 10",
    ),
    ("modal", entry("b", "a", {"type": "datepicker", "initial_date": "30.11.2026"}), "/initial_date: must be"),
    ("modal", entry("b", "a", {"type": "datetimepicker", "initial_date_time": 1_800_000_000_000}), "must be between"),
    ("modal", entry("b", "a", {"type": "users_select", "initial_user": ""}), "/initial_user: must be more than 0"),
    ("modal", text_entry(optional="yes"), "/blocks/0/optional: must be true or false"),
    (
        "modal",
        entry("b", "a", {"type": "plain_text_input", "min_length": 9, "max_length": 3}),
        "/blocks/0/element: min_length is above max_length",
    ),
]


@pytest.mark.parametrize(("surface", "block"), GOOD)
def test_a_good_block_passes(surface: str, block: Block) -> None:
    assert list(check_blocks([block], surface)) == []


@pytest.mark.parametrize(("surface", "block", "said"), BAD)
def test_a_bad_block_is_found_and_pointed_at(surface: str, block: Block, said: str) -> None:
    findings = [str(finding) for finding in check_blocks([block], surface)]
    assert any(said in finding for finding in findings), findings


def messages(*blocks: Block, surface: str = "message") -> list[str]:
    return [finding.message for finding in check_blocks(list(blocks), surface)]


def test_a_message_takes_fifty_blocks_and_a_modal_a_hundred() -> None:
    assert messages(*[section("a")] * 50) == []
    assert messages(*[section("a")] * 51) == ["no more than 50 items allowed, are 51"]
    assert messages(*[section("a")] * 100, surface="modal") == []


def test_block_ids_are_unique() -> None:
    assert messages({"type": "divider", "block_id": "a"}, {"type": "divider", "block_id": "a"}) == [
        "block_id 'a' stands 2 times"
    ]


def test_a_message_has_one_table() -> None:
    table = {"type": "table", "rows": [cells(1)]}
    assert messages(table, table) == ["only one table a message"]


def test_markdown_blocks_share_their_limit() -> None:
    assert messages(*[{"type": "markdown", "text": "x" * 6001}] * 2) == [
        "the markdown blocks together hold more than 12000 characters"
    ]


def test_one_element_takes_the_focus() -> None:
    first = entry("a", "A", {"type": "users_select", "focus_on_load": True})
    second = entry("b", "B", {"type": "users_select", "focus_on_load": True})
    assert messages(first, second, surface="modal") == ["only one element can have focus_on_load"]


@pytest.mark.parametrize("nonsense", [None, "text", {"type": "section"}, [None], [[]], [{"type": []}], [{}], []])
def test_what_is_no_list_of_blocks_is_found_and_does_not_crash(nonsense: object) -> None:
    assert list(check_blocks(nonsense, "message"))
