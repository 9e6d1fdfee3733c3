"""The page: whole, safe, and without anything from elsewhere."""

from __future__ import annotations

import re
from html.parser import HTMLParser

from bot.evidence import container
from bot.evidence.controls import CONTROLS
from bot.evidence.page.html import element, pairs, table
from tests.bot.conftest import House
from tests.bot.evidence.packed import OURS, made, ran
from tests.bot.fakes import account

HOSTILE = '<script src="https://evil.test/x.js">"&\'</td>'


class Reader(HTMLParser):
    """Collects the tags, and the text."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.text = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.text += f"{data}\n"


def read(content: bytes) -> Reader:
    reader = Reader()
    reader.feed(container.read(content)["index.html"].decode())
    return reader


async def test_the_page_tells_the_whole_case(house: House) -> None:
    given_out = await ran(house)
    text = read(given_out.content).text

    for words in (
        "OFF-1: evidence, edition 1",
        "left <b>us</b>",
        "removed",
        "by id: not there",
        "by search: not listed",
        "Administrator",
        "last seen: yesterday",
        "delete the user",
        "ben@acme.test",
        "in S0SECURITY",
        given_out.head,
        OURS.fingerprint,
        *(control.name for control in CONTROLS),
    ):
        assert words in text


async def test_what_people_and_systems_write_stays_text(house: House) -> None:
    house.crm.accounts["1"] = account(handle=HOSTILE, weight=(HOSTILE,), notes=((HOSTILE, HOSTILE),))
    await house.ran(reason=HOSTILE)
    page = read((await made(house)).content)

    assert "script" not in page.tags
    assert page.text.count("https://evil.test/x.js") > 3


async def test_the_page_loads_nothing_and_runs_nothing(house: House) -> None:
    page = container.read((await ran(house)).content)["index.html"].decode()

    assert "default-src &#x27;none&#x27;" in page
    assert not re.search(r"<(script|img|link|iframe|object|form)|\bon\w+=|\bsrc=|\bhref=|url\(|@import", page)


def test_a_table_without_rows_is_a_sentence_and_a_pair_without_a_value_is_left_out() -> None:
    assert table(("A",), [], "Nothing.") == "<p>Nothing.</p>"
    assert pairs([("a", ""), ("b", None), ("c", 0)]) == "<dl><dt>c</dt><dd>0</dd></dl>"
    assert element("p", "<", element("b", "&")) == "<p>&lt;<b>&amp;</b></p>"
