"""One person under two writings of a name: an initial or a pet name may stand for a whole name, another one may not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from app.routing.same_people import same_person
from tests.routing.test_understanding import PLAIN

SAME = [
    ("Sun Weiming", "W. Sun"),
    ("Sun Weiming", "Weiming Sun"),
    ("Sun Weiming", "SUN Wei-Ming"),
    ("Sun Weiming", "Dr. Sun W. M."),
    ("Kovács István", "István Kovács"),
    ("Kovács István", "I. Kovacs"),
    ("Kovács István", "Pista Kovács"),
    ("Nguyễn Thị Hoa", "Hoa Nguyen"),
    ("Kim Tae-woo", "Mr. T. W. Kim"),
    ("Thomas Berg", "Tom Berg"),
    ("Katherine O'Neill", "Kate O’Neill"),
    ("Robert Lang", "Bob Lang"),
    ("Aleksandr Petrov", "Alexander Petrov"),
    ("Mohammed Hassan", "Muhamad Hassan"),
    ("Sofie Lund", "Sophie Lund"),
    ("Margrethe Dahl", "Margerthe Dahl"),
    ("Erik Holm", "Eric Holm"),
    ("Rubén Flores", "Rubén Cuamatzi Flores"),
    ("Rubén Cuamatzi", "Rubén Cuamatzi Flores"),
    ("Anna Maria Rossi", "A. M. Rossi"),
    ("Jean-Pierre Morel", "J.-P. Morel"),
    ("Jean-Pierre Morel", "Jean Pierre Morel"),
    ("Berg", "Thomas Berg"),
]
OTHERS = [
    ("Sun Weiming", "Sun Weidong"),
    ("Sun Weiming", "Weidong Sun"),
    ("Sun Weiming", "Sun Weiling"),
    ("Sun Wei Ming", "Sun Wei Dong"),
    ("Sun Wei", "Sun Weiming"),
    ("Sun Weiming", "Y. Sun"),
    ("Sun Weiming", "Sun W. D."),
    ("Kim Tae-woo", "Kim Tae-ho"),
    ("Kim Tae-woo", "Kim Jae-woo"),
    ("Kovács István", "Kovács Imre"),
    ("Kovács István", "Ilona Kovács"),
    ("Anna Berg", "Arne Berg"),
    ("Maria Rossi", "Marco Rossi"),
    ("Martin Dahl", "Magnus Dahl"),
    ("Anne Morel", "Anne Girard"),
    ("Jean-Pierre Morel", "Jean-Paul Morel"),
    ("Thomas Berg", "Tor Berg"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_person_in_two_writings(one: str, other: str) -> None:
    assert same_person(replace(PLAIN, head_name=one), replace(PLAIN, head_name=other))
    assert same_person(replace(PLAIN, head_name=other), replace(PLAIN, head_name=one))


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_two_whole_names_are_two_people(one: str, other: str) -> None:
    assert not same_person(replace(PLAIN, head_name=one), replace(PLAIN, head_name=other))
    assert not same_person(replace(PLAIN, head_name=other), replace(PLAIN, head_name=one))
