"""Invitations to appointments by mail: who was told what, what they answered, and who wants them how.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)


def upgrade() -> None:
    op.create_table(
        "invitation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("appointment_id", sa.Integer(), nullable=False),
        sa.Column("attendee", sa.String(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("told", sa.JSON(), nullable=False),
        sa.Column("way", sa.String(), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("partstat", sa.String(), nullable=False),
        sa.Column("answered_at", TIME, nullable=True),
        sa.Column("comment", sa.String(), nullable=False),
        sa.Column("counter_starts_at", TIME, nullable=True),
        sa.Column("counter_ends_at", TIME, nullable=True),
        sa.Column("created_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_invitation_appointment_id_appointment"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f("fk_invitation_user_id_user"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invitation")),
        sa.UniqueConstraint("appointment_id", "attendee", name=op.f("uq_invitation_appointment_id_attendee")),
    )
    op.create_index(op.f("ix_invitation_user_id"), "invitation", ["user_id"])
    for table in ("user", "visit"):
        op.add_column(table, sa.Column("invitations", sa.String(), nullable=False, server_default="together"))
    op.add_column("notification", sa.Column("calendar", sa.String(), nullable=False, server_default=""))
    op.add_column("notification", sa.Column("calendar_method", sa.String(), nullable=False, server_default=""))
    op.add_column("notification", sa.Column("carries", sa.JSON(), nullable=False, server_default="[]"))


def downgrade() -> None:
    for column in ("carries", "calendar_method", "calendar"):
        op.drop_column("notification", column)
    for table in ("visit", "user"):
        op.drop_column(table, "invitations")
    op.drop_table("invitation")
