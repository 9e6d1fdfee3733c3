"""Who decides and where: what messages show, dialogs that were opened, second factors, refusals, deciders."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("cases", sa.Column("confirmed_by", sa.Text()))
    op.add_column(
        "case_systems", sa.Column("second_factor", sa.Boolean(), nullable=False, server_default=sa.false())
    )
    op.add_column("outbox", sa.Column("drawn", sa.Text()))
    # What stands in Slack is not known of older messages: those of open cases are drawn anew, and count from then on.
    op.execute(
        "UPDATE outbox SET wanted = wanted + 1 WHERE ts IS NOT NULL AND case_id IN "
        "(SELECT id FROM cases WHERE state NOT IN ('closed', 'declined', 'cancelled', 'expired'))"
    )
    op.create_table(
        "dialogs",
        sa.Column("nonce", sa.Text(), nullable=False),
        sa.Column("callback_id", sa.Text(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("opened_at", TIME, nullable=False),
        sa.Column("used_at", TIME),
        sa.PrimaryKeyConstraint("nonce", name="pk_dialogs"),
    )
    op.create_index("ix_dialogs_opened_at", "dialogs", ["opened_at"])
    op.create_table(
        "second_factors",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("secret", sa.Text(), nullable=False),
        sa.Column("enrolled_at", TIME, nullable=False),
        sa.Column("last_step", NUMBER),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("paused_until", TIME),
        sa.PrimaryKeyConstraint("user_id", name="pk_second_factors"),
    )
    op.create_table(
        "refusal_counts",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("act", sa.Text(), nullable=False),
        sa.Column("hour", TIME, nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("user_id", "act", "hour", name="pk_refusal_counts"),
    )
    op.create_table(
        "deciders",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("mail_digest", sa.Text(), nullable=False),
        sa.Column("decided_at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("user_id", name="pk_deciders"),
    )
