"""A city's labelled texts are refused with file, line and reason like its other files."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from app.city.catalogue import catalogue_from_files
from app.city.files import read_city
from app.city.nodes import CityFileError
from app.routing.model import trained_model

pytestmark = pytest.mark.one_engine
BERGEN = Path(__file__).resolve().parents[2] / "app" / "city" / "data" / "bergen"
SOUND = {
    "purpose": "Pipes",
    "themes": ["water"],
    "lead": ["byutvikling"],
    "co_hosts": [],
    "priorities": [],
    "sdgs": [6],
}


@pytest.fixture
def city(tmp_path: Path) -> Path:
    """A copy of Bergen with one labelled text."""
    shutil.copytree(BERGEN, tmp_path / "city", ignore=shutil.ignore_patterns("training", "sample"))
    (tmp_path / "city" / "training").mkdir()
    return tmp_path / "city"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{", "this is not JSON"),
        ("[]", "needs a purpose"),
        (json.dumps(SOUND | {"lead": ["nobody"]}), "'nobody'"),
        (json.dumps(SOUND | {"themes": "water"}), "themes must be a list"),
        (json.dumps(SOUND | {"sdgs": [18]}), "from 1 to 17"),
    ],
)
def test_broken_text_is_refused_with_its_line(city: Path, line: str, reason: str) -> None:
    (city / "training" / "a.jsonl").write_text(json.dumps(SOUND) + "\n\n" + line + "\n")
    with pytest.raises(CityFileError) as refused:
        read_city(city)
    assert (refused.value.file.name, refused.value.line) == ("a.jsonl", 3)
    assert reason in refused.value.reason


def test_city_without_texts_routes_without_a_word_model(city: Path) -> None:
    folder = catalogue_from_files(city).training
    assert trained_model(folder).read("Pipes and stormwater")["host"] == ()


def test_bergens_texts_teach_every_host() -> None:
    model = trained_model(catalogue_from_files(BERGEN).training)
    assert model.texts >= 900
    assert len(model.labellers["host"].base) == 22


def test_model_names_the_host_and_the_words_that_told() -> None:
    model = trained_model(catalogue_from_files(BERGEN).training)
    best = model.read("Our firefighters want to train smoke diving in tunnels with your brigade.")["host"][0]
    assert best.label == "brannvesen"
    assert set(best.words) <= {"firefighters", "train", "smoke", "diving", "tunnels", "brigade"}
