"""What the dialogs of the brakes send: accounts that were chosen, a reason, a typed address. See also `forms`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from handlers import ids
from handlers.forms import Actor, Payload, Target, Unreadable, actor, subject, target

_PLACE = re.compile(r"([0-9]{1,6})\.([0-9]{1,6})")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The submitted choice: places of accounts in the plan, as (system, account), and the reason."""

    actor: Actor
    target: Target
    places: tuple[tuple[int, int], ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Broken:
    """The submitted break-glass: a reason, the address typed as the second confirmation, and a code or ""."""

    actor: Actor
    target: Target
    reason: str
    typed: str
    code: str = ""


def chosen(body: Payload) -> Chosen:
    """Read the submitted choice."""
    view = body["view"]
    on = target(subject(view))
    return Chosen(actor(body), on, tuple(_places(view)), _text(view, ids.WORDS))


def broken(body: Payload) -> Broken:
    """Read the submitted break-glass."""
    view = body["view"]
    on = target(subject(view))
    return Broken(actor(body), on, _text(view, ids.WORDS), _text(view, ids.ADDRESS), _text(view, ids.CODE))


def _places(view: Payload) -> Iterator[tuple[int, int]]:
    for block_id, inputs in _values(view).items():
        if not block_id.startswith(ids.ACCOUNTS):
            continue
        for element in inputs.values():
            for option in element.get("selected_options") or ():
                found = _PLACE.fullmatch(str(option["value"]))
                if found is None:
                    raise Unreadable("an account is chosen by something that is not a place in a plan")
                yield int(found[1]), int(found[2])


def _text(view: Payload, block_id: str) -> str:
    return str(_values(view).get(block_id, {}).get(block_id, {}).get("value") or "").strip()


def _values(view: Payload) -> Payload:
    values: Payload = view.get("state", {}).get("values", {})
    return values
