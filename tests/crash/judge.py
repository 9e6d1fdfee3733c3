"""What must hold whenever the people have gone home: what was said, what stands, and what was sent agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.model import CaseState, Word
from sandbox.slack.workspace import Message
from sandbox.stage import CHANNEL
from sandbox.systems.all import ENTRIES
from tests.crash.killer import key_of
from tests.crash.people import Crowd, Played
from tests.crash.records import Ended
from tests.crash.scene import APPROVERS, ASKERS, is_of

_ENDS = {
    "approve": {CaseState.CLOSED, CaseState.NEEDS_PEOPLE},
    "decline": {CaseState.DECLINED},
    "cancel": {CaseState.CANCELLED},
    "withdraw": {CaseState.CANCELLED},
    "stop": {CaseState.CLOSED, CaseState.NEEDS_PEOPLE},
    "retry": {CaseState.CLOSED},
}
_KINDS = {name: kind for kind, (name, _) in ENTRIES.items()}
_ORDER = ("root", "plan:1", "progress", "closing")
_TOO_LATE = "an acknowledgement of no waiting envelope"
"""What the workspace says of an answer after three seconds: the person was told so, and the judge sees what follows."""
_GONE = {Word.REMOVED, Word.ABSENT}
_STANDS = {Word.FAILED, Word.REFUSED, Word.SKIPPED}


@dataclass(frozen=True, slots=True)
class Found:
    """What was counted, and every line that is wrong."""

    words: Counter[str]
    messages: int
    doubled: int
    doubled_direct: int
    wrong: tuple[str, ...]


async def judge(crowd: Crowd) -> Found:
    """Look at everything; nothing may be in flight. The audit chain is verified by the program's own command."""
    records = crowd.scene.records
    ended, states = await records.outcomes(), await records.states()
    posted, direct = list(_posted(crowd)), list(_direct(crowd))
    doubled = _doubled(posted)
    code, said = await crowd.scene.play.bot.run("verify", "--database")
    wrong = (
        *_cases(crowd, states),
        *_outcomes(crowd, ended),
        *_without_outcome(crowd, ended, await records.unread()),
        *_missing(crowd, await records.approved()),
        *_journals(crowd),
        *_out_of_order(crowd),
        *(f"a message stands {count} times: {key}" for key, count in doubled.items()),
        *(f"the messages: {finding}" for finding in crowd.workspace.lint_findings if _TOO_LATE not in finding),
        *([f"the audit does not verify: {said[-300:]}"] if code else []),
    )
    words = Counter(str(one.word) for one in ended)
    return Found(words, len(posted) + len(direct), len(doubled), len(_doubled(direct)), tuple(wrong))


def _cases(crowd: Crowd, states: dict[int, CaseState]) -> Iterator[str]:
    """Every case that people brought to an end has ended so, and there is no other."""
    for case in crowd.played:
        if states.get(case.case_id) not in _ENDS[case.script.decision]:
            yield f"OFF-{case.case_id} ({case.script.decision}) is {states.get(case.case_id)}"
    unknown = states.keys() - {case.case_id for case in crowd.played}
    if unknown:
        yield f"cases nobody asked for, or asked for once and opened twice: {sorted(unknown)}"


def _outcomes(crowd: Crowd, ended: Iterable[Ended]) -> Iterator[str]:
    """What each outcome says is so in the system."""
    mails = {case.case_id: case.mail for case in crowd.played}
    for one in ended:
        if one.case_id not in mails:
            continue
        kind, mail = _KINDS[one.system], mails[one.case_id]
        if one.word in _GONE and (left := crowd.scene.of(kind, mail)):
            yield f"OFF-{one.case_id} {one.system}: {one.word}, and there stands {sorted(left)}"
        if one.word in _STANDS and not crowd.scene.is_kept(kind, mail):
            yield f"OFF-{one.case_id} {one.system}: {one.word}, and it is gone"


def _without_outcome(crowd: Crowd, ended: Iterable[Ended], unread: set[tuple[int, str]]) -> Iterator[str]:
    """A case that ran says of every system how it ended, or that it could not be read."""
    said = unread | {(one.case_id, one.system) for one in ended}
    for case in crowd.played:
        names = _KINDS if CaseState.CLOSED in _ENDS[case.script.decision] else ()
        yield from (f"OFF-{case.case_id} {name}: no outcome" for name in names if (case.case_id, name) not in said)


def _missing(crowd: Crowd, approved: set[int]) -> Iterator[str]:
    """Nothing is gone but what an approved plan named."""
    leaving = [case.mail for case in crowd.played if case.case_id in approved]
    for kind, simulator in crowd.scene.play.world.by_kind.items():
        for lost in crowd.scene.standing[kind] - simulator.standing():
            if not any(is_of(mail, lost) for mail in leaving):
                yield f"{kind}: {lost} is gone, and no approved plan named it"


def _journals(crowd: Crowd) -> Iterator[str]:
    """No account was written to twice without a read between, and each that changed was read before and after."""
    for kind, simulator in crowd.scene.play.world.by_kind.items():
        journal = simulator.journal
        yield from (f"{kind}: written to blindly: {entry}" for entry in journal.unread_writes())
        for account in {entry.account for entry in journal.writes() if entry.effect and entry.account}:
            if not journal.reread_around(account):
                yield f"{kind}: {account} was changed with no read before or after"


def _out_of_order(crowd: Crowd) -> Iterator[str]:
    """The plan stands before the progress of its run, and that before the closing message."""
    for case in crowd.played:
        keys = [key_of({"metadata": message.metadata}) for message in case.thread.messages()]
        found = [key for key in keys if key in _ORDER]
        if found != [key for key in _ORDER if key in found]:
            yield f"OFF-{case.case_id}: its messages stand in the order {found}"


def _posted(crowd: Crowd) -> Iterator[Message]:
    workspace = crowd.workspace
    for root in workspace.messages(CHANNEL):
        if root.thread_ts is None:
            yield from workspace.messages(CHANNEL, root.ts)


def _direct(crowd: Crowd) -> Iterator[Message]:
    for user in (*ASKERS, *APPROVERS):
        yield from crowd.workspace.as_person(user).dms


def _doubled(messages: Iterable[Message]) -> dict[str, int]:
    """Return what stands more than once: a message by its case and key, a file by its name."""
    keys: Counter[str] = Counter()
    for message in messages:
        if message.metadata is not None:
            case = message.metadata["event_payload"]["case"]
            keys[f"{message.channel}: {key_of({'metadata': message.metadata})} of OFF-{case}"] += 1
        keys.update(str(file.get("name")) for file in message.files)
    return {key: count for key, count in keys.items() if count > 1}


def played_by_decision(played: Iterable[Played]) -> Counter[str]:
    """Count the cases by what people decided."""
    return Counter(case.script.decision for case in played)
