"""A file goes up in three steps and stands in the thread."""

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from sandbox.slack.workspace import Workspace
from tests.sandbox.slack.payload import QUIET


async def test_a_file_is_uploaded_into_a_thread(workspace: Workspace, client: AsyncWebClient) -> None:
    root = (await client.chat_postMessage(channel="C0CASES", text="root", **QUIET))["ts"]
    await client.files_upload_v2(
        channel="C0CASES", thread_ts=root, filename="evidence.json", content='{"case": 1}', initial_comment="Evidence"
    )
    message = workspace.messages("C0CASES", root)[1]
    assert (message.text, message.files[0]["name"]) == ("Evidence", "evidence.json")
    assert workspace.files[message.files[0]["id"]] == b'{"case": 1}'
    assert workspace.lint_findings == []


async def test_a_file_that_was_never_sent_cannot_be_shared(client: AsyncWebClient) -> None:
    upload = await client.files_getUploadURLExternal(filename="a.txt", length=3)
    with pytest.raises(SlackApiError, match="file_not_found"):
        await client.files_completeUploadExternal(files=[{"id": upload["file_id"], "title": "a"}])


async def test_an_upload_of_another_length_is_refused(workspace: Workspace, client: AsyncWebClient) -> None:
    upload = await client.files_getUploadURLExternal(filename="a.txt", length=3)
    async with aiohttp.ClientSession() as session, session.post(upload["upload_url"], data=b"abcd") as answer:
        assert answer.status == 400
    assert workspace.lint_findings == ["upload: 4 bytes came, 3 were announced"]
