"""Whole cases in Slack: the real listeners, the real poster and the real domain against the local workspace."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from bot.errors import Refused, Unavailable
from bot.evidence.database import check_database
from bot.evidence.heads import parsed
from bot.model import CaseState
from sandbox.slack.workspace import Workspace, demo_seed
from tests.bot.fakes import account
from tests.handlers.conftest import CHANNEL, POLICY, Stage, staged


async def test_a_case_goes_from_the_command_to_the_closing_message(stage: Stage) -> None:
    root = await stage.requested()
    assert "OFF-1 · dana@acme.test" in stage.workspace.text_of(root)
    plan = await stage.says("plan:1", "1 account in 1 system would be taken away")
    assert "CRM: dana@acme.test, exact match\nwould delete the user. This cannot be undone." in plan
    assert "@security: please decide." in plan

    await stage.approved()

    assert "Approved. The run has begun." in await stage.told("ben", "Approved")
    await stage.says("plan:1", "Approved by @Ben Sato")
    await stage.says("progress", "CRM: removed")
    closing = await stage.says("closing", "CRM: removed")
    assert "WIKI: absent" in closing
    assert "No account of this person is left" in closing
    await stage.says("root", "closed")
    keys = [m.metadata["event_payload"]["key"] for m in stage.workspace.messages(CHANNEL, root.ts) if m.metadata]
    assert keys == ["root", "plan:1", "progress", "closing"]
    assert stage.message("closing") in stage.workspace.messages(CHANNEL)


async def test_the_requester_may_not_approve_and_nothing_happens(stage: Stage) -> None:
    await stage.requested()
    await stage.approved("amy")
    assert "Nothing was done." in await stage.told("amy", "Nothing was done.")
    assert (await stage.view()).case.state is CaseState.WAITING
    assert not stage.crm.writes()


async def test_other_logins_of_an_approver_are_told_under_their_field_and_open_nothing(stage: Stage) -> None:
    form = await stage.asked("/offboard sam@acme.test")

    result = await stage.person("amy").submit(form, {"Other logins": "sfox, Ben@acme.test"})

    assert "Ben@acme.test belongs to somebody else" in str(result.errors)
    assert list(result.errors) == ["other_logins"]
    assert await stage.store.view(1) is None


async def test_a_requester_states_that_a_leaver_has_no_slack_account(stage: Stage) -> None:
    stage.crm.accounts = {"1": account(mail="zoe@else.test")}
    form = await stage.asked("/offboard zoe@else.test")

    result = await stage.person("amy").submit(form, {"Has no Slack account": ["no_slack"]})
    await stage.work()

    assert result.ok
    plan = await stage.says("plan:1", "Not found in Slack: secrecy and self-approval cannot be checked.")
    assert "@Amy Ortiz states that this person has no Slack account." in plan


async def test_a_tick_for_somebody_whom_slack_knows_is_told_under_its_field(stage: Stage) -> None:
    result = await stage.person("amy").submit(await stage.asked(), {"Has no Slack account": ["no_slack"]})

    assert list(result.errors) == ["no_slack"]


async def test_a_second_request_for_the_same_person_is_told_under_the_address_with_the_cases_link(stage: Stage) -> None:
    root = await stage.requested()

    result = await stage.person("amy").submit(await stage.asked(), {})

    said = result.field_errors["E-mail"]
    assert "This person already has a case: OFF-1. Nothing was opened. http" in said
    assert root.ts.replace(".", "") in said


async def test_an_outsider_is_told_who_may(stage: Stage) -> None:
    await stage.requested()
    await stage.approved("otto")
    assert "Who may: @security" in await stage.told("otto", "You are not an approver.")
    assert not stage.crm.writes()


async def test_a_declined_case_says_by_whom_and_why_and_takes_the_buttons_away(stage: Stage) -> None:
    await stage.requested()
    dialog = (await stage.person("ben").press(await stage.shown("plan:1"), "decline")).view
    assert dialog is not None
    assert (await stage.person("ben").submit(dialog, {"Reason": "she stays"})).ok
    note = await stage.says("declined", "OFF-1 is declined.")
    assert "By @Ben Sato.\nshe stays" in note
    await stage.says("plan:1", "Declined: this plan no longer counts.")
    plan = stage.message("plan:1")
    assert plan is not None
    assert stage.person("ben").buttons(plan) == []
    assert not stage.crm.writes()


async def test_retry_mends_the_case_and_the_closing_message_is_edited_and_not_posted_again(stage: Stage) -> None:
    stage.crm.do_errors.append(Refused("the vendor said no"))
    root = await stage.requested()
    await stage.shown("plan:1")
    await stage.approved()
    first = await stage.shown("closing")
    assert "CRM: refused" in stage.workspace.text_of(first)
    assert "@Chloe Haddad: please see the thread." in stage.workspace.text_of(first)

    await stage.says("progress", "CRM needs its owner or an admin.")
    await stage.person("chloe").press(await stage.shown("progress"), "retry")
    await stage.work()

    after = await stage.says("closing", "CRM: removed")
    assert "No account of this person is left" in after
    again = stage.message("closing")
    assert again is not None
    assert again.ts == first.ts
    keys = [m.metadata["event_payload"]["key"] for m in stage.workspace.messages(CHANNEL, root.ts) if m.metadata]
    assert keys.count("closing") == 1


async def test_skip_needs_a_reason_and_names_the_person_in_the_closing_message(stage: Stage) -> None:
    stage.crm.do_errors.append(Refused("the vendor said no"))
    await stage.requested()
    await stage.approved()
    await stage.says("progress", "CRM needs its owner or an admin.")
    dialog = (await stage.person("root").press(await stage.shown("progress"), "skip")).view
    assert dialog is not None
    assert (await stage.person("root").submit(dialog, {"Reason": "kept for the auditors"})).ok
    closing = await stage.says("closing", "Left as it is by @Rosa Root: CRM.")
    assert "CRM: skipped" in closing
    assert "is left in the systems" not in closing
    await stage.says("root", "closed")


async def test_a_system_that_could_not_be_read_is_shown_with_the_reason_and_offered_to_people(stage: Stage) -> None:
    stage.wiki.find_errors.extend(Unavailable("it did not answer") for _ in range(20))
    await stage.requested()
    plan = await stage.says("plan:1", "WIKI: not read")
    assert "CRM: dana@acme.test" in plan
    await stage.approved()
    await stage.says("closing", "WIKI: not read")
    await stage.says("progress", "WIKI needs an admin.")


async def test_a_leaver_with_no_account_ends_without_an_approval_and_says_where_it_looked(stage: Stage) -> None:
    await stage.requested("/offboard noa@acme.test")
    closing = await stage.says("closing", "CRM: absent")
    assert "WIKI: absent" in closing
    assert stage.message("plan:1") is None
    assert all(
        name not in ("U0BEN", "U0CHLOE")
        for m in stage.workspace.messages(CHANNEL)
        for name in m.notified
        if not m.reply_broadcast
    )


async def test_two_accounts_in_one_system_are_shown_and_neither_is_touched(stage: Stage) -> None:
    stage.crm.accounts["2"] = account(id="2", handle="dana2")
    stage.wiki.accounts["9"] = account("wiki", id="9")
    await stage.requested()
    plan = await stage.says("plan:1", "CRM: 2 accounts found, none chosen.")
    assert "dana2" in plan
    await stage.approved()
    await stage.says("closing", "CRM: manual")
    assert not stage.crm.writes()
    assert stage.wiki.writes() == ["delete 9"]


async def test_one_person_has_one_case_at_a_time_and_the_form_says_which(stage: Stage) -> None:
    await stage.requested()
    result = await stage.person("amy").submit(await stage.asked("/offboard @dana"), {})
    assert "OFF-1" in result.field_errors["E-mail"]


async def test_an_address_that_is_not_the_picked_persons_stands_as_an_error_under_it(stage: Stage) -> None:
    view = await stage.asked("/offboard @dana")
    result = await stage.person("amy").submit(view, {"E-mail": "sam@acme.test"})
    assert list(result.field_errors) == ["E-mail"]


async def test_two_approvals_are_counted_where_two_are_needed(tmp_path: Path) -> None:
    workspace = Workspace(demo_seed(), limits=False)
    async with staged(tmp_path, workspace, replace(POLICY, approvals=2)) as stage:
        await stage.requested()
        await stage.approved("ben")
        await stage.says("plan:1", "1 of 2 approved: @Ben Sato.")
        await stage.approved("ben")
        assert "counts once" in await stage.told("ben", "counts once")
        assert not stage.crm.writes()
        await stage.approved("chloe")
        await stage.says("closing", "CRM: removed")
    assert workspace.lint_findings == []


async def test_the_whole_walk_keeps_slacks_rate_limits_and_survives_a_renewed_connection(tmp_path: Path) -> None:
    workspace = Workspace(demo_seed(), limits=True)
    async with staged(tmp_path, workspace) as stage:
        await stage.requested()
        await stage.shown("plan:1")
        await workspace.disconnect()
        await workspace.until(lambda: workspace.sockets.connections)
        await stage.approved()
        await stage.says("closing", "CRM: removed")
    assert workspace.lint_findings == []


async def test_the_closing_message_shows_a_head_of_the_audit_as_verify_takes_it(stage: Stage) -> None:
    await stage.requested()
    await stage.approved()

    closing = await stage.says("closing", "Audit head: ")

    found = parsed(closing.partition("Audit head: ")[2].split()[0].strip("`"))
    assert found is not None
    event = (await stage.store.chain("case:1")).events[found.seq - 1]
    assert event.hash.startswith(found.hash)
    async with stage.store.audit_log() as log:
        assert (await check_database(log, [found])).defects == []
