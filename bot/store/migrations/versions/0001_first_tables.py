"""The first tables: cases and what belongs to them, the outbox, the audit chains, slots."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def _number(*, nullable: bool = False) -> sa.Column[int]:
    return sa.Column("case_id", NUMBER, nullable=nullable)


def _counted() -> sa.Column[int]:
    return sa.Column("id", NUMBER, sa.Identity(), nullable=False)


def _of_case(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=f"fk_{table}_case_id", ondelete="CASCADE")


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def _int(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.Integer(), nullable=False)


def _time(name: str, *, nullable: bool = True) -> sa.Column[datetime]:
    return sa.Column(name, TIME, nullable=nullable)


def _bytes(name: str) -> sa.Column[bytes]:
    return sa.Column(name, sa.LargeBinary(), nullable=False)


def _key(table: str, *columns: str) -> sa.PrimaryKeyConstraint:
    return sa.PrimaryKeyConstraint(*columns, name=f"pk_{table}")


def _unique(table: str, *columns: str) -> sa.UniqueConstraint:
    return sa.UniqueConstraint(*columns, name=f"uq_{table}_{'_'.join(columns)}")


def upgrade() -> None:
    _make_cases()
    _make_plans()
    _make_work()
    _make_outbox()
    _make_audit()
    _make_slots()


def _make_cases() -> None:
    op.create_table(
        "cases",
        _counted(),
        _text("view_id"),
        _text("state"),
        _text("leaver"),
        _text("requester"),
        _text("requester_id"),
        _text("reason"),
        _text("channel"),
        sa.Column("discreet", sa.Boolean(), nullable=False),
        _time("opened_at", nullable=False),
        _time("when_at"),
        _time("start_at"),
        _time("expires_at"),
        _time("ended_at"),
        _int("turn"),
        _int("attempt"),
        _text("closing_note"),
        _text("ended_by", nullable=True),
        _text("hold", nullable=True),
        _key("cases", "id"),
        _unique("cases", "view_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_cases_state", "cases", ["state"])
    op.create_index("ix_cases_requester_id_opened_at", "cases", ["requester_id", "opened_at"])
    op.create_table(
        "case_systems",
        _number(),
        _int("position"),
        _text("name"),
        _text("label"),
        _text("kind"),
        _text("identity"),
        _int("approvals"),
        _text("owner", nullable=True),
        _key("case_systems", "case_id", "position"),
        _unique("case_systems", "case_id", "name"),
        _of_case("case_systems"),
    )
    op.create_table(
        "open_keys",
        _text("kind"),
        _text("value"),
        _number(),
        _key("open_keys", "kind", "value"),
        _of_case("open_keys"),
    )
    op.create_index("ix_open_keys_case_id", "open_keys", ["case_id"])


def _make_plans() -> None:
    op.create_table(
        "looks",
        _number(),
        _text("system"),
        _text("discovery"),
        _time("at", nullable=False),
        _key("looks", "case_id", "system"),
        _of_case("looks"),
    )
    op.create_table(
        "plans",
        _number(),
        _int("turn"),
        _text("digest"),
        _text("systems"),
        _int("needed"),
        _text("state"),
        _time("made_at", nullable=False),
        _key("plans", "case_id", "turn"),
        _of_case("plans"),
    )
    op.create_table(
        "approvals",
        _counted(),
        _number(),
        _int("turn"),
        _text("digest"),
        _text("user_id"),
        _text("team_id"),
        _text("mail", nullable=True),
        _text("mail_folded", nullable=True),
        _text("why"),
        _time("at", nullable=False),
        _key("approvals", "id"),
        _unique("approvals", "case_id", "turn", "user_id", "team_id"),
        _unique("approvals", "case_id", "turn", "mail_folded"),
        sa.ForeignKeyConstraint(
            ["case_id", "turn"], ["plans.case_id", "plans.turn"], name="fk_approvals_case_id_turn", ondelete="CASCADE"
        ),
        sqlite_autoincrement=True,
    )


def _make_work() -> None:
    op.create_table(
        "work",
        _counted(),
        _number(),
        _text("kind"),
        _int("attempt"),
        _int("turn"),
        _text("system"),
        _text("says"),
        _time("begun_at", nullable=False),
        _time("ended_at"),
        _key("work", "id"),
        _unique("work", "case_id", "kind", "attempt", "system"),
        _of_case("work"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "intents",
        _counted(),
        _text("key"),
        _number(),
        _int("attempt"),
        _text("system"),
        _text("account_id"),
        _text("step"),
        _time("at", nullable=False),
        _text("answer", nullable=True),
        _text("request_id"),
        _time("answered_at"),
        _key("intents", "id"),
        _unique("intents", "key"),
        _of_case("intents"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_intents_case_id_system_account_id", "intents", ["case_id", "system", "account_id"])
    op.create_table(
        "outcomes",
        _number(),
        _text("system"),
        _text("account_id"),
        _int("attempt"),
        _text("word"),
        _text("outcome"),
        _key("outcomes", "case_id", "system", "account_id"),
        _of_case("outcomes"),
    )


def _make_outbox() -> None:
    op.create_table(
        "outbox",
        _number(),
        _text("key"),
        _text("channel"),
        _text("text"),
        _int("wanted"),
        _int("sent"),
        _text("ts", nullable=True),
        _time("changed_at", nullable=False),
        _time("attempted_at"),
        _int("failures"),
        _time("again_at"),
        _key("outbox", "case_id", "key"),
        _of_case("outbox"),
    )
    due = sa.text("wanted > sent")
    op.create_index("ix_outbox_due", "outbox", ["changed_at"], sqlite_where=due, postgresql_where=due)


def _make_audit() -> None:
    op.create_table(
        "audit_chains", _text("name"), _int("seq"), _bytes("hash"), _int("sealed"), _key("audit_chains", "name")
    )
    op.create_table(
        "audit_events",
        _text("chain"),
        _int("seq"),
        _time("at", nullable=False),
        _text("kind"),
        _text("body"),
        _bytes("prev_hash"),
        _bytes("hash"),
        _key("audit_events", "chain", "seq"),
    )
    op.create_table(
        "audit_values",
        _text("chain"),
        _int("seq"),
        _text("field"),
        _bytes("salt"),
        _text("value"),
        _key("audit_values", "chain", "seq", "field"),
        sa.ForeignKeyConstraint(
            ["chain", "seq"], ["audit_events.chain", "audit_events.seq"], name="fk_audit_values_chain_seq"
        ),
    )
    op.create_table(
        "audit_heads",
        _counted(),
        _time("at", nullable=False),
        _int("number"),
        _text("message"),
        _text("key_id"),
        _bytes("signature"),
        _key("audit_heads", "id"),
        _unique("audit_heads", "number"),
        sqlite_autoincrement=True,
    )


def _make_slots() -> None:
    op.create_table(
        "slots",
        _text("name"),
        _text("holder"),
        sa.Column("fence", NUMBER, nullable=False),
        _time("expires_at", nullable=False),
        _key("slots", "name"),
    )
    op.create_table("meta", _text("name"), _text("value"), _key("meta", "name"))
