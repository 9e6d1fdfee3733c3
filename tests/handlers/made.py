"""Domain values for the views' tests: one case about Dana, with whatever is to be different."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from slack_sdk.models.basic_objects import JsonObject
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

from bot.model import (
    Account,
    Approval,
    Case,
    CaseState,
    CaseSystem,
    CaseView,
    Discovery,
    Key,
    KeyKind,
    KeySource,
    Leaver,
    Match,
    Outcome,
    Person,
    Plan,
    PlannedAccount,
    PlannedSystem,
    PlanState,
    Proof,
    Sight,
    Step,
    Word,
    facts,
)
from handlers.views.blocks import Json
from handlers.views.message import Message
from sandbox.slack.backend import Inspection
from sandbox.slack.lint.house import house_findings
from sandbox.slack.lint.message import check_message
from sandbox.slack.lint.view import check_view
from sandbox.slack.people import demo_seed
from sandbox.slack.reading import spoken
from sandbox.slack.state import State

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
MAIL = Key(KeyKind.MAIL, "dana@acme.test", KeySource.TYPED)
DANA = Leaver("Dana Frost", (MAIL,), "U0DANA", "T0ACME")
AMY = Person("U0AMY", "T0ACME", "Amy Ortiz", "amy@acme.test")
CRM = CaseSystem("crm", "CRM", "fake", "fake crm", 1, "U0CHLOE")
WIKI = CaseSystem("wiki", "Wiki", "fake", "fake wiki", 1)
STEPS = (Step("disable", "disable the user", irreversible=False), Step("delete", "delete the user"))


def made_case(**changes: object) -> Case:
    plain = Case(12, CaseState.WAITING, DANA, AMY, "", (CRM, WIKI), "C0CASES", discreet=False, opened_at=NOW)
    return replace(plain, **changes)  # type: ignore[arg-type]  # the test names the fields


def made_view(case: Case | None = None, **changes: object) -> CaseView:
    plain = CaseView(case or made_case(), approvers=("S0SECURITY",), admins=("U0ROOT",))
    return replace(plain, **changes)  # type: ignore[arg-type]  # the test names the fields


def made_account(handle: str = "dana@acme.test", system: str = "crm", **changes: object) -> Account:
    plain = Account(system, f"id of {handle}", handle, facts(mail=handle), Match.EXACT, (MAIL,), would=STEPS)
    return replace(plain, **changes)  # type: ignore[arg-type]  # the test names the fields


def planned(system: CaseSystem, *accounts: Account, chosen: bool = True, **look: object) -> PlannedSystem:
    discovery = replace(Discovery(system.name, Sight.FULL, accounts), **look)  # type: ignore[arg-type]  # as above
    listed = tuple(PlannedAccount(account, chosen, "" if chosen else "A person has to decide.") for account in accounts)
    return PlannedSystem(system.name, system.label, system.kind, system.identity, discovery, listed)


def made_plan(*systems: PlannedSystem, **changes: object) -> Plan:
    plain = Plan(12, 1, "1abc", systems, 1, PlanState.WAITING, NOW)
    return replace(plain, **changes)  # type: ignore[arg-type]  # the test names the fields


def approval(user: str, turn: int = 1, digest: str = "1abc") -> Approval:
    return Approval(turn, digest, user, "T0ACME", f"{user.lower()}@acme.test", "in S0SECURITY", NOW)


def outcome(word: Word, system: str = "crm", handle: str = "dana@acme.test", **changes: object) -> Outcome:
    plain = Outcome(system, f"id of {handle}", word, f"It was {word} by the test.", NOW, handle)
    return replace(plain, **changes)  # type: ignore[arg-type]  # the test names the fields


PROOF = Proof("not found (404)", "no hit on 3 pages", NOW + timedelta(minutes=1))


def read(message: Message) -> str:
    """The message as a person reads it."""
    return spoken(State(demo_seed(), lambda: 0.0), list(message.blocks), message.text)


def defects(message: Message) -> list[str]:
    """All that Slack would refuse or this house does not send."""
    inspection = Inspection(forbidden={"U0DANA"}, forbidden_in_text={"dana@acme.test", "Dana"})
    values = {"text": message.text, "blocks": list(message.blocks), "unfurl_links": False, "unfurl_media": False}
    check_message("chat.postMessage", values, inspection)
    for block in message.blocks:
        validated(Block.parse(block))
    return [*inspection.findings, *house_findings("chat.postMessage", values, inspection)]


def validated(model: JsonObject | None) -> None:
    """Hold a payload against the SDK's own models too; they raise."""
    assert model is not None
    model.validate_json()


def view_defects(view: Json) -> list[str]:
    inspection = Inspection()
    check_view("views.open", view, str(view["type"]), inspection)
    validated(View(**view))
    return inspection.findings
