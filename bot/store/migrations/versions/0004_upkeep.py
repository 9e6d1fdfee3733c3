"""What time needs: what was said once, and when an old case was redacted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "notices",
        sa.Column("case_id", NUMBER, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.PrimaryKeyConstraint("case_id", "name", name="pk_notices"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_notices_case_id", ondelete="CASCADE"),
    )
    op.add_column("cases", sa.Column("redacted_at", TIME))
