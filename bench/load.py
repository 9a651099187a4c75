"""Mixed traffic on the cluster of `make cluster`; one node against two; sending a request against a bare insert.

Run: .venv/bin/python bench/load.py [requests, default 2000 [requests for visits to send, default 200]]
Needs what `make cluster` needs (it says what is missing). Coordinators and hosts read pages of a year of sample visits,
calendar programs fetch feeds, visitors write requests page by page, from another process, each on a kept connection,
through nginx to two nodes and to one, in turn. First as fast as answers come, then at half that rate, which shows how
long people wait on a day that is not too busy. The reference of sending is a Flask application of one INSERT, on the
same PostgreSQL under the same gunicorn settings, in turn with ours. Only ratios and counts mean something elsewhere.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import select

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from app import create_app
from app.core.time import now
from app.extensions import db
from app.feeds.actions import create_feed
from app.feeds.models import Level, ScopeKind
from app.people.links import mint_link
from app.people.models import User
from app.strategy.models import Counterpart
from app.visits.models import Visit
from tests.harness.cluster import Cluster, missing
from tests.harness.processes import flask_command, held_port, web_node
from tests.harness.traffic import session_cookie
from tests.harness.web import wait_for

REQUESTS, SENT, AT_ONCE, PEOPLE, ROUNDS, WORKERS = 2_000, 200, 20, 16, 2, 2
SHARES = {
    "public": 20,
    "coordinators": 15,
    "hosts": 15,
    "visitors": 10,
    "feeds": 10,
    "feeds unchanged": 20,
    "submissions": 10,
}
PUBLIC = ("/", "/request", "/privacy", "/sign-in")
COORDINATORS = ("/triage", "/visits", "/calendar", "/reports", "/strategy", "/today", "/mail", "/counterparts")
HOSTS = ("/inbox", "/calendar", "/calendar/mine", "/today", "/my-feeds")
Calls = list[dict[str, Any]]
Found = dict[str, Any]


def main(requests: int, sent: int) -> None:
    """Every arm; prints the figures and keeps them in bench/load.json."""
    if lacks := missing():
        sys.exit("\n  ".join(["The cluster needs what is not here:", *lacks]))
    with cluster() as made:
        does = doings(made)
        found: Found = {"workers of a node": WORKERS, "people": PEOPLE, "requests": requests}
        found |= mixed(made, does, requests) if requests else {}
        found["sending"] = sending(made, sent) if sent else {}
    Path(__file__).with_suffix(".json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")


@contextmanager
def cluster() -> Iterator[Cluster]:
    """The whole installation with a year of sample visits, until the end."""
    made = Cluster(Path(tempfile.mkdtemp(prefix="vertskap-cluster-")), workers=WORKERS)
    try:
        made.start()
        done = flask_command(made.settings, "demo")
        assert done.returncode == 0, done.stderr
        yield made
    finally:
        made.stop()
        shutil.rmtree(made.folder, ignore_errors=True)


def mixed(made: Cluster, does: Found, requests: int) -> Found:
    """Two nodes and one in turn, as fast as answers come; then two at half the rate."""
    for nodes in (1, 2):  # every worker has shown every page once
        crowd(made, does, requests // 4, seed=nodes, nodes=nodes)
    runs: dict[int, list[Found]] = {1: [], 2: []}
    for number in range(2 * ROUNDS):
        nodes = 2 - number % 2
        runs[nodes].append(crowd(made, does, requests // ROUNDS, seed=10 + number, nodes=nodes))
    found = {f"{nodes} node{'s' * (nodes - 1)}": told(several, str(nodes)) for nodes, several in runs.items()}
    rate = found["2 nodes"]["a second"]
    found["two nodes / one"] = round(rate / found["1 node"]["a second"], 2)
    found["half the rate"] = told([crowd(made, does, requests, seed=5, nodes=2, per_second=rate / 2)], "half")
    print(f"two nodes / one: {found['two nodes / one']}", flush=True)
    return found


def doings(made: Cluster) -> Found:
    """Who does what how often: pages with their readers' cookies, feeds, requests for visits."""
    secret = made.settings["SECRET_KEY"]
    app = create_app({
        "SECRET_KEY": secret, "DATA_KEY": f"data:{secret}", "BASE_URL": made.url, "SQLALCHEMY_DATABASE_URI":
        made.settings["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://"),
    })  # fmt: skip
    with app.app_context():
        users = list(db.session.scalars(select(User).where(User.name != "")))
        kari, host = (next(user for user in users if bool(user.is_coordinator) == is_hers) for is_hers in (True, False))
        calls = pages(kari, host, secret) | {"visitors": visitors_pages(), "feeds": feeds(kari, host)}
        db.session.commit()
        db.engine.dispose()
    calls["feeds unchanged"] = [one | {"known": True} for one in calls["feeds"]]
    return {name: {"share": share, "calls": calls.get(name, [])} for name, share in SHARES.items()}


def pages(kari: User, host: User, secret: str) -> dict[str, Calls]:
    """The pages of both, and of visits that each may see."""
    lead = select(Visit.ref).where(Visit.lead_host_id == host.hosts[0].id)
    refs = [list(db.session.scalars(query.order_by(Visit.id).limit(20))) for query in (select(Visit.ref), lead)]
    people = [f"/counterparts/{one}" for one in db.session.scalars(select(Counterpart.id).limit(5))]
    hers = [*COORDINATORS, *(f"/visits/{ref}" for ref in refs[0]), *people]
    theirs = [*HOSTS, *(f"/visits/{ref}" for ref in refs[1])]
    cookies = {name: session_cookie(secret, user.get_id())[0] for name, user in (("hers", kari), ("theirs", host))}
    return {
        "public": [call(path) for path in PUBLIC],
        "coordinators": [call(path, Cookie=cookies["hers"]) for path in hers],
        "hosts": [call(path, Cookie=cookies["theirs"]) for path in theirs],
    }


def call(path: str, **headers: str) -> dict[str, Any]:
    """One GET."""
    return {"path": path, "headers": headers}


def visitors_pages() -> Calls:
    """The pages of ten visitors with a programme."""
    query = select(Visit.id).where(Visit.status.in_(("proposed", "confirmed", "completed"))).limit(10)
    return [call(f"/v/{mint_link('visit', one, at=now())}") for one in db.session.scalars(query)]


def feeds(kari: User, host: User) -> Calls:
    """Of everything, of a host, of one person."""
    scopes = ((kari, ScopeKind.ALL, 0), (host, ScopeKind.HOST, host.hosts[0].id), (host, ScopeKind.MINE, host.id))
    made = [
        create_feed(by=user, name="bench", kind=kind, scope_id=number, level=Level.FULL, language="nb")
        for user, kind, number in scopes
    ]
    return [call(f"/feeds/{token}.ics") for _feed, token in made]


def crowd(made: Cluster, does: Found, requests: int, *, seed: int, nodes: int, per_second: float = 0) -> Found:
    """So many requests of everybody, through nginx to so many nodes."""
    made.proxy_to(nodes)
    plan = {"port": made.port, "people": PEOPLE, "requests": requests, "seed": seed, "does": does}
    return people(plan | {"per second": per_second})


def people(plan: Found) -> Found:
    """What the people of bench/side saw."""
    command = [sys.executable, str(ROOT / "bench/side/people.py")]
    done = subprocess.run(command, input=json.dumps(plan), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found: Found = json.loads(done.stdout)
    wrong = sorted({words for _kind, _seconds, words in found["rows"] if words})
    print(*(f"  {words}" for words in wrong[:10]), sep="\n", end="\n" if wrong else "", flush=True)
    return found


def told(runs: list[Found], name: str) -> Found:
    """Requests a second, errors, and milliseconds within which half, 95 and 99 of 100 answers came, by kind."""
    rows = [row for run in runs for row in run["rows"] if row[0] != "connect"]
    kinds = {
        "all": rows,
        **{kind: [row for row in rows if row[0] == kind] for kind in sorted({row[0] for row in rows})},
    }
    found: Found = {
        "requests": len(rows), "errors": sum(bool(wrong) for _, _, wrong in rows),
        "a second": round(len(rows) / sum(run["seconds"] for run in runs), 1),
        "ms": {kind: percentiles([seconds for _, seconds, _ in some]) for kind, some in kinds.items()},
    }  # fmt: skip
    print(f"{name:5} {found['requests']} requests, {found['errors']} errors, {found['a second']} a second", flush=True)
    for kind, (half, most, all_but) in found["ms"].items():
        print(
            f"      {kind:16} p50 {half:6.0f}  p95 {most:6.0f}  p99 {all_but:6.0f} ms  of {len(kinds[kind])}",
            flush=True,
        )
    return found


def percentiles(seconds: list[float]) -> list[float]:
    """Milliseconds: p50, p95, p99."""
    taken = sorted(seconds)
    return [round(1000 * taken[min(len(taken) - 1, int(share * len(taken)))], 1) for share in (0.5, 0.95, 0.99)]


def sending(made: Cluster, sent: int) -> Found:
    """Requests that are written already are sent, as many a second as go; beside it, one INSERT of the same form."""
    made.proxy_to(1)
    with bare(made) as port:
        plan = {"port": node_port(made), "bare_port": port, "people": 8, "send": sent, "at once": AT_ONCE}
        seen = people(plan)
    rates = {name: sent / sum(seconds) for name, seconds in seen["seconds"].items()}
    errors = sum(bool(wrong) for _, _, wrong in seen["rows"])
    ms = {
        kind: percentiles([seconds for name, seconds, _ in seen["rows"] if name == kind]) for kind in ("send", "insert")
    }
    ratio = rates["insert"] / rates["send"]
    print(
        f"sending {rates['send']:.1f}, bare {rates['insert']:.1f} a second: {ratio:.1f} ×, {errors} errors", flush=True
    )
    return {
        "sent": sent, "errors": errors, "a second": {name: round(rate, 1) for name, rate in rates.items()},
        "insert / send": round(ratio, 1), "ms": ms,
    }  # fmt: skip


def node_port(made: Cluster) -> int:
    """The first node's own."""
    return int(made.held[0].getsockname()[1])


@contextmanager
def bare(made: Cluster) -> Iterator[int]:
    """The reference, on one node's settings; gives its port."""
    held = held_port()
    node = web_node(
        "bare", held, made.settings, made.folder, workers=WORKERS, threads=made.threads, app="bench.side.insert:app"
    )
    node.command[node.command.index("gunicorn.conf.py")] = "bench/side/bare_conf.py"
    node.start()
    try:
        assert node.running is not None
        wait_for(f"http://127.0.0.1:{held.getsockname()[1]}/readyz", node.running, node.log)
        yield int(held.getsockname()[1])
    finally:
        node.stop()
        held.close()


if __name__ == "__main__":
    given = [int(word) for word in sys.argv[1:3]]
    main(*(given + [REQUESTS, SENT][len(given) :]))
