"""The tables, as the newest migration leaves them."""

from __future__ import annotations

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    false,
    text,
)

from bot.store.columns import Number, UtcTime, Words

REVISION = "0006"
"""The migration that these tables need."""

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _case_id(*, primary_key: bool = False) -> Column[int]:
    return Column(
        "case_id", Number, ForeignKey("cases.id", ondelete="CASCADE"), primary_key=primary_key, nullable=False
    )


cases = Table(
    "cases",
    metadata,
    Column("id", Number, Identity(), primary_key=True),
    Column("view_id", Words, nullable=False, unique=True),
    Column("state", Text, nullable=False, index=True),
    Column("leaver", Text, nullable=False),
    Column("requester", Text, nullable=False),
    Column("requester_id", Words, nullable=False),
    Column("reason", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("discreet", Boolean, nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("when_at", UtcTime),
    Column("start_at", UtcTime),
    Column("expires_at", UtcTime),
    Column("ended_at", UtcTime),
    Column("turn", Integer, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("closing_note", Words, nullable=False),
    Column("ended_by", Words),
    Column("hold", Text),
    Column("redacted_at", UtcTime),
    Column("confirmed_by", Words),
    Index(None, "requester_id", "opened_at"),
    sqlite_autoincrement=True,
)

case_systems = Table(
    "case_systems",
    metadata,
    _case_id(primary_key=True),
    Column("position", Integer, primary_key=True, autoincrement=False),
    Column("name", Words, nullable=False),
    Column("label", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("identity", Words, nullable=False),
    Column("approvals", Integer, nullable=False),
    Column("owner", Words),
    Column("second_factor", Boolean, nullable=False, server_default=false()),
    UniqueConstraint("case_id", "name"),
)

open_keys = Table(
    "open_keys",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("value", Words, primary_key=True),
    Column("case_id", Number, ForeignKey("cases.id", ondelete="CASCADE"), nullable=False, index=True),
)

looks = Table(
    "looks",
    metadata,
    _case_id(primary_key=True),
    Column("system", Words, primary_key=True),
    Column("discovery", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
)

plans = Table(
    "plans",
    metadata,
    _case_id(primary_key=True),
    Column("turn", Integer, primary_key=True, autoincrement=False),
    Column("digest", Text, nullable=False),
    Column("systems", Text, nullable=False),
    Column("needed", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("made_at", UtcTime, nullable=False),
)

approvals = Table(
    "approvals",
    metadata,
    Column("id", Number, Identity(), primary_key=True),
    Column("case_id", Number, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("digest", Text, nullable=False),
    Column("user_id", Words, nullable=False),
    Column("team_id", Words, nullable=False),
    Column("mail", Words),
    Column("mail_folded", Words),
    Column("why", Words, nullable=False),
    Column("at", UtcTime, nullable=False),
    ForeignKeyConstraint(["case_id", "turn"], ["plans.case_id", "plans.turn"], ondelete="CASCADE"),
    UniqueConstraint("case_id", "turn", "user_id", "team_id"),
    UniqueConstraint("case_id", "turn", "mail_folded"),
    sqlite_autoincrement=True,
)

work = Table(
    "work",
    metadata,
    Column("id", Number, Identity(), primary_key=True),
    _case_id(),
    Column("kind", Text, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("turn", Integer, nullable=False),
    Column("system", Words, nullable=False),
    Column("says", Words, nullable=False),
    Column("begun_at", UtcTime, nullable=False),
    Column("ended_at", UtcTime),
    UniqueConstraint("case_id", "kind", "attempt", "system"),
    sqlite_autoincrement=True,
)

intents = Table(
    "intents",
    metadata,
    Column("id", Number, Identity(), primary_key=True),
    Column("key", Words, nullable=False, unique=True),
    _case_id(),
    Column("attempt", Integer, nullable=False),
    Column("system", Words, nullable=False),
    Column("account_id", Words, nullable=False),
    Column("step", Words, nullable=False),
    Column("at", UtcTime, nullable=False),
    Column("answer", Words),
    Column("request_id", Words, nullable=False),
    Column("answered_at", UtcTime),
    Index(None, "case_id", "system", "account_id"),
    sqlite_autoincrement=True,
)

outcomes = Table(
    "outcomes",
    metadata,
    _case_id(primary_key=True),
    Column("system", Words, primary_key=True),
    Column("account_id", Words, primary_key=True),
    Column("attempt", Integer, nullable=False),
    Column("word", Text, nullable=False),
    Column("outcome", Text, nullable=False),
)

outbox = Table(
    "outbox",
    metadata,
    _case_id(primary_key=True),
    Column("key", Words, primary_key=True),
    Column("channel", Words, nullable=False),
    Column("text", Words, nullable=False),
    Column("wanted", Integer, nullable=False),
    Column("sent", Integer, nullable=False),
    Column("ts", Text),
    Column("changed_at", UtcTime, nullable=False),
    Column("attempted_at", UtcTime),
    Column("failures", Integer, nullable=False),
    Column("again_at", UtcTime),
    Column("drawn", Text),
    Index("ix_outbox_due", "changed_at", sqlite_where=text("wanted > sent"), postgresql_where=text("wanted > sent")),
)

audit_chains = Table(
    "audit_chains",
    metadata,
    Column("name", Text, primary_key=True),
    Column("seq", Integer, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("sealed", Integer, nullable=False),
)

audit_events = Table(
    "audit_events",
    metadata,
    Column("chain", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("at", UtcTime, nullable=False),
    Column("kind", Text, nullable=False),
    Column("body", Text, nullable=False),
    Column("prev_hash", LargeBinary, nullable=False),
    Column("hash", LargeBinary, nullable=False),
)

audit_values = Table(
    "audit_values",
    metadata,
    Column("chain", Text, primary_key=True),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("field", Text, primary_key=True),
    Column("salt", LargeBinary, nullable=False),
    Column("value", Text, nullable=False),
    ForeignKeyConstraint(["chain", "seq"], ["audit_events.chain", "audit_events.seq"]),
)

audit_heads = Table(
    "audit_heads",
    metadata,
    Column("id", Number, Identity(), primary_key=True),
    Column("at", UtcTime, nullable=False),
    Column("number", Integer, nullable=False, unique=True),
    Column("message", Text, nullable=False),
    Column("key_id", Text, nullable=False),
    Column("signature", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)

slots = Table(
    "slots",
    metadata,
    Column("name", Text, primary_key=True),
    Column("holder", Text, nullable=False),
    Column("fence", Number, nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("renewed_at", UtcTime),
)

call_turns = Table(
    "call_turns",
    metadata,
    Column("id", Number, Identity(), primary_key=True),
    Column("key", Text, nullable=False),
    Column("at", UtcTime, nullable=False),
    Index(None, "key", "at"),
    sqlite_autoincrement=True,
)

canaries = Table(
    "canaries",
    metadata,
    Column("system", Words, primary_key=True),
    Column("looked_at", UtcTime, nullable=False),
    Column("well", Boolean),
)

meta = Table(
    "meta",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

dialogs = Table(
    "dialogs",
    metadata,
    Column("nonce", Text, primary_key=True),
    Column("callback_id", Text, nullable=False),
    Column("user_id", Words, nullable=False),
    Column("subject", Words, nullable=False),
    Column("opened_at", UtcTime, nullable=False, index=True),
    Column("used_at", UtcTime),
)

second_factors = Table(
    "second_factors",
    metadata,
    Column("user_id", Words, primary_key=True),
    Column("secret", Text, nullable=False),
    Column("enrolled_at", UtcTime, nullable=False),
    Column("last_step", Number),
    Column("failures", Integer, nullable=False),
    Column("paused_until", UtcTime),
)

refusal_counts = Table(
    "refusal_counts",
    metadata,
    Column("user_id", Words, primary_key=True),
    Column("act", Text, primary_key=True),
    Column("hour", UtcTime, primary_key=True),
    Column("count", Integer, nullable=False),
)

deciders = Table(
    "deciders",
    metadata,
    Column("user_id", Words, primary_key=True),
    Column("mail_digest", Text, nullable=False),
    Column("decided_at", UtcTime, nullable=False),
)
