"""The evidence in a direct message: downloaded as anybody would, and checked where nothing of the bot is."""

from __future__ import annotations

import asyncio
import re
import sys
from pathlib import Path

import pytest
from playwright.async_api import expect

from sandbox.bot_process import ROOT
from sandbox.stage import Stage, Staging
from tests.browser.visitor import Visitor

pytestmark = pytest.mark.asyncio(loop_scope="session")
STAGING = Staging(limits=False, kinds=("vspc",))
DANA = "dana@acme.test"


async def verified(pack: Path, key: str) -> tuple[int, str]:
    """How `offboard verify` ends, in the pack's folder and with nothing but the key, and its last line."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "bot", "verify", pack.name, "--key", key),
        cwd=pack.parent,
        env={"PYTHONPATH": str(ROOT)},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await process.communicate()
    return process.returncode or 0, said.decode().splitlines()[-1]


async def test_the_downloaded_pack_verifies_and_a_tampered_one_does_not(
    play: Stage, guest: Visitor, tmp_path: Path
) -> None:
    await guest.ask_for(DANA)
    await guest.become("Ben")
    await guest.approve()
    await expect(guest.root(DANA)).to_contain_text("closed: ")
    await guest.sidebar.get_by_role("button", name=re.compile("^Offboard(?! home)")).click()
    pack_message = guest.channel.get_by_role("article").filter(has_text="the evidence, edition 1")
    file = pack_message.get_by_role("link").last
    await expect(file).to_be_visible()
    await guest.keep("evidence-1-file")
    async with guest.page.expect_download() as downloading:
        await file.click()
    pack, broken = tmp_path / "pack.zip", tmp_path / "broken.zip"
    await (await downloading.value).save_as(pack)
    key = re.search(r"Its fingerprint is ([a-z2-7]{52})", play.bot.tail(1000))
    assert key

    assert await verified(pack, key[1]) == (0, "unbroken, signed by the pinned key")

    content = bytearray(pack.read_bytes())
    content[len(content) // 2] ^= 1
    broken.write_bytes(bytes(content))
    assert (await verified(broken, key[1]))[0] == 1
    assert (await verified(pack, "a" * 52))[0] == 1
