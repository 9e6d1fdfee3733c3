"""A view as the bot sends it: what Slack would refuse it for, and every defect noted."""

import json
from collections.abc import Iterator, Mapping

from sandbox.slack.backend import Inspection
from sandbox.slack.lint.message import refusal_of
from sandbox.slack.lint.objects import FLAG
from sandbox.slack.lint.spec import Finding, Spec, Words, plain
from sandbox.slack.lint.surface import check_blocks
from sandbox.slack.lint.walk import check
from sandbox.slack.records import Json, Refused

VIEW_BYTES = 250_000
"""The whole view as JSON ("views.open", errors: view_too_large)."""

_BOTH: Mapping[str, Spec] = {
    "private_metadata": Words(3000, shortest=0),
    "callback_id": Words(255, shortest=0),
    "external_id": Words(255, shortest=0),
}
_MODAL: Mapping[str, Spec] = {
    **_BOTH,
    "title": plain(24),
    "submit": plain(24),
    "close": plain(24),
    "clear_on_close": FLAG,
    "notify_on_close": FLAG,
    "submit_disabled": FLAG,
}
_KINDS = {"modal": _MODAL, "home": _BOTH}


def check_view(where: str, payload: object, kind: str, inspection: Inspection) -> Refused | None:
    """Note every defect under `where`; return the refusal that Slack would answer with, or None."""
    if not isinstance(payload, dict):
        findings = [Finding("/view", "must be an object")]
    else:
        findings = list(view_findings(payload, kind))
    for finding in findings:
        inspection.note(where, str(finding))
    if len(json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode()) > VIEW_BYTES:
        inspection.note(where, f"/view: above {VIEW_BYTES} bytes")
        return Refused("view_too_large")
    return refusal_of(findings, "invalid_arguments")


def view_findings(view: Json, kind: str) -> Iterator[Finding]:
    """Yield everything wrong with a view that is to be a "modal" or a "home"."""
    if kind not in _KINDS:
        yield Finding("/view/type", "must be modal or home")
        return
    if view.get("type") != kind:
        yield Finding("/view/type", f"must be {kind!r}, is {view.get('type')!r}")
    fields = _KINDS[kind]
    for name in sorted(set(view) - set(fields) - {"type", "blocks"}):
        yield Finding("/view", f"invalid additional property: {name}")
    for name, spec in fields.items():
        if name in view:
            yield from check(spec, view[name], f"/view/{name}")
    yield from check_blocks(view.get("blocks"), kind, "/view/blocks")
    if kind == "modal":
        yield from _complete(view)


def _complete(view: Json) -> Iterator[Finding]:
    if "title" not in view:
        yield Finding("/view", "missing required field: title")
    blocks = view.get("blocks")
    listed = blocks if isinstance(blocks, list) else []
    if "submit" not in view and any(isinstance(b, dict) and b.get("type") == "input" for b in listed):
        yield Finding("/view", "a view with input blocks needs a submit")
