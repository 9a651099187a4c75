"""Rules of reminders as rows, and the indexes by which only what is due is looked at.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "reminder_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(), nullable=False),
        sa.Column("anchor", sa.String(), nullable=False),
        sa.Column("verb", sa.String(), nullable=False),
        sa.Column("amount", sa.Integer(), nullable=False),
        sa.Column("unit", sa.String(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("clock", sa.String(), nullable=False),
        sa.Column("audience", sa.JSON(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("words", sa.JSON(), nullable=False),
        sa.Column("is_on", sa.Boolean(), nullable=False, server_default=sa.true()),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.CheckConstraint("unit IN ('days', 'working-days', 'hours')", name=op.f("ck_reminder_rule_unit")),
        sa.CheckConstraint("direction IN ('before', 'after')", name=op.f("ck_reminder_rule_direction")),
        sa.CheckConstraint("clock IN ('morning', 'exact')", name=op.f("ck_reminder_rule_clock")),
        sa.CheckConstraint("amount >= 0", name=op.f("ck_reminder_rule_amount")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reminder_rule")),
        sa.UniqueConstraint("slug", name=op.f("uq_reminder_rule_slug")),
    )
    op.create_index(op.f("ix_appointment_ends_at"), "appointment", ["ends_at"])
    op.create_index(op.f("ix_follow_up_due_on"), "follow_up", ["due_on"])
    op.create_index("ix_activity_verb_time", "activity", ["verb", "at"])


def downgrade() -> None:
    op.drop_index("ix_activity_verb_time", "activity")
    op.drop_index(op.f("ix_follow_up_due_on"), "follow_up")
    op.drop_index(op.f("ix_appointment_ends_at"), "appointment")
    op.drop_table("reminder_rule")
