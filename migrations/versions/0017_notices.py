"""Notices that are read, mails that go out as part of another, and each person's choice of ways and quiet hours.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

PARENT = "fk_notification_part_of_id_notification"


def upgrade() -> None:
    with op.batch_alter_table("notification") as table:
        table.add_column(sa.Column("read_at", sa.DateTime(timezone=True), nullable=True))
        table.add_column(sa.Column("part_of_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f(PARENT), "notification", ["part_of_id"], ["id"], ondelete="SET NULL")
        table.create_index(op.f("ix_notification_part_of_id"), ["part_of_id"])
        table.create_index("ix_notification_notices", ["user_id", "read_at"])
    op.add_column("user", sa.Column("mail_ways", sa.JSON(), nullable=False, server_default="{}"))
    op.add_column("user", sa.Column("quiet_hours", sa.JSON(), nullable=True))


def downgrade() -> None:
    op.drop_column("user", "quiet_hours")
    op.drop_column("user", "mail_ways")
    with op.batch_alter_table("notification") as table:
        table.drop_index("ix_notification_notices")
        table.drop_index(op.f("ix_notification_part_of_id"))
        table.drop_constraint(op.f(PARENT), type_="foreignkey")
        table.drop_column("part_of_id")
        table.drop_column("read_at")
