"""4. Who decides: every start judged anew, one human as one, and a step outside Slack."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import AsyncIterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot import errors
from bot import policy as rules
from bot.app.doctor import name_doubts
from bot.authenticators import KeyBox
from bot.domain.second_factor import PAUSE, WITH_CODE
from bot.model import CaseState, CaseView
from bot.policy import Limits
from bot.settings import load_file
from handlers import ids
from sandbox.slack.workspace import Workspace, demo_seed
from tests.bot.authenticating import BOX, TOTP, approve, code_of, enrol, guard, is_untouched, wrong_code
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import AMY, BEN, CHLOE, OTTO, ROOT, account, person
from tests.bot.test_cases_addresses import changes_address, logged, told
from tests.bot.test_cli_second_factor import OPERATORS_KEY, Run, printed
from tests.bot.test_policy import LEAVER, approval
from tests.handlers.conftest import Stage, staged
from tests.handlers.ears import opened
from tests.handlers.test_codes import code_now, enrolled
from tests.house.tree import ROOT as REPOSITORY
from tests.house.tree import read

NO = errors.Refused("a backup job uses the user")


async def leave_the_approvers(house: House) -> None:
    """Ben, who approved, is no approver any more; Chloe is."""
    house.people.groups = {"S0SECURITY": ("U0CHLOE",)}


@pytest.fixture
async def stuck(house: House) -> CaseView:
    """A case that Ben approved and whose CRM said no."""
    house.crm.accounts["1"] = account()
    house.crm.do_errors = [NO]
    return await house.ran()


# Every start is judged anew.


async def test_a_retry_after_the_approver_has_left_removes_nothing(house: House, stuck: CaseView) -> None:
    house.crm.owner = OTTO.user_id
    await leave_the_approvers(house)

    await house.cases.retry(1, "crm", OTTO.user_id, OTTO.team_id)
    await house.engine.drain()

    assert "1" in house.crm.accounts
    assert (await house.view(1)).case.state is CaseState.WAITING


async def test_a_release_after_the_approver_has_left_removes_nothing(house: House) -> None:
    house.govern(replace(POLICY, limits=Limits(per_day=1)))
    view = await house.planned_in_crm()
    async with house.store.begin() as tx:
        await tx.note_start(1, 99, ())
    await house.approved(view)
    assert (await house.view(1)).case.state is CaseState.PAUSED
    await leave_the_approvers(house)

    await house.cases.release(1, ROOT.user_id, ROOT.team_id, "agreed")
    await house.engine.drain()

    assert "1" in house.crm.accounts
    assert (await house.view(1)).case.state is CaseState.WAITING


async def test_an_admin_does_not_release_a_run_over_an_account_with_their_own_address(house: House) -> None:
    house.govern(replace(POLICY, limits=Limits(per_day=1)))
    house.crm.accounts["1"] = account(handle=ROOT.mail or "")
    view = await house.planned()
    async with house.store.begin() as tx:
        await tx.note_start(1, 99, ())
    await house.approved(view)

    said = await house.cases.release(1, ROOT.user_id, ROOT.team_id, "agreed")

    assert "An account that was found has your address or name" in said.text
    assert (await house.view(1)).case.state is CaseState.PAUSED


async def test_a_due_start_after_the_approver_has_left_removes_nothing(house: House) -> None:
    house.crm.accounts["1"] = account()
    when = datetime.now(UTC) + timedelta(days=2)
    assert (await house.approved(await house.planned(when=when))).ok
    await leave_the_approvers(house)

    await house.sweeper.sweep(when + timedelta(minutes=1))
    await house.engine.drain()

    assert "1" in house.crm.accounts
    assert (await house.view(1)).case.state is CaseState.WAITING


@pytest.mark.parametrize("has_left", [True, False])
async def test_an_owner_who_is_the_requester_does_not_start_a_removal_alone(
    house: House, stuck: CaseView, *, has_left: bool
) -> None:
    house.crm.owner = AMY.user_id
    if has_left:
        await leave_the_approvers(house)

    said = await house.cases.retry(1, "crm", AMY.user_id, AMY.team_id)
    await house.engine.drain()

    assert not said.ok
    assert "1" in house.crm.accounts
    assert await house.view(1) == stuck


# One human.


async def test_an_approver_without_an_address_that_slack_vouches_for_does_not_count(house: House) -> None:
    view = await house.planned_in_crm()
    house.people.people = (AMY, replace(BEN, mail=None), CHLOE)

    assert not (await house.approved(view, BEN)).ok
    assert rules.counting([approval(replace(BEN, mail=None))], AMY, LEAVER) == 0


def test_sub_addresses_are_folded() -> None:
    assert rules.counting([approval(BEN), approval(person("U0BEN2", "ben+two@acme.test"))], AMY, LEAVER) == 1
    assert rules.counting([approval(person("U0AMY2", "amy+two@acme.test"))], AMY, LEAVER) == 0


def test_people_may_tie_slack_ids_of_one_person_together(tmp_path: Path) -> None:
    written = read("offboard.example.toml").replace("[people]", '[people]\nben = ["U0BEN", "U0BEN2"]\n#')
    (tmp_path / "offboard.toml").write_text(written, encoding="utf-8")
    second = person("U0BEN2", "b.sato@other.test")

    people = load_file({}, tmp_path)[0].rules().people

    assert rules.counting([approval(BEN), approval(second)], AMY, LEAVER) == 2
    assert rules.counting([approval(BEN), approval(second)], AMY, LEAVER, people) == 1


def test_doctor_names_those_that_cannot_be_told_apart() -> None:
    says = name_doubts((BEN, person("U0BEN2", "ben+2@acme.test"), person("U0NOBODY")), ())

    assert "U0BEN and U0BEN2" in says
    assert "U0NOBODY" in says


async def test_a_changed_address_of_a_decider_since_the_last_decision_is_told_to_the_admins(house: House) -> None:
    house.crm.accounts["1"] = account()
    await house.ran()
    house.crm.accounts["2"] = account(id="2", mail="erin@acme.test")
    changes_address(house, BEN)

    assert (await house.approved(await house.planned(email="erin@acme.test"))).ok

    assert (await told(house, 2), await logged(house, 2)) == ({"U0ROOT"}, ["U0BEN"])


# A step outside Slack.


@pytest.fixture
def guarded(house: House) -> House:
    """A house in which every approval needs a code."""
    return guard(house)


@pytest.fixture
async def guarded_stage(tmp_path: Path) -> AsyncIterator[Stage]:
    """A stage on which every approval needs a code."""
    async with staged(tmp_path, Workspace(demo_seed(), limits=False), TOTP, keys=BOX) as ready:
        yield ready


async def test_approve_opens_a_dialog_that_also_asks_for_the_code(guarded_stage: Stage) -> None:
    key = await enrolled(guarded_stage)
    await guarded_stage.requested()

    dialog = opened((await guarded_stage.person("ben").press(await guarded_stage.shown("plan:1"), ids.APPROVE)).view)
    assert (await guarded_stage.view()).approvals == ()

    assert (await guarded_stage.person("ben").submit(dialog, {"Code": code_now(key)})).ok
    assert len((await guarded_stage.view()).approvals) == 1


async def test_without_a_code_nothing_is_approved(guarded: House) -> None:
    await enrol(guarded.store, BEN)
    view = await guarded.planned()

    assert (await approve(guarded, view, None)).needs_code

    assert await is_untouched(guarded, view)


async def test_one_system_may_ask_for_codes_by_itself(house: House) -> None:
    house.keys, house.crm.second_factor = BOX, True
    house.govern(POLICY)
    house.wiki.accounts["7"] = account("wiki", "7", "otto@acme.test")
    in_crm, in_wiki = await house.planned_in_crm(), await house.planned(email="otto@acme.test")

    assert not (await approve(house, in_crm, None)).ok
    assert (await approve(house, in_wiki, None)).ok


def test_enrol_prints_the_key_and_a_qr_code_once(run: Run) -> None:
    code, out, _ = run("enrol", "U0BEN")

    assert (code, len(printed(out, "key"))) == (0, 32)
    assert out.count("█") > 100
    again, second, _ = run("enrol", "U0BEN")
    assert (again, second) == (1, "")
    assert printed(out, "key") not in run("list")[1]


def test_keys_lie_encrypted_under_a_key_from_the_environment(run: Run, folder: Path) -> None:
    key = printed(run("enrol", "U0BEN")[1], "key")

    with closing(sqlite3.connect(folder / "offboard.db")) as connection:
        ((stored,),) = connection.execute("SELECT secret FROM second_factors")

    assert key not in stored
    assert KeyBox.of(OPERATORS_KEY).decrypt("U0BEN", stored) == key


async def test_no_message_audit_or_log_holds_a_key_or_a_code(guarded: House, caplog: pytest.LogCaptureFixture) -> None:
    key = await enrol(guarded.store, BEN)
    view = await guarded.planned()
    code = await code_of(guarded, key)
    await approve(guarded, view, code)

    posts = await guarded.store.due_posts(datetime.now(UTC) + timedelta(days=1), 99)
    texts = [repr(await guarded.store.chain("case:1")), *(post.text for post in posts), caplog.text]

    assert [text for text in texts if key in text or f'"{code}"' in text] == []


async def test_a_code_counts_once(guarded: House) -> None:
    key = await enrol(guarded.store, BEN)
    first = await guarded.planned()
    guarded.crm.accounts["2"] = account("crm", "2", "otto@acme.test")
    second = await guarded.planned(email="otto@acme.test")
    code = await code_of(guarded, key)
    assert (await approve(guarded, first, code)).ok

    assert "used already" in (await approve(guarded, second, code)).text

    assert (await guarded.view(2)).approvals == ()


async def test_five_wrong_ones_pause_that_approver_for_an_hour(guarded: House) -> None:
    key = await enrol(guarded.store, BEN)
    view = await guarded.planned()
    wrong = await wrong_code(guarded, key)
    for _ in range(5):
        await approve(guarded, view, wrong)

    assert not (await approve(guarded, view, await code_of(guarded, key))).ok

    assert timedelta(hours=1) == PAUSE
    assert (await guarded.view(1)).approvals == ()


async def test_five_wrong_ones_are_told_to_the_admins(guarded: House) -> None:
    key = await enrol(guarded.store, BEN)
    view = await guarded.planned()
    for _ in range(5):
        await approve(guarded, view, await wrong_code(guarded, key))

    async with guarded.store.begin() as tx:
        rows = await tx.connection.exec_driver_sql("SELECT channel FROM outbox WHERE key LIKE 'dm:code_pause%'")
        assert [channel for (channel,) in rows] == ["U0ROOT"]


async def test_the_audit_says_that_a_code_was_used(guarded: House) -> None:
    key = await enrol(guarded.store, BEN)
    assert (await approve(guarded, await guarded.planned(), await code_of(guarded, key))).ok

    (event,) = [one for one in (await guarded.store.chain("case:1")).events if one.kind == "approved"]
    assert json.loads(event.body)["facts"]["second_factor"] == "totp"
    assert (await guarded.view(1)).approvals[0].why.endswith(WITH_CODE)


@pytest.mark.parametrize(
    "row", ["Stolen session", "Slack admin", "Malicious pair", "Bot token", "Database writer", "Host"]
)
def test_the_security_section_says_what_a_slack_only_approval_is_worth_with_a_table(row: str) -> None:
    security = read("README.md").partition("\n## Security\n")[2].partition("\n## ")[0]
    rows = [line.strip("|").split("|") for line in security.splitlines() if line.startswith(f"| {row} |")]

    assert security.strip().startswith("What an approval in Slack is worth")
    assert [len(cells) for cells in rows] == [4]
    assert all(cell.strip() for cell in rows[0])


# Two approvals and limits in the example.


def test_two_approvals_and_limits_stand_in_the_example_with_why_one_would_lower_them() -> None:
    file, _, _ = load_file({"OFFBOARD_CONFIG": "offboard.example.toml"}, REPOSITORY)
    policy = read("README.md").partition("[policy]")[2].partition("[people]")[0]

    assert file.rules().approvals == 2
    assert None not in (file.rules().limits.per_hour, file.rules().limits.per_day)
    assert "default 1: enough only where" in policy
    assert policy.count("lower it") >= 4
