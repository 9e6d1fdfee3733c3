"""Short words for Block Kit in these tests."""

from typing import Any

QUIET: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(action_id: str, **more: object) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": plain(action_id.capitalize()), **more}


def actions(*elements: dict[str, Any], **more: object) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements), **more}


def option(value: str) -> dict[str, Any]:
    return {"text": plain(value.capitalize()), "value": value}


def entry(block_id: str, label: str, element: dict[str, Any], **more: object) -> dict[str, Any]:
    element = {"action_id": "value", **element}
    return {"type": "input", "block_id": block_id, "label": plain(label), "element": element, **more}


def text_entry(block_id: str = "reason", label: str = "Reason", **more: object) -> dict[str, Any]:
    return entry(block_id, label, {"type": "plain_text_input"}, **more)


def modal(*blocks: dict[str, Any], **more: object) -> dict[str, Any]:
    view = {"type": "modal", "callback_id": "request", "title": plain("Offboard"), "submit": plain("Request")}
    return {**view, "blocks": list(blocks) or [text_entry()], **more}


def home(*blocks: dict[str, Any]) -> dict[str, Any]:
    return {"type": "home", "blocks": list(blocks)}
