"""Good and bad views."""

from typing import Any

import pytest

from sandbox.slack.backend import Inspection
from sandbox.slack.lint.view import check_view
from tests.sandbox.slack.payload import home, modal, plain, section, text_entry


def without(view: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in view.items() if key != name}


@pytest.mark.parametrize(
    ("view", "kind"),
    [
        (modal(), "modal"),
        (modal(private_metadata="x" * 3000, close=plain("x" * 24), notify_on_close=True), "modal"),
        (without(modal(section("read only")), "submit"), "modal"),
        (home(section("cases")), "home"),
    ],
)
def test_a_good_view_passes(view: dict[str, Any], kind: str) -> None:
    inspection = Inspection()
    assert check_view("views.open", view, kind, inspection) is None
    assert inspection.findings == []


@pytest.mark.parametrize(
    ("view", "kind", "said"),
    [
        (modal(title=plain("x" * 25)), "modal", "/view/title/text: must be less than 25"),
        (modal(submit=plain("x" * 25)), "modal", "/view/submit/text: must be less than 25"),
        (modal(close=plain("x" * 25)), "modal", "/view/close/text: must be less than 25"),
        (modal(private_metadata="x" * 3001), "modal", "/view/private_metadata: must be less than 3001"),
        (modal(callback_id="x" * 256), "modal", "/view/callback_id: must be less than 256"),
        (modal(colour="red"), "modal", "/view: invalid additional property: colour"),
        (without(modal(), "title"), "modal", "/view: missing required field: title"),
        (without(modal(text_entry()), "submit"), "modal", "a view with input blocks needs a submit"),
        (modal(blocks=[]), "modal", "/view/blocks: no fewer than 1 items"),
        (without(modal(), "blocks"), "modal", "/view/blocks: must be a list"),
        (modal({"type": "plan", "title": "x"}), "modal", "/view/blocks/0: a plan block may not stand in a modal"),
        (home(section("a")), "modal", "/view/type: must be 'modal', is 'home'"),
        ({**home(section("a")), "title": plain("x")}, "home", "/view: invalid additional property: title"),
        ("a string", "modal", "/view: must be an object"),
    ],
)
def test_a_bad_view_is_refused_and_noted(view: object, kind: str, said: str) -> None:
    inspection = Inspection()
    refusal = check_view("views.open", view, kind, inspection)
    assert refusal is not None
    assert refusal.error == "invalid_arguments"
    assert any(said in finding for finding in inspection.findings), inspection.findings


def test_a_view_of_more_than_250_kilobytes_is_too_large() -> None:
    heavy = modal(*[section("x" * 2990)] * 90)
    refusal = check_view("views.open", heavy, "modal", Inspection())
    assert refusal is not None
    assert refusal.error == "view_too_large"
