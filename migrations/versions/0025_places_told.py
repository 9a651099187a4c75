"""What calendars were told of a place is kept as text: its name and address in every language.

Invitations that lie there get the text of today, so that nobody is told anew what has not changed.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

PLACE = 6  # where the text stands in what was told
NEAREST = {"en": ("en", "nb", "nn"), "nb": ("nb", "nn", "en"), "nn": ("nn", "nb", "en")}

invitation = sa.table(
    "invitation", sa.column("id", sa.Integer), sa.column("appointment_id", sa.Integer), sa.column("told", sa.JSON)
)
appointment = sa.table("appointment", sa.column("id", sa.Integer), sa.column("place_id", sa.Integer))
place = sa.table("place", *(sa.column(name) for name in ("id", "name_en", "name_nb", "name_nn", "address")))
SHOWN = (place.c.name_en, place.c.name_nb, place.c.name_nn, place.c.address)


def upgrade() -> None:
    rows = (
        sa.select(invitation.c.id, invitation.c.told, *SHOWN)
        .join_from(invitation, appointment, appointment.c.id == invitation.c.appointment_id)
        .join(place, place.c.id == appointment.c.place_id, isouter=True)
    )
    for row in op.get_bind().execute(rows).all():
        if len(row.told) == PLACE:
            _write(row.id, [*row.told, _words(row) if row.address is not None else {}])


def downgrade() -> None:
    for row in op.get_bind().execute(sa.select(invitation.c.id, invitation.c.told)).all():
        _write(row.id, row.told[:PLACE])


def _write(number: int, told: list[object]) -> None:
    op.get_bind().execute(sa.update(invitation).where(invitation.c.id == number).values(told=told))


def _words(row: sa.Row) -> dict[str, str]:
    names = {"en": row.name_en, "nb": row.name_nb, "nn": row.name_nn}
    found = {code: next((names[one] for one in order if names[one]), "") for code, order in NEAREST.items()}
    return {code: ", ".join(filter(None, (name, row.address))) for code, name in found.items()}
