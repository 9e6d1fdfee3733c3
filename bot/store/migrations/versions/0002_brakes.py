"""What the brakes need: runs that began, and later looks."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def _case_id() -> sa.Column[int]:
    return sa.Column("case_id", NUMBER, nullable=False)


def _of_case(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name=f"fk_{table}_case_id", ondelete="CASCADE")


def upgrade() -> None:
    op.create_table(
        "starts",
        _case_id(),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "attempt", "user_id", name="pk_starts"),
        _of_case("starts"),
    )
    op.create_index("ix_starts_at", "starts", ["at"])
    op.create_table(
        "rechecks",
        sa.Column("id", NUMBER, sa.Identity(), nullable=False),
        _case_id(),
        sa.Column("system", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due_at", TIME, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("taken_at", TIME),
        sa.Column("done_at", TIME),
        sa.PrimaryKeyConstraint("id", name="pk_rechecks"),
        sa.UniqueConstraint("case_id", "system", "name", name="uq_rechecks_case_id_system_name"),
        _of_case("rechecks"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_rechecks_due_at", "rechecks", ["due_at"])
