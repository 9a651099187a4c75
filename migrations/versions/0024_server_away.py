"""Which of a mail's attempts found the mail server away, and when the last one did: those follow when it is back.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("notification", sa.Column("away_tries", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("notification", sa.Column("away_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    op.drop_column("notification", "away_at")
    op.drop_column("notification", "away_tries")
