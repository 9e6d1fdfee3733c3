"""What acting once needs: which clicks were taken."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

NUMBER = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "clicks",
        sa.Column("case_id", NUMBER, nullable=False),
        sa.Column("click", sa.Text(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("case_id", "click", name="pk_clicks"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_clicks_case_id", ondelete="CASCADE"),
    )
