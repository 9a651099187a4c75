"""Sentences for the codes of routing's reasons, and names for the fields they were found in."""

from __future__ import annotations

from collections.abc import Mapping

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

# The field a reason was found in, as it stands inside a sentence.
FIELDS: Mapping[str, LazyString] = {
    "purpose": _l("the purpose"),
    "themes": _l("the ticked themes"),
    "organisation": _l("the organisation's name"),
    "organisation_type": _l("the kind of organisation"),
    "country": _l("the country"),
    "city": _l("the city"),
    "website": _l("the website"),
    "on_behalf_of": _l("the name of those they write for"),
    "head_name": _l("the name of the delegation's head"),
    "head_title": _l("the title of the delegation's head"),
    "head_level": _l("the level of the delegation's head"),
    "group_size": _l("the number of people"),
    "languages": _l("the languages they speak"),
    "interpreter_needed": _l("the wish for an interpreter"),
    "windows": _l("the dates"),
    "wanted_hosts": _l("the wished hosts"),
    "relation": _l("the relation to the city"),
    "previous_visit": _l("the earlier visit"),
    "event": _l("the larger event"),
    "in_return": _l("what they offer in return"),
}
# The first key that exists and has what its sentence needs is used: "code/field", "code/words", "code".
# %(subject)s is a theme, host, partnership or occasion by name; %(words)s what the visitor wrote, quoted; %(plain)s
# the same without quotation marks; %(field)s as above; %(count)d the weight as a number.
SENTENCES: Mapping[str, LazyString] = {
    "answers-for/themes": _l("They ticked the theme %(subject)s, which this host answers for."),
    "answers-for/words": _l("This host answers for %(subject)s. Words in %(field)s: %(words)s."),
    "answers-for": _l("This host answers for %(subject)s."),
    "resembles/words": _l("Earlier requests in such words belonged here: %(words)s."),
    "resembles": _l("The text as a whole resembles requests that belonged here."),
    "sender-resembles/words": _l("Requests in words like those of %(field)s belonged here: %(words)s."),
    "sender-resembles": _l("The sender's name and title resemble requests that belonged here."),
    "colleague": _l("The sender works with %(subject)s as well: %(words)s."),
    "ticked": _l("They ticked the theme %(subject)s."),
    "wished": _l("They wish to meet this host: %(words)s."),
    "named": _l("They name this host in %(field)s: %(words)s."),
    "network": _l("They come through the network %(subject)s."),
    "through-network": _l("The network they come through works with %(subject)s."),
    "owner": _l("%(subject)s, which answers for the subject, belongs to this department."),
    "does-the-work": _l("This host does the work itself; it belongs to %(subject)s."),
    "nordic-twin": _l("They come from the Nordic twin city %(subject)s, whose administration is met here."),
    "twin": _l("They come from the twin city %(subject)s."),
    "ceremonial": _l("They wish for a ceremony or a courtesy call, which this host represents the city at."),
    "level/words": _l("The head of the delegation has a high rank: %(plain)s."),
    "level": _l("The head of the delegation has a high rank."),
    "out-of-office": _l("Nobody is there on any of the wished days: %(dates)s."),
    "quiet-period": _l("It receives no visits on any of the wished days: %(dates)s."),
    "over-cap/weekly_cap": _l("It already receives as many visits as it takes in the wished weeks: %(plain)s."),
    "over-cap/monthly_cap": _l("It already receives as many visits as it takes in the wished months: %(plain)s."),
    "too-short-notice": _l("It needs more notice than there is: %(plain)s days."),
    "language-lacking": _l("The delegation speaks none of the languages it receives in: %(languages)s."),
    "spread-load": _l("It fits as well as %(subject)s, and has led fewer visits this year."),
    "earlier-host": _l("It led an earlier visit of the same organisation."),
    "sender-type": _l("It suits the kind of organisation that asks."),
    "coordinates": _l("This host coordinates the city's international work."),
    "serves/themes": _l("The ticked theme %(subject)s serves this goal."),
    "serves/words": _l("%(subject)s serves this goal. Words in %(field)s: %(words)s."),
    "serves": _l("%(subject)s serves this goal."),
    "building-up": _l("The country is building up such services."),
    "same-as": _l("It is much like an earlier request from %(plain)s."),
    "unsafe": _l("Code or a formula stands in %(field)s: %(words)s."),
    "size": _l("The number of people is %(plain)s."),
    "asked": _l("They ask for it themselves."),
    "languages": _l("Languages they speak: %(languages)s."),
    "no-subject": _l("No subject was recognised in what they write."),
    "field": _l("They write about it in %(field)s: %(words)s."),
    "occasion": _l("It is tied to %(subject)s."),
    "namesake": _l("Words that belong to another place of the same name: %(words)s."),
    "selling": _l("Words of a sales visit: %(words)s."),
    "leisure": _l("Words of a private trip: %(words)s."),
    "letter": _l("They ask for a letter: %(words)s."),
    "dates": _l("All wished dates are past: %(dates)s."),
    "notice": _l("Days from the request to the first wished date: %(count)d."),
    "days-off": _l("All wished days are weekends or public holidays: %(dates)s."),
    "words/words": _l("Words in %(field)s: %(words)s."),
    "learned-more": _l("For %(subject)s it counts more than it did at first: learned from %(plain)s visits."),
    "learned-less": _l("For %(subject)s it counts less than it did at first: learned from %(plain)s visits."),
    # what any other code falls back to
    "words": _l("Words in %(field)s point to %(subject)s: %(words)s."),
    "about": _l("It has to do with %(subject)s."),
    "because": _l("This follows from %(field)s."),
}
