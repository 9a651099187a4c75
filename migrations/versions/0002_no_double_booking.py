"""The database refuses double bookings of a contact person and of an exclusive place.

Every appointment that is not cancelled excludes others of the same person, and of the same exclusive place:
PostgreSQL by exclusion constraints, SQLite by triggers. Check-then-insert double-books under load; this does not.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

RULES = {"appointment_person_overlap": "contact_id", "appointment_place_overlap": "exclusive_place_id"}
SPAN = "tstzrange(starts_at, ends_at)"


def upgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        op.execute("CREATE EXTENSION IF NOT EXISTS btree_gist")
        for name, column in RULES.items():
            op.execute(
                f"ALTER TABLE appointment ADD CONSTRAINT {name} EXCLUDE USING gist ({column} WITH =, {SPAN} WITH &&) "
                f"WHERE (status <> 'cancelled' AND {column} IS NOT NULL)"
            )
        return
    for name, column in RULES.items():
        for event in ("INSERT", "UPDATE"):
            op.execute(_trigger(name, column, event))


def downgrade() -> None:
    for name in RULES:
        if op.get_bind().dialect.name == "postgresql":
            op.execute(f"ALTER TABLE appointment DROP CONSTRAINT {name}")
        else:
            op.execute(f"DROP TRIGGER {name}_insert")
            op.execute(f"DROP TRIGGER {name}_update")


def _trigger(name: str, column: str, event: str) -> str:
    return f"""
        CREATE TRIGGER {name}_{event.lower()} BEFORE {event} ON appointment
        WHEN NEW.status <> 'cancelled' AND NEW.{column} IS NOT NULL AND EXISTS (
            SELECT 1 FROM appointment AS other
            WHERE other.{column} = NEW.{column} AND other.status <> 'cancelled' AND other.id IS NOT NEW.id
            AND other.starts_at < NEW.ends_at AND other.ends_at > NEW.starts_at
        )
        BEGIN SELECT RAISE(ABORT, '{name}'); END
    """
