"""A discreet case in the channel: whatever the message, nothing there says who leaves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.vendor_words import quote_vendor
from bot.model import (
    CaseState,
    CaseView,
    Discovery,
    Finding,
    Hold,
    HoldKind,
    Key,
    KeyKind,
    KeySource,
    Pick,
    PlanState,
    Proof,
    Sight,
    Word,
    Working,
)
from handlers.views.messages import NAMES, parts
from handlers.views.veil import NOT_SHOWN, veil_of, veiled
from tests.handlers.made import (
    CRM,
    DANA,
    MAIL,
    NOW,
    WIKI,
    approval,
    defects,
    made_account,
    made_case,
    made_plan,
    made_view,
    outcome,
    planned,
)

GIVEN_AWAY = ("dana", "frost", "dfrost", "d4711", "acme.test", "u0dana")
SAYS = "Dana Frost (dana@acme.test, ACME\\\\dfrost, d4711) is leaving"
LOGIN = Key(KeyKind.LOGIN, "ACME\\dfrost", KeySource.OTHER)
HANDLES = ("dana@acme.test", "ACME\\dfrost", "d4711")
DIRECT = frozenset({"dm"})


def told_everywhere(state: CaseState) -> CaseView:
    """A discreet case in which every text that can hold words of people or systems names the leaver."""
    hold = Hold(HoldKind.LIMIT, SAYS, 1, ("crm",))
    leaver = replace(DANA, keys=(MAIL, LOGIN))
    case = made_case(
        state=state,
        discreet=True,
        leaver=leaver,
        reason=SAYS,
        closing_note=SAYS,
        ended_by="U0BEN",
        hold=hold,
        attempt=1,
        turn=1,
        expires_at=NOW,
        ended_at=NOW,
    )
    accounts = [made_account(handle, findings=(Finding(SAYS),), parts=(SAYS,), left=SAYS) for handle in HANDLES]
    crm = planned(CRM, *accounts, similar=("dana.frost2",), findings=(Finding(SAYS),), reason=SAYS)
    crm = replace(crm, accounts=tuple(replace(one, picked=Pick("U0BEN", SAYS), why_not=SAYS) for one in crm.accounts))
    proof = Proof(SAYS, SAYS, NOW)
    ended = [
        outcome(word, handle=handle, sentence=SAYS, left=SAYS, proof=proof, done_by="U0BEN", account_id=handle)
        for word, handle in zip((Word.MANUAL, Word.REMOVED, Word.FAILED), HANDLES, strict=True)
    ]
    plan_state = PlanState.WAITING if state is CaseState.WAITING else PlanState.APPROVED
    return made_view(
        case,
        plans=(made_plan(crm, state=plan_state),),
        outcomes=tuple(ended) if state is not CaseState.WAITING else (),
        approvals=(replace(approval("U0BEN"), mail="ben@office.test"),),
        looks=(crm.discovery, Discovery("wiki", Sight.NOT_READ, reason=SAYS)),
        working=(Working("wiki", SAYS),),
    )


@pytest.mark.parametrize("state", list(CaseState))
@pytest.mark.parametrize("name", sorted(NAMES - DIRECT))
def test_no_message_in_the_channel_says_who_leaves(name: str, state: CaseState) -> None:
    view = told_everywhere(state)

    for plain in (True, False):
        for message in parts(view, name if name in {"root", "progress", "closing"} else f"{name}:1", SAYS, plain=plain):
            shown = f"{message.text} {message.blocks}".lower()
            assert [word for word in GIVEN_AWAY if word in shown] == []
            assert defects(message) == []


@pytest.mark.parametrize("state", list(CaseState))
@pytest.mark.parametrize("name", sorted(NAMES - DIRECT))
def test_no_message_in_the_channel_repeats_a_vendor_or_a_free_reason(name: str, state: CaseState) -> None:
    vendor = f"It would not{quote_vendor('user Dee (dee77) is locked')}."
    view = told_everywhere(state)
    look = Discovery("wiki", Sight.NOT_READ, reason=vendor)
    failed = outcome(Word.FAILED, sentence=vendor, left=vendor, account_id="dana@acme.test")
    done = outcome(Word.MANUAL, sentence="Dee is gone", done_by="U0BEN", account_id="d4711")
    case = replace(view.case, closing_note="Dee stays")
    view = replace(view, case=case, outcomes=(failed, done), looks=(look,), working=(Working("wiki", vendor),))

    for text in (vendor, "U0ROOT Dee has a row with the boss") if name in {"held", "glass"} else (vendor,):
        for message in parts(view, name if name in {"root", "progress", "closing"} else f"{name}:1", text):
            assert "dee" not in f"{message.text} {message.blocks}".lower().replace("need", "")


def test_a_reason_that_is_not_shown_is_said_to_be_in_the_evidence() -> None:
    view = told_everywhere(CaseState.RUNNING)

    (message,) = parts(view, "glass:1", "U0ROOT Dee leaves at once")

    assert NOT_SHOWN in str(message.blocks)
    assert "<@U0ROOT>" in str(message.blocks)


def test_the_same_messages_of_a_case_that_is_not_discreet_do_say_it() -> None:
    view = told_everywhere(CaseState.NEEDS_PEOPLE)
    open_case = replace(view, case=replace(view.case, discreet=False))

    for name in ("root", "plan:1", "progress", "closing", "note:1"):
        assert any("dana" in str(message.blocks).lower() for message in parts(open_case, name, SAYS))


def test_what_is_counted_and_decided_stays_as_it_was() -> None:
    view = told_everywhere(CaseState.WAITING)

    behind = veiled(view)

    assert (behind.case.id, behind.case.state, behind.case.leaver.slack_id) == (12, CaseState.WAITING, "U0DANA")
    assert [plan.digest for plan in behind.plans] == [plan.digest for plan in view.plans]
    assert len(list(behind.plans[0].chosen())) == len(list(view.plans[0].chosen()))
    assert behind.case.title == "D. F."


def test_an_account_that_a_finding_stops_is_still_stopped_behind_the_veil() -> None:
    stopped = made_account(findings=(Finding("Dana's own", Word.MANUAL),))
    view = made_view(made_case(discreet=True), plans=(made_plan(planned(CRM, stopped)), made_plan(planned(WIKI))))

    (account,) = veiled(view).plans[0].systems[0].discovery.accounts

    assert account.stop is not None
    assert account.stop.text == ""


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("DANA@acme.test stays", "… stays"),
        ("of Dana's group", "of …'s group"),
        ("Bandana stays", "Bandana stays"),
        ("frost, Dana", "…, …"),
    ],
)
def test_words_are_hidden_whole_and_in_any_case(text: str, shown: str) -> None:
    assert veil_of(made_view(made_case(discreet=True)))(text) == shown
