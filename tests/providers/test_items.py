"""A list in JSON is taken item by item, however its bytes are cut, and believed only when it is whole."""

from __future__ import annotations

import json
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import UnexpectedAnswer
from providers.http import Answer, JsonItems
from providers.http.items import LONGEST_ITEM

HEAD = Answer(200, {"Content-Type": "application/json; charset=utf-8"}, b"")
VALUES: st.SearchStrategy[object] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


def taken(*pieces: bytes) -> list[object]:
    """Return the items of a list that arrives in these pieces."""
    found: list[object] = []
    items = JsonItems(found.append, found.clear)
    items.begin(HEAD)
    for piece in pieces:
        items.feed(piece)
    items.end()
    return found


def bytewise(text: str) -> list[object]:
    return taken(*(bytes([byte]) for byte in text.encode()))


@given(values=st.lists(VALUES, max_size=6), size=st.integers(1, 40), spaced=st.booleans(), ascii_only=st.booleans())
def test_any_list_arrives_as_it_is_however_it_is_cut(
    values: list[object], size: int, spaced: bool, ascii_only: bool
) -> None:
    text = json.dumps(values, indent=1 if spaced else None, ensure_ascii=ascii_only)
    body = text.encode("utf-8", "surrogatepass") if ascii_only else text.encode("utf-8", "replace")
    expected = json.loads(body)
    assert taken(*(body[at : at + size] for at in range(0, len(body), size))) == expected


@pytest.mark.parametrize(
    "text",
    [
        "[]",
        " [ ] ",
        "[1]",
        "[12345, -0.5e3, 1.5]",
        '["a\\"],[b", "ü李\U0001f600", "\\ud83d\\ude00"]',
        '[{"a": [1, {"b": "]"}]}, [[]], null, true]',
        '\ufeff[{"bom": true}]',
        '\r\n\t[ {"a" : 1} , {"b" : 2} ]\n',
    ],
)
def test_one_byte_at_a_time_gives_the_same_as_all_at_once(text: str) -> None:
    assert bytewise(text) == taken(text.encode()) == json.loads(text.removeprefix("\ufeff"))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "{}",
        '{"data": []}',
        "null",
        '"[1]"',
        "[",
        "[1",
        "[1,",
        "[1,]",
        "[,1]",
        "[1 2]",
        "[1;2]",
        "[1]]",
        "[1],",
        "[1][2]",
        "[1] x",
        "[NaN]",
        "[-Infinity]",
        "[tru]",
        "['a']",
        '[{"a": 1]',
        '[{"a": }]',
        "[01]",
        "[1.]",
        "[1e]",
        "<html>[1]</html>",
    ],
)
def test_what_is_no_whole_list_is_refused_at_its_end_at_the_latest(text: str) -> None:
    for pieces in ([text.encode()], [bytes([byte]) for byte in text.encode()]):
        with pytest.raises(UnexpectedAnswer):
            taken(*pieces)


@pytest.mark.parametrize(
    "body", [b'["\xff"]', b'["\xc3"]', b"[1]\xc3", b'["\xed\xa0\x80"]', b"\xff\xfe[\x001\x00]\x00"]
)
def test_what_is_no_utf_8_is_refused(body: bytes) -> None:
    with pytest.raises(UnexpectedAnswer):
        taken(body)
    with pytest.raises(UnexpectedAnswer):
        taken(*(bytes([byte]) for byte in body))


def test_nesting_beyond_measure_is_refused_and_nothing_breaks() -> None:
    with pytest.raises(UnexpectedAnswer):
        taken(b"[" + b"[" * 500_000)
    with pytest.raises(UnexpectedAnswer):
        taken(b'[{"a":' + b'{"a":' * 200_000)


def test_an_item_beyond_measure_is_refused_before_it_ends() -> None:
    items = JsonItems(lambda item: pytest.fail(f"took {item!r}"), lambda: None)
    items.begin(HEAD)
    items.feed(b'["' + b"x" * (LONGEST_ITEM - 1))
    with pytest.raises(UnexpectedAnswer):
        items.feed(b"x")


@pytest.mark.parametrize("media", ["text/html", "text/plain", ""])
def test_what_is_not_marked_as_json_is_refused_before_its_body(media: str) -> None:
    items = JsonItems(lambda item: pytest.fail(f"took {item!r}"), lambda: None)
    with pytest.raises(UnexpectedAnswer):
        items.begin(Answer(200, {"Content-Type": media}, b""))


def test_a_list_that_begins_anew_starts_from_nothing() -> None:
    found: list[object] = []
    items = JsonItems(found.append, found.clear)
    items.begin(HEAD)
    items.feed(b'[1, 2, {"half": "\xc3')
    items.begin(HEAD)
    items.feed(b"[3]")
    items.end()
    assert found == [3]


def test_a_long_list_is_never_held_as_a_whole() -> None:
    entry = json.dumps({"loginName": "somebody@acme.test", "rest": "x" * 1000}).encode()
    items = JsonItems(lambda _: None, lambda: None)
    items.begin(HEAD)
    tracemalloc.start()
    try:
        items.feed(b"[" + entry)
        for _ in range(2000):
            items.feed(b"," + entry)
        items.feed(b"]")
        items.end()
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most < 200_000


@given(size=st.integers(1, 400), indent=st.sampled_from([None, 0, 3]))
def test_objects_within_objects_and_braces_within_texts_are_no_ends_of_items(size: int, indent: int | None) -> None:
    items = [{"a": [{"b": n}, {"c": "}, {"}], "t": '"},{"', "n": {"d": {}}} for n in range(30)]
    body = json.dumps(items, indent=indent).encode()
    assert taken(*(body[at : at + size] for at in range(0, len(body), size))) == items


@pytest.mark.parametrize("broken", ['{"a": NaN}', '{"a": 1}]', '{"a": 1}}', "{} {}", "{}, ,{}", '{"a": 1, }'])
def test_one_broken_object_among_many_breaks_the_list(broken: str) -> None:
    text = f"[{'{}, ' * 50}{broken}{', {}' * 50}]"
    with pytest.raises(UnexpectedAnswer):
        taken(*(text[at : at + 64].encode() for at in range(0, len(text), 64)))
