"""Calendar text says in which form it was written, so that a later version of the program can write it anew.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("fragment", sa.Column("form", sa.Integer(), server_default="1", nullable=False))
    op.create_index("ix_fragment_form", "fragment", ["form"])


def downgrade() -> None:
    op.drop_index("ix_fragment_form", "fragment")
    op.drop_column("fragment", "form")
