"""A message as the bot sends it: the first thing that Slack would refuse it for, and every defect noted."""

import json
from collections.abc import Mapping
from typing import Any

from sandbox.slack.backend import Inspection
from sandbox.slack.lint.house import house_findings
from sandbox.slack.lint.spec import Finding
from sandbox.slack.lint.surface import check_blocks
from sandbox.slack.records import Refused

REFUSED_BYTES = 12_000
"""All blocks together, as JSON: Slack refuses posts from about here on, without having said so."""
BUDGET_BYTES = 9_000
"""What this house allows itself."""

_ANSWER_KEYS = frozenset(
    {
        "attachments",
        "blocks",
        "delete_original",
        "metadata",
        "mrkdwn",
        "replace_original",
        "response_type",
        "text",
        "thread_ts",
        "unfurl_links",
        "unfurl_media",
    }
)
_ANSWERS = frozenset({"response_url", "command acknowledgement"})


def check_message(where: str, values: Mapping[str, Any], inspection: Inspection) -> Refused | None:
    """Note every defect under `where`; return the refusal that Slack would answer with, or None."""
    if where in _ANSWERS:
        for name in sorted(set(values) - _ANSWER_KEYS):
            inspection.note(where, f"unknown key {name!r}")
    for breach in house_findings(where, values, inspection):
        inspection.note(where, breach)
    refusals = [_empty(values), _metadata(values.get("metadata"), where, inspection)]
    if values.get("blocks"):
        refusals.append(_blocks(where, values["blocks"], inspection))
    found = next((refusal for refusal in refusals if refusal is not None), None)
    if found is not None and found.error in {"no_text", "invalid_metadata_format"}:
        inspection.note(where, found.error)
    return found


def refusal_of(findings: list[Finding], error: str = "invalid_blocks") -> Refused | None:
    """Return Slack's refusal with a line for each finding it would refuse, or None."""
    lines = [f"[ERROR] {each.message} [json-pointer:{each.pointer}]" for each in findings if each.fatal]
    return Refused(error, errors=lines, response_metadata={"messages": lines}) if lines else None


def _empty(values: Mapping[str, Any]) -> Refused | None:
    if values.get("delete_original") or any(values.get(part) for part in ("text", "blocks", "attachments")):
        return None
    return Refused("no_text")


def _metadata(metadata: object, where: str, inspection: Inspection) -> Refused | None:
    if metadata is None or metadata == {}:
        return None
    fits = (
        isinstance(metadata, dict)
        and isinstance(metadata.get("event_type"), str)
        and isinstance(metadata.get("event_payload"), dict)
    )
    if not fits:
        return Refused("invalid_metadata_format")
    if isinstance(metadata, dict) and (stray := set(metadata) - {"event_type", "event_payload", "entities"}):
        inspection.note(where, f"metadata has unknown keys {sorted(stray)}")
    return None


def _blocks(where: str, blocks: object, inspection: Inspection) -> Refused | None:
    if not isinstance(blocks, list):
        inspection.note(where, "blocks is not a list")
        return Refused("invalid_blocks_format")
    findings = list(check_blocks(blocks, "message"))
    for finding in findings:
        inspection.note(where, str(finding))
    size = len(json.dumps(blocks, ensure_ascii=False, separators=(",", ":")).encode())
    if size > BUDGET_BYTES:
        inspection.note(where, f"/blocks: {size} bytes, above the budget of {BUDGET_BYTES}")
    if refusal := refusal_of(findings):
        return refusal
    too_large = size > REFUSED_BYTES and where.startswith("chat.")
    return Refused("msg_blocks_too_long") if too_large else None
