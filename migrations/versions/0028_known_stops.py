"""What the visitor knows of a stop is kept while a great change of it waits for the proposal.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("appointment", sa.Column("known", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    op.drop_column("appointment", "known")
