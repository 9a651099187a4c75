"""A city's labelled texts are refused with file, line and reason like its other files."""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from dataclasses import fields
from pathlib import Path

import pytest

from app.city.catalogue import catalogue_from_files
from app.city.files import read_city
from app.city.nodes import CityFileError
from app.routing.model import FILE, model_of
from app.routing.text import read
from app.routing.weighing import LeadWeights, PartWeights

pytestmark = pytest.mark.one_engine
CASES = Path(__file__).resolve().parents[1] / "cases"
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


def test_broken_training_request_is_refused_with_its_line(city: Path) -> None:
    (city / "training" / "requests").mkdir()
    sound = {"id": "1", "request": {}, "expected": {"decision": "route", "lead": ["byutvikling"]}}
    strange = sound | {"id": "2", "expected": {"decision": "route", "lead": ["nobody"]}}
    (city / "training" / "requests" / "a.jsonl").write_text(f"{json.dumps(sound)}\n{json.dumps(strange)}\n")
    with pytest.raises(CityFileError) as refused:
        read_city(city)
    assert (refused.value.file.name, refused.value.line) == ("a.jsonl", 2)
    assert "'nobody'" in refused.value.reason


def test_city_without_a_word_model_routes_without_it(city: Path) -> None:
    (city / FILE).unlink()
    assert model_of(catalogue_from_files(city).model).read(read("purpose", "Pipes and stormwater")).lead == {}


def test_bergens_model_was_learnt_from_the_texts_that_lie_beside_it() -> None:
    model = json.loads(gzip.decompress((BERGEN / FILE).read_bytes()))
    mark = hashlib.sha256()
    for path in sorted((BERGEN / "training").glob("*.jsonl")):
        mark.update(path.read_bytes())
    assert model["learnt_from"] == mark.hexdigest()[:16], "run: make routing-model"


def test_bergens_model_was_learnt_from_the_labelled_requests_as_they_are() -> None:
    model = json.loads(gzip.decompress((BERGEN / FILE).read_bytes()))
    mark = hashlib.sha256()
    halves = ("own", "blind", "blind2", "blind3", "blind4", "inbox", "blind5")
    names = ("open", *(f"{half}-dev" for half in halves))
    for path in (*(CASES / f"{name}.jsonl" for name in names), *sorted((BERGEN / "training/requests").glob("*.jsonl"))):
        mark.update(path.read_bytes())
    assert model["requests"] == mark.hexdigest()[:16], "run: make routing-model"


def test_bergens_model_brings_a_weight_for_every_kind_of_evidence() -> None:
    weighing = json.loads(gzip.decompress((BERGEN / FILE).read_bytes()))["weighing"]
    assert set(weighing["lead"]) == {one.name for one in fields(LeadWeights)}
    assert set(weighing["usual"]) == {one.name for one in fields(LeadWeights)}
    assert set(weighing["part"]) == {one.name for one in fields(PartWeights)}
    assert set(weighing["mistake"]) == {one.name for one in fields(PartWeights)}
    model = model_of(catalogue_from_files(BERGEN).model)
    assert model.lead_weights == LeadWeights(**weighing["lead"])
    assert model.usual_weights == LeadWeights(**weighing["usual"])
    assert model.part_weights == PartWeights(**weighing["part"])
    assert model.mistake_weights == PartWeights(**weighing["mistake"])


def test_bergens_texts_teach_every_host() -> None:
    model = model_of(catalogue_from_files(BERGEN).model)
    assert len([label for kind, label in model.labels if kind == "lead"]) == 22
    assert len([label for kind, label in model.labels if kind == "host"]) == 22
    assert len([label for kind, label in model.labels if kind == "mistake"]) == 22


def test_model_names_the_host_and_the_words_that_told() -> None:
    model = model_of(catalogue_from_files(BERGEN).model)
    text = read("purpose", "Our firefighters want to train smoke diving in tunnels with your brigade.")
    lead = model.read(text, kind_of_sender="city").lead
    best = max(lead.values(), key=lambda guess: guess.share)
    assert best.label == "brannvesen"
    assert best.words
    assert set(best.words) <= {"firefighters", "train", "smoke", "diving", "tunnels", "brigade"}
