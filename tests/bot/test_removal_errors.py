"""What a removal makes of errors: look first, send again only where that is harmless, claim nothing unseen."""

from __future__ import annotations

import pytest

from bot import errors
from bot.model import Account, Sent, SentState, Step, Word
from bot.removal import MAX_SENDS
from tests.bot.fakes import account
from tests.bot.removing import Bench, BookedSystem, at_read, vanish

LOST = errors.AnswerLost("the connection was cut")
BUSY = errors.Unavailable("not reached")
NO = errors.Refused("a backup job uses the user")


async def test_a_lost_answer_that_had_its_effect_is_removed_with_one_write() -> None:
    bench = Bench(BookedSystem(accounts={"1": account()}, do_errors=[LOST], effect_despite_error=True))

    assert (await bench.end()).word is Word.REMOVED
    assert bench.system.writes() == ["delete 1"]
    assert bench.ledger.intents[0].answer == "lost"


async def test_a_lost_answer_without_effect_is_looked_into_and_sent_again_under_a_new_key() -> None:
    bench = Bench(BookedSystem(accounts={"1": account()}, do_errors=[LOST]))

    assert (await bench.end()).word is Word.REMOVED
    assert bench.system.journal[:6] == [
        "read 1",
        "intend delete",
        "delete 1",
        "read 1",
        "intend delete",
        "delete 1",
    ]
    assert len({intent.key for intent in bench.ledger.intents}) == 2


@pytest.mark.parametrize("error", [LOST, BUSY, errors.Conflict("moved"), errors.RateLimited("slow down", 1)])
async def test_after_three_writes_without_effect_the_bot_gives_up(error: errors.ProviderError) -> None:
    bench = Bench(BookedSystem(accounts={"1": account()}, do_errors=[error] * 9))

    end = await bench.end()

    assert (end.word, end.left) == (Word.FAILED, "The account still works.")
    assert len(bench.system.writes()) == MAX_SENDS == 3


async def test_a_conflict_is_read_again_before_the_next_write() -> None:
    bench = Bench(BookedSystem(accounts={"1": account()}, do_errors=[errors.Conflict("another revision")]))

    assert (await bench.end()).word is Word.REMOVED
    assert len(bench.system.writes()) == 2


async def test_a_rate_limit_is_waited_out_for_as_long_as_the_system_says() -> None:
    bench = Bench(BookedSystem(accounts={"1": account()}, do_errors=[errors.RateLimited("slow down", 17)]))

    assert (await bench.end()).word is Word.REMOVED
    assert bench.waited == [17]
    assert "17 s" in bench.ledger.told[0]


async def test_no_wait_is_longer_than_two_minutes() -> None:
    bench = Bench(BookedSystem(accounts={"1": account()}, do_errors=[errors.RateLimited("tomorrow", 86_400)]))

    await bench.end()

    assert bench.waited == [120]


async def test_work_that_goes_on_is_looked_at_when_the_system_says() -> None:
    bench = Bench(BookedSystem(accounts={"1": account()}, do_errors=[errors.StillWorking("queued", 30)]))
    bench.system.before_read = at_read(2, vanish)

    assert (await bench.end()).word is Word.REMOVED
    assert bench.waited == [30]
    assert bench.system.writes() == ["delete 1"]


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (NO, Word.REFUSED),
        (errors.Forbidden("the key may not delete"), Word.REFUSED),
        (errors.HandedOver("delete it in the directory"), Word.MANUAL),
        (errors.CredentialsRejected("the key is not known"), Word.FAILED),
        (errors.Misconfigured("another product answers"), Word.FAILED),
    ],
)
async def test_a_no_is_told_in_the_systems_words_and_asked_once(error: errors.ProviderError, word: Word) -> None:
    bench = Bench(BookedSystem(accounts={"1": account()}, do_errors=[error]))

    end = await bench.end()

    assert (end.word, end.sentence) == (word, str(error))
    assert end.left
    assert bench.system.writes() == ["delete 1"]


async def test_a_no_to_an_account_that_is_gone_all_the_same_is_absent() -> None:
    bench = Bench(BookedSystem(accounts={"1": account()}, do_errors=[NO]))
    bench.system.before_read = at_read(2, vanish)

    assert (await bench.end()).word is Word.ABSENT


async def test_a_no_after_which_nothing_can_be_read_is_failed() -> None:
    bench = Bench(BookedSystem(accounts={"1": account()}, do_errors=[errors.CredentialsRejected("key revoked")]))

    def reads_no_more(system: object) -> None:
        bench.system.read_errors = [errors.CredentialsRejected("key revoked")]

    bench.system.before_read = at_read(2, reads_no_more)

    assert (await bench.end()).word is Word.FAILED


@pytest.mark.parametrize(
    "error",
    [
        errors.CredentialsRejected("the key is not known"),
        errors.Forbidden("the key may not read"),
        errors.Misconfigured("another product answers"),
        errors.AnswerLost("a read should never say so"),
    ],
)
async def test_an_account_that_cannot_be_read_is_not_touched(error: errors.ProviderError) -> None:
    bench = Bench(BookedSystem(accounts={"1": account()}, read_errors=[error]))

    assert (await bench.end()).word is Word.FAILED
    assert not bench.system.writes()


@pytest.mark.parametrize("error", [BUSY, errors.RateLimited("slow down", 3), errors.UnexpectedAnswer("a login page")])
async def test_reads_that_fail_for_a_while_are_tried_four_times(error: errors.ProviderError) -> None:
    patient = Bench(BookedSystem(accounts={"1": account()}, read_errors=[error] * 3))
    beaten = Bench(BookedSystem(accounts={"1": account()}, read_errors=[error] * 4))

    assert (await patient.end()).word is Word.REMOVED
    assert (await beaten.end()).word is Word.FAILED
    assert not beaten.system.writes()


async def test_what_was_sent_and_cannot_be_read_any_more_is_unconfirmed() -> None:
    bench = Bench()

    def reads_no_more(system: object) -> None:
        bench.system.read_errors = [errors.Forbidden("rights taken away")]

    bench.system.before_read = at_read(2, reads_no_more)

    end = await bench.end()

    assert (end.word, end.left) == (Word.UNCONFIRMED, "The account may still work.")


async def test_a_removal_that_no_search_can_prove_is_unconfirmed() -> None:
    bench = Bench(BookedSystem(accounts={"1": account()}, find_errors=[errors.Forbidden("no list")]))

    assert (await bench.end()).word is Word.UNCONFIRMED


async def test_a_search_that_fails_for_a_while_is_tried_four_times() -> None:
    patient = Bench(BookedSystem(accounts={"1": account()}, find_errors=[BUSY] * 3))
    beaten = Bench(BookedSystem(accounts={"1": account()}, find_errors=[BUSY] * 4))

    assert (await patient.end()).word is Word.REMOVED
    assert (await beaten.end()).word is Word.UNCONFIRMED


async def test_after_a_crash_an_unanswered_write_is_looked_into_and_not_repeated_where_it_worked() -> None:
    bench = Bench(BookedSystem())
    bench.remembers("delete", None)

    assert (await bench.end()).word is Word.REMOVED
    assert not bench.system.writes()


async def test_after_a_crash_before_the_sending_the_write_is_sent_after_a_look() -> None:
    bench = Bench()
    bench.remembers("delete", None)

    assert (await bench.end()).word is Word.REMOVED
    assert bench.system.journal[:3] == ["read 1", "intend delete", "delete 1"]


async def test_after_a_crash_a_yes_is_not_asked_for_again() -> None:
    bench = Bench(BookedSystem(accounts={"1": account()}, deaf=True))
    bench.remembers("delete", "accepted")

    assert (await bench.end()).word is Word.FAILED
    assert not bench.system.writes()


async def test_a_retry_asks_again_although_the_system_had_agreed_before() -> None:
    bench = Bench(attempt=2)
    bench.remembers("delete", "accepted", attempt=1)

    assert (await bench.end()).word is Word.REMOVED
    assert bench.system.writes() == ["delete 1"]


async def test_an_account_found_gone_by_a_retry_was_removed_if_an_earlier_answer_was_lost() -> None:
    bench = Bench(BookedSystem(), attempt=2)
    bench.remembers("delete", "lost", attempt=1)

    assert (await bench.end()).word is Word.REMOVED


async def test_an_account_that_went_away_after_the_system_had_only_said_no_was_not_removed_by_the_bot() -> None:
    bench = Bench(BookedSystem(), attempt=2)
    bench.remembers("delete", "said no", attempt=1)

    assert (await bench.end()).word is Word.ABSENT


async def test_each_step_starts_with_the_whole_patience() -> None:
    answers = [Sent(SentState.ACCEPTED), Sent(SentState.ACCEPTED)]
    bench = Bench(BookedSystem(accounts={"1": account()}, answers=answers))
    late = Step("late", "do the second half")

    def plans(now: Account) -> tuple[Step, ...]:
        return (late,) if bench.system.journal.count("read 1") >= 5 else (Step("early", "do the first half"),)

    bench.system.plans = plans
    bench.system.before_read = at_read(9, vanish)

    assert (await bench.end()).word is Word.REMOVED


async def test_steps_that_cannot_be_told_leave_the_account_alone() -> None:
    bench = Bench()

    def plans(now: Account) -> tuple[Step, ...]:
        raise errors.UnexpectedAnswer("the bot's adapter for this system failed")

    bench.system.plans = plans

    assert (await bench.end()).word is Word.FAILED
    assert not bench.system.writes()
