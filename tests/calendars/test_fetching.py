"""Addresses that people type in are fetched from the open internet and from nowhere else, however they are spelled."""

from __future__ import annotations

import gzip
import socket
import threading
import time
import urllib.request
import zlib
from collections.abc import Callable
from typing import Any

import pytest

from app.calendars import fetching
from app.calendars.busy import NotTaken
from app.calendars.fetching import Fetched, Tags, fetch
from app.calendars.targets import may_connect, read_target
from app.core.errors import Invalid
from tests.calendars.conftest import HOUR as BODY
from tests.calendars.spellings import spellings
from tests.harness.internet import ALLOWED, OUTSIDE, Internet

pytestmark = pytest.mark.one_engine


def get(url: str, tags: Tags = Tags()) -> Fetched | str:  # noqa: B008
    """What is fetched, or the code of the failure."""
    try:
        return fetch(url, tags=tags, allowed=ALLOWED)
    except NotTaken as error:
        return error.code


def body_of(found: Fetched | str) -> bytes | str | None:
    return found.body if isinstance(found, Fetched) else found


def test_site_outside_is_fetched_with_its_tags(internet: Internet) -> None:
    assert get(internet.url()) == Fetched(BODY, Tags('"1"', "Mon, 01 Mar 2027 10:00:00 GMT"))


def test_what_has_not_changed_is_not_sent_again(internet: Internet) -> None:
    internet.pages["/mine.ics"] = b"HTTP/1.1 304 Not Modified\r\n\r\n"
    assert get(internet.url(), Tags('"1"')) == Fetched(None, Tags('"1"'))
    assert 'If-None-Match: "1"' in internet.heads[0]
    assert get(internet.url()) == "unreachable"  # nobody asked for that answer


def test_no_spelling_leads_inside(internet: Internet) -> None:
    wrong = {url: found for url in spellings(internet.port) if (found := get(url)) != "unreachable"}
    assert (wrong, internet.hits) == ({}, [])
    assert len(spellings(internet.port)) >= 120
    socket.create_connection(("127.0.0.1", internet.port)).close()  # the listeners do hear
    wait_for(lambda: internet.hits == ["127.0.0.1"])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_redirections_are_judged_like_first_addresses(internet: Internet, status: int) -> None:
    inside = [internet.url(host=host) for host in ("127.0.0.1", "127.1", "127.0.0.3", "[::1]", "localhost")]
    for number, target in enumerate([*inside, "file:///etc/passwd", "", "//127.0.0.4/", "http://127.0.0.2:22/"]):
        internet.pages[f"/{number}"] = f"HTTP/1.1 {status} Go\r\nLocation: {target}\r\n\r\n".encode()
        assert get(internet.url(f"/{number}")) == "unreachable"
    assert internet.hits == []


@pytest.mark.parametrize("hops", [1, 2, 3, 4, 6])
def test_at_most_three_redirections(internet: Internet, hops: int) -> None:
    for left in range(hops, 0, -1):
        after = f"/{left - 1}" if left > 1 else "/mine.ics"
        internet.pages[f"/{left}"] = f"HTTP/1.1 302 Found\r\nLocation: {after}\r\n\r\n".encode()
    assert body_of(get(internet.url(f"/{hops}"))) == (BODY if hops <= 3 else "unreachable")
    assert len(internet.asked) == min(hops, 3) + 1


class Rebinding:
    """A resolver that answers the truth once, then something else: each round asks for a new name."""

    def __init__(self, first: list[str], later: list[str]) -> None:
        self.answers, self.asked = (first, later), dict[str, int]()

    def __call__(self, host: str, port: int, *_args: Any, **_options: Any) -> list[tuple[Any, ...]]:
        self.asked[host] = self.asked.get(host, -1) + 1
        found = self.answers[min(self.asked[host], 1)]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in found]


ROUNDS = 200
MIXED = ["127.0.0.1", OUTSIDE, "127.0.0.3"]


@pytest.mark.parametrize(("first", "later"), [([OUTSIDE], ["127.0.0.1"]), (MIXED, ["127.0.0.1"]), (MIXED, MIXED)])
def test_name_that_changes_its_meaning_leads_nowhere(
    internet: Internet, monkeypatch: pytest.MonkeyPatch, first: list[str], later: list[str]
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Rebinding(first, later))
    got = [body_of(get(internet.url(host=f"name{number}.example.org"))) for number in range(ROUNDS)]
    assert (got, internet.hits) == ([BODY] * ROUNDS, [])


def test_name_that_changes_its_meaning_between_hops_leads_nowhere(
    internet: Internet, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", Rebinding([OUTSIDE], ["127.0.0.1"]))
    internet.pages["/go"] = b"HTTP/1.1 302 Found\r\nLocation: /mine.ics\r\n\r\n"
    got = {get(internet.url("/go", host=f"name{number}.example.org")) for number in range(20)}
    assert (got, internet.hits) == ({"unreachable"}, [])


def test_checking_before_fetching_would_not_do(internet: Internet, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: judged by one resolution and fetched by another, every round connects inside."""
    monkeypatch.setattr(socket, "getaddrinfo", Rebinding([OUTSIDE], ["127.0.0.1"]))
    for number in range(20):
        url = internet.url(host=f"name{number}.example.org")
        target = read_target(url)
        judged = socket.getaddrinfo(target.host, target.port)[0][4][0]
        assert may_connect(str(judged), target.port, ALLOWED)
        with pytest.raises(OSError):
            urllib.request.urlopen(url, timeout=2)
    wait_for(lambda: len(internet.hits) == 20)


@pytest.mark.parametrize("port", [22, 25, 5432, 6379, 0, 70000, -1])
def test_other_services_are_not_spoken_to(port: int) -> None:
    assert get(f"http://{OUTSIDE}:{port}/mine.ics") == "unreachable"


def test_which_machines_may_be_asked() -> None:
    public = ("93.184.215.14", "8.8.8.8", "2606:2800:21f:cb07:6820:80da:af6b:8b2c", "::ffff:8.8.8.8")
    closed = """10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 100.64.0.1 127.0.0.1 0.0.0.0 192.0.0.8 198.18.0.1
        192.0.2.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255 192.88.99.1 ::1 :: fe80::1 fe80::1%eth0 fc00::1
        fd00::1 ff02::1 ::ffff:10.0.0.1 64:ff9b::a00:1 64:ff9b:1::1 2002:a00:1:: 2001::1 2001:db8::1 fec0::1
        3fff::1""".split()
    assert [address for address in public if not may_connect(address, 443, ())] == []
    assert [address for address in closed if may_connect(address, 443, ())] == []
    assert [port for port in (22, 25, 8080, 8443, 5432) if may_connect("8.8.8.8", port, ())] == []
    assert may_connect("127.0.0.2", 8080, ALLOWED)
    assert may_connect("::ffff:127.0.0.2", 8080, ALLOWED)
    assert not may_connect("127.0.0.2", 6379, ALLOWED)


@pytest.mark.parametrize(
    ("typed", "target"),
    [
        ("webcal://cal.example.org/a b".replace(" ", "%20"), "https://cal.example.org/a%20b"),
        (" https://CAL.example.org ", "https://cal.example.org/"),
        ("webcals://cal.example.org:443/x?y=1&z=%2F#top", "https://cal.example.org/x?y=1&z=%2F"),
        ("http://blåbær.example.org:80/ø.ics", "http://xn--blbr-roah.example.org/%C3%B8.ics"),
        ("https://[2606:2800::1]/x", "https://[2606:2800::1]/x"),
    ],
)
def test_addresses_are_read(typed: str, target: str) -> None:
    assert read_target(typed).url == target


@pytest.mark.parametrize(
    "typed",
    [
        *("", "https://", "https:///x", "cal.example.org", "file:///etc/passwd", "ftp://example.org/x", "https://a b/"),
        *("https://user:secret@example.org/x", "https://example.org/x\r\nHost: inside", "https://example.org:22/x"),
        *("https://exa\\mple.org/", "https://example.org/" + "x" * 2_000, "https://[fe80::1%25lo]/", "https://.../x"),
    ],
)
def test_what_is_no_web_address_is_refused(typed: str) -> None:
    with pytest.raises(Invalid):
        read_target(typed)


def test_no_proxy_is_used(internet: Internet, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, internet.url(host="127.0.0.1", path=""))
    assert body_of(get(internet.url())) == BODY
    assert internet.hits == []


def drip(connection: socket.socket) -> None:
    """One byte in a while, for ever."""
    for letter in b"HTTP/1.1 200 OK\r\nX: " + b"y" * 10_000:
        connection.sendall(bytes([letter]))
        time.sleep(0.1)


def silence(connection: socket.socket) -> None:
    time.sleep(30)


def drip_body(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
    drip(connection)


def endless(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n\r\nBEGIN:VCALENDAR\r\n")
    while True:
        connection.sendall(b"X" * 65_536)


def endless_headers(connection: socket.socket) -> None:
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    while True:
        connection.sendall(b"X: " + b"y" * 1_000 + b"\r\n")


def endless_line(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"y" * 65_536)


def endless_hints(connection: socket.socket) -> None:
    while True:
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


def packed_bomb(connection: socket.socket) -> None:
    """Ten megabytes that unpack to ten thousand: the second piece stands for itself and may be repeated."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    first, again = (packer.compress(bytes(10_000_000)) + packer.flush(zlib.Z_FULL_FLUSH) for _ in range(2))
    connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n" + first)
    for _ in range(1_000):
        connection.sendall(again)


HOSTILE: dict[str, tuple[Callable[[socket.socket], None], set[str]]] = {
    "silence": (silence, {"unreachable"}),
    "one byte in a while": (drip, {"unreachable"}),
    "a body byte in a while": (drip_body, {"unreachable"}),
    "a body without end": (endless, {"too-much", "unreachable"}),
    "headers without end": (endless_headers, {"unreachable"}),
    "a line without end": (endless_line, {"unreachable"}),
    "hints without end": (endless_hints, {"unreachable"}),
    "a packed bomb": (packed_bomb, {"too-much"}),
}


def test_hostile_servers_end_in_time(internet: Internet, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 3.0)
    found: dict[str, tuple[object, float]] = {}

    def visit(name: str) -> None:
        began = time.monotonic()
        found[name] = (get(internet.url(f"/{name.replace(' ', '-')}")), time.monotonic() - began)

    for name, (answer, _codes) in HOSTILE.items():
        internet.pages[f"/{name.replace(' ', '-')}"] = answer
    threads = [threading.Thread(target=visit, args=[name]) for name in HOSTILE]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert {name: code for name, (code, _took) in found.items() if code not in HOSTILE[name][1]} == {}
    assert max(took for _code, took in found.values()) < 4.5
    assert len(found) == len(HOSTILE)


def test_late_resolver_is_left_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(fetching, "SECONDS", 0.5)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_options: time.sleep(5))
    began = time.monotonic()
    assert get("http://late.example.org/x") == "unreachable"
    assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("head", "body", "expected"),
    [
        ("Content-Length: 999", BODY, "unreachable"),
        ("Transfer-Encoding: chunked", b"5\r\nBEGIN\r\n", "unreachable"),
        ("Content-Encoding: gzip", gzip.compress(BODY), BODY),
        ("Content-Encoding: gzip", BODY, "unreadable"),
        ("Content-Encoding: gzip", gzip.compress(BODY)[:-9], "unreachable"),
        ("Content-Encoding: br", BODY, "unreadable"),
        ("Content-Length: 20000000", bytes(11_000_000), "too-much"),
    ],
)
def test_bodies(internet: Internet, head: str, body: bytes, expected: bytes | str) -> None:
    internet.pages["/x"] = f"HTTP/1.1 200 OK\r\n{head}\r\n\r\n".encode() + body
    assert body_of(get(internet.url("/x"))) == expected


@pytest.mark.parametrize("status", ["401 Unauthorized", "403 Forbidden", "404 Not Found", "500 Oops", "206 Partial"])
def test_refusals_are_all_the_same(internet: Internet, status: str) -> None:
    assert get(internet.serve("/x", b"", status=status)) == "unreachable"


def wait_for(condition: Callable[[], bool]) -> None:
    until = time.monotonic() + 5
    while not condition() and time.monotonic() < until:
        time.sleep(0.02)
    assert condition()
