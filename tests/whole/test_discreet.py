"""A discreet case from end to end: the real bot as a process, the workspace and the five systems."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from bot.evidence.checking import check_pack
from sandbox.stage import Stage, stage
from sandbox.systems.all import ENTRIES
from sandbox.walk import Thread, open_case, standing
from tests.whole.test_evidence import fingerprint
from tests.whole.test_walks import DANA, QUICK, assert_read_around_every_removal

DISCREET = replace(QUICK, environment={"OFFBOARD_SLACK__DISCREET": "true"})


def handles(play: Stage) -> set[str]:
    """Everything in the systems that is Dana's, in small letters: log-ins, addresses, ids."""
    own = {one for simulator in play.world.by_kind.values() for one in simulator.of(DANA)}
    return {DANA, "dana", *(one.lower() for one in own)}


def told(thread: Thread) -> str:
    """All that anybody in the channel can read of the case."""
    return str([(one.text, one.blocks, one.files) for one in thread.messages()]).lower()


async def test_five_systems_give_the_leaver_up_and_the_channel_never_reads_who_it_was() -> None:
    async with stage(DISCREET) as play:
        before, own = standing(play, DANA), handles(play)
        thread = await open_case(play, DANA)
        plan = await play.workspace.until(lambda: thread.with_button("review"), 60)
        ben = play.workspace.as_person("U0BEN")
        review = (await ben.press(plan, "review")).view
        assert review is not None
        assert DANA in str(review.blocks)
        await ben.press_in_view(review, "approve")
        await play.workspace.until(lambda: thread.closing() and thread.has_settled(5), 60)

        packs = [await play.workspace.until(partial(_files, play, who), 60) for who in ("U0AMY", "U0ROOT")]

        assert thread.words() == {label: "removed" for _, label in ENTRIES.values()}
        assert {kind: simulator.of(DANA) for kind, simulator in play.world.by_kind.items() if simulator.of(DANA)} == {}
        assert all(before[kind] <= simulator.standing() for kind, simulator in play.world.by_kind.items())
        assert_read_around_every_removal(play, DANA)
        assert sorted(word for word in own if word in told(thread)) == []
        for (content,) in packs:
            assert check_pack(content, [fingerprint(play)]).ok
        assert play.workspace.lint_findings == []


def _files(play: Stage, who: str) -> list[bytes]:
    shared = [file for message in play.workspace.as_person(who).dms for file in message.files]
    return [play.workspace.files[str(file["id"])] for file in shared]
