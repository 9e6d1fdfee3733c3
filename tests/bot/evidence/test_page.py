"""The page: whole, safe, and without anything from elsewhere."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta
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


async def test_the_page_says_who_confirmed_that_no_system_knows_the_person_or_that_nobody_did(house: House) -> None:
    view = await house.planned()
    assert "Nobody has confirmed that the address is right." in read((await made(house)).content).text

    await house.confirmed(view)

    assert (
        "U0BEN confirmed that the address is right and that there is nothing." in read((await made(house)).content).text
    )


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


async def test_a_run_without_approvals_stands_in_red_at_the_top_with_who_and_why(house: House) -> None:
    house.govern(replace(house.policy, break_glass=True))
    view = await house.planned_in_crm()
    plan = view.plans[0]
    said = await house.cases.break_glass(
        1, plan.turn, plan.digest, "U0ROOT", "T0ACME", "she copies <files>", "dana@acme.test"
    )
    assert said.ok
    await house.engine.drain()

    page = container.read((await made(house)).content)["index.html"].decode()

    first = page[page.index('<p class="alarm">') :].partition("</p>")[0]
    assert "Break-glass: plan 1 was begun without enough approvals by root@acme.test (U0ROOT)" in first
    assert "Reason: she copies &lt;files&gt;" in first
    assert page.index("alarm", page.index("<body>")) < page.index("<dl>")
    assert '<span class="alarm">glass broken</span>' in page
    assert '<span class="alarm">break-glass: in U0ROOT</span>' in page
    assert ".alarm { color: #b3261e" in page


async def test_a_case_that_was_approved_has_nothing_in_red(house: House) -> None:
    page = container.read((await ran(house)).content)["index.html"].decode()

    assert 'class="alarm"' not in page


async def test_the_page_says_how_long_it_took_and_when_it_is_looked_at_again(house: House) -> None:
    text = read((await ran(house)).content).text

    rows = r"Proved gone.*After the request.*CRM\n\d{4}-\d\d-\d\d .* UTC\n0:00:\d\d\n0:00:\d\d\n"
    assert re.search(rows, text, re.DOTALL)
    assert text.count("Not made yet: a second look is due.") == 2
    assert "after 24 hours" in text


async def test_the_next_edition_says_what_a_later_look_showed(house: House) -> None:
    await ran(house)
    await house.sweeper.sweep(datetime.now(UTC) + timedelta(minutes=6))
    await house.engine.drain()
    house.crm.accounts["1"] = account()
    await house.sweeper.sweep(datetime.now(UTC) + timedelta(hours=25))
    await house.engine.drain()

    again = await made(house)

    text = read(again.content).text
    assert again.edition == 2
    assert "1 proved gone again, by id and by search" in text
    assert "1 not as it had ended" in text
    assert text.count("It had been proved gone and is there again") > 1
    assert "Not made yet" not in text
