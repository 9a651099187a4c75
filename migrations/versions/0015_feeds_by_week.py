"""Feeds are kept week by week, and told which weeks changed, so that one change makes one week of them anew.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

SECONDS = {
    "sqlite": "CAST(strftime('%s', starts_at) AS INTEGER)",
    "postgresql": "CAST(floor(extract(epoch FROM starts_at)) AS BIGINT)",
}


def upgrade() -> None:
    op.add_column("feed_scope", sa.Column("whole", sa.Integer(), server_default="1", nullable=False))
    op.create_table(
        "feed_week",
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("scope_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("week", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("kind", "scope_id", "week", name=op.f("pk_feed_week")),
    )
    op.add_column("fragment", sa.Column("week", sa.Integer(), server_default="0", nullable=False))
    seconds = SECONDS[op.get_bind().dialect.name]  # the Monday before 1970 is three days before it
    week = f"SELECT ({seconds} + 259200) / 604800 FROM appointment WHERE appointment.id = fragment.appointment_id"
    op.execute(f"UPDATE fragment SET week = ({week})")
    op.create_index("ix_fragment_week", "fragment", ["week", "level", "language"])
    # What was kept ready is made anew at the next fetch.
    op.drop_table("feed_content")
    op.execute("DELETE FROM feed_body")
    op.add_column("feed_body", sa.Column("opening", sa.LargeBinary(), nullable=False, server_default=sa.text("''")))
    op.create_table(
        "feed_part",
        sa.Column("feed_body_id", sa.Integer(), nullable=False),
        sa.Column("week", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.LargeBinary(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _of_a_body("feed_part"),
        sa.PrimaryKeyConstraint("feed_body_id", "week", name=op.f("pk_feed_part")),
    )
    _stored_as_it_is("feed_part")


def downgrade() -> None:
    op.drop_table("feed_part")
    op.execute("DELETE FROM feed_body")
    op.drop_column("feed_body", "opening")
    op.create_table(
        "feed_content",
        sa.Column("feed_body_id", sa.Integer(), nullable=False),
        sa.Column("coding", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        _of_a_body("feed_content"),
        sa.PrimaryKeyConstraint("feed_body_id", "coding", name=op.f("pk_feed_content")),
    )
    _stored_as_it_is("feed_content")
    op.drop_index("ix_fragment_week", "fragment")
    op.drop_column("fragment", "week")
    op.drop_table("feed_week")
    op.drop_column("feed_scope", "whole")


def _of_a_body(table: str) -> sa.ForeignKeyConstraint:
    name = op.f(f"fk_{table}_feed_body_id_feed_body")
    return sa.ForeignKeyConstraint(["feed_body_id"], ["feed_body.id"], name=name, ondelete="CASCADE")


def _stored_as_it_is(table: str) -> None:
    """Sent as it lies: compressing megabytes at every change costs more than the disk they save."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE {table} ALTER COLUMN content SET STORAGE EXTERNAL")
