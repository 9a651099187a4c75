"""Own calendars have a name, so that two on one server can be told apart.

Revision ID: 0016
Revises: 0015
"""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("external_calendar", sa.Column("name", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("external_calendar", "name")
