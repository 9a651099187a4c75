"""Mails are claimed under a number, so that a sender that was paused knows whether the mail is still its own.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notification", sa.Column("claim", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("notification", sa.Column("lost_claims", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("notification", sa.Column("headers", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("notification", sa.Column("html", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    with op.batch_alter_table("notification") as table:
        for name in ("html", "headers", "lost_claims", "claim"):
            table.drop_column(name)
