"""One account: looked at, compared, removed, proved gone; or left alone for a reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.model import Account, Finding, Sent, SentState, Sight, Step, Word, facts
from bot.removal import MAX_LOOKS_AFTER_YES, MAX_LOOKS_WHILE_PENDING, Changed
from tests.bot.fakes import DELETE, DISABLE, FakeSystem, account
from tests.bot.removing import NOON, Bench, BookedSystem, at_read, becomes, vanish

IN_A_WEEK = datetime(2030, 1, 8, 12, tzinfo=UTC)


async def test_an_account_that_stands_is_deleted_once_and_proved_gone() -> None:
    bench = Bench()

    end = await bench.end()

    assert end.word is Word.REMOVED
    assert end.proof is not None
    assert end.proof.at == NOON
    assert bench.system.journal == ["read 1", "intend delete", "delete 1", "read 1", "find"]


async def test_an_account_that_is_gone_already_is_absent_and_nothing_is_sent() -> None:
    bench = Bench(BookedSystem())

    end = await bench.end()

    assert end.word is Word.ABSENT
    assert end.proof is not None
    assert bench.system.journal == ["read 1", "find"]


async def test_what_remains_elsewhere_is_said_beside_the_word() -> None:
    bench = Bench(approved=account(left="The IAM login still works."))

    assert (await bench.end()).left == "The IAM login still works."


async def test_a_new_account_under_the_old_name_is_told_of() -> None:
    bench = Bench()
    bench.system.before_read = at_read(2, lambda system: system.accounts.update({"2": account(id="2")}))

    end = await bench.end()

    assert end.word is Word.REMOVED
    assert "new account" in end.left


@pytest.mark.parametrize(
    "changes",
    [
        {"identity": facts(id="1", mail="erin@acme.test")},
        {"weight": ("admin",)},
        {"parts": ("phone",)},
        {"id": "2"},
    ],
)
async def test_an_account_that_changed_since_the_approval_waits_and_nothing_is_sent(
    changes: dict[str, object],
) -> None:
    bench = Bench()
    becomes(**changes)(bench.system)

    end = await bench.carry_out()

    assert isinstance(end, Changed)
    assert end.account == bench.system.accounts["1"]
    assert not bench.system.writes()


async def test_an_account_with_fewer_roles_and_parts_than_were_shown_goes() -> None:
    bench = Bench(approved=account(weight=("admin", "owner"), parts=("phone", "key")))
    becomes(weight=("owner",), parts=())(bench.system)

    assert (await bench.end()).word is Word.REMOVED


async def test_an_account_that_changes_after_something_was_sent_is_left_and_not_asked_about_again() -> None:
    bench = Bench(BookedSystem(accounts={"1": account()}, deaf=True))
    bench.system.before_read = at_read(2, becomes(weight=("admin",)))

    end = await bench.end()

    assert end.word is Word.REFUSED
    assert end.left == "The account may still work."
    assert bench.system.writes() == ["delete 1"]


async def test_a_change_that_a_retry_finds_waits_for_a_new_approval_whatever_was_sent_before() -> None:
    bench = Bench(attempt=2)
    bench.remembers("delete", "lost", attempt=1)
    becomes(weight=("admin",))(bench.system)

    assert isinstance(await bench.carry_out(), Changed)
    assert not bench.system.writes()


@pytest.mark.parametrize("word", [Word.MANUAL, Word.REFUSED])
async def test_a_finding_that_stops_gives_its_word_and_nothing_is_sent(word: Word) -> None:
    bench = Bench()
    becomes(findings=(Finding("only informs"), Finding("the last administrator", stops=word)))(bench.system)

    end = await bench.end()

    assert (end.word, end.sentence) == (word, "the last administrator")
    assert not bench.system.writes()


async def test_a_removal_that_the_vendor_has_dated_is_scheduled_with_its_date() -> None:
    bench = Bench()
    becomes(ends_at=IN_A_WEEK)(bench.system)

    end = await bench.end()

    assert (end.word, end.effective_at) == (Word.SCHEDULED, IN_A_WEEK)
    assert not bench.system.writes()


async def test_a_date_that_the_vendor_answers_counts_once_a_read_shows_it() -> None:
    bench = Bench()
    bench.system.answers = [Sent(SentState.SCHEDULED, IN_A_WEEK)]
    bench.system.before_read = at_read(3, becomes(ends_at=IN_A_WEEK))

    end = await bench.end()

    assert (end.word, end.effective_at) == (Word.SCHEDULED, IN_A_WEEK)
    assert bench.system.writes() == ["delete 1"]


async def test_an_account_for_which_no_step_is_left_is_for_a_person() -> None:
    bench = Bench()
    bench.system.planned = ()

    assert (await bench.end()).word is Word.MANUAL
    assert not bench.system.writes()


def disabled_first(now: Account) -> tuple[Step, ...]:
    """The vendor deletes only who is disabled."""
    return (DELETE,) if dict(now.notes).get("status") == "off" else (DISABLE, DELETE)


async def test_steps_go_in_the_vendors_order_with_a_look_between_them() -> None:
    bench = Bench(BookedSystem(accounts={"1": account()}, plans=disabled_first))
    bench.system.answers = [Sent(SentState.ACCEPTED)]
    bench.system.before_read = at_read(2, becomes(notes=facts(status="off")))

    assert (await bench.end()).word is Word.REMOVED
    assert [entry for entry in bench.system.journal if not entry.startswith("intend")] == [
        "read 1",
        "disable 1",
        "read 1",
        "delete 1",
        "read 1",
        "find",
    ]


async def test_a_removal_that_ends_half_way_does_not_say_that_the_account_works_as_before() -> None:
    bench = Bench(BookedSystem(accounts={"1": account()}, plans=disabled_first, deaf=True))
    bench.system.answers = [Sent(SentState.ACCEPTED)]
    bench.system.before_read = at_read(2, becomes(notes=facts(status="off")))

    end = await bench.end()

    assert end.word is Word.FAILED
    assert end.left == "Some of its access was taken away; the account itself still stands."


async def test_a_case_that_was_stopped_between_two_steps_says_that_the_first_took() -> None:
    bench = Bench(BookedSystem(accounts={"1": account()}, plans=disabled_first))
    bench.system.answers = [Sent(SentState.ACCEPTED)]
    disabled = at_read(2, becomes(notes=facts(status="off")))

    def disabled_and_stopped(system: FakeSystem) -> None:
        disabled(system)
        bench.ledger.runs = not bench.system.writes()

    bench.system.before_read = disabled_and_stopped

    end = await bench.end()

    assert (end.word, bench.system.writes()) == (Word.REFUSED, ["disable 1"])
    assert end.left == "Some of its access was taken away; the account itself still stands."


async def test_a_case_that_was_stopped_sends_nothing() -> None:
    bench = Bench()
    bench.ledger.runs = False

    end = await bench.end()

    assert end.word is Word.REFUSED
    assert not bench.system.writes()


async def test_a_yes_that_never_shows_is_failed_and_is_not_asked_for_again() -> None:
    bench = Bench(BookedSystem(accounts={"1": account()}, deaf=True))

    end = await bench.end()

    assert end.word is Word.FAILED
    assert end.left == "The account still works."
    assert bench.system.writes() == ["delete 1"]
    assert len(bench.waited) == MAX_LOOKS_AFTER_YES


async def test_a_yes_that_shows_late_is_removed() -> None:
    bench = Bench(BookedSystem(accounts={"1": account()}, deaf=True))
    bench.system.before_read = at_read(4, vanish)

    assert (await bench.end()).word is Word.REMOVED
    assert bench.system.writes() == ["delete 1"]


async def test_work_that_is_pending_is_given_more_time() -> None:
    bench = Bench(BookedSystem(accounts={"1": account()}, answers=[Sent(SentState.PENDING)]))

    assert (await bench.end()).word is Word.FAILED
    assert len(bench.waited) == MAX_LOOKS_WHILE_PENDING > MAX_LOOKS_AFTER_YES


async def test_a_removal_answered_with_no_such_account_is_absent_where_a_look_agrees() -> None:
    bench = Bench(BookedSystem(accounts={"1": account()}, answers=[Sent(SentState.NO_SUCH_ACCOUNT)]))
    bench.system.before_read = at_read(2, vanish)

    end = await bench.end()

    assert end.word is Word.ABSENT
    assert "before anything was sent" not in end.sentence


async def test_no_such_account_is_not_believed_of_an_account_that_stands() -> None:
    bench = Bench(BookedSystem(accounts={"1": account()}, answers=[Sent(SentState.NO_SUCH_ACCOUNT)]))

    end = await bench.end()

    assert end.word is Word.FAILED
    assert "agreed" not in end.sentence


async def test_a_search_that_still_lists_the_account_is_waited_for() -> None:
    bench = Bench()
    bench.system.accounts["1"] = account()
    shadow = account()

    def hides_by_id(system: object) -> None:
        """By id it is gone from the second read on; the search forgets it two reads later."""
        reads = bench.system.journal.count("read 1")
        bench.system.accounts = {"other": shadow} if 2 <= reads < 4 else {} if reads >= 4 else {"1": shadow}

    bench.system.before_read = hides_by_id

    assert (await bench.end()).word is Word.REMOVED
    assert bench.system.journal.count("find") == 3


async def test_an_account_gone_by_id_that_the_search_always_lists_is_not_called_gone() -> None:
    bench = Bench(BookedSystem(accounts={"other": account()}))

    end = await bench.end()

    assert (end.word, end.left) == (Word.FAILED, "The account may still work.")


async def test_gone_by_id_proves_nothing_where_only_a_part_of_the_system_is_seen() -> None:
    bench = Bench()
    bench.system.sight = Sight.PARTIAL

    end = await bench.end()

    assert (end.word, end.left) == (Word.UNCONFIRMED, "The account may still work.")


async def test_people_are_told_of_long_waits_only() -> None:
    bench = Bench(BookedSystem(accounts={"1": account()}, answers=[Sent(SentState.PENDING)]))

    await bench.end()

    assert len(bench.ledger.told) == sum(seconds >= 5 for seconds in bench.waited)
    assert max(bench.waited) <= timedelta(minutes=2).total_seconds()
