"""Somebody at the page: becomes people, types, presses. Waits for what the page shows, never for time to pass."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Locator, Page, expect


@dataclass(frozen=True, slots=True)
class Visitor:
    """A tab with the page open."""

    page: Page

    @property
    def channel(self) -> Locator:
        return self.page.get_by_role("main")

    @property
    def thread(self) -> Locator:
        return self.page.get_by_role("complementary", name="Thread")

    @property
    def sidebar(self) -> Locator:
        return self.page.get_by_role("navigation", name="Conversations")

    @property
    def modal(self) -> Locator:
        return self.page.get_by_role("dialog")

    @property
    def question(self) -> Locator:
        """The dialog that asks before a button acts."""
        return self.page.get_by_role("alertdialog")

    @property
    def box(self) -> Locator:
        """Where messages to the channel are typed."""
        return self.channel.get_by_role("combobox", name="Message #")

    async def come(self, url: str) -> None:
        await self.page.goto(url)
        await expect(self.box).to_be_visible()

    def persona(self, first_name: str) -> Locator:
        return self.page.get_by_role("group", name="You are").get_by_role("button", name=first_name)

    async def become(self, first_name: str) -> None:
        await self.persona(first_name).click()
        await expect(self.persona(first_name)).to_have_attribute("aria-pressed", "true")

    async def say(self, text: str) -> None:
        """Type a line into the channel and send it."""
        await self.box.fill(text)
        await self.box.press("Enter")

    async def press(self, name: str, where: Locator) -> None:
        await where.get_by_role("button", name=name, exact=True).click()

    async def ask_for(self, address: str) -> None:
        """Request an offboarding and open its thread."""
        await self.say(f"/offboard {address}")
        await expect(self.modal.get_by_label("E-mail")).to_have_value(address)
        await self.press("Request", self.modal)
        await expect(self.modal).to_be_hidden()
        await self.root(address).get_by_role("button", name="repl").click()
        await expect(self.thread).to_be_visible()

    def root(self, address: str) -> Locator:
        """A case's root message in the channel."""
        heading = self.page.get_by_role("heading", name=f"· {address}")
        return self.channel.get_by_role("article").filter(has=heading)

    def whispers(self) -> Locator:
        return self.page.get_by_role("article").filter(has_text="Only visible to you")

    def said(self, words: str) -> Locator:
        """The messages of the thread with these words."""
        return self.thread.get_by_role("article").filter(has_text=words)

    def result(self, label: str, word: str) -> Locator:
        """The lines of the thread that show this system's outcome word."""
        return self.thread.get_by_role("listitem").filter(has_text=f"{label}: {word}")

    def told_alone(self, words: str) -> Locator:
        """What only this person sees, with these words."""
        return self.whispers().filter(has_text=words)

    async def keep(self, name: str) -> None:
        """Keep a picture for a person to look at, where the environment names a folder for it."""
        folder = os.environ.get("OFFBOARD_SHOTS")
        if folder:
            await self.page.screenshot(path=Path(folder) / f"{name}.png", animations="disabled")

    async def approve(self) -> None:
        await self.press("Approve", self.thread)
        await self.press("Approve", self.question)
