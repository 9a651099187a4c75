"""Words that were refused are kept as drafts; a correction says whether it undid one, and why all the same.

Revision ID: 0031
Revises: 0030
"""

import sqlalchemy as sa
from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "word_draft",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("topic", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("word", sa.String(), nullable=False),
        sa.Column("weight", sa.Double(), nullable=False),
        sa.Column("removed", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("author_id", sa.Integer(), nullable=True),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["author_id"], ["user.id"], name=op.f("fk_word_draft_author_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_word_draft")),
        sa.UniqueConstraint("topic", "language", "word", name=op.f("uq_word_draft_topic_language_word")),
    )
    op.create_index(op.f("ix_word_draft_author_id"), "word_draft", ["author_id"])
    op.add_column("correction", sa.Column("undone", sa.Boolean(), server_default=sa.false(), nullable=False))
    op.add_column("correction", sa.Column("reason", sa.String(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("correction", "reason")
    op.drop_column("correction", "undone")
    op.drop_table("word_draft")
