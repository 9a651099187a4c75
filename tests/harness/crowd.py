"""Many at once, against two real web servers on one database: signed-in people whose requests start together."""

from __future__ import annotations

import http.client
import secrets
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Barrier
from urllib.parse import urlencode, urlsplit

import pytest
from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer

from tests.harness.engines import ScratchDatabase
from tests.harness.web import start_server


@dataclass(frozen=True, slots=True)
class Post:
    """One form that somebody sends."""

    user: str
    path: str
    form: dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    text: str
    location: str


@dataclass(frozen=True)
class Crowd:
    """`crowd.send([...])` sends all of them in the same moment, to the nodes in turn."""

    app: Flask
    nodes: tuple[str, ...]

    def send(self, posts: list[Post]) -> list[Answer]:
        barrier = Barrier(len(posts))

        def one(number: int) -> Answer:
            post, node = posts[number], self.nodes[number % len(self.nodes)]
            headers, body = self._signed(post)
            connection = http.client.HTTPConnection(urlsplit(node).netloc, timeout=120)
            connection.connect()
            barrier.wait()
            connection.request("POST", post.path, body, headers)
            answer = connection.getresponse()
            text = answer.read().decode()
            connection.close()
            return Answer(answer.status, text, answer.getheader("Location") or "")

        with ThreadPoolExecutor(len(posts)) as pool:
            return list(pool.map(one, range(len(posts))))

    def _signed(self, post: Post) -> tuple[dict[str, str], str]:
        """The cookie of a session, and the form with the token that fits it."""
        raw = secrets.token_hex(20)
        serializer = SecureCookieSessionInterface().get_signing_serializer(self.app)
        assert serializer is not None
        cookie = serializer.dumps({"_user_id": post.user, "_fresh": True, "csrf_token": raw})
        token = URLSafeTimedSerializer(self.app.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(raw)
        headers = {
            "Cookie": f"{self.app.config['SESSION_COOKIE_NAME']}={cookie}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        return headers, urlencode(post.form | {"csrf_token": str(token)})


@pytest.fixture(scope="session")
def second_node(
    settings: dict[str, str], database: ScratchDatabase, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Another web server on the same database."""
    url, process = start_server(settings, tmp_path_factory.mktemp("second") / "log")
    yield url
    process.terminate()
    process.wait(15)


@pytest.fixture
def crowd(app: Flask, live_server: str, second_node: str) -> Crowd:
    """People at two nodes."""
    return Crowd(app, (live_server, second_node))
