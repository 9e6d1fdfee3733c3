"""Who people are, read from Slack."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.errors import PeopleNotReadable
from handlers.people import SECONDS, SlackPeople
from handlers.slack_app import SlackSide
from sandbox.slack.people import Channel
from sandbox.slack.workspace import DEFAULT_SCOPES, Person, Seed, Workspace, demo_seed
from tests.handlers.ears import access_to


@dataclass
class Reading:
    """People of the workspace, with a clock that moves when told."""

    workspace: Workspace
    people: SlackPeople
    slack: SlackSide
    time: float = 0.0

    def calls(self, method: str) -> int:
        return sum(call.method == method for call in self.workspace.calls)


@pytest.fixture
async def reading() -> AsyncIterator[Reading]:
    seed = demo_seed()
    odd = (
        Person("U0BOTTY", "botty", "Botty", "botty@acme.test", is_bot=True),
        Person("U0GUEST", "guest", "Guest", "guest@acme.test", is_restricted=True),
        Person("U0GONE", "gone", "Gone", "gone@acme.test", deleted=True),
        Person("U0FAR", "far", "Far", "far@other.test", team_id="T0OTHER"),
        *(Person(f"U0N{n}", f"n{n}", f"N {n}", f"n{n}@acme.test") for n in range(250)),
    )
    crowd = Channel("C0CROWD", "crowd", is_private=False, members=(*(p.id for p in odd), seed.bot))
    groups = {**seed.groups, "S0ODD": ("U0BEN", "U0BOTTY", "U0GUEST", "U0GONE", "U0FAR")}
    workspace = Workspace(Seed((*seed.people, *odd), (*seed.channels, crowd), groups, seed.handles), limits=False)
    await workspace.start()
    slack = SlackSide(access_to(workspace))
    ready = Reading(workspace, slack.people, slack)
    ready.people = SlackPeople(slack.client, slack.identity.team_id, lambda: ready.time)
    yield ready
    await slack.aclose()
    await workspace.stop()
    assert workspace.lint_findings == []


async def test_a_person_comes_with_team_name_and_the_address_that_slack_vouches_for(reading: Reading) -> None:
    ben = await reading.people.person("U0BEN")
    assert (ben.user_id, ben.team_id, ben.name, ben.mail) == ("U0BEN", "T0ACME", "Ben Sato", "ben@acme.test")
    assert ben.trusted


async def test_ids_that_the_operator_ties_together_are_one_human_however_they_are_found(reading: Reading) -> None:
    humans = [("U0BEN", "U0CHLOE", "U0NOBODY")]
    people = SlackPeople(reading.slack.client, reading.slack.identity.team_id, humans=humans)

    ben, found, nobody = await asyncio.gather(
        people.person("U0BEN"), people.by_mail("ben@acme.test"), people.person("U0NOBODY")
    )

    assert found == ben
    assert (ben.also, nobody.also) == (("U0CHLOE", "U0NOBODY"), ("U0BEN", "U0CHLOE"))
    assert (await people.person("U0DANA")).also == ()


@pytest.mark.parametrize("user", ["U0BOTTY", "U0GUEST", "U0GONE", "U0FAR", "U0BOT", "U0NOBODY", "USLACKBOT"])
async def test_bots_guests_strangers_the_deactivated_and_the_unknown_are_not_trusted(
    reading: Reading, user: str
) -> None:
    assert not (await reading.people.person(user)).trusted


async def test_an_address_that_slack_calls_unconfirmed_is_no_address(
    reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = reading.slack.client.users_info

    async def unconfirmed(*, user: str) -> object:
        answer = await asked(user=user)
        found: dict[str, object] = answer["user"]
        found["is_email_confirmed"] = False
        return answer

    monkeypatch.setattr(reading.slack.client, "users_info", unconfirmed)
    assert (await reading.people.person("U0BEN")).mail is None


async def test_somebody_is_found_by_the_whole_address_or_not_at_all(reading: Reading) -> None:
    found = await reading.people.by_mail("Dana@acme.test")
    assert found is not None
    assert found.user_id == "U0DANA"
    assert await reading.people.by_mail("dan@acme.test") is None
    assert await reading.people.by_mail("gone@acme.test") is None


async def test_members_are_people_and_groups_without_those_who_are_not_trusted(reading: Reading) -> None:
    members = await reading.people.members(["U0ROOT", "S0ODD", "U0GUEST"])
    assert set(members.why) == {"U0ROOT", "U0BEN"}
    assert members.why["U0ROOT"] == "named by id"
    assert members.why["U0BEN"].startswith("in group S0ODD, read 20")
    assert "U0OTTO" not in members


async def test_where_one_person_is_asked_about_nobody_else_is_looked_up(reading: Reading) -> None:
    lists = ["U0ROOT", "S0ODD", "U0GUEST"]
    assert set((await reading.people.members(lists, of={"U0BEN"})).why) == {"U0BEN"}
    assert (await reading.people.members(lists, of={"U0OTTO"})).why == {}
    assert (await reading.people.members(lists, of={"U0GUEST"})).why == {}
    assert reading.calls("users.info") == 2


async def test_of_a_long_list_as_many_are_looked_up_as_are_wanted(reading: Reading) -> None:
    crowd = [f"U0N{number}" for number in range(40)]
    assert set((await reading.people.first(crowd, 1)).why) == {"U0N0"}
    assert set((await reading.people.first(crowd, 3, apart={"U0N0", "U0N2"})).why) == {"U0N1", "U0N3", "U0N4"}
    assert reading.calls("users.info") == 4


async def test_who_is_not_trusted_is_made_up_for_by_the_next_in_the_list(reading: Reading) -> None:
    odd = ["U0BOTTY", "U0GUEST", "U0FAR", "U0GONE"]

    found = await reading.people.first([*odd, *(f"U0N{number}" for number in range(40))], 1)

    assert found.why["U0N0"] == "named by id"
    assert found.among(odd) == frozenset()
    assert reading.calls("users.info") == 1 + 2 + 6


async def test_where_there_are_too_few_everybody_is_looked_up_and_those_there_are_come_back(reading: Reading) -> None:
    found = await reading.people.first(["S0ODD", "U0ROOT"], 9, apart={"U0ROOT"})

    assert set(found.why) == {"U0BEN"}
    assert reading.calls("users.info") == 5


async def test_a_channels_members_are_read_to_the_last_page(reading: Reading) -> None:
    assert await reading.people.in_channel("C0CROWD", "U0N249")
    assert not await reading.people.in_channel("C0CROWD", "U0BEN")


@pytest.mark.parametrize(
    ("method", "ask"),
    [
        ("users.info", lambda people: people.person("U0BEN")),
        ("users.lookupByEmail", lambda people: people.by_mail("ben@acme.test")),
        ("usergroups.users.list", lambda people: people.members(["S0SECURITY"])),
        ("users.info", lambda people: people.members(["S0SECURITY"])),
        ("conversations.members", lambda people: people.in_channel("C0CASES", "U0BEN")),
        ("auth.test", lambda people: people.person("U0BEN")),
    ],
)
@pytest.mark.parametrize("times", [1, 9])
async def test_where_slack_does_not_answer_nothing_is_guessed_and_the_next_question_is_asked_afresh(
    reading: Reading, method: str, ask: object, times: int
) -> None:
    assert callable(ask)
    reading.workspace.fail_next(method, "internal_error", times=times)
    for _ in range(times):
        with pytest.raises(PeopleNotReadable):
            await ask(reading.people)
    await ask(reading.people)


async def test_who_joined_a_moment_ago_is_seen_in_the_channel(reading: Reading) -> None:
    assert not await reading.people.in_channel("C0CASES", "U0DANA")

    await reading.workspace.join("U0DANA", "C0CASES")

    assert await reading.people.in_channel("C0CASES", "U0DANA")


async def test_a_channel_that_is_shared_with_another_company_says_so(reading: Reading) -> None:
    assert await reading.people.exposure("C0CASES") == ""
    reading.workspace.share("C0CASES", pending=True)
    assert "about to be shared" in await reading.people.exposure("C0CASES")
    reading.workspace.share("C0CASES")
    assert await reading.people.exposure("C0CASES") == "is shared with another company"
    assert (await reading.people.exposure("C0CROWD")).startswith("is public")


async def test_a_channel_that_cannot_be_read_is_not_an_empty_one(reading: Reading) -> None:
    with pytest.raises(PeopleNotReadable):
        await reading.people.in_channel("C0NOWHERE", "U0BEN")


async def test_a_missing_scope_is_not_an_empty_group() -> None:
    workspace = Workspace(demo_seed(), limits=False, scopes=DEFAULT_SCOPES - {"usergroups:read"})
    await workspace.start()
    slack = SlackSide(access_to(workspace))
    try:
        with pytest.raises(PeopleNotReadable, match="missing_scope"):
            await slack.people.members(["S0SECURITY"])
    finally:
        await slack.aclose()
        await workspace.stop()


async def test_a_list_is_reused_for_less_than_a_minute_and_then_read_again(reading: Reading) -> None:
    await reading.people.members(["S0SECURITY"])
    reading.time = SECONDS - 1
    await reading.people.members(["S0SECURITY"])
    assert reading.calls("usergroups.users.list") == 1
    reading.time = SECONDS
    await reading.people.members(["S0SECURITY"])
    assert reading.calls("usergroups.users.list") == 2
    assert SECONDS < 60


async def test_a_rate_limit_is_not_waited_out_while_somebody_waits_for_an_answer(reading: Reading) -> None:
    reading.workspace.fail_next("usergroups.users.list", "ratelimited", status=429)
    with pytest.raises(PeopleNotReadable, match="ratelimited"):
        await reading.slack.people.members(["S0SECURITY"])
    assert "U0BEN" in await reading.slack.people.members(["S0SECURITY"])


async def test_many_who_ask_at_once_share_one_reading(reading: Reading) -> None:
    await asyncio.gather(*(reading.people.members(["S0SECURITY"]) for _ in range(30)))
    assert reading.calls("usergroups.users.list") == 1
    assert reading.calls("users.info") == 2


async def test_somebody_who_gives_up_does_not_spoil_the_reading_for_others(reading: Reading) -> None:
    first = asyncio.create_task(reading.people.person("U0BEN"))
    second = asyncio.create_task(reading.people.person("U0BEN"))
    await asyncio.sleep(0)
    first.cancel()
    gone, ben = await asyncio.gather(first, second, return_exceptions=True)
    assert isinstance(gone, asyncio.CancelledError)
    assert not isinstance(ben, BaseException)
    assert ben.trusted
