"""Whole pages are read at once, and hold what the same records, read one by one, would have said."""

from __future__ import annotations

from uuid import UUID

import pytest

from bot.errors import UnexpectedAnswer
from providers.matching import glance
from providers.vspc import shapes, sheets
from providers.vspc.sheets import Sheet, concerned
from providers.vspc.sieve import Sieve, Wanted, each
from tests.providers.leavers import leaver

ROOMY = Wanted(sheets.user_keys, sheets.users)


def record(number: int, name: str = "acme\\one", **more: object) -> dict[str, object]:
    return {"instanceUid": str(UUID(int=number)), "userName": name, "profile": {"email": "one@acme.test"}, **more}


def login(number: object, name: str = "acme\\one", **more: object) -> dict[str, object]:
    return {"id": number, "userUid": str(UUID(int=7)), "userName": name, **more}


def one_sheet(*records: object) -> Sheet:
    sheets.user_keys(list(records))
    (sheet,) = sheets.users(list(records))
    return sheet


@pytest.mark.parametrize("profile", [None, "none", {}, {"email": None}, {"email": 7}, {"email": ""}, ["a@acme.test"]])
def test_a_user_without_a_mail_changes_nothing_for_the_others_of_the_page(profile: object) -> None:
    entries = tuple(one_sheet(record(1), record(2, profile=profile), record(3)).entries)
    assert [mail for _, _, mail in entries] == ["one@acme.test", "", "one@acme.test"]


def test_a_user_without_a_profile_is_listed_without_a_mail() -> None:
    bare = record(2)
    del bare["profile"]
    assert [mail for _, _, mail in one_sheet(record(1), bare).entries] == ["one@acme.test", ""]


@pytest.mark.parametrize("odd", ["one\ntwo", "\n", "one\n"])
def test_a_line_break_in_a_name_moves_nobody_else_in_the_page(odd: str) -> None:
    entries = tuple(one_sheet(record(1), record(2, odd), record(3, "acme\\three")).entries)
    assert [name for _, name, _ in entries] == ["acme\\one", odd.replace("\n", " "), "acme\\three"]


@pytest.mark.parametrize(
    "uid",
    [
        "",
        None,
        7,
        "0" * 36,
        "-" * 36,
        "00000000-0000-0000-0000-00000000000g",
        "00000000-0000-0000-0000-00000000000 ",
        "00000000-0000-0000-0000-0000000000020",
        "00000000-0000-0000-000000000-0000002",
        "00000000-0000-0000-0000-0000000\n0002",
        "00000000-0000-0000-0000-00000000000٢",
    ],
)
def test_one_record_without_a_uid_makes_the_whole_page_no_answer(uid: object) -> None:
    with pytest.raises(UnexpectedAnswer):
        sheets.user_keys([record(1), record(2, instanceUid=uid), record(3)])
    with pytest.raises(UnexpectedAnswer):
        sheets.identity_keys([login(1), login(2, userUid=uid)])


def test_line_breaks_that_make_two_uids_of_others_do_not_pass() -> None:
    joined = f"{UUID(int=1)}\n{UUID(int=2)}"
    with pytest.raises(UnexpectedAnswer):
        sheets.user_keys([record(1, instanceUid=joined[:30]), record(2, instanceUid=joined[31:])])


@pytest.mark.parametrize("thing", ["a text", None, 7, ["userName"], {}, record(2, ""), record(2) | {"userName": 7}])
def test_one_record_that_is_no_user_makes_the_whole_page_no_answer(thing: object) -> None:
    with pytest.raises(UnexpectedAnswer):
        sheets.user_keys([record(1), thing])


@pytest.mark.parametrize("number", [True, "7", None, 7.0])
def test_an_identity_is_told_by_a_number(number: object) -> None:
    with pytest.raises(UnexpectedAnswer):
        sheets.identity_keys([login(1), login(number)])


def test_users_are_told_apart_without_regard_to_the_case_of_their_uids() -> None:
    upper = "AAAAAAAA-0000-0000-0000-000000000001"
    assert sheets.user_keys([record(1, instanceUid=upper), record(2)]) == [upper.lower(), str(UUID(int=2))]


def test_an_identity_of_an_older_server_is_listed_under_its_owner() -> None:
    old = login(2) | {"userUid": None, "userId": str(UUID(int=8)).upper()}
    records: list[object] = [login(1), old]
    assert sheets.identity_keys(records) == ["1", "2"]
    assert [tuple(sheet.entries) for sheet in sheets.identities(records)] == [
        (("1", "acme\\one", str(UUID(int=7))), ("2", "acme\\one", str(UUID(int=8))))
    ]


def test_who_is_listed_twice_is_kept_once_and_as_first_told() -> None:
    sieve: Sieve[Sheet] = Sieve(ROOMY)
    sieve.take([record(1, "first"), record(2, "second"), record(1, "again")])
    sieve.take([record(2, "again"), record(3, "third")])
    sieve.take([record(3, "again")])
    assert [name for sheet in sieve.kept for _, name, _ in sheet.entries] == ["first", "second", "third"]
    assert [sheet.count for sheet in sieve.kept] == [2, 1]
    assert len(sieve.seen) == 3


def test_what_is_read_one_by_one_is_kept_once_too() -> None:
    sieve = Sieve(Wanted(sheets.user_keys, each(shapes.user, lambda user: user.name != "second")))
    sieve.take([record(1, "first"), record(2, "second"), record(1, "again")])
    assert [user.name for user in sieve.kept] == ["first"]


def test_a_page_is_passed_over_only_where_nobody_in_it_is_near() -> None:
    may_be = glance(leaver("dana@acme.test"))
    strange, ours = one_sheet(record(1), record(2)), one_sheet(record(3), record(4, "other\\Dana"), record(5))
    assert [name for _, name, _ in concerned([strange, ours], may_be)] == ["other\\Dana"]
    assert [mail for _, _, mail in concerned([one_sheet(record(1, profile={"email": "DANA@b.test"}))], may_be)] == [
        "DANA@b.test"
    ]


def test_who_is_written_in_another_script_is_always_looked_at() -> None:
    may_be = glance(leaver("dana@acme.test"))
    assert [name for _, name, _ in concerned([one_sheet(record(1), record(2, "дана"))], may_be)] == ["дана"]


def test_the_sheet_of_no_records_is_none() -> None:
    assert not [*sheets.users([]), *sheets.identities([])]
    assert sheets.user_keys([]) == sheets.identity_keys([]) == []
