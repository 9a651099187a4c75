"""A time proposed on a clock that nobody knows is kept as it was written.

Revision ID: 0027
Revises: 0026
"""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("invitation", sa.Column("counter_elsewhere", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("invitation", "counter_elsewhere")
