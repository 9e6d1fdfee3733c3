"""What a case's records are written as in a pack, and read back from it."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Final

from pydantic import TypeAdapter

from bot.audit import Event, PersonalValue
from bot.evidence.seals import Seal
from bot.model import Approval, Case, CaseView, Discovery, Outcome, Plan

CASE: Final = TypeAdapter(Case)
PLANS: Final = TypeAdapter(tuple[Plan, ...])
APPROVALS: Final = TypeAdapter(tuple[Approval, ...])
OUTCOMES: Final = TypeAdapter(tuple[Outcome, ...])
LOOKS: Final = TypeAdapter(tuple[Discovery, ...])

EVENTS: Final = "events.jsonl"
SEAL: Final = "seal.json"


def of_case(view: CaseView) -> dict[str, bytes]:
    """Return the case's records as files. The leaver's ids in Slack stay out: nothing here needs them."""
    leaver = replace(view.case.leaver, slack_id=None, team_id=None, also=(), named=())
    plain = {
        "case.json": CASE.dump_python(replace(view.case, leaver=leaver), mode="json"),
        "plans.json": PLANS.dump_python(view.plans, mode="json"),
        "approvals.json": APPROVALS.dump_python(view.approvals, mode="json"),
        "outcomes.json": OUTCOMES.dump_python(view.outcomes, mode="json"),
        "looks.json": LOOKS.dump_python(view.looks, mode="json"),
    }
    return {name: _text(value) for name, value in plain.items()}


def case_view(files: Mapping[str, bytes]) -> CaseView:
    """Return what `of_case` wrote. ValueError where a file is missing or is not of its kind."""
    try:
        return CaseView(
            CASE.validate_json(files["case.json"]),
            PLANS.validate_json(files["plans.json"]),
            APPROVALS.validate_json(files["approvals.json"]),
            OUTCOMES.validate_json(files["outcomes.json"]),
            LOOKS.validate_json(files["looks.json"]),
        )
    except KeyError as missing:
        raise ValueError(f"{missing.args[0]} is missing") from None
    except ValueError:
        raise ValueError("a record of the case cannot be read") from None


def of_events(events: Sequence[Event], values: Iterable[PersonalValue]) -> bytes:
    """Return the chain as JSON lines: an event with the personal values that it is committed to, a line each."""
    kept: dict[int, dict[str, dict[str, str]]] = {}
    for value in values:
        kept.setdefault(value.seq, {})[value.field] = {"salt": value.salt.hex(), "value": value.value}
    return b"".join(_line(event, kept.get(event.seq, {})) for event in events)


def _line(event: Event, values: Mapping[str, Mapping[str, str]]) -> bytes:
    plain = {
        "chain": event.chain,
        "seq": event.seq,
        "at": event.at.isoformat(timespec="microseconds"),
        "kind": event.kind,
        "body": event.body,
        "previous": event.prev_hash.hex(),
        "hash": event.hash.hex(),
        "values": values,
    }
    return json.dumps(plain, ensure_ascii=True, separators=(",", ":")).encode() + b"\n"


def chain(content: bytes) -> tuple[tuple[Event, ...], tuple[PersonalValue, ...]]:
    """Return what `of_events` wrote. ValueError where a line is not an event."""
    try:
        plain = [json.loads(line) for line in content.decode().splitlines()]
        values = tuple(
            PersonalValue(int(one["seq"]), field, bytes.fromhex(kept["salt"]), str(kept["value"]))
            for one in plain
            for field, kept in one["values"].items()
        )
        return tuple(_event(one) for one in plain), values
    except (KeyError, TypeError, AttributeError, ValueError):
        raise ValueError("a line is not an event") from None


def _event(plain: Mapping[str, str]) -> Event:
    at = datetime.fromisoformat(plain["at"])
    hashes = bytes.fromhex(plain["previous"]), bytes.fromhex(plain["hash"])
    return Event(str(plain["chain"]), int(plain["seq"]), at, str(plain["kind"]), str(plain["body"]), *hashes)


def of_seal(seal: Seal) -> bytes:
    """Return a seal as a file."""
    signature = base64.b64encode(seal.signature).decode()
    return _text({"key_id": seal.key_id, "message": seal.message, "signature": signature})


def seal_of(content: bytes) -> Seal:
    """Return what `of_seal` wrote. ValueError where it is not a seal."""
    try:
        plain = json.loads(content)
        signature = base64.b64decode(plain["signature"], validate=True)
        return Seal(str(plain["message"]), str(plain["key_id"]), signature)
    except (KeyError, TypeError, ValueError):
        raise ValueError("the seal cannot be read") from None


def _text(value: object) -> bytes:
    return json.dumps(value, ensure_ascii=True, indent=1, sort_keys=True).encode() + b"\n"
