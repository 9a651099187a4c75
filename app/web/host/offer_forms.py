"""Forms by which a host says no, or gives a visit back."""

from __future__ import annotations

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf import FlaskForm
from wtforms.fields.choices import SelectChoice

from app.people.models import Host
from app.visits.models import Offer
from app.web.host.fields import ChoiceField, OptionField, required, text_area
from app.web.language import page_language
from app.web.words import choices


class DeclineOfferForm(FlaskForm):
    """Why not, and who would be better."""

    offer = ChoiceField(_l("Which question do you answer?"))
    reason = OptionField(
        _l("Why not?"),
        choices=[SelectChoice(code, words) for code, words in choices("offer_decline_reason")],
        validators=[required(_l("Choose a reason."))],
    )
    better_host = ChoiceField(
        _l("Who would be better?"),
        default="",
        description=_l("The host you name is asked next, if it has not been asked before."),
    )
    text = text_area(_l("Anything the coordinator should know?"), rows=3)

    def offer_choices(self, offers: list[Offer], hosts: list[Host]) -> None:
        """Fill in the offers that may be answered and the hosts that may be named."""
        language = page_language()
        self.offer.offer(SelectChoice(str(one.id), offer_name(one)) for one in offers)
        named = sorted((SelectChoice(host.slug, host.name_in(language)) for host in hosts), key=lambda one: one.label)
        self.better_host.offer([SelectChoice("", _("Nobody in particular")), *named])


class ReleaseForm(FlaskForm):
    """Why the visit is given back."""

    reason = text_area(_l("Why do you give it back?"), required(_l("Say why, so that the next host understands.")))


def offer_name(offer: Offer) -> str:
    """Whom was asked for what."""
    host = offer.host.name_in(page_language())
    if offer.part == "lead":
        return str(_("%(host)s as lead host", host=host))
    return str(_("%(host)s with a part", host=host))
