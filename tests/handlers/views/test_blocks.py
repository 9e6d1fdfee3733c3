"""Blocks: text from outside is taken as it is, and sizes hold."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from handlers.views.blocks import PART, RICH_BYTES, Line, Piece, bold, line, rich, rich_blocks, size
from handlers.views.message import MOST_BLOCKS, MOST_BYTES, Message, spread
from tests.handlers.made import defects

LINES = st.lists(
    st.builds(
        lambda text, styled, level: line("• ", bold(text) if styled else text, level=level),
        st.text(max_size=900),
        st.booleans(),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=40,
)


def test_empty_texts_are_left_out_and_like_ones_joined() -> None:
    assert line("a", "", "b", bold(""), "c", bold("d"), bold("e")) == Line((Piece("abc"), Piece("de", "bold")))
    assert rich([line(""), line("a")])["elements"] == [
        {"type": "rich_text_section", "elements": [{"type": "text", "text": "a"}]}
    ]


def test_levels_become_paragraphs_bullets_and_bullets_below_them() -> None:
    elements = rich([line("a"), line("b"), line("c", level=1), line("d", level=2), line("e", level=1)])["elements"]
    assert [(one["type"], one.get("indent")) for one in elements] == [
        ("rich_text_section", None),
        ("rich_text_list", 0),
        ("rich_text_list", 1),
        ("rich_text_list", 0),
    ]
    assert [piece["text"] for piece in elements[0]["elements"]] == ["a", "\n", "b"]


@given(LINES)
def test_whatever_the_lines_say_slack_takes_the_parts_and_none_is_too_long(lines: list[Line]) -> None:
    blocks = rich_blocks(lines)
    for part in spread(blocks, spare_bytes=2_000, spare_blocks=6):
        assert len(part) <= MOST_BLOCKS - 6
        assert size(part) <= MOST_BYTES - 2_000
        assert defects(Message("OFF-1: a message.", tuple(part))) == []
    assert [block for part in spread(blocks) for block in part] == blocks


def test_a_single_line_never_fills_a_block_by_itself() -> None:
    (block,) = rich_blocks([line("x" * 10 * PART, bold("é" * 10 * PART))])
    assert size([block]) <= RICH_BYTES
