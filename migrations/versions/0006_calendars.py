"""Calendars: indexes by host and place in order of time, and stops whose time is fixed.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEXES = {"ix_appointment_host_time": ["host_id", "starts_at"], "ix_appointment_room_time": ["place_id", "starts_at"]}


def upgrade() -> None:
    # Plain ALTER TABLE and CREATE INDEX: a batch would rebuild the table and lose the triggers against double bookings.
    op.add_column("appointment", sa.Column("fixed", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name, columns in INDEXES.items():
        op.create_index(name, "appointment", columns)


def downgrade() -> None:
    for name in INDEXES:
        op.drop_index(name, table_name="appointment")
    op.drop_column("appointment", "fixed")
