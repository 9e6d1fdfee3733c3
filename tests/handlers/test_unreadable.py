"""One case whose rows cannot be read stops no other message, and people can still be told of it."""

from __future__ import annotations

from sqlalchemy import update

from bot.store.tables import cases
from tests.handlers.post import Post


async def test_a_case_that_cannot_be_read_stops_no_other_message(post: Post) -> None:
    await post.house.opened()
    await post.house.opened(email="finn@acme.test")
    await broken(post, 1)

    assert await post.poster.turn()

    assert post.keys() == ["root"]
    assert post.poster.ready


async def test_people_are_told_of_a_case_that_cannot_be_read(post: Post) -> None:
    await post.house.opened()
    async with post.house.store.begin() as tx:
        await tx.want(1, "dm:trouble:U0ROOT", channel="U0ROOT", text="The bot fails at this case.")
    await broken(post, 1)

    await post.poster.turn()

    told = post.workspace.text_of(post.workspace.as_person("U0ROOT").dms[-1])
    assert told == "OFF-1: The bot fails at this case."


async def broken(post: Post, case_id: int) -> None:
    async with post.house.store.begin() as tx:
        await tx.connection.execute(update(cases).where(cases.c.id == case_id).values(leaver="{"))
