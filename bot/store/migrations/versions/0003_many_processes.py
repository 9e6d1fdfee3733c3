"""What several processes share: when a place was last renewed, turns at a vendor, and the daily looks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.add_column("slots", sa.Column("renewed_at", TIME))
    op.create_table(
        "call_turns",
        sa.Column("id", NUMBER, sa.Identity(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_call_turns"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_call_turns_key_at", "call_turns", ["key", "at"])
    op.create_table(
        "canaries",
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("looked_at", TIME, nullable=False),
        sa.Column("well", sa.Boolean()),
        sa.PrimaryKeyConstraint("system", name="pk_canaries"),
    )
