"""The linter and slack_sdk's own models, held against each other on what both of them can judge."""

from typing import Any

import pytest
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from sandbox.slack.backend import Inspection
from sandbox.slack.lint.surface import check_blocks
from sandbox.slack.lint.view import check_view
from tests.sandbox.slack.lint.test_blocks import GOOD
from tests.sandbox.slack.payload import actions, button, modal, plain, section

TOO_MUCH: list[dict[str, Any]] = [
    section("x" * 3001),
    {"type": "section"},
    {"type": "section", "fields": [plain("a")] * 11},
    {"type": "header", "text": plain("x" * 151)},
    {"type": "context", "elements": [plain("a")] * 11},
    actions(*(button(f"a{number}") for number in range(26))),
    {"type": "divider", "block_id": "x" * 256},
    {"type": "markdown", "text": "x" * 12_001},
    {"type": "task_card", "task_id": "a", "title": "a", "status": "done"},
    {"type": "card", "body": plain("x" * 201)},
    {"type": "container", "child_blocks": [section("a")]},
]


@pytest.mark.parametrize(("surface", "block"), GOOD)
def test_what_the_linter_lets_pass_the_sdk_does_too(surface: str, block: dict[str, Any]) -> None:
    parsed = Block.parse(block)
    assert parsed is not None, surface
    parsed.validate_json()
    assert parsed.to_dict().keys() == block.keys()


@pytest.mark.parametrize("block", TOO_MUCH)
def test_what_the_sdk_refuses_the_linter_refuses_too(block: dict[str, Any]) -> None:
    parsed = Block.parse(block)
    assert parsed is not None
    with pytest.raises(SlackObjectFormationError):
        parsed.validate_json()
    assert list(check_blocks([block], "message"))


@pytest.mark.parametrize(
    "view", [modal(title=plain("x" * 25)), modal(submit=plain("x" * 25)), modal(private_metadata="x" * 3001)]
)
def test_both_refuse_a_view_that_is_too_long_somewhere(view: dict[str, Any]) -> None:
    with pytest.raises(SlackObjectFormationError):
        View(**view).validate_json()
    assert check_view("views.open", view, "modal", Inspection()) is not None
