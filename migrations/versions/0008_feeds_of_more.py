"""Feeds of places, goals, partnerships and themes; which program fetched; bodies by the hosts whose eyes they are for.

Revision ID: 0008
Revises: 0007
"""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
OLD_KINDS = "scope_kind IN ('user', 'host', 'all')"
KINDS = "scope_kind IN ('user', 'host', 'place', 'goal', 'partnership', 'theme', 'all')"


def upgrade() -> None:
    op.create_table(
        "feed_fetch",
        sa.Column("feed_id", sa.Integer(), nullable=False),
        sa.Column("program", sa.String(), nullable=False),
        sa.Column("fetched_at", TIME, nullable=False),
        sa.ForeignKeyConstraint(["feed_id"], ["feed.id"], name=op.f("fk_feed_fetch_feed_id_feed"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("feed_id", "program", name=op.f("pk_feed_fetch")),
    )
    op.execute(
        "INSERT INTO feed_fetch (feed_id, program, fetched_at) "
        "SELECT id, 'other', last_fetched_at FROM feed WHERE last_fetched_at IS NOT NULL"
    )
    with op.batch_alter_table("feed") as table:
        table.drop_constraint(op.f("ck_feed_scope_kind"), type_="check")
        table.create_check_constraint(op.f("ck_feed_scope_kind"), KINDS)
        table.drop_column("last_fetched_at")
    # What was kept ready is made anew at the next fetch.
    op.drop_table("feed_body")
    op.create_table(
        "feed_body",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("scope_kind", sa.String(), nullable=False),
        sa.Column("scope_id", sa.Integer(), nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("show_cancelled", sa.Boolean(), nullable=False),
        sa.Column("hosts", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("fresh_until", TIME, nullable=False),
        sa.Column("etag", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_feed_body")),
        sa.UniqueConstraint(
            "scope_kind", "scope_id", "level", "language", "show_cancelled", "hosts", name=op.f("uq_feed_body_shown")
        ),
    )
    op.create_table(
        "feed_content",
        sa.Column("feed_body_id", sa.Integer(), nullable=False),
        sa.Column("coding", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(
            ["feed_body_id"], ["feed_body.id"], name=op.f("fk_feed_content_feed_body_id_feed_body"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("feed_body_id", "coding", name=op.f("pk_feed_content")),
    )
    if op.get_bind().dialect.name == "postgresql":
        # Sent as it lies: compressing ten megabytes at every change costs more than the disk they save.
        op.execute("ALTER TABLE feed_content ALTER COLUMN content SET STORAGE EXTERNAL")


def downgrade() -> None:
    op.drop_table("feed_content")
    op.drop_table("feed_body")
    op.create_table(
        "feed_body",
        sa.Column("scope_kind", sa.String(), nullable=False),
        sa.Column("scope_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("level", sa.String(), nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("show_cancelled", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("hosts", sa.String(), nullable=False),
        sa.Column("fresh_until", TIME, nullable=False),
        sa.Column("etag", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.PrimaryKeyConstraint(
            "scope_kind", "scope_id", "level", "language", "show_cancelled", name=op.f("pk_feed_body")
        ),
    )
    with op.batch_alter_table("feed") as table:
        table.add_column(sa.Column("last_fetched_at", TIME, nullable=True))
    op.execute(
        "UPDATE feed SET last_fetched_at = (SELECT max(fetched_at) FROM feed_fetch WHERE feed_fetch.feed_id = feed.id)"
    )
    op.drop_table("feed_fetch")
    op.execute(f"DELETE FROM feed WHERE NOT ({OLD_KINDS})")
    with op.batch_alter_table("feed") as table:
        table.drop_constraint(op.f("ck_feed_scope_kind"), type_="check")
        table.create_check_constraint(op.f("ck_feed_scope_kind"), OLD_KINDS)
