"""Somebody whose word does not count does nothing at all, whatever lists name them and whatever button they press."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.cases import Said
from bot.errors import Refused
from bot.model import CaseState, Person
from bot.policy import Limits
from tests.bot.conftest import POLICY, House
from tests.bot.fakes import AMY, BEN, CHLOE, DANA, ROOT, account

EVERYTHING = replace(
    POLICY,
    requesters=("U0AMY", "U0BEN"),
    approvers=("U0BEN", "U0CHLOE"),
    admins=("U0ROOT", "U0BEN"),
    break_glass=True,
)
GUEST = replace(BEN, trusted=False)
"""How a guest, a bot, somebody deactivated and a stranger of a shared channel come out of Slack (see `handlers`)."""

Act = Callable[[House, str, str], Awaitable[Said]]


def on_plan(name: str, *more: object) -> Act:
    async def act(house: House, user: str, team: str) -> Said:
        plan = (await house.view(1)).plans[0]
        said: Said = await getattr(house.cases, name)(1, plan.turn, plan.digest, user, team, *more)
        return said

    return act


def on_case(name: str, *more: object) -> Act:
    async def act(house: House, user: str, team: str) -> Said:
        said: Said = await getattr(house.cases, name)(1, user, team, *more)
        return said

    return act


def on_system(name: str, *more: object) -> Act:
    async def act(house: House, user: str, team: str) -> Said:
        said: Said = await getattr(house.cases, name)(1, "crm", user, team, *more)
        return said

    return act


ACTS = {
    "approve": (CaseState.WAITING, on_plan("approve", lambda _: "shown")),
    "decline": (CaseState.WAITING, on_plan("decline", "no")),
    "decide": (CaseState.WAITING, on_plan("may_decide")),
    "review": (CaseState.WAITING, on_plan("review")),
    "may choose": (CaseState.WAITING, on_plan("may_choose")),
    "choose": (CaseState.WAITING, on_plan("choose", (("crm", "1"),), "it is")),
    "may break glass": (CaseState.WAITING, on_case("may_break_glass")),
    "break glass": (CaseState.WAITING, on_plan("break_glass", "at once", "dana@acme.test")),
    "cancel": (CaseState.WAITING, on_case("cancel")),
    "stop": (CaseState.RUNNING, on_case("stop")),
    "may release": (CaseState.PAUSED, on_case("may_release")),
    "release": (CaseState.PAUSED, on_case("release", "agreed")),
    "may mend": (CaseState.NEEDS_PEOPLE, on_system("may_mend")),
    "retry": (CaseState.NEEDS_PEOPLE, on_system("retry")),
    "mark done": (CaseState.NEEDS_PEOPLE, on_system("mark_done", "by hand")),
    "skip": (CaseState.NEEDS_PEOPLE, on_system("skip", "it stays")),
}


async def brought_to(house: House, state: CaseState, *other_logins: str) -> None:
    """A case in this state, in which Ben could do everything if his word counted; he is listed after the request."""
    house.govern(replace(POLICY, approvers=("U0CHLOE",)))
    case = await house.opened(other_logins=other_logins)
    house.crm.owner = "U0BEN"
    house.govern(replace(EVERYTHING, limits=Limits(per_day=1) if state is CaseState.PAUSED else Limits()))
    house.crm.accounts["1"] = account()
    if state is CaseState.NEEDS_PEOPLE:
        house.crm.do_errors.append(Refused("the vendor said no"))
    await house.engine.drain()
    view = await house.view(case.id)
    if state is CaseState.PAUSED:
        async with house.store.begin() as tx:
            await tx.note_start(1, 99, ())
    if state is CaseState.WAITING:
        return
    await house.approved(view, CHLOE)
    if state is CaseState.NEEDS_PEOPLE:
        await house.engine.drain()


@pytest.mark.parametrize(
    ("who", "team"),
    [(GUEST, GUEST.team_id), (BEN, "T0OTHER"), (BEN, "E0ENTERPRISE")],
    ids=["a guest", "another workspace", "another enterprise"],
)
@pytest.mark.parametrize("name", sorted(ACTS))
async def test_nobody_without_a_word_here_does_anything(house: House, name: str, who: Person, team: str) -> None:
    state, act = ACTS[name]
    await brought_to(house, state)
    house.people.people = (AMY, who, CHLOE, ROOT, DANA)
    before = await house.view(1)
    assert before.case.state is state

    said = await act(house, who.user_id, team)

    after = await house.view(1)
    assert not said.ok
    assert replace(after, working=()) == replace(before, working=())
    chain = await house.store.chain("case:1")
    assert chain.events[-1].kind == "refused"
    assert f'"team":"{team}"' in chain.events[-1].body


@pytest.mark.parametrize("name", sorted(ACTS))
@pytest.mark.parametrize("other_logins", [(), ("ben@acme.test", "ben")], ids=["unnamed", "named by other logins"])
async def test_the_same_person_in_good_standing_could(house: House, name: str, other_logins: tuple[str, ...]) -> None:
    state, act = ACTS[name]
    await brought_to(house, state, *other_logins)

    said = await act(house, BEN.user_id, BEN.team_id)

    if name not in {"choose", "may choose"}:
        assert getattr(said, "ok", True), said


@pytest.mark.parametrize(("who", "team"), [(GUEST, GUEST.team_id), (BEN, "T0OTHER"), (BEN, "E0ENTERPRISE")])
async def test_nobody_without_a_word_here_asks_or_reads(house: House, who: Person, team: str) -> None:
    await brought_to(house, CaseState.WAITING)
    house.people.people = (AMY, who, CHLOE, ROOT, DANA)

    said = await house.cases.may_ask(who.user_id, team)
    opened = await house.cases.open(house.form(email="erin@acme.test"), who.user_id, team)
    listed = await house.cases.visible(who.user_id, team)
    status = await house.cases.read_status(1, who.user_id, team)

    assert (said.ok, isinstance(opened, tuple), listed, status) == (False, True, (), None)
    assert await house.store.view(2) is None
