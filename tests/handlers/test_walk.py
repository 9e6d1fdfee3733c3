"""A whole case in Slack: the real listeners and the real poster against the local workspace."""

from __future__ import annotations

from tests.handlers.conftest import CHANNEL, Stage


async def test_a_case_goes_from_the_command_to_the_closing_message(stage: Stage) -> None:
    root = await stage.requested()
    assert "OFF-1 · dana@acme.test" in stage.workspace.text_of(root)
    plan = await stage.says("plan:1", "1 account in 1 system would be taken away")
    assert "would delete the user (cannot be undone)" in plan

    await stage.approved()

    await stage.says("plan:1", "Approved by @Ben Sato")
    await stage.says("progress", "CRM: removed")
    closing = await stage.says("closing", "CRM: removed")
    assert "WIKI: absent" in closing
    assert "No account of this person is left" in closing
    await stage.says("root", "closed")
    keys = [m.metadata["event_payload"]["key"] for m in stage.workspace.messages(CHANNEL, root.ts) if m.metadata]
    assert keys == ["root", "plan:1", "progress", "closing"]
    assert stage.message("closing") in stage.workspace.messages(CHANNEL)
