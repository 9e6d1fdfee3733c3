"""Blocks and mrkdwn as a person reads them."""

from typing import Any

import pytest

from sandbox.slack.reading import plain as read
from sandbox.slack.reading import spoken
from sandbox.slack.state import State
from sandbox.slack.workspace import demo_seed
from tests.sandbox.slack.payload import actions, button, plain, section, text_entry

STATE = State(demo_seed(), lambda: 1_800_000_000.0)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("ask <@U0BEN>", "ask @Ben Sato"),
        ("<!subteam^S0SECURITY> please", "@security please"),
        ("in <#C0CASES>", "in #offboarding"),
        ("<https://acme.test/x|the log>", "the log"),
        ("<https://acme.test/x>", "https://acme.test/x"),
        ("<mailto:dana@acme.test|dana@acme.test>", "dana@acme.test"),
        ("due <!date^1800000000^{date}|15 January>", "due 15 January"),
        ("*removed* from `veeam_hq`", "removed from veeam_hq"),
        ("a _quiet_ word, ~gone~", "a quiet word, gone"),
        ("snake_case_name and 2*3*4", "snake_case_name and 2*3*4"),
        ("&lt;b&gt; &amp; more", "<b> & more"),
    ],
)
def test_mrkdwn_is_read_without_its_marks(written: str, shown: str) -> None:
    assert read(STATE, written) == shown


def rich(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        (section("*Dana*"), "Dana"),
        ({"type": "section", "fields": [{"type": "mrkdwn", "text": "a"}, plain("b")]}, "a\nb"),
        (actions(button("approve"), button("decline")), "Approve\nDecline"),
        ({"type": "header", "text": plain("OFF-1")}, "OFF-1"),
        (text_entry(), "Reason"),
        (rich({"type": "text", "text": "by "}, {"type": "user", "user_id": "U0BEN"}), "by @Ben Sato"),
        (
            {
                "type": "table",
                "rows": [[{"type": "raw_text", "text": "RSA"}, rich({"type": "text", "text": "removed"})]],
            },
            "RSA | removed",
        ),
        (
            {
                "type": "plan",
                "title": "Offboarding",
                "tasks": [
                    {
                        "type": "task_card",
                        "task_id": "rsa",
                        "title": "RSA",
                        "status": "complete",
                        "output": rich({"type": "text", "text": "removed"}),
                    }
                ],
            },
            "Offboarding\nRSA\nremoved",
        ),
        (
            {"type": "card", "title": plain("Dana"), "body": plain("leaves"), "actions": [button("go")]},
            "Dana\nleaves\nGo",
        ),
        ({"type": "container", "title": plain("More"), "child_blocks": [section("inside")]}, "More\ninside"),
        ({"type": "alert", "text": plain("Careful")}, "Careful"),
        ({"type": "image", "image_url": "https://acme.test/x.png", "alt_text": "a door"}, "a door"),
    ],
)
def test_every_block_is_read(block: dict[str, Any], shown: str) -> None:
    assert spoken(STATE, [block]) == shown


def test_a_message_without_blocks_is_its_text_and_with_blocks_is_not() -> None:
    assert spoken(STATE, [], "the text") == "the text"
    assert spoken(STATE, [section("the block")], "the text") == "the block"
