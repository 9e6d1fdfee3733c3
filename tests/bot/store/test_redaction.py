"""Which cases may be redacted, and what is then left, on each database."""

from __future__ import annotations

from datetime import timedelta

from bot.model import Case, CaseState, DueLook, Outcome, Proof, Sight, Word
from bot.ports import WorkKind
from bot.store import SqlStore
from tests.bot.store.samples import ACCOUNT, LOOK, NOON, OMAR, approval, opened, plan

DAY = timedelta(days=1)
GONE = Outcome("vspc", "7", Word.REMOVED, "dana.fox was deleted.", NOON, "dana.fox", proof=Proof("no", "no", NOON))


async def closed(store: SqlStore) -> Case:
    """A case with something personal in every table, closed at noon."""
    case = await opened(store)
    async with store.begin() as tx:
        await tx.put_look(case.id, LOOK)
        await tx.add_plan(plan(case))
        await tx.add_approval(case.id, approval("U0BEN", "ben@example.com"))
        waits = await tx.move(case, CaseState.WAITING, turn=1, expires_at=NOON + DAY)
        assert waits is not None
        running = await tx.move(waits, CaseState.RUNNING, attempt=1)
        assert running is not None
        assert await tx.add_intent(case.id, 1, ACCOUNT, "delete", "key-1")
        await tx.put_outcome(case.id, 1, GONE)
        await tx.want(case.id, "note:1", text="about dana.fox")
        await tx.audit(case.id, "opened", {}, {"mail": "dana.fox@example.com"})
        done = await tx.move(running, CaseState.CLOSED, ended_at=NOON)
        assert done is not None
    return done


async def test_only_what_ended_before_that_time_may_be_redacted(store: SqlStore) -> None:
    case = await closed(store)

    assert await store.redactable(NOON, 10) == ()
    assert await store.redactable(NOON + DAY, 10) == (case.id,)
    assert await store.redactable(NOON + DAY, 0) == ()


async def test_a_case_in_which_something_is_still_done_may_not(store: SqlStore) -> None:
    case = await closed(store)
    async with store.begin() as tx:
        await tx.add_rechecks(case.id, [DueLook("vspc", "after 24 hours", NOON)])
        await tx.add_work(case.id, WorkKind.REMOVE, 1, 1, ["chat"])
        assert await tx.redact(case.id) is None
    assert await store.redactable(NOON + DAY, 10) == ()


async def test_an_open_case_cannot_be_redacted(store: SqlStore) -> None:
    case = await opened(store)
    async with store.begin() as tx:
        assert await tx.redact(case.id) is None
    view = await store.view(case.id)
    assert view is not None
    assert view.case == case


async def test_a_redacted_case_holds_ids_words_and_times_only(store: SqlStore) -> None:
    case = await closed(store)
    async with store.begin() as tx:
        assert await tx.redact(case.id) == 1
        assert await tx.redact(case.id) is None

    view = await store.view(case.id)
    assert view is not None
    assert view.case.redacted_at is not None
    assert (view.case.reason, view.case.requester.user_id, view.case.requester.mail) == ("", OMAR.user_id, None)
    assert [key.value for key in view.case.leaver.keys] == ["redacted"]
    assert [(one.account_id, one.word, one.proof, one.sentence) for one in view.outcomes] == [
        ("account 1", Word.REMOVED, GONE.proof, "")
    ]
    assert [(one.user_id, one.mail) for one in view.approvals] == [("U0BEN", None)]
    assert [(look.sight, look.accounts, look.similar) for look in view.looks] == [(Sight.FULL, (), ())]
    assert [system.accounts for system in view.plans[0].systems] == [()]
    assert "dana" not in str(view).lower()


async def test_of_a_redacted_case_no_message_is_due(store: SqlStore) -> None:
    case = await closed(store)
    async with store.begin() as tx:
        await tx.redact(case.id)

    assert await store.due_posts(await store.now() + DAY, 10) == ()


async def test_the_chain_of_a_redacted_case_verifies_without_its_values(store: SqlStore) -> None:
    case = await closed(store)
    async with store.begin() as tx:
        await tx.redact(case.id)

    chain = await store.chain(f"case:{case.id}")
    assert (len(chain.events), chain.values, chain.defect) == (1, (), None)


async def test_only_old_values_of_refusals_are_deleted(store: SqlStore) -> None:
    async with store.begin() as tx:
        await tx.audit(None, "refused", {}, {"reason": "dana"})
        assert await tx.forget_refused(await tx.now() - DAY) == 0
    async with store.begin() as tx:
        assert await tx.forget_refused(await tx.now() + DAY) == 1
