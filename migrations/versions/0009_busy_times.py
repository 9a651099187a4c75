"""Own calendars with their busy times, quiet periods, a person's opening hours and a host's daily cap.

Revision ID: 0009
Revises: 0008
"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("user", sa.Column("opening_hours", sa.JSON(), nullable=True))
    op.add_column("host", sa.Column("daily_cap", sa.Integer(), nullable=True))
    op.create_table(
        "quiet_period",
        sa.Column("id", sa.Integer(), nullable=False),
        *_owner("quiet_period"),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=False),
        sa.Column("note", sa.String(), nullable=False),
        *_made("quiet_period"),
        sa.CheckConstraint("(host_id IS NULL) <> (user_id IS NULL)", name=op.f("ck_quiet_period_whose")),
        sa.CheckConstraint("starts_on <= ends_on", name=op.f("ck_quiet_period_order")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_quiet_period")),
    )
    for column in ("host_id", "user_id", "ends_on"):
        op.create_index(op.f(f"ix_quiet_period_{column}"), "quiet_period", [column], unique=False)
    op.create_table(
        "external_calendar",
        sa.Column("id", sa.Integer(), nullable=False),
        *_owner("external_calendar"),
        sa.Column("sealed_url", sa.String(), nullable=False),
        sa.Column("etag", sa.String(), nullable=False),
        sa.Column("modified", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("failure", sa.String(), nullable=False),
        sa.Column("fetched_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("unreadable", sa.Integer(), nullable=False),
        sa.Column("seen_until", sa.Date(), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("taken_until", sa.DateTime(timezone=True), nullable=True),
        *_made("external_calendar"),
        sa.CheckConstraint("(host_id IS NULL) <> (user_id IS NULL)", name=op.f("ck_external_calendar_whose")),
        sa.CheckConstraint("state IN ('never', 'ok', 'failed')", name=op.f("ck_external_calendar_state")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_external_calendar")),
    )
    for column in ("host_id", "user_id", "due_at"):
        op.create_index(op.f(f"ix_external_calendar_{column}"), "external_calendar", [column], unique=False)
    op.create_table(
        "busy_block",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("calendar_id", sa.Integer(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("tentative", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"],
            ["external_calendar.id"],
            name=op.f("fk_busy_block_calendar_id_external_calendar"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_busy_block")),
    )
    op.create_index("ix_busy_block_calendar_time", "busy_block", ["calendar_id", "starts_at"], unique=False)
    op.create_index(op.f("ix_busy_block_ends_at"), "busy_block", ["ends_at"], unique=False)


def downgrade() -> None:
    for table in ("busy_block", "external_calendar", "quiet_period"):
        op.drop_table(table)
    op.drop_column("host", "daily_cap")
    op.drop_column("user", "opening_hours")


def _owner(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("host_id", sa.Integer(), nullable=True),
        sa.Column("user_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["host_id"], ["host.id"], name=op.f(f"fk_{table}_host_id_host"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["user_id"], ["user.id"], name=op.f(f"fk_{table}_user_id_user"), ondelete="CASCADE"),
    ]


def _made(table: str) -> list[sa.schema.SchemaItem]:
    return [
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["created_by_id"], ["user.id"], name=op.f(f"fk_{table}_created_by_id_user"), ondelete="SET NULL"
        ),
    ]
