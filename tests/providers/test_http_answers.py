"""What an answer may be believed, and what a status means."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from bot.errors import (
    AnswerLost,
    Conflict,
    CredentialsRejected,
    Forbidden,
    Misconfigured,
    ProviderError,
    RateLimited,
    Refused,
    Unavailable,
    UnexpectedAnswer,
)
from providers.http import Answer, Door, failure, retry_after
from tests.providers.wire import Wire, reply

JSON = "application/json; charset=utf-8"


def answer(body: bytes, kind: str = JSON, status: int = 200, **headers: str) -> Answer:
    return Answer(status, {"Content-Type": kind, **headers}, body)


@pytest.mark.parametrize("kind", [JSON, "APPLICATION/JSON", "application/hal+json", "text/json"])
def test_json_is_read_where_it_is_marked_as_json(kind: str) -> None:
    assert answer('\ufeff{"a": "é"}'.encode(), kind).json() == {"a": "é"}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<html></html>", "text/html"),
        (b'{"a": 1}', "text/html"),
        (b'{"a": 1}', "text/plain"),
        (b'{"a": 1}', ""),
        (b'{"a": NaN}', JSON),
        (b'{"a": -Infinity}', JSON),
        (b'{"a": ', JSON),
        (b"", JSON),
        (b'"\xff"', JSON),
        (b"[" * 200_000, JSON),
        (b"9" * 10_000, JSON),
    ],
)
def test_anything_else_is_no_json(body: bytes, kind: str) -> None:
    with pytest.raises(UnexpectedAnswer):
        answer(body, kind).json()


@pytest.mark.parametrize("kind", ["application/xml; charset=utf-8", "text/xml", "application/soap+xml"])
def test_xml_is_read_where_it_is_marked_as_xml(kind: str) -> None:
    assert answer(b'<a b="&amp;"/>', kind).xml().attrib == {"b": "&"}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"<html/>", "text/html"),
        (b"<html/>", "application/xhtml+xml"),
        (b"<a/>", JSON),
        (b"<a>", "text/xml"),
        (b"", "text/xml"),
        (b'<!DOCTYPE a SYSTEM "file:///etc/hostname"><a/>', "text/xml"),
        (b'<!DOCTYPE a [<!ENTITY e "eeee">]><a>&e;</a>', "text/xml"),
    ],
)
def test_anything_else_is_no_xml(body: bytes, kind: str) -> None:
    with pytest.raises(UnexpectedAnswer):
        answer(body, kind).xml()


@pytest.mark.parametrize(
    ("status", "reading", "sending"),
    [
        (204, UnexpectedAnswer, AnswerLost),
        (301, Misconfigured, Misconfigured),
        (400, UnexpectedAnswer, Refused),
        (401, CredentialsRejected, CredentialsRejected),
        (403, Forbidden, Forbidden),
        (404, Misconfigured, Misconfigured),
        (405, Misconfigured, Misconfigured),
        (408, Unavailable, AnswerLost),
        (409, Conflict, Conflict),
        (412, Conflict, Conflict),
        (422, UnexpectedAnswer, Refused),
        (429, RateLimited, RateLimited),
        (500, Unavailable, AnswerLost),
        (501, Misconfigured, Misconfigured),
        (503, Unavailable, AnswerLost),
        (520, Unavailable, AnswerLost),
    ],
)
def test_a_status_has_one_meaning_for_a_read_and_one_for_a_write(
    status: int, reading: type[ProviderError], sending: type[ProviderError]
) -> None:
    assert type(failure(answer(b"secret", status=status), sending=False)) is reading
    assert type(failure(answer(b"secret", status=status), sending=True)) is sending


def test_no_error_repeats_the_body() -> None:
    errors = [
        failure(answer(b"dana", status=status), sending=sending)
        for status in range(300, 600)
        for sending in (True, False)
    ]
    assert all("dana" not in str(error) for error in errors)


def test_the_pause_that_is_asked_for_is_kept_with_the_error() -> None:
    error = failure(Answer(429, {"Retry-After": "25"}, b""), sending=True)
    assert isinstance(error, RateLimited)
    assert error.retry_after == 25


@pytest.mark.parametrize(
    ("text", "seconds"), [("25", 25.0), ("0", 0.0), ("-3", 0.0), ("", None), ("soon", None), ("nan", None)]
)
def test_a_pause_in_seconds_is_read(text: str, seconds: float | None) -> None:
    assert retry_after(Answer(429, {"Retry-After": text}, b"")) == seconds


def test_a_pause_until_a_date_is_read() -> None:
    later = format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)
    earlier = format_datetime(datetime.now(UTC) - timedelta(hours=1), usegmt=True)
    pause = retry_after(Answer(429, {"Retry-After": later}, b""))
    assert pause is not None
    assert 3000 < pause <= 3600
    assert retry_after(Answer(429, {"Retry-After": earlier}, b"")) == 0.0


@pytest.mark.parametrize("media", ["text/html; charset=utf-8", "text/plain", ""])
@pytest.mark.parametrize("status", [200, 201, 202])
async def test_a_success_with_a_page_does_not_say_that_a_write_was_done(status: int, media: str) -> None:
    door = Door(ca_file=None, timeout=5, concurrency=1)
    async with Wire(reply(status, b"<html>Welcome</html>", Content_Type=media)).up() as wire:
        with pytest.raises(AnswerLost):
            await door.send("DELETE", wire.url + "/x")
        assert wire.methods == ["DELETE"]
    await door.aclose()


@pytest.mark.parametrize("media", ["application/json", "application/problem+json", "text/xml", "application/xml"])
async def test_a_success_with_a_document_is_handed_on(media: str) -> None:
    door = Door(ca_file=None, timeout=5, concurrency=1)
    async with Wire(reply(200, b"{}", Content_Type=media)).up() as wire:
        assert (await door.send("DELETE", wire.url + "/x")).status == 200
    await door.aclose()


async def test_a_success_without_a_body_may_be_marked_as_anything() -> None:
    door = Door(ca_file=None, timeout=5, concurrency=1)
    async with Wire(reply(204, b"", Content_Type="text/html")).up() as wire:
        assert (await door.send("DELETE", wire.url + "/x")).status == 204
    await door.aclose()


def test_a_refusals_object_is_read_however_it_is_marked() -> None:
    assert Answer(400, {"Content-Type": "text/html"}, b'{"code": 1}').told() == {"code": 1}
    assert [Answer(400, {}, body).told() for body in (b"[1]", b"<html>", b"", b"[" * 100_000)] == [{}] * 4
