"""What happened: each write with its answer, and the whole record."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.evidence.agreement import Told
from bot.evidence.page.alarm import in_red
from bot.evidence.page.html import Markup, code, element, lines, moment, table
from bot.model import CaseView


def sent(view: CaseView, events: Sequence[Told]) -> Markup:
    """Return every write that was noted before it was sent, beside what came back for it."""
    answers = {one.facts.get("key"): one for one in events if one.event.kind == "answer"}
    statuses = {one.facts.get("key"): one.facts.get("status") for one in events if one.event.kind == "response"}
    heads = ("Noted", "System", "Account", "Step", "Answer", "Request id", "Answered")
    rows = [_write(view, one, answers, statuses) for one in events if one.event.kind == "intent"]
    return table(heads, rows, "Nothing was sent.")


def _write(
    view: CaseView, intent: Told, answers: Mapping[Any, Told], statuses: Mapping[Any, Any]
) -> tuple[object, ...]:
    key = intent.facts.get("key")
    system = view.case.system(str(intent.facts.get("system")))
    answer, status = answers.get(key), statuses.get(key)
    label = system.label if system else intent.facts.get("system")
    begun = (moment(intent.event.at), label, intent.values.get("account"), intent.facts.get("step"))
    if answer is None:
        return (*begun, "none was noted: it may have been sent", "", "")
    said = lines([answer.facts.get("answer"), *([f"status {_plain(status)}"] if status else [])])
    return (*begun, said, code(answer.facts.get("request_id") or ""), moment(answer.event.at))


def everything(events: Sequence[Told]) -> Markup:
    """Return the whole chain, a row an event. A personal value that was deleted since is not shown."""
    return table(("No.", "When", "What", "In particular"), map(_event, events), "Nothing was logged.")


def _event(one: Told) -> tuple[object, ...]:
    return one.event.seq, moment(one.event.at), in_red(one.event.kind), Markup("".join(_particulars(one)))


def _particulars(one: Told) -> Iterator[str]:
    facts = [f"{name}: {_plain(value)}" for name, value in one.facts.items() if value not in (None, "", [])]
    yield lines(facts)
    for name, value in one.values.items():
        if not value:
            continue
        yield element("div", f"{name}: {value}", cls="shown")


def _plain(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
