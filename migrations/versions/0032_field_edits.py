"""Who last changed which field of a thing, for those who had it open meanwhile.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "field_edit",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("by_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["by_id"], ["user.id"], name=op.f("fk_field_edit_by_id_user"), ondelete="SET NULL"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_field_edit")),
        sa.UniqueConstraint("subject", "subject_id", "field", name=op.f("uq_field_edit_subject_subject_id_field")),
    )
    op.create_index(op.f("ix_field_edit_by_id"), "field_edit", ["by_id"])
    op.create_index(op.f("ix_field_edit_at"), "field_edit", ["at"])


def downgrade() -> None:
    op.drop_table("field_edit")
