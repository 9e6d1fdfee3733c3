"""The plan as approvers read it."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from bot.model import CaseState, Discovery, Finding, Key, KeyKind, KeySource, Match, PlanState, Sight, Step, Word, facts
from handlers import ids
from handlers.views.blocks import size
from handlers.views.plan import plan_messages
from tests.handlers.made import (
    CRM,
    DANA,
    MAIL,
    WIKI,
    approval,
    defects,
    made_account,
    made_case,
    made_plan,
    made_view,
    outcome,
    planned,
    read,
)

_WORDS = re.compile(rf"\b({'|'.join(Word)})\b", re.IGNORECASE)


def buttons(blocks: tuple[dict[str, object], ...]) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    for block in blocks:
        if block["type"] == "actions":
            elements = block["elements"]
            assert isinstance(elements, list)
            found += elements
    return found


def test_it_shows_account_key_source_and_steps_and_marks_what_cannot_be_undone() -> None:
    (message,) = plan_messages(made_view(plans=(made_plan(planned(CRM, made_account()), planned(WIKI)),)), 1)
    text = read(message)
    assert "Looked for: dana@acme.test (mail, typed in the request)." in text
    assert "CRM: dana@acme.test\nwould disable the user, then delete the user. The last step cannot be undone." in text
    assert "Wiki: no account was found." in text
    assert "1 account in 1 system would be taken away. This cannot be undone." in text
    assert "Slack and the identity provider are not part of this case." in text
    assert defects(message) == []


def test_the_buttons_are_bound_to_case_turn_and_digest_and_approve_asks_once_more() -> None:
    (message,) = plan_messages(made_view(plans=(made_plan(planned(CRM, made_account())),)), 1)
    approve, decline = buttons(message.blocks)
    assert (approve["action_id"], decline["action_id"]) == (ids.APPROVE, ids.DECLINE)
    assert approve["value"] == decline["value"] == "12:1:1abc"
    assert "dana@acme.test: 1 account in 1 system would be taken away." in str(approve["confirm"])


@pytest.mark.parametrize(("no_slack", "who"), [(True, "<@U0AMY> states"), (False, "Whoever approves states")])
def test_a_leaver_not_found_in_slack_is_told_with_who_states_it(*, no_slack: bool, who: str) -> None:
    unknown = replace(DANA, slack_id=None, team_id=None, no_slack=no_slack)
    (message,) = plan_messages(
        made_view(made_case(leaver=unknown), plans=(made_plan(planned(CRM, made_account())),)), 1
    )
    text = read(message)
    assert "Not found in Slack: secrecy and self-approval cannot be checked." in text
    assert f"{who} that this person has no Slack account." in str(message.blocks)
    assert ("By approving you state" in str(buttons(message.blocks)[0]["confirm"])) is not no_slack


def test_the_statement_is_whole_in_the_question_however_long_the_address() -> None:
    key = replace(MAIL, value=f"{'d' * 240}@acme.test")
    unknown = replace(DANA, keys=(key,), slack_id=None)
    view = made_view(made_case(leaver=unknown), plans=(made_plan(planned(CRM, made_account())),))
    (message,) = plan_messages(view, 1)
    assert "By approving you state that this person has no Slack account." in str(buttons(message.blocks)[0]["confirm"])


def test_of_a_leaver_found_in_slack_nothing_is_stated() -> None:
    (message,) = plan_messages(made_view(plans=(made_plan(planned(CRM, made_account())),)), 1)
    assert "no Slack account" not in str(message.blocks)


def test_the_approvers_are_mentioned_once_and_the_leaver_and_the_requester_never() -> None:
    view = made_view(
        plans=(made_plan(planned(CRM, made_account())),), approvers=("S0SECURITY", "U0DANA", "U0AMY", "S0SECURITY")
    )
    (message,) = plan_messages(view, 1)
    assert str(message.blocks).count("<!subteam^S0SECURITY>") == 1
    assert "U0DANA" not in str(message.blocks)
    assert "U0AMY" not in str(message.blocks)


def test_a_plan_with_nothing_chosen_has_no_buttons_and_calls_nobody() -> None:
    plan = made_plan(planned(CRM), planned(WIKI), state=PlanState.EMPTY)
    (message,) = plan_messages(made_view(plans=(plan,)), 1)
    assert buttons(message.blocks) == []
    assert "S0SECURITY" not in str(message.blocks)
    assert "no approval is needed" in read(message)


def test_a_plan_with_nothing_chosen_calls_the_approvers_where_they_can_choose() -> None:
    listed = planned(CRM, made_account(), chosen=False)
    (one,) = listed.accounts
    plan = made_plan(replace(listed, accounts=(replace(one, instead=Word.MANUAL),)), state=PlanState.EMPTY)
    left = made_view(made_case(state=CaseState.NEEDS_PEOPLE), plans=(plan,), outcomes=(outcome(Word.MANUAL),))
    (message,) = plan_messages(left, 1)
    assert "No account is chosen, so nothing would be taken away." in read(message)
    assert "@security: if one of the accounts below is this person's, press Choose." in read(message)
    assert [one["action_id"] for one in buttons(message.blocks)] == ["choose"]
    assert defects(message) == []
    (settled,) = plan_messages(replace(left, outcomes=(outcome(Word.MANUAL, done_by="U0ROOT"),)), 1)
    assert "press Choose" not in read(settled)


def test_a_plan_that_nobody_approves_speaks_of_no_statement() -> None:
    case = made_case(leaver=replace(DANA, slack_id=None, team_id=None))
    for state in (PlanState.EMPTY, PlanState.VOID):
        (message,) = plan_messages(made_view(case, plans=(made_plan(planned(CRM, made_account()), state=state),)), 1)
        assert "Not found in Slack: secrecy and self-approval cannot be checked." in read(message)
        assert "that this person has no Slack account" not in read(message)


def test_an_approved_plan_names_who_stated_that_the_leaver_has_no_slack_account() -> None:
    case = made_case(leaver=replace(DANA, slack_id=None, team_id=None))
    plan = made_plan(planned(CRM, made_account()), state=PlanState.APPROVED)
    (message,) = plan_messages(made_view(case, plans=(plan,), approvals=(approval("U0BEN"),)), 1)
    assert "@Ben Sato stated by approving that this person has no Slack account." in read(message)


def test_while_approvals_are_missing_it_shows_how_many_there_are_and_whose() -> None:
    plan = made_plan(planned(CRM, made_account()), needed=2)
    (message,) = plan_messages(made_view(plans=(plan,), approvals=(approval("U0BEN"),)), 1)
    assert "1 of 2 approved: @Ben Sato." in read(message)
    assert [one["action_id"] for one in buttons(message.blocks)] == ["approve", "decline", "withdraw"]


def test_after_the_approval_the_buttons_go_and_it_says_who_approved() -> None:
    plan = made_plan(planned(CRM, made_account()), state=PlanState.APPROVED)
    (message,) = plan_messages(made_view(plans=(plan,), approvals=(approval("U0BEN"), approval("U0CHLOE"))), 1)
    assert "Approved by @Ben Sato, @Chloe Haddad." in read(message)
    assert "Asked: @security." in read(message)
    assert "please decide" not in read(message)
    assert buttons(message.blocks) == []


@pytest.mark.parametrize("state", [CaseState.DECLINED, CaseState.CANCELLED, CaseState.EXPIRED])
def test_a_plan_of_a_case_that_is_over_has_no_buttons_and_says_why(state: CaseState) -> None:
    plan = made_plan(planned(CRM, made_account()), state=PlanState.VOID)
    (message,) = plan_messages(made_view(made_case(state=state), plans=(plan,)), 1)
    assert buttons(message.blocks) == []
    assert state.value.capitalize() in read(message)


def test_an_expired_case_has_no_buttons_even_where_its_plan_was_left_waiting() -> None:
    plan = made_plan(planned(CRM, made_account()))
    (message,) = plan_messages(made_view(made_case(state=CaseState.EXPIRED), plans=(plan,)), 1)
    assert buttons(message.blocks) == []


def test_two_accounts_are_both_shown_and_neither_is_chosen() -> None:
    both = planned(CRM, made_account("dana@acme.test"), made_account("dana.frost@acme.test"), chosen=False)
    (message,) = plan_messages(made_view(plans=(made_plan(both),)), 1)
    text = read(message)
    assert "CRM: 2 accounts found, none chosen. A person has to decide.\ndana@acme.test\n" in text
    assert "\ndana.frost@acme.test, exact match by mail\n" in text


def test_accounts_that_are_not_chosen_for_different_reasons_say_each_its_own() -> None:
    both = planned(CRM, made_account(), made_account("dana2", left="the door is open"), chosen=False)
    one, other = both.accounts
    plan = made_plan(replace(both, accounts=(one, replace(other, why_not="Protected."))))
    text = read(plan_messages(made_view(plans=(plan,)), 1)[0])
    assert "CRM: 2 accounts found, none chosen.\n" in text
    assert "dana@acme.test\nnot chosen. A person has to decide.\n" in text
    assert "dana2, exact match by mail\nnot chosen. Protected.\n" in text
    assert "afterwards" not in text


def test_a_system_that_was_not_read_says_so_with_the_reason() -> None:
    plan = made_plan(planned(CRM, sight=Sight.NOT_READ, reason="the credentials were refused"))
    (message,) = plan_messages(made_view(plans=(plan,)), 1)
    assert "CRM: not read. The credentials were turned down." in read(message)


@pytest.mark.parametrize("sight", [Sight.PARTIAL, Sight.UNASSIGNED])
def test_what_was_not_fully_seen_is_named_as_such(sight: Sight) -> None:
    (message,) = plan_messages(made_view(plans=(made_plan(planned(CRM, sight=sight)),)), 1)
    assert f"CRM: {sight}." in read(message)


def test_similar_handles_findings_roles_and_what_is_left_are_shown() -> None:
    account = made_account(
        match=Match.DERIVED,
        matched_by=(Key(KeyKind.LOGIN, "dana", KeySource.PROFILE),),
        weight=("Administrator",),
        parts=("local identity",),
        notes=(("group", "4100100001"), ("last_login", "2026-11-21T14:04:50.475Z")),
        findings=(Finding("the last administrator"),),
        left="the IAM login still works",
    )
    plan = made_plan(planned(CRM, account, similar=("dana@acme.example", "jordana")))
    text = read(plan_messages(made_view(plans=(plan,)), 1)[0])
    assert "CRM: dana@acme.test, derived from the address\n" in text
    assert "holds: Administrator" in text
    assert "with: local identity" in text
    assert "\nlast login: 21 Nov 2026\n" in text
    assert "⚠ The last administrator." in text
    assert "afterwards: The IAM login still works." in text
    assert "similar, not chosen: dana@acme.example, jordana" in text


@pytest.mark.parametrize("word", list(Word))
def test_no_outcome_word_stands_in_a_plan_whatever_a_system_says(word: Word) -> None:
    said = f"It {word} something, {word.upper()}."
    account = made_account(findings=(Finding(said),), left=said, notes=(("state", word.value),))
    plan = made_plan(
        planned(CRM, account, reason=said, findings=(Finding(said),)),
        planned(WIKI, sight=Sight.NOT_READ, reason=said),
    )
    (message,) = plan_messages(made_view(plans=(plan,)), 1)
    assert _WORDS.findall(read(message) + message.text) == []


def test_a_handle_that_looks_like_markup_or_a_mention_is_shown_as_it_is() -> None:
    account = made_account("<!channel> *dana* <@U0BEN>")
    (message,) = plan_messages(made_view(plans=(made_plan(planned(CRM, account)),)), 1)
    assert "<!channel> *dana* <@U0BEN>" in read(message)
    mrkdwn = [block["text"] for block in message.blocks if block["type"] == "section"]
    assert "<!channel>" not in str(mrkdwn)
    assert defects(message) == []


def test_a_long_plan_rolls_over_into_parts_that_fit_and_the_last_one_has_the_buttons() -> None:
    systems = [planned(CRM, *(made_account(f"dana{n}.{'x' * 60}@acme.test") for n in range(60)))]
    plan = made_plan(*systems)
    parts = plan_messages(made_view(plans=(plan,)), 1)
    assert len(parts) > 1
    assert all(defects(part) == [] and size(part.blocks) < 9_000 for part in parts)
    assert [len(buttons(part.blocks)) for part in parts] == [0] * (len(parts) - 1) + [2]
    text = "\n".join(read(part) for part in parts)
    assert all(f"dana{n}." in text for n in range(60))
    assert str([part.blocks for part in parts]).count("subteam") == 1


def test_the_number_of_parts_stays_the_same_after_the_decision() -> None:
    plan = made_plan(planned(CRM, *(made_account(f"dana{n}@acme.test") for n in range(80))))
    before = plan_messages(made_view(plans=(plan,)), 1)
    after = made_plan(*plan.systems, state=PlanState.APPROVED)
    assert len(plan_messages(made_view(plans=(after,), approvals=(approval("U0BEN"),)), 1)) == len(before)


def test_a_second_plan_says_which_it_is_and_is_bound_to_its_own_turn() -> None:
    plan = made_plan(planned(CRM, made_account()), turn=2, digest="1def")
    (message,) = plan_messages(made_view(plans=(plan,), approvals=(approval("U0BEN"),)), 2)
    assert "Plan 2 of OFF-12" in read(message)
    assert "approved" not in read(message)
    assert buttons(message.blocks)[0]["value"] == "12:2:1def"


def test_a_discreet_plan_shows_no_account_and_only_the_button_to_review_it() -> None:
    plan = made_plan(planned(CRM, made_account()))
    (message,) = plan_messages(made_view(made_case(discreet=True), plans=(plan,)), 1)
    assert "dana" not in str(message.blocks).lower()
    assert [button["action_id"] for button in buttons(message.blocks)] == [ids.REVIEW]


def test_each_key_is_told_once_with_its_source_and_each_account_says_which_one_fits() -> None:
    other = (Key(KeyKind.LOGIN, "dfrost@x.test", KeySource.OTHER), Key(KeyKind.MAIL, "dfrost@x.test", KeySource.OTHER))
    case = made_case(leaver=replace(DANA, keys=(MAIL, *other)))
    plan = made_plan(planned(CRM, made_account("dana")), planned(WIKI, made_account("dana@acme.test")))
    text = read(plan_messages(made_view(case, plans=(plan,)), 1)[0])
    sources = "dana@acme.test (mail, typed in the request), dfrost@x.test (log-in or mail, other logins)"
    assert f"Looked for: {sources}." in text
    assert "CRM: dana, exact match: dana@acme.test\n" in text
    assert "Wiki: dana@acme.test\n" in text


def test_every_key_is_shown_however_many_there_are() -> None:
    keys = tuple(Key(KeyKind.LOGIN, f"dana{number}", KeySource.OTHER) for number in range(400))
    view = made_view(made_case(leaver=replace(DANA, keys=(MAIL, *keys))), plans=(made_plan(planned(CRM)),))
    messages = plan_messages(view, 1)
    text = "\n".join(map(read, messages))
    assert all(f"dana{number} (log-in, other logins)" in text for number in range(400))
    assert "more" not in text
    assert [one for message in messages for one in defects(message)] == []


def test_names_that_were_not_looked_for_are_shown_beside_the_account() -> None:
    seat = made_account(identity=facts(id="7", login="dana@acme.test", mail="sam@acme.test", name="Sam Roe"))
    plain = made_account(identity=facts(id="8", login="DANA@acme.test", mail="dana@acme.test"), system="wiki")
    plan = made_plan(planned(CRM, seat, chosen=False), planned(WIKI, plain))
    (message,) = plan_messages(made_view(plans=(plan,)), 1)
    text = read(message)
    assert "there as: address sam@acme.test, name Sam Roe" in text
    assert text.count("there as") == 1


def test_what_nobody_sees_in_a_name_is_written_out_wherever_it_is_shown() -> None:
    odd = made_account("dana\u200b@acme.test", identity=facts(login="da\u00adna", mail="dana@acme.test"))
    plan = made_plan(planned(CRM, odd), planned(WIKI, similar=("\u202edana@acme.test",)))
    (message,) = plan_messages(made_view(plans=(plan,)), 1)
    text = read(message)
    assert "dana\u27e8U+200B\u27e9@acme.test" in text
    assert "log-in da\u27e8U+00AD\u27e9na" in text
    assert "similar, not chosen: \u27e8U+202E\u27e9dana@acme.test" in text


def test_a_system_that_lists_too_many_accounts_says_so_and_not_that_there_is_none() -> None:
    crowd = Finding("This system lists 60 accounts for this person.", Word.MANUAL)
    (message,) = plan_messages(made_view(plans=(made_plan(planned(CRM, findings=(crowd,))),)), 1)
    assert "CRM: nothing is chosen." in read(message)
    assert "This system lists 60 accounts" in read(message)


@pytest.mark.parametrize(
    ("forever", "says"),
    [
        ((False, False), "would step 0, then step 1."),
        ((True,), "would step 0. This cannot be undone."),
        ((True, True), "would step 0, then step 1. None of this can be undone."),
        ((False, True), "would step 0, then step 1. The last step cannot be undone."),
        ((True, False, True), "would step 0, then step 1, then step 2. 2 of these 3 steps cannot be undone."),
    ],
)
def test_what_cannot_be_undone_is_said_once_an_account(forever: tuple[bool, ...], says: str) -> None:
    steps = tuple(Step(str(n), f"step {n}", irreversible) for n, irreversible in enumerate(forever))
    (message,) = plan_messages(made_view(plans=(made_plan(planned(CRM, made_account(would=steps))),)), 1)
    assert f"{says}\n" in read(message)


def test_the_summary_says_for_how_many_accounts_there_is_no_way_back() -> None:
    harmless = made_account("dana", would=(Step("disable", "disable the user", irreversible=False),))
    plan = made_plan(planned(CRM, made_account()), planned(WIKI, harmless))
    text = read(plan_messages(made_view(plans=(plan,)), 1)[0])
    assert "2 accounts in 2 systems would be taken away. For 1 of them this cannot be undone." in text


def test_long_ids_are_shortened_and_a_part_that_a_step_names_is_not_repeated() -> None:
    device, project = "9abe38e7-221e-5ab2-a81b-96af519f20ba", "d" * 32
    account = made_account(
        parts=(device, project), would=(Step("off", f"take it off (project {project})", irreversible=False),)
    )
    text = read(plan_messages(made_view(plans=(made_plan(planned(CRM, account)),)), 1)[0])
    assert "would take it off (project dddddddd…)." in text
    assert "with: 9abe38e7…\n" in text


def test_a_finding_that_keeps_an_account_from_being_chosen_is_told_once() -> None:
    account = made_account(findings=(Finding("A person has to decide.", stops=Word.MANUAL),))
    text = read(plan_messages(made_view(plans=(made_plan(planned(CRM, account, chosen=False)),)), 1)[0])
    assert text.count("A person has to decide.") == 1


def test_a_system_in_which_nobody_looked_is_named() -> None:
    plan = made_plan(planned(CRM, made_account()))
    (message,) = plan_messages(made_view(plans=(plan,), elsewhere=("GitLab", "<Jira>")), 1)
    assert "Not looked at, because left out of the request or connected since: GitLab, <Jira>." in read(message)
    assert "Not looked at" not in read(plan_messages(made_view(plans=(plan,)), 1)[0])
    assert defects(message) == []


def test_any_number_of_similar_handles_fits() -> None:
    plan = made_plan(planned(CRM, made_account(), similar=tuple(f"dana{n}.{'x' * 200}@acme.test" for n in range(90))))
    parts = plan_messages(made_view(plans=(plan,)), 1)
    assert all(defects(part) == [] and size(part.blocks) < 9_000 for part in parts)
    assert all(f"dana{n}." in "".join(map(read, parts)) for n in range(90))


def test_there_is_no_message_for_a_plan_that_does_not_exist() -> None:
    assert plan_messages(made_view(looks=(Discovery("crm", Sight.FULL),)), 7) == ()
