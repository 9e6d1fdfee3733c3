"""5. Where it is told: a private channel, never before the leaver's eyes, and no more than people may see."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cases import Room
from bot.domain.vendor_words import quote_vendor
from bot.errors import Refusal, Refused
from bot.model import CaseState, Person
from bot.sweeping import ChannelPrivacyCheck, RefusalCounts
from handlers import ids
from handlers.channel import check_privacy
from handlers.manifest import manifest
from providers.hints import hint
from sandbox.slack.workspace import Workspace, demo_seed
from sandbox.stage import stage as whole_stage
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import BEN, DANA, OTTO, ROOT, FakeReporter, account
from tests.bot.test_quiet import joined
from tests.handlers.conftest import CHANNEL, Stage, staged
from tests.handlers.test_discreet import in_the_channel
from tests.handlers.test_packs import Uploads
from tests.whole.test_refusals import ONE, assert_refused, offboard

PRIVATE: dict[str, object] = {
    "id": "C0CASES",
    "is_private": True,
    "is_ext_shared": False,
    "is_pending_ext_shared": False,
}
SHARED = "is shared with another company"
DAY = timedelta(days=1)


# The case channel.


@pytest.mark.parametrize(
    "exposed",
    [{"is_private": False}, {"is_ext_shared": True}, {"is_pending_ext_shared": True}],
    ids=["public", "shared", "about to be shared"],
)
def test_the_case_channel_must_be_private_and_not_shared_with_another_company(exposed: dict[str, object]) -> None:
    check_privacy(PRIVATE, "slack.channel")

    with pytest.raises(Refusal, match=r"slack\.channel: the channel C0CASES "):
        check_privacy(PRIVATE | exposed, "slack.channel")


async def test_serve_refuses_it_with_one_line_and_doctor_too_unless_allow_public_is_true() -> None:
    async with whole_stage(ONE, start_bot=False) as play:
        allowed = json.loads((await offboard(play, "doctor", "--json", OFFBOARD_SLACK__ALLOW_PUBLIC="true")).out)
        play.workspace.share("C0CASES")

        assert_refused(await offboard(play, "serve", "--port", "0"), "slack.channel", SHARED, "allow_public")
        refused = json.loads((await offboard(play, "doctor", "--json")).out)
        still = json.loads((await offboard(play, "doctor", "--json", OFFBOARD_SLACK__ALLOW_PUBLIC="true")).out)

        assert (allowed["ok"], refused["ok"], still["ok"]) == (True, False, True)
        assert [check["name"] for check in refused["checks"] if not check["ok"]] == ["channel"]
        (channel,) = [check["says"] for check in allowed["checks"] if check["name"] == "channel"]
        assert "members on no list, who can read every case: 1" in channel, "named by doctor as a number"


async def test_a_look_once_a_day_tells_the_admins_when_that_changes(house: House) -> None:
    await house.opened()
    check = ChannelPrivacyCheck(house.store, house.people, POLICY, FakeReporter(), ("C0CASES",))
    noon = datetime(2030, 1, 1, 12, tzinfo=UTC)
    await check.sweep(noon)
    house.people.exposures["C0CASES"] = SHARED

    await check.sweep(noon + DAY / 2)
    assert await direct_messages(house, "channel") == []
    for days in (1, 2):
        await check.sweep(noon + days * DAY)

    assert await direct_messages(house, "channel") == [ROOT.user_id]


async def direct_messages(house: House, about: str) -> list[str]:
    """Who gets a direct message about this."""
    async with house.store.begin() as tx:
        rows = await tx.connection.exec_driver_sql(f"SELECT channel FROM outbox WHERE key LIKE 'dm:{about}%'")  # noqa: S608 - a word of the test
        return [str(channel) for (channel,) in rows]


# Whether the leaver is in the channel.


async def test_it_is_asked_afresh_before_the_plan(house: House) -> None:
    house.crm.accounts["1"] = account()
    await house.opened()
    await joined(house, "C0CASES")

    await house.engine.drain()

    view = await house.view(1)
    assert (view.case.state, view.case.channel) == (CaseState.WAITING, "C0SENSITIVE")


async def test_it_is_asked_afresh_before_the_closing_message(house: House) -> None:
    await house.approved(await house.planned_in_crm())
    await joined(house, "C0CASES")

    await house.engine.drain()

    view = await house.view(1)
    assert (view.case.state, view.case.channel) == (CaseState.CLOSED, "C0SENSITIVE")


async def test_it_is_asked_afresh_when_somebody_joins(house: House) -> None:
    await house.planned_in_crm()
    await joined(house, "C0CASES")

    await house.cases.joined("C0CASES", DANA.user_id)

    assert (await house.view(1)).case.channel == "C0SENSITIVE"


def test_the_app_asks_for_the_event_of_somebody_who_joins() -> None:
    assert "member_joined_channel" in str(manifest(None))


async def test_who_joins_within_a_minute_of_the_request_reads_neither_plan_nor_end(stage: Stage) -> None:
    view = await stage.asked()
    assert (await stage.person("amy").submit(view, {})).ok
    await stage.workspace.until(lambda: stage.workspace.messages(CHANNEL))

    await stage.workspace.join("U0DANA", CHANNEL)
    await stage.work()
    await stage.slack.tasks.drain(10)
    await stage.poster.drain(5)

    assert [stage.message(key) for key in ("plan:1", "closing")] == [None, None]
    assert (await stage.view()).case.state is CaseState.WAITING


# Evidence.


async def test_evidence_goes_by_direct_message_and_not_into_the_thread(uploads: Uploads) -> None:
    uploads.in_thread = False
    uploads.restart()

    await uploads.post.house.ran()
    await uploads.post.all()

    assert uploads.names() == []
    assert uploads.makes == [(1, "direct message to U0AMY")]


async def test_with_evidence_in_thread_it_stands_there_too(uploads: Uploads) -> None:
    await uploads.post.house.ran()
    await uploads.post.all()

    assert uploads.names() == ["OFF-1-evidence-1.zip"]
    assert [to for _, to in uploads.makes] == ["thread", "direct message to U0AMY"]


# The vendor's own words.


def test_the_vendors_own_words_are_cut_and_cleaned_before_they_are_shown() -> None:
    said = hint("user Dana <dana@acme.test>\n7d5b1a30-6c1e-4e0b-9a58-0f4f5f5b9d11 failed " + "x y " * 300, "dana")

    assert len(said) <= 140
    assert [word for word in ("dana", "acme.test", "7d5b1a30", "failed", "\n") if word in said.lower()] == []


@pytest.fixture
async def discreet(tmp_path: Path) -> AsyncIterator[Stage]:
    """A stage on which the channel sees initials only, and break-glass is allowed."""
    workspace, policy = Workspace(demo_seed(), limits=False), replace(POLICY, break_glass=True)
    async with staged(tmp_path, workspace, policy, Room(CHANNEL, discreet=True)) as ready:
        yield ready


async def test_in_a_discreet_case_they_are_not_shown_in_the_channel_at_all(discreet: Stage) -> None:
    discreet.crm.do_errors += [Refused(f"the CRM said no{quote_vendor('user dfx77 is locked')}")]
    await discreet.requested()
    view = (await discreet.person("ben").press(await discreet.shown("plan:1"), ids.REVIEW)).view
    assert view is not None

    await discreet.person("ben").press_in_view(view, ids.APPROVE)
    await discreet.work()
    await discreet.says("closing", "CRM: refused")

    assert "the crm said no" in in_the_channel(discreet.workspace).lower()
    assert "dfx77" not in in_the_channel(discreet.workspace)


async def test_in_a_discreet_case_break_glass_does_not_name_the_leaver(discreet: Stage) -> None:
    await discreet.requested()
    await discreet.shown("plan:1")
    form = (await discreet.person("root").command("/offboard break-glass OFF-1")).view
    assert form is not None

    reason = {"Reason": "Dana Frost took the keys", "The person's address": "dana@acme.test"}
    assert (await discreet.person("root").submit(form, reason)).ok
    await discreet.work()
    await discreet.shown("glass:1")

    assert "dana" not in in_the_channel(discreet.workspace).lower()


# Refusals to people who may not see a case.


@pytest.mark.parametrize("who", [OTTO, DANA], ids=["somebody on no list", "the leaver"])
async def test_status_writes_no_event_into_a_cases_chain_for_people_who_may_not_see_it(
    house: House, who: Person
) -> None:
    await house.opened()
    before = (await house.store.chain("case:1")).events

    assert await house.cases.read_status(1, who.user_id, who.team_id) is None

    assert (await house.store.chain("case:1")).events == before


async def test_such_refusals_are_counted_per_person_and_hour(house: House) -> None:
    await house.opened()
    for number in (1, 7, 8):
        await house.cases.read_status(number, OTTO.user_id, OTTO.team_id)
    await house.cases.read_status(9, BEN.user_id, BEN.team_id)

    await RefusalCounts(house.store).sweep(datetime.now(UTC) + timedelta(hours=2))

    events = (await house.store.chain("refusals")).events
    counted = [json.loads(one.body)["facts"] for one in events if one.kind == "refusals counted"]
    assert [(one["user"], one["count"]) for one in counted] == [(OTTO.user_id, 3)]
    assert [one.kind for one in events].count("refused") == 2, "the first of each person"
