"""Open offers are found by when their time is over.

Revision ID: 0019
Revises: 0018
"""

from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_index("ix_offer_status_due", "offer", ["status", "due_at"])


def downgrade() -> None:
    op.drop_index("ix_offer_status_due", "offer")
