"""A contact person said no to the invitation: keep them all the same, or look at it again."""

from __future__ import annotations

from flask import flash
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from app.extensions import db
from app.visits.declined_contacts import keep_contact, look_at_contact_again
from app.web import access
from app.web.host import blueprint
from app.web.host.acting import acting_for
from app.web.host.offers import to_visit
from app.web.host.programme import APPOINTMENT, editable


@blueprint.post(APPOINTMENT + "/declined/keep")
@access.for_hosts
def keep_declined(ref: str, appointment_id: int) -> Response:
    """The person stays in the programme; it stands no longer as something to do."""
    stop = editable(ref, appointment_id)
    keep_contact(stop, by=acting_for(stop.visit, stop.host))
    db.session.commit()
    flash(_("%(title)s stays as it is. You can take that back under Next.", title=stop.title), "success")
    return to_visit(stop.visit, section="next")


@blueprint.post(APPOINTMENT + "/declined/look-again")
@access.for_hosts
def look_at_declined_again(ref: str, appointment_id: int) -> Response:
    """It stands as something to do again."""
    stop = editable(ref, appointment_id)
    look_at_contact_again(stop, by=acting_for(stop.visit, stop.host))
    db.session.commit()
    return to_visit(stop.visit, section="next")
