"""Answers to mails go into the visit's messages: which visit a mail answers, and what came along.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("message", sa.Column("by_mail", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("message", sa.Column("attachments", sa.JSON(), nullable=False, server_default="[]"))
    with op.batch_alter_table("reply") as table:
        table.add_column(sa.Column("attachments", sa.JSON(), nullable=False, server_default="[]"))
        table.add_column(sa.Column("from_visitor", sa.Boolean(), nullable=False, server_default=sa.false()))
        table.add_column(sa.Column("visit_id", sa.Integer(), nullable=True))
        table.create_foreign_key(op.f("fk_reply_visit_id_visit"), "visit", ["visit_id"], ["id"], ondelete="SET NULL")
        table.create_index(op.f("ix_reply_visit_id"), ["visit_id"])
    op.create_index("ix_notification_message_id", "notification", ["message_id"])


def downgrade() -> None:
    op.drop_index("ix_notification_message_id", "notification")
    with op.batch_alter_table("reply") as table:
        table.drop_index(op.f("ix_reply_visit_id"))
        table.drop_constraint(op.f("fk_reply_visit_id_visit"), type_="foreignkey")
        for name in ("visit_id", "from_visitor", "attachments"):
            table.drop_column(name)
    with op.batch_alter_table("message") as table:
        for name in ("attachments", "by_mail"):
            table.drop_column(name)
