"""Domain values that the store's tests are made of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from bot.model import (
    Account,
    Approval,
    Case,
    CaseSystem,
    Discovery,
    Finding,
    Key,
    KeyKind,
    KeySource,
    Leaver,
    Match,
    Person,
    Plan,
    PlannedAccount,
    PlannedSystem,
    PlanState,
    Request,
    Sight,
    Step,
    Word,
    facts,
)
from bot.ports import KeyTaken
from bot.store import SqlStore, SqlTx

NOON = datetime(2026, 11, 22, 12, 0, 0, 123456, tzinfo=UTC)
DANA = Leaver(
    "Dana Fox",
    (Key(KeyKind.MAIL, "Dana.Fox@Example.com", KeySource.TYPED), Key(KeyKind.LOGIN, "dfox", KeySource.TYPED)),
    slack_id="U0DANA",
    team_id="T1",
)
OMAR = Person("U0OMAR", "T1", "Omar", "omar@example.com")
SYSTEMS = (
    CaseSystem("vspc", "Backup console", "vspc", "vspc https://one", approvals=2, owner="U0OWNER"),
    CaseSystem("chat", "Chat", "liveperson", "liveperson 4711", approvals=1),
)
ACCOUNT = Account(
    system="vspc",
    id="7",
    handle="dana.fox",
    identity=facts(id=7, mail="dana.fox@example.com"),
    match=Match.EXACT,
    matched_by=DANA.keys[:1],
    weight=("Administrator",),
    findings=(Finding("is the last administrator", Word.REFUSED),),
    ends_at=NOON,
    would=(Step("delete", "delete the user"),),
)
LOOK = Discovery("vspc", Sight.FULL, (ACCOUNT,), similar=("dana.foxx",))


def request(view_id: str = "V1", leaver: Leaver = DANA, requester: Person = OMAR) -> Request:
    return Request(view_id, requester, leaver, ("vspc", "chat"), reason="left the company", when=NOON)


def leaver(mail: str, *logins: str) -> Leaver:
    """Somebody who is known by an address and log-ins only."""
    keys = [Key(KeyKind.MAIL, mail, KeySource.TYPED)]
    return Leaver("Somebody", (*keys, *(Key(KeyKind.LOGIN, login, KeySource.TYPED) for login in logins)))


async def try_open(tx: SqlTx, asked: Request) -> Case | KeyTaken:
    return await tx.open_case(asked, SYSTEMS, "C1", discreet=False, expires_at=NOON + timedelta(days=3))


async def opened(store: SqlStore, asked: Request | None = None) -> Case:
    """A case that was just opened."""
    async with store.begin() as tx:
        case = await try_open(tx, asked or request())
    assert isinstance(case, Case)
    return case


def plan(case: Case, turn: int = 1) -> Plan:
    planned = PlannedSystem(
        "vspc", "Backup console", "vspc", "vspc https://one", LOOK, (PlannedAccount(ACCOUNT, chosen=True),)
    )
    return Plan(case.id, turn, f"digest-{turn}", (planned,), needed=2, state=PlanState.WAITING, made_at=NOON)


def approval(user_id: str, mail: str | None = None, turn: int = 1) -> Approval:
    return Approval(turn, f"digest-{turn}", user_id, "T1", mail, "named in approvers", NOON)
