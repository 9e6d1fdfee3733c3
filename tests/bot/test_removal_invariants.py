"""Whatever a system does and wherever the program dies: what a removal may never do or say."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot import errors
from bot.model import Account, Discovery, Health, Leaver, Outcome, Sent, SentState, Sight, Step, Word
from bot.removal import MAX_SENDS, Changed
from tests.bot.fakes import DELETE, account
from tests.bot.removing import Bench


class Died(Exception):
    """The program was killed here."""


READ_ERRORS: dict[str, Callable[[], Exception]] = {
    "read: not reached": lambda: errors.Unavailable("not reached"),
    "read: slow down": lambda: errors.RateLimited("slow down", 2),
    "read: nonsense": lambda: errors.UnexpectedAnswer("a login page"),
    "read: no rights": lambda: errors.Forbidden("no rights"),
    "read: cut": lambda: errors.AnswerLost("cut"),
}
HARMLESS: dict[str, Callable[[], Exception]] = {
    "send: not reached": lambda: errors.Unavailable("not reached"),
    "send: slow down": lambda: errors.RateLimited("slow down", 2),
    "send: conflict": lambda: errors.Conflict("another revision"),
    "send: no": lambda: errors.Refused("in use"),
    "send: no rights": lambda: errors.Forbidden("no rights"),
    "send: elsewhere": lambda: errors.HandedOver("delete it in the directory"),
    "send: key unknown": lambda: errors.CredentialsRejected("key unknown"),
    "die before the sending": Died,
}
DOUBTFUL: dict[str, Callable[[], Exception]] = {
    "send: cut": lambda: errors.AnswerLost("cut"),
    "send: nonsense": lambda: errors.UnexpectedAnswer("a login page"),
    "send: queued": lambda: errors.StillWorking("queued", 3),
    "die after the sending": Died,
}
ANSWERS = {
    "answer: yes": SentState.ACCEPTED,
    "answer: pending": SentState.PENDING,
    "answer: dated": SentState.SCHEDULED,
    "answer: no such account": SentState.NO_SUCH_ACCOUNT,
}
OTHERS = ("fine", "somebody else deletes it", "somebody makes it an admin", "search sees a part")
Fate = tuple[str, bool]
WEATHER = st.lists(
    st.tuples(st.sampled_from((*OTHERS, *READ_ERRORS, *HARMLESS, *DOUBTFUL, *ANSWERS)), st.booleans()), max_size=40
)


@dataclass
class StormySystem:
    """A system with one account, whose reads are true wherever they answer; each call meets its fate.

    A fate is what happens, and whether a write has its effect nonetheless.
    """

    fates: list[Fate]
    stands: Account | None = field(default_factory=account)
    journal: list[str] = field(default_factory=list)
    seen: Account | None = None

    def _fate(self) -> str:
        fate, _ = self.fates.pop(0) if self.fates else ("fine", True)
        if fate == "somebody else deletes it":
            self.stands = None
        if fate == "somebody makes it an admin" and self.stands is not None:
            self.stands = replace(self.stands, weight=("admin",))
        return fate

    async def read(self, account: Account) -> Account | None:
        fate = self._fate()
        self.seen = None
        if fate in READ_ERRORS:
            error = READ_ERRORS[fate]()
            raise error
        self.journal.append("read")
        self.seen = self.stands
        return self.stands

    async def find(self, leaver: Leaver) -> Discovery:
        fate = self._fate()
        if fate in READ_ERRORS:
            error = READ_ERRORS[fate]()
            raise error
        sight = Sight.PARTIAL if fate == "search sees a part" else Sight.FULL
        return Discovery("crm", sight, (self.stands,) if self.stands else ())

    def steps(self, account: Account) -> tuple[Step, ...]:
        return (DELETE,)

    async def do(self, account: Account, step: Step, key: str) -> Sent:
        has_effect = self.fates[0][1] if self.fates else True
        fate = self._fate()
        self.journal.append("write")
        if fate in HARMLESS:
            error = HARMLESS[fate]()
            raise error
        if has_effect:
            self.stands = None
        if fate in DOUBTFUL:
            error = DOUBTFUL[fate]()
            raise error
        return Sent(ANSWERS.get(fate, SentState.ACCEPTED))

    async def check(self) -> Health:
        return Health(ok=True, says="fine")

    async def aclose(self) -> None:
        return


async def carried_out(system: StormySystem) -> tuple[Bench, Outcome | Changed]:
    """The end of a removal that is begun again after every death."""
    bench = Bench(system)  # type: ignore[arg-type]  # a bench takes any system with a journal
    while True:
        try:
            return bench, await bench.carry_out()
        except Died:
            continue


def check_the_writes(system: StormySystem) -> None:
    """Before every write there is its intent, and before that a read, with no other write between."""
    since: list[str] = []
    for entry in system.journal:
        if entry == "write":
            assert since[-1] == "intend delete"
            assert "read" in since
            since = []
        else:
            since.append(entry)


@given(WEATHER)
@example([("fine", True), ("send: cut", False), ("fine", True), ("send: cut", True)])
@example([("fine", True), ("die after the sending", False), ("somebody makes it an admin", True)])
@example([("fine", True), ("answer: no such account", True), ("fine", True), ("search sees a part", True)])
@settings(max_examples=150, deadline=None)
def test_no_weather_makes_a_removal_say_or_do_what_it_must_not(fates: list[Fate]) -> None:
    system = StormySystem(list(fates))

    bench, end = asyncio.run(carried_out(system))

    check_the_writes(system)
    intents = bench.ledger.intents
    maybe_sent = [one for one in intents if one.answer in {None, "lost", "accepted", "pending", "scheduled"}]
    if isinstance(end, Changed):
        assert system.seen is not None
        assert system.seen.weight
        assert not maybe_sent
        return
    if end.word in {Word.REMOVED, Word.ABSENT}:
        assert system.stands is None
        assert end.proof is not None
    if end.word is Word.REMOVED:
        assert maybe_sent
    if end.word is Word.ABSENT:
        assert not maybe_sent
    if system.stands is not None:
        assert end.left
    assert len(intents) <= MAX_SENDS


@given(WEATHER)
@settings(max_examples=80, deadline=None)
def test_an_account_that_was_seen_to_be_another_is_never_written_to(fates: list[Fate]) -> None:
    system = StormySystem([("somebody makes it an admin", True), *fates])

    asyncio.run(carried_out(system))

    assert "write" not in system.journal
