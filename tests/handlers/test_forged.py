"""A forged payload gets nothing done: nothing changes, the sender gets a private word, and the audit an event."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from handlers import ids
from handlers.forms import Verb
from handlers.listeners import register
from handlers.tasks import Tasks
from sandbox.slack.records import Json
from sandbox.slack.workspace import Workspace, demo_seed
from tests.handlers.conftest import Stage, staged
from tests.handlers.fakes import FakeCases
from tests.handlers.forging import Hand, World, command, press, refusals, submit, words_of
from tests.handlers.scenes import ACTIONS, VIEWS, Scene, running, typed, waiting

COMMANDS: Mapping[Verb, str] = {
    Verb.OPEN: "dana@acme.test",
    Verb.HELP: "help",
    Verb.LIST: "list",
    Verb.STATUS: "status OFF-1",
    Verb.CANCEL: "cancel OFF-1",
    Verb.WITHDRAW: "withdraw OFF-1",
    Verb.STOP: "stop OFF-1",
    Verb.RELEASE: "release OFF-1 because",
    Verb.BREAK_GLASS: "break-glass OFF-1",
}
OTHERS = {
    ids.COMMAND,
    ids.REQUEST_VIEW,
    "app_home_opened",
    "member_joined_channel",
    ids.GO_ON,
    ids.GO_ON_VIEW,
    ids.CODE_VIEW,
}
"""Listeners that have tests of their own, below or, for codes, in `test_codes`."""
UNREADABLE: tuple[object, ...] = (
    *("", "x", "1", "1:", "-1:1:d", "0x1:1:d", "\u0661:1:d", "1:1:\x00", "1:\x00", "9" * 400 + ":1:d"),
    *("1:" + "9" * 400 + ":d", "1:1:" + "d" * 5000, "1:" + "s" * 500_000),
    *(None, 7, True, ["1:1:d"], {"1": "1:d"}),
)


@pytest.fixture
def workspace() -> Iterator[Workspace]:
    ready = Workspace(demo_seed(), limits=False)
    yield ready
    assert ready.lint_findings == []


class Listed:
    """Stands where Bolt's app stands and writes down what is registered."""

    def __init__(self) -> None:
        self.names: set[str] = set()

    def error(self, _: object) -> None:
        return

    def _named(self, name: str) -> Callable[[object], None]:
        self.names.add(name)
        return lambda _: None

    command = action = view = event = _named


def test_every_listener_has_its_forged_payloads() -> None:
    listed: Any = Listed()
    register(listed, AsyncWebClient(), FakeCases(), Tasks())

    assert listed.names == {*ACTIONS, *VIEWS, *OTHERS}
    assert set(COMMANDS) == set(Verb)


def values(scene: Scene, genuine: str) -> Iterator[object]:
    """Values that are not the genuine one, for the person whom the genuine one would serve."""
    _, _, rest = genuine.partition(":")
    yield from (f"999:{rest}", *UNREADABLE)
    if not scene.other_too:
        yield f"2:{rest}"
    if scene.binds == "plan":
        turn, _, digest = rest.partition(":")
        yield from (f"1:9:{digest}", f"1:{turn}:{digest[::-1]}", f"1:{turn}:", f"2:1:{digest}", "1:crm", "1:run")
    if scene.binds == "system":
        yield from ("1:1:1abc", "1:run", "1:nowhere", "2:wiki", "1:CRM")
    if scene.binds == "case":
        yield from ("1:1:1abc", "1:crm", "1:run" if rest == "held" else "1:held", f"1:{rest} ")


def hands(scene: Scene) -> Iterator[Hand]:
    """People whom the genuine value does not serve."""
    me = scene.who
    yield from (Hand(one) for one in ("U0OTTO", "U0DANA", "U0AMY") if one != me)
    yield from (Hand(me, team="T0EVIL"), Hand(me, team=None), Hand(me, team=""), Hand(me, team=["T0ACME"]))
    yield Hand("U0OTTO", beside=(("user_id", me), ("event", {"user": me}), ("actor", {"id": me}), ("user_name", "ben")))
    yield Hand("U0OTTO", team="T0EVIL", beside=(("enterprise", {"id": "E0EVIL"}), ("is_enterprise_install", True)))


async def forged_clicks(stage: Stage, name: str, scene: Scene, genuine: str) -> None:
    tries = [(value, Hand(scene.who)) for value in values(scene, genuine)]
    for value, hand in [*tries, *((genuine, hand) for hand in hands(scene))]:
        before, noted, told = (
            await World.of(stage),
            await refusals(stage),
            len(stage.workspace.as_person(hand.user).ephemerals),
        )
        await press(stage, name, value, hand)
        await stage.slack.tasks.drain(10)
        tried = (name, str(value)[:40], hand)
        assert await World.of(stage) == before, tried
        assert await refusals(stage) == noted + 1, tried
        assert len(stage.workspace.as_person(hand.user).ephemerals) == told + 1, tried
        assert stage.workspace.as_person(hand.user).open_view is None, tried


@pytest.mark.parametrize("name", ACTIONS)
async def test_a_forged_click_does_nothing_and_a_genuine_one_does(
    tmp_path: Path, workspace: Workspace, name: str
) -> None:
    scene = ACTIONS[name]
    async with staged(tmp_path, workspace, scene.policy) as stage:
        genuine = await scene.prepare(stage)
        await forged_clicks(stage, name, scene, genuine)
        before = await World.of(stage)

        await press(stage, name, genuine, Hand(scene.who))

        assert await World.of(stage) != before or stage.workspace.as_person(scene.who).open_view is not None


async def forged_forms(stage: Stage, name: str, scene: Scene, genuine: str) -> None:
    tries = [(value, scene.values, Hand(scene.who)) for value in values(scene, genuine)]
    tries += [(genuine, scene.values, hand) for hand in hands(scene)]
    tries += [(genuine, wrong, Hand(scene.who)) for wrong in wrong_values(name, scene)]
    for metadata, filled, hand in tries:
        before, noted = await World.of(stage), await refusals(stage)
        answer = await submit(stage, name, metadata, filled, hand)
        await stage.slack.tasks.drain(10)
        tried = (name, str(metadata)[:40], filled, hand)
        assert await World.of(stage) == before, tried
        assert await refusals(stage) == noted + 1, tried
        assert words_of(answer), tried
        assert "dana@acme.test" not in str(answer.body), tried


def wrong_values(name: str, scene: Scene) -> Iterator[Json]:
    """What was never offered in the form."""
    if name == ids.CHOOSE_VIEW:
        for place in ("9.9", "0.9", "-1.-1", "1.0", "crm.2", "0", "9" * 400 + ".0", "1.1"):
            chosen = {"type": "checkboxes", "selected_options": [{"value": place}]}
            yield scene.values | {"accounts_0": {"accounts_0": chosen}}
    if name == ids.GLASS_VIEW:
        yield from (scene.values | typed(address=text) for text in ("", "sam@acme.test", "d" * 100_000, "*"))


@pytest.mark.parametrize("name", VIEWS)
async def test_a_forged_form_does_nothing_and_a_genuine_one_does(
    tmp_path: Path, workspace: Workspace, name: str
) -> None:
    scene = VIEWS[name]
    async with staged(tmp_path, workspace, scene.policy) as stage:
        genuine = await scene.prepare(stage)
        await forged_forms(stage, name, scene, genuine)
        before = await World.of(stage)

        answer = await submit(stage, name, genuine, scene.values, Hand(scene.who))

        assert await World.of(stage) != before or "dana@acme.test" in str(answer.body)


async def test_nobody_goes_on_with_a_database_that_is_not_held(stage: Stage) -> None:
    genuine = await waiting(stage)
    scene = Scene(waiting, who="U0ROOT")
    before, root = await World.of(stage), Hand("U0ROOT")
    for value, hand in [
        *((genuine, root), ("0:run", root), ("", root)),
        *(("0:database", one) for one in hands(scene)),
    ]:
        noted = await refusals(stage)
        await press(stage, ids.GO_ON, value, hand)
        answer = await submit(stage, ids.GO_ON_VIEW, value, typed(words="because"), hand)
        await stage.slack.tasks.drain(10)
        assert await refusals(stage) == noted + 2, (value, hand)
        assert words_of(answer), (value, hand)
    await press(stage, ids.GO_ON, "0:database", root)

    assert await World.of(stage) == before
    assert stage.person("root").open_view is None


def asked(**fields: Json) -> Json:
    """The request's form, with whatever is to be different."""
    systems = {"type": "multi_static_select", "selected_options": [{"value": "crm"}]}
    plain: Json = {ids.EMAIL: {ids.EMAIL: {"value": "dana@acme.test"}}, ids.SYSTEMS: {ids.SYSTEMS: systems}}
    return plain | {name: {name: state} for name, state in fields.items()}


WRONG_REQUESTS: tuple[Json, ...] = (
    {},
    {"email": []},
    asked(email={"value": "x@" + "y" * 100_000}),
    asked(email={"value": ""}, person={"selected_user": {"id": "U0DANA"}}),
    asked(email={"value": ""}, person={"selected_user": "U0NOBODY"}),
    asked(systems={"selected_options": [{"value": "nowhere"}]}),
    asked(systems={"selected_options": [{}]}),
    asked(systems={"selected_options": "crm"}),
    asked(when={"selected_date_time": 10**30}),
    asked(when={"selected_date_time": "tomorrow"}),
)


async def test_a_forged_request_opens_no_case_and_a_genuine_one_does(stage: Stage) -> None:
    amy = Hand("U0AMY")
    strangers = [Hand("U0OTTO"), Hand("U0BEN"), Hand("U0AMY", team="T0EVIL"), Hand("U0AMY", team=None)]
    strangers += [Hand("U0OTTO", beside=(("user_id", "U0AMY"),))]
    for filled, hand in [*((one, amy) for one in WRONG_REQUESTS), *((asked(), one) for one in strangers)]:
        answer = await submit(stage, ids.REQUEST_VIEW, "", filled, hand)
        await stage.slack.tasks.drain(10)
        assert await stage.store.cases() == (), (filled, hand)
        assert words_of(answer), (filled, hand)
    assert await refusals(stage) >= len(strangers)

    await submit(stage, ids.REQUEST_VIEW, "", asked(), amy)

    assert len(await stage.store.cases()) == 1


@pytest.mark.parametrize("verb", COMMANDS)
async def test_a_command_of_somebody_who_may_not_does_nothing_and_tells_nothing(
    tmp_path: Path, workspace: Workspace, verb: Verb
) -> None:
    async with staged(tmp_path, workspace) as stage:
        await (running if verb is Verb.STOP else waiting)(stage)
        for hand in (Hand("U0OTTO"), Hand("U0ROOT", team="T0EVIL"), Hand("U0OTTO", beside=(("user", "U0ROOT"),))):
            before, noted = await World.of(stage), await refusals(stage)
            answer = await command(stage, COMMANDS[verb], hand)
            assert await World.of(stage) == before, hand
            assert words_of(answer), hand
            assert "dana@acme.test" not in str(answer.body), hand
            assert stage.workspace.as_person(hand.user).open_view is None, hand
            assert await refusals(stage) == noted + (verb not in {Verb.HELP, Verb.LIST}), hand


@pytest.mark.parametrize(
    "case", ["", "OFF-999", "OFF-0", "-1", "\u0661", "1 2", "x" * 100_000, "9" * 400, "1\x00", "*"]
)
async def test_a_command_about_no_case_does_nothing(stage: Stage, case: str) -> None:
    await waiting(stage)
    before, root = await World.of(stage), Hand("U0ROOT")

    answers = [await command(stage, f"{verb} {case}", root) for verb in Verb if verb is not Verb.OPEN]

    assert await World.of(stage) == before
    assert all(words_of(answer) for answer in answers)
    assert stage.person("root").open_view is None


async def test_a_home_tab_asked_for_in_another_teams_name_shows_no_case(stage: Stage) -> None:
    await waiting(stage)
    event = {"type": "app_home_opened", "user": "U0ROOT", "tab": "home", "channel": "D0ROOT", "event_ts": "1.1"}
    outer: Json = {"type": "event_callback", "event": event, "team_id": "T0EVIL", "event_id": "Ev1", "event_time": 1}

    await stage.workspace.sockets.deliver("events_api", outer)
    await stage.slack.tasks.drain(10)

    shown = stage.person("root").home
    assert shown is None or "OFF-1" not in stage.workspace.text_of(shown)
    assert (await stage.person("root").open_home()) is not None


async def test_somebody_said_to_have_joined_in_another_teams_name_moves_no_case(stage: Stage) -> None:
    await waiting(stage)
    before = await World.of(stage)
    event = {"type": "member_joined_channel", "user": "U0DANA", "channel": "C0CASES", "event_ts": "1.1"}
    outer: Json = {"type": "event_callback", "event": event, "team_id": "T0EVIL", "event_id": "Ev1", "event_time": 1}

    await stage.workspace.sockets.deliver("events_api", outer)
    await stage.slack.tasks.drain(10)

    assert await World.of(stage) == before


async def test_an_old_plans_button_and_a_repeated_one_do_nothing_more(stage: Stage) -> None:
    genuine = await waiting(stage)
    await press(stage, ids.APPROVE, genuine, Hand("U0BEN"))
    before, noted = await World.of(stage), await refusals(stage)

    await press(stage, ids.APPROVE, genuine, Hand("U0BEN"))
    await stage.workspace.redeliver()
    await press(stage, ids.APPROVE, genuine, Hand("U0CHLOE"))
    await press(stage, ids.DECLINE, genuine, Hand("U0CHLOE"))
    await stage.slack.tasks.drain(10)

    assert await World.of(stage) == before
    assert await refusals(stage) >= noted + 3
