"""The open pages: what the city can show, privacy, accessibility."""

from __future__ import annotations

from flask import render_template

from app.strategy.settings import city_rules
from app.web import access
from app.web.language import page_language
from app.web.visitor import blueprint, choices
from app.web.visitor.city import city_texts


@blueprint.get("/")
@access.for_everyone
def front() -> str:
    """What the city can show, how a visit comes about, how long an answer takes, what is not offered."""
    return render_template(
        "visitor/front.html", themes=choices.themes(page_language()), rules=city_rules(), texts=city_texts()
    )


@blueprint.get("/privacy")
@access.for_everyone
def privacy() -> str:
    """What is collected, why, for how long, and who to ask."""
    return render_template("visitor/privacy.html", rules=city_rules(), texts=city_texts())


@blueprint.get("/accessibility")
@access.for_everyone
def accessibility() -> str:
    """How the pages are made to be usable by everybody, and where to tell what is not."""
    return render_template("visitor/accessibility.html", rules=city_rules(), texts=city_texts())
