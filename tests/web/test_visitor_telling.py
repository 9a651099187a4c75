"""What the visitor tells on their page: messages, answers to questions, who comes."""

from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import select

from app.core.time import now
from app.people.actors import by_user
from app.visits import lifecycle, talking
from app.visits.models import Visit
from app.visits.programme_models import Delegate, Message
from tests import cast
from tests.factories import make_visit
from tests.harness.web import CarefulClient
from tests.web.visitor_form import error_links
from tests.web.visitor_pages import a_visit


def test_message_reaches_the_host_and_markup_stays_text(client: CarefulClient, store: Any, clock: Any) -> None:
    token = a_visit(store, "claimed")
    answer = client.post(f"/v/{token}/messages", data={"body": '5 < 6 & "quotes"\r\nsecond line'})
    assert answer.location == f"/v/{token}#messages"
    with store() as session:
        message = session.scalars(select(Message)).one()
        assert (message.kind, message.body, message.user_id) == ("message", '5 < 6 & "quotes"\nsecond line', None)
    assert "5 &lt; 6 &amp;" in client.get(f"/v/{token}").text


def test_answer_to_a_question_starts_the_clock_again(client: CarefulClient, store: Any, clock: Any) -> None:
    token = a_visit(store, "offered")
    with store() as session:
        visit = session.scalars(select(Visit)).one()
        (kari,) = cast.bring(cast.KARI)
        lifecycle.ask_visitor(visit, "How many are you?", by=by_user(kari))
    assert "We have a question for you" in client.get(f"/v/{token}").text
    client.post(f"/v/{token}/messages", data={"body": "Seven."})
    with store() as session:
        assert [message.kind for message in session.scalars(select(Message))] == ["question", "answer"]
    assert "We have a question for you" not in client.get(f"/v/{token}").text


@pytest.mark.parametrize(
    "typed", ["", "x" * 100_000, "<script>x</script>", "\u202eabc"], ids=["empty", "long", "tag", "bidi"]
)
def test_bad_message_gives_a_field_error_and_comes_back(
    client: CarefulClient, store: Any, clock: Any, typed: str
) -> None:
    token = a_visit(store, "claimed")
    answer = client.post(f"/v/{token}/messages", data={"body": typed})
    assert (answer.status_code, error_links(answer)) == (422, ["body"])
    assert typed.replace("<", "&lt;").replace(">", "&gt;") in answer.text


def test_delegates_are_entered_after_the_claim_with_consent_for_needs(
    client: CarefulClient, store: Any, clock: Any
) -> None:
    token = a_visit(store, "claimed")
    person = {"name": "Fatima El Idrissi", "title": "Engineer", "needs": "Step-free access"}
    without = client.post(f"/v/{token}/delegates", data=person)
    assert (without.status_code, error_links(without)) == (422, ["consent"])
    assert "Step-free access</textarea>" in without.text
    client.post(f"/v/{token}/delegates", data={**person, "consent": "y"})
    with store() as session:
        one = session.scalars(select(Delegate)).one()
        assert (one.name, one.title, one.needs, one.needs_consent_at is None) == (*person.values(), False)
        delegate_id = one.id
    client.post(f"/v/{token}/delegates/{delegate_id}/remove")
    with store() as session:
        assert session.scalars(select(Delegate)).all() == []


def test_a_full_list_of_delegates_takes_nobody_more(
    client: CarefulClient, store: Any, clock: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(talking, "MOST_DELEGATES", 2)
    token = a_visit(store, "claimed")
    answers = [client.post(f"/v/{token}/delegates", data={"name": f"Person {n}"}).status_code for n in range(3)]
    refused = client.post(f"/v/{token}/delegates", data={"name": "Fatima"})
    assert (answers, refused.status_code, error_links(refused)) == ([303, 303, 422], 422, ["name"])
    assert "The list is full." in refused.text
    assert 'value="Fatima"' in refused.text
    with store() as session:
        assert len(session.scalars(select(Delegate)).all()) == 2


def test_delegates_of_another_visit_cannot_be_removed(client: CarefulClient, store: Any, clock: Any) -> None:
    token = a_visit(store, "claimed")
    with store() as session:
        ola = session.scalars(select(Visit)).one().lead_user
        other = make_visit("claimed", user=ola, at=now())
        delegate_id = lifecycle.add_delegate(other, name="Somebody").id
    assert client.post(f"/v/{token}/delegates/{delegate_id}/remove").status_code == 404
    with store() as session:
        assert session.get(Delegate, delegate_id) is not None


def test_delegates_are_not_asked_for_before_the_claim(client: CarefulClient, store: Any, clock: Any) -> None:
    assert 'id="delegates"' not in client.get(f"/v/{a_visit(store, 'offered')}").text
