"""The evidence of a case: uploaded once for each end to each who gets it, whatever Slack does meanwhile."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.evidence.checking import check_pack
from bot.evidence.making import Evidence, Made
from handlers.outbox import Called
from tests.bot.evidence.packed import OURS
from tests.handlers.post import CHANNEL, WHOLE, Post, closed, opened, want


@dataclass
class Uploads:
    """An outbox that gives out evidence."""

    post: Post
    makes: list[tuple[int, str]] = field(default_factory=list)
    in_thread: bool = True

    def restart(self) -> None:
        """A new process: what was only in memory is gone."""
        called = Called(evidence_in_thread=self.in_thread)
        self.post.poster = self.post.slack.poster(self.post.house.store, called, self.post.now, self.make)

    async def make(self, case_id: int, to: str) -> Made:
        self.makes.append((case_id, to))
        return await Evidence(self.post.house.store, OURS).make(case_id, to, {})

    def files(self) -> list[tuple[str, bytes]]:
        """Name and content of every file in the case's thread, in their order."""
        root = self.post.workspace.messages(CHANNEL)[0].ts
        shared = [file for message in self.post.workspace.messages(CHANNEL, root) for file in message.files]
        return [(str(file["name"]), self.post.workspace.files[str(file["id"])]) for file in shared]

    def names(self) -> list[str]:
        return [name for name, _ in self.files()]


@pytest.fixture
async def uploads(tmp_path: Path) -> AsyncIterator[Uploads]:
    post = await opened(tmp_path)
    ready = Uploads(post)
    ready.restart()
    yield ready
    await closed(post)
    assert post.workspace.lint_findings == []


async def test_a_case_that_ended_has_its_evidence_at_the_end_of_its_thread(uploads: Uploads) -> None:
    await uploads.post.house.ran()
    await uploads.post.all()
    root = uploads.post.workspace.messages(CHANNEL)[0].ts
    last = uploads.post.workspace.messages(CHANNEL, root)[-1]

    ((name, content),) = uploads.files()
    verdict = check_pack(content, [OURS.fingerprint])

    assert name == "OFF-1-evidence-1.zip"
    assert verdict.ok, verdict
    assert verdict.head in last.text
    assert OURS.fingerprint in last.text
    assert uploads.post.keys() == WHOLE


async def test_evidence_goes_to_people_directly_and_into_no_thread_unless_that_is_allowed(uploads: Uploads) -> None:
    uploads.in_thread = False
    uploads.restart()
    await uploads.post.house.ran()
    await uploads.post.all()

    assert uploads.names() == []
    assert uploads.makes == [(1, "direct message to U0AMY")]
    told = [file for message in uploads.post.workspace.messages("D0AMY") for file in message.files]
    assert [file["name"] for file in told] == ["OFF-1-evidence-1.zip"]


async def test_a_case_that_goes_on_gets_another_edition_and_the_first_one_stays(uploads: Uploads) -> None:
    await uploads.post.house.ran()
    await uploads.post.all()
    async with uploads.post.house.store.begin() as tx:
        await tx.audit(1, "looked", {"system": "crm"}, {})
        await tx.want(1, "pack")
    await uploads.post.all()

    assert uploads.names() == ["OFF-1-evidence-1.zip", "OFF-1-evidence-2.zip"]


async def test_an_upload_whose_answer_was_lost_is_found_by_its_name_and_not_doubled(uploads: Uploads) -> None:
    await uploads.post.house.ran()
    uploads.post.workspace.fail_next("files.completeUploadExternal", status="lost")
    while await uploads.post.poster.turn():
        pass
    uploads.restart()
    uploads.post.late += timedelta(minutes=2)
    await uploads.post.all()

    assert uploads.names() == ["OFF-1-evidence-1.zip"]


async def test_while_slack_takes_no_files_one_pack_is_made_and_waits(uploads: Uploads) -> None:
    await uploads.post.house.ran()
    uploads.post.workspace.fail_next("files.getUploadURLExternal", "internal_error", times=5)
    await uploads.post.all()

    assert [to for _, to in uploads.makes] == ["thread", "direct message to U0AMY"]
    assert uploads.names() == ["OFF-1-evidence-1.zip"]


async def test_without_the_right_to_upload_the_bot_is_ready_and_says_so_once(
    uploads: Uploads, caplog: pytest.LogCaptureFixture
) -> None:
    await uploads.post.house.ran()
    uploads.post.workspace.fail_next("files.getUploadURLExternal", "missing_scope", times=100)
    for _ in range(4):
        await uploads.post.poster.turn()
        uploads.post.late += timedelta(seconds=10)

    assert uploads.post.poster.ready
    assert uploads.post.keys() == WHOLE
    assert caplog.text.count("missing_scope (evidence)") == 1


async def test_what_cannot_be_made_keeps_no_message_waiting(uploads: Uploads) -> None:
    async def broken(_: int, __: str) -> Made:
        raise ValueError("no pack")

    uploads.post.poster = uploads.post.slack.poster(uploads.post.house.store, Called(), uploads.post.now, broken)
    await uploads.post.house.ran()
    for _ in range(3):
        await uploads.post.poster.turn()

    assert uploads.post.keys() == WHOLE
    assert uploads.names() == []


async def test_evidence_of_an_old_wish_is_not_uploaded_where_it_is_switched_off(uploads: Uploads) -> None:
    uploads.post.restart()
    await uploads.post.house.ran()
    await want(uploads.post, "pack")
    await uploads.post.all()

    assert uploads.names() == []
