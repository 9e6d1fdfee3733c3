"""How often Slack is asked about people for one case, where those who ask and those who approve are groups."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from sandbox.slack.people import Person, Seed
from sandbox.slack.workspace import Workspace, demo_seed
from tests.handlers.conftest import POLICY, Stage, staged

GROUPS = replace(POLICY, requesters=("S0HR",), approvers=("S0SECURITY",))
OF_ONE_CASE = [
    "conversations.members",  # at the request, before the plan, before the results: each time afresh
    "conversations.members",
    "conversations.members",
    "users.info U0AMY",
    "users.info U0BEN",
    "users.lookupByEmail",
    "usergroups.users.list S0HR",
    "usergroups.users.list S0SECURITY",
]


def crowded(size: int) -> Workspace:
    """A workspace in which that many people could approve; Ben and Chloe are the first of them."""
    seed = demo_seed()
    crowd = tuple(Person(f"U0A{n}", f"a{n}", f"A {n}", f"a{n}@acme.test") for n in range(size - 2))
    everybody = ("U0BEN", "U0CHLOE", *(person.id for person in crowd))
    groups = {**seed.groups, "S0SECURITY": everybody}
    channels = tuple(
        replace(channel, members=(*channel.members, *(person.id for person in crowd))) for channel in seed.channels
    )
    return Workspace(Seed((*seed.people, *crowd), channels, groups, seed.handles), limits=False)


def asked(stage: Stage) -> list[str]:
    """The calls about people, each with whom or what it asked about."""
    calls = [
        call for call in stage.workspace.calls if call.method.startswith(("users.", "usergroups.", "conversations.m"))
    ]
    return sorted(
        f"{call.method} {call.args.get('user') or call.args.get('usergroup') or ''}".strip() for call in calls
    )


async def closed(stage: Stage, *who: str) -> None:
    """A case that these people have approved and that has ended."""
    await stage.requested()
    for name in who:
        assert (await stage.approved(name)).ok
    await stage.says("root", "closed")


@pytest.mark.parametrize("size", [2, 40])
async def test_a_case_asks_eight_times_however_many_could_approve(tmp_path: Path, size: int) -> None:
    async with staged(tmp_path, crowded(size), GROUPS) as stage:
        await closed(stage, "ben")
        assert asked(stage) == sorted(OF_ONE_CASE)


@pytest.mark.parametrize(("who", "more"), [("chloe", "U0CHLOE"), ("a37", "U0A37")])
async def test_somebody_else_who_approves_is_asked_about_once_more(tmp_path: Path, who: str, more: str) -> None:
    async with staged(tmp_path, crowded(40), GROUPS) as stage:
        await closed(stage, who)
        assert asked(stage) == sorted([*OF_ONE_CASE, f"users.info {more}"])


async def test_where_two_are_needed_two_of_forty_are_asked_about(tmp_path: Path) -> None:
    async with staged(tmp_path, crowded(40), replace(GROUPS, approvals=2)) as stage:
        await closed(stage, "ben", "chloe")
        assert asked(stage) == sorted([*OF_ONE_CASE, "users.info U0CHLOE"])
