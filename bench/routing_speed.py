"""Routing's speed: a decision among up to 2,000 hosts, beside one TF-IDF query over the same hosts' texts.

Run: .venv/bin/python bench/routing_speed.py [--write]   needs requirements-bench.txt (scikit-learn); --write records
the ratios in bench/routing_speed.json. The city is Bergen's, copied with other slugs and shuffled words until it is
large enough; the texts have 3,000 characters. Only ratios of one run mean something on another machine.
"""

from __future__ import annotations

import json
import random
import resource
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics.pairwise import linear_kernel

# Measured from here: scikit-learn is not the application's.
STARTED, BARE = time.perf_counter(), resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app.city.catalogue import catalogue_from_files
from app.routing import Catalogue, Enquiry, HostProfile, ThemeProfile, TopicProfile, propose
from app.routing.cases import read_cases
from app.routing.model import model_of

RECORD = ROOT / "bench" / "routing_speed.json"
CASES = ROOT / "tests" / "cases" / "open.jsonl"
CITY = ROOT / "app" / "city" / "data" / "bergen"
LENGTH = 3000  # characters
HOSTS, THEMES = 1000, 200
SIZES = (250, 500, 1000, 2000)
ROUNDS = 3


def main() -> None:
    """Print a table; record the ratios if asked."""
    found: dict[str, float] = {}
    catalogue = start(found)
    lines = CASES.read_text(encoding="utf-8").splitlines()
    enquiries = [replace(one, purpose=(f"{one.purpose} " * 60)[:LENGTH]) for one in read_cases(lines) if one.purpose]
    print(f"\n{'':34}{'ms':>8}")
    here = milliseconds(partial(propose, catalogue=catalogue), enquiries)
    print(f"{f'decision, {len(catalogue.hosts)} hosts, {len(catalogue.themes)} themes':34}{here:8.1f}")
    times = {}
    for size in SIZES:
        grown = larger(catalogue, size, THEMES)
        times[size] = milliseconds(partial(propose, catalogue=grown), enquiries)
        print(f"{f'decision, {size} hosts, {THEMES} themes':34}{times[size]:8.1f}")
    found |= {f"hosts {size} / hosts {HOSTS}": round(times[size] / times[HOSTS], 2) for size in SIZES}
    compare(larger(catalogue, HOSTS, THEMES), enquiries, times[HOSTS], found)
    if "--write" in sys.argv[1:]:
        RECORD.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


def start(found: dict[str, float]) -> Catalogue:
    """What the room costs before its first answer, step by step, in seconds and megabytes."""
    print(f"{'start-up':34}{'s':>8}{'MB':>8}")
    step("imports", STARTED, BARE)
    begun, used = time.perf_counter(), memory()
    catalogue = catalogue_from_files(CITY)
    step("reading the city's files", begun, used)
    begun, used = time.perf_counter(), memory()
    model_of(catalogue.model)
    step("reading the word model", begun, used)
    first = next(iter(read_cases(CASES.read_text(encoding="utf-8").splitlines())))
    begun, used = time.perf_counter(), memory()
    propose(first, catalogue)
    cold = step("first decision (word indexes)", begun, used)
    begun = time.perf_counter()
    propose(first, catalogue)
    found["first decision / second"] = round(cold / (time.perf_counter() - begun))
    step("all together", STARTED, BARE)
    return catalogue


def memory() -> int:
    """The most memory this process has used, in kB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


def step(name: str, begun: float, used: int) -> float:
    """Print a line; the seconds since."""
    seconds = time.perf_counter() - begun
    print(f"{name:34}{seconds:8.2f}{(memory() - used) / 1024:8.0f}")
    return seconds


def milliseconds(decide: Callable[[Enquiry], object], enquiries: list[Enquiry]) -> float:
    """The processor time of one call, the best round's mean, after one round that is not counted."""
    means = []
    for _ in range(ROUNDS + 1):
        begun = time.process_time()
        for enquiry in enquiries:
            decide(enquiry)
        means.append((time.process_time() - begun) / len(enquiries) * 1000)
    return min(means[1:])


def larger(catalogue: Catalogue, hosts: int, themes: int) -> Catalogue:
    """The city with so many hosts and themes: copies under other slugs, with the letters of their words shuffled.

    Every theme keeps its own copy's hosts, so that all hosts answer for something.
    """
    dice = random.Random(7)
    host_copies = -(-hosts // len(catalogue.hosts))
    theme_copies = -(-themes // len(catalogue.themes))
    more_hosts = [_host(one, copy, dice) for copy in range(host_copies) for one in catalogue.hosts][:hosts]
    known = {host.slug for host in more_hosts}
    more_themes = []
    for at, one in enumerate((copy, theme) for copy in range(theme_copies) for theme in catalogue.themes):
        if at < themes:
            copies = [number for number in range(host_copies) if number % theme_copies == one[0]]
            more_themes.append(_theme(one[1], one[0], copies or [one[0] % host_copies], known, dice))
    return replace(catalogue, hosts=tuple(more_hosts), themes=tuple(more_themes))


def _slug(slug: str, copy: int) -> str:
    return f"{slug}-{copy}" if copy else slug


def _shuffled(text: str, copy: int, dice: random.Random) -> str:
    """Each word with its inner letters in another order; the first copy stays as it is."""
    if not copy:
        return text
    return " ".join(_stirred(word, dice) if word.isalpha() else word for word in text.split())


def _stirred(word: str, dice: random.Random) -> str:
    return word[:1] + "".join(dice.sample(word[1:], len(word) - 1))


def _host(host: HostProfile, copy: int, dice: random.Random) -> HostProfile:
    names = tuple(_shuffled(name, copy, dice) for name in host.names)
    return replace(host, slug=_slug(host.slug, copy), owner=_slug(host.owner, copy) if host.owner else "", names=names)


def _hosts(hosts: Mapping[str, float], copies: list[int], known: set[str]) -> dict[str, float]:
    made = {_slug(slug, number): weight for number in copies for slug, weight in hosts.items()}
    return {slug: weight for slug, weight in made.items() if slug in known}


def _theme(theme: ThemeProfile, copy: int, copies: list[int], known: set[str], dice: random.Random) -> ThemeProfile:
    topics = tuple(_topic(topic, copy, copies, known, dice) for topic in theme.topics)
    return replace(theme, slug=_slug(theme.slug, copy), hosts=_hosts(theme.hosts, copies, known), topics=topics)


def _topic(topic: TopicProfile, copy: int, copies: list[int], known: set[str], dice: random.Random) -> TopicProfile:
    words = {
        language: {_shuffled(word, copy, dice): weight for word, weight in weights.items()}
        for language, weights in topic.words.items()
    }
    return replace(topic, words=words, hosts=_hosts(topic.hosts, copies, known))


def texts(catalogue: Catalogue, languages: frozenset[str]) -> list[str]:
    """Each host's text: its names, and the words of all subjects that it answers for, in these languages."""
    found = {host.slug: list(host.names) for host in catalogue.hosts}
    for theme in catalogue.themes:
        for topic in theme.topics:
            words = [word for language in languages & topic.words.keys() for word in topic.words[language]]
            for slug in topic.hosts or theme.hosts:
                if slug in found:
                    found[slug] += words
    return [" ".join(words) for words in found.values()]


def ask(vectorizer: TfidfVectorizer, hosts: Any, enquiry: Enquiry) -> Any:
    """The hosts' likeness to the request's text."""
    return linear_kernel(vectorizer.transform([enquiry.purpose]), hosts)


def compare(catalogue: Catalogue, enquiries: list[Enquiry], decision: float, found: dict[str, float]) -> None:
    """One TF-IDF query per text over the hosts' texts: in every language that routing reads, and in English alone."""
    everything = frozenset(language for theme in catalogue.themes for topic in theme.topics for language in topic.words)
    for name, languages in (("all languages", everything), ("English only", frozenset({"en"}))):
        vectorizer = TfidfVectorizer()
        hosts = vectorizer.fit_transform(texts(catalogue, languages))
        query = milliseconds(partial(ask, vectorizer, hosts), enquiries)
        found[f"decision / TF-IDF query, {name}"] = round(decision / query, 2)
        print(f"{f'TF-IDF query, {name}':34}{query:8.1f}   a decision takes {decision / query:.1f} times as long")


if __name__ == "__main__":
    main()
