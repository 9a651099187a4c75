"""The people of bench/load.py, in a process of their own: pages, feeds, and requests for visits written step by step.

Run: python bench/side/people.py < plan.json. Everybody keeps a connection, as browsers do, and draws what to do next
from the plan's shares. An answer counts as an error unless it has exactly the status that was to come.
"""

from __future__ import annotations

import html
import http.client
import json
import random
import re
import secrets
import sys
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Barrier, Lock, Thread
from typing import Any
from urllib.parse import urlencode

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.web.visitor_form import STEPS

FIELD = re.compile(r'name="(csrf_token|carried)" value="([^"]*)"')
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
READ_SECONDS = 2.1  # faster is a robot, which is asked to press once more
Row = tuple[str, float, str]  # the kind of request, its seconds, what was wrong with the answer


@dataclass(frozen=True, slots=True)
class Answer:
    """What came; nothing where the connection broke."""

    status: int = 0
    text: str = ""
    cookies: list[str] = field(default_factory=list)
    etag: str = ""


@dataclass(slots=True)
class Caller:
    """One person's kept connection."""

    port: int
    rows: list[Row]
    connection: http.client.HTTPConnection = field(init=False)

    def __post_init__(self) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)

    def call(
        self, kind: str, path: str, expected: int, *, form: dict[str, Any] | None = None, **headers: str
    ) -> Answer:
        """One request and its measured answer."""
        body = urlencode(form, doseq=True) if form is not None else None
        begun, answer = time.perf_counter(), Answer()
        try:
            self.connection.request("POST" if body else "GET", path, body, headers | (FORM if body else {}))
            got = self.connection.getresponse()
            cookies = got.headers.get_all("Set-Cookie") or []
            answer = Answer(got.status, got.read().decode(), cookies, got.headers.get("ETag", ""))
            wrong = "" if answer.status == expected else f"{answer.status}, not {expected}: {path[:20]}"
        except (OSError, http.client.HTTPException) as error:
            wrong = repr(error)
            self.connection.close()
        self.rows.append((kind, time.perf_counter() - begun, wrong))
        return answer


@dataclass(slots=True)
class Walk:
    """Somebody's request for a visit: four pages of answers, what they come to, and the button."""

    jar: dict[str, str] = field(default_factory=dict)
    step: int = 0
    begun: float = field(default_factory=time.monotonic)
    hidden: dict[str, str] = field(default_factory=dict)

    @property
    def is_written(self) -> bool:
        """Only the button is left to press."""
        return self.step > len(STEPS)

    @property
    def is_sent(self) -> bool:
        """The button was pressed."""
        return self.step > len(STEPS) + 1

    @property
    def may_go_on(self) -> bool:
        """Nobody reads faster."""
        return not self.is_written or time.monotonic() - self.begun > READ_SECONDS

    def go_on(self, caller: Caller) -> None:
        """The next page and its answers; or the page that shows them all; or the button."""
        if self.is_written:
            self._ask(caller, "send", "/request/check", 303, self.hidden)
        elif self.step == len(STEPS):
            self._ask(caller, "step", "/request/check", 200)
        else:
            url, answers = STEPS[self.step]
            self._ask(caller, "step", url, 200)
            mine = {"contact_email": f"{secrets.token_hex(6)}@example.org"} if "contact_email" in answers else {}
            self._ask(caller, "step", url, 303, {**answers, **mine, **self.hidden})
        self.step += 1

    def _ask(self, caller: Caller, kind: str, path: str, expected: int, form: dict[str, Any] | None = None) -> None:
        cookies = {"Cookie": "; ".join(f"{name}={value}" for name, value in self.jar.items())} if self.jar else {}
        answer = caller.call(kind, path, expected, form=form, **cookies)
        for one in answer.cookies:
            name, _, value = one.partition(";")[0].partition("=")
            self.jar[name] = value
        if form is None:
            self.hidden = {name: html.unescape(value) for name, value in FIELD.findall(answer.text)}


@dataclass
class Crowd:
    """Everybody; `plan` says how many, what they do and how often."""

    plan: dict[str, Any]
    rows: list[Row] = field(default_factory=list)
    walks: deque[Walk] = field(default_factory=deque)
    lock: Lock = field(default_factory=Lock)

    def __post_init__(self) -> None:
        self.chance = random.Random(self.plan["seed"])
        self.names, self.weights = zip(*((name, do["share"]) for name, do in self.plan["does"].items()), strict=True)
        self.barrier = Barrier(self.plan["people"] + 1, action=self._begin)
        self.drawn, self.begun = 0, 0.0
        self.etags: dict[str, str] = {}

    def run(self) -> dict[str, Any]:
        """All of it; how long it took, and every request's row."""
        threads = [Thread(target=self._be_somebody, daemon=True) for _ in range(self.plan["people"])]
        for thread in threads:
            thread.start()
        self.barrier.wait()
        for thread in threads:
            thread.join()
        return {"seconds": time.monotonic() - self.begun, "rows": self.rows}

    def _begin(self) -> None:
        self.begun = time.monotonic()

    def _be_somebody(self) -> None:
        caller = Caller(self.plan["port"], self.rows)
        caller.call("connect", "/healthz", 200)
        self.barrier.wait()
        while (due := self._next()) is not None:
            name, call, wait = due
            if wait > 0:
                time.sleep(wait)
            if name == "submissions":
                self._write_a_request(caller)
            elif call.get("known"):
                self._look_for_news(caller, call["path"])
            else:
                caller.call(name, call["path"], 200, **call["headers"])

    def _look_for_news(self, caller: Caller, path: str) -> None:
        """A feed that the program has already, once anybody's has."""
        known = self.etags.get(path)
        if known:
            caller.call("feeds unchanged", path, 304, **{"If-None-Match": known})
        else:
            self.etags[path] = caller.call("feeds", path, 200).etag

    def _next(self) -> tuple[str, dict[str, Any], float] | None:
        """What to do now, and how long to wait before it where there is a rate."""
        with self.lock:
            if len(self.rows) >= self.plan["requests"] + self.plan["people"]:
                return None
            name = self.chance.choices(self.names, self.weights)[0]
            calls = self.plan["does"][name].get("calls") or [{}]
            self.drawn += 1
            rate = self.plan.get("per second")
            wait = self.begun + self.drawn / rate - time.monotonic() if rate else 0.0
            return name, self.chance.choice(calls), wait

    def _write_a_request(self, caller: Caller) -> None:
        with self.lock:
            ready = next((walk for walk in self.walks if walk.may_go_on), None)
            if ready:
                self.walks.remove(ready)
        walk = ready or Walk()
        walk.go_on(caller)
        if not walk.is_sent:
            with self.lock:
                self.walks.append(walk)


def sending(plan: dict[str, Any]) -> dict[str, Any]:
    """Requests that are written already are sent, as many forms to the bare application, in turn; seconds of each."""
    rows: list[Row] = []
    callers: deque[Caller] = deque(Caller(plan["port"], rows) for _ in range(plan["people"]))
    bare: deque[Caller] = deque(Caller(plan["bare_port"], rows) for _ in range(plan["people"]))
    walks = [Walk() for _ in range(plan["send"])]
    whole = {name: value for _url, answers in STEPS for name, value in answers.items()}
    took: dict[str, list[float]] = {"send": [], "insert": []}
    with ThreadPoolExecutor(plan["people"]) as pool:
        for _step in range(len(STEPS) + 1):
            list(pool.map(lambda walk: _lent(callers, walk.go_on), walks))
        time.sleep(READ_SECONDS)
        for some in (walks[at : at + plan["at once"]] for at in range(0, len(walks), plan["at once"])):
            took["send"].append(_seconds(pool, [partial(_lent, callers, walk.go_on) for walk in some]))
            insert = partial(_lent, bare, lambda caller: caller.call("insert", "/", 303, form=whole))
            took["insert"].append(_seconds(pool, [insert] * len(some)))
    return {"seconds": took, "rows": rows}


def _lent(callers: deque[Caller], work: Callable[[Caller], object]) -> None:
    caller = callers.pop()
    work(caller)
    callers.append(caller)


def _seconds(pool: ThreadPoolExecutor, work: list[Callable[[], None]]) -> float:
    begun = time.monotonic()
    list(pool.map(lambda one: one(), work))
    return time.monotonic() - begun


if __name__ == "__main__":
    asked = json.load(sys.stdin)
    json.dump(sending(asked) if "send" in asked else Crowd(asked).run(), sys.stdout)
