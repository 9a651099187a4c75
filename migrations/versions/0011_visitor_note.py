"""A note for the visitor at each stop: what to bring, what to wear.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("appointment", sa.Column("visitor_note", sa.String(), nullable=False, server_default=""))


def downgrade() -> None:
    # Not in a batch: that would rebuild the table on SQLite and lose its triggers.
    op.drop_column("appointment", "visitor_note")
