"""Absences of hosts and people with who stands in, and a host's monthly cap.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("host", sa.Column("monthly_cap", sa.Integer(), nullable=True))
    op.create_table(
        "absence",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("backup_host_id", sa.Integer(), nullable=True),
        sa.Column("backup_user_id", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint("(host_id IS NULL) <> (user_id IS NULL)", name=op.f("ck_absence_whose")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_absence_order")),
        sa.ForeignKeyConstraint(["host_id"], ["host.id"], name=op.f("fk_absence_host_id_host"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_absence_user_id_user"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["backup_host_id"], ["host.id"], name=op.f("fk_absence_backup_host_id_host"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["backup_user_id"], ["user.id"], name=op.f("fk_absence_backup_user_id_user"), ondelete="SET NULL"
        ),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f("fk_absence_created_by_id_user"), ondelete="SET NULL"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
    )
    for column in ("host_id", "user_id", "ends_on", "backup_host_id", "backup_user_id"):
        op.create_index(op.f(f"ix_absence_{column}"), "absence", [column], unique=False)


def downgrade() -> None:
    op.drop_table("absence")
    op.drop_column("host", "monthly_cap")
