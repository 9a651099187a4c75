"""What the visitor knows of a stop is kept while a great change of it waits for the proposal.

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
    op.add_column("appointment", sa.Column("known", sa.JSON(), server_default="{}", nullable=False))


def downgrade() -> None:
    op.drop_column("appointment", "known")
