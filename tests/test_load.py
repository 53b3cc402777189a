"""`kg load` against real stores: only the difference is sent, nothing is half-believed, foreign graphs stay."""

from __future__ import annotations

import base64
import dataclasses
import http.server
import os
import re
import threading
import time
from contextlib import contextmanager
from email.utils import formatdate
from hashlib import md5
from typing import TYPE_CHECKING
from urllib.parse import quote
from urllib.request import Request, parse_http_list, parse_keqv_list, urlopen

import pyoxigraph as ox
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.cli import app
from kg.config import Config
from kg.errors import ConfigError, StoreRejected, StoreUnavailable
from kg.pipeline import build as pipeline
from kg.rdf.terms import graphs
from kg.stores.connection import Credentials, StoreClient, checked_endpoint, gist
from kg.stores.outbox import Outbox
from kg.stores.presets import PRESETS
from kg.stores.recognition import recognise
from kg.stores.remote import DIGEST, Payload, RemoteStore, _parts
from kg.stores.sync import Synchronisation
from tests import running, stores
from tests.folders import put

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Iterator
    from pathlib import Path

    from kg.graph.model import KnowledgeGraph

POSTS = {
    "a.md": "---\ntitle: Alpha\npeople: [Ada Lovelace, 钱学森]\ntags: [maps]\ndate: 2024-01-02\n---\n[beta](b.md)\n",
    "b.md": '---\ntitle: 贝塔\npeople: [Ada Lovelace]\nsummary: "a \\"quoted\\" \\\\ line\\nand \\a bell"\n---\n',
    "sub/c d.md": "---\ntitle: Gamma\ntags: [maps, C++]\n---\n",
}


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return put(tmp_path / "posts", POSTS)


@pytest.fixture(scope="module")
def oxigraph_endpoint(tmp_path_factory) -> Iterator[str]:
    with stores.oxigraph(tmp_path_factory.mktemp("oxigraph")) as (endpoint, _process):
        yield endpoint


@pytest.fixture(scope="module")
def virtuoso_endpoint(tmp_path_factory) -> Iterator[str]:
    if stores.VIRTUOSO is None:
        if os.environ.get("CI"):
            pytest.fail("virtuoso-t is not installed")
        pytest.skip("virtuoso-t is not installed (Debian package virtuoso-opensource)")
    with stores.virtuoso(tmp_path_factory.mktemp("virtuoso")) as (endpoint, _port):
        yield endpoint


STORES = ["oxigraph", "virtuoso"]


@pytest.fixture(params=STORES)
def store(request) -> RemoteStore:
    endpoint = request.getfixturevalue(f"{request.param}_endpoint")
    credentials = Credentials("dba", "dba") if request.param == "virtuoso" else Credentials()
    return RemoteStore(PRESETS[request.param], endpoint, StoreClient(credentials, timeout=30))


def build(content: Path, base: str):
    return kg.build(content, config=Config(base=base)).knowledge_graph


def fetch(store: RemoteStore, graph: str) -> set[ox.Triple]:
    """One graph, read over the Graph Store Protocol and without kg's own code."""
    path = "/sparql-graph-crud" if store.preset.title == "Virtuoso" else store.preset.graph_store
    request = Request(
        f"{store.endpoint}{path}?graph={quote(graph, safe='')}",
        headers={"Accept": "application/n-triples, text/plain;q=0.9"},
    )
    with urlopen(request, timeout=30) as answer:
        body = answer.read()
    return {ox.Triple(q.subject, q.predicate, q.object) for q in ox.parse(body, format=ox.RdfFormat.TURTLE)}


def base_for(request) -> str:
    """A base of its own for each test: the stores are shared."""
    return f"https://kg.example/{abs(hash(request.node.nodeid)) % 10**9}/"


def test_the_difference_and_nothing_else_is_sent(store: RemoteStore, content: Path, request) -> None:
    base = base_for(request)
    graph = build(content, base)
    plan = Synchronisation(store, graph).run()
    assert not plan.stored
    assert Synchronisation(store, graph).compare().is_empty

    # One edited, one deleted, one added.
    (content / "a.md").write_text(POSTS["a.md"].replace("Alpha", "Omega"), encoding="utf-8")
    (content / "b.md").unlink()
    (content / "new.md").write_text("---\ntitle: New\ntags: [maps]\n---\n")
    after = build(content, base)
    plan = Synchronisation(store, after).compare()
    assert plan.added == [f"{base}graph/post/new"]
    assert plan.removed == [f"{base}graph/post/b"]
    assert f"{base}graph/post/a" in plan.changed
    assert f"{base}graph/post/sub/c%20d" not in plan.changed
    untouched = fetch(store, f"{base}graph/post/sub/c%20d")
    assert Synchronisation(store, after).run() == dataclasses.replace(
        plan, sent=plan.triples + len(plan.added) + len(plan.changed)
    )
    assert Synchronisation(store, after).compare().is_empty
    assert fetch(store, f"{base}graph/post/sub/c%20d") == untouched


def test_every_triple_comes_back_as_it_was_sent(store: RemoteStore, content: Path, request) -> None:
    base = base_for(request)
    graph = build(content, base)
    Synchronisation(store, graph).run()
    for iri, triples in graphs(graph):
        read = {t for t in fetch(store, str(iri)) if t.predicate.value != DIGEST}
        assert len(read) == len(set(triples))
        if store.preset.title == "Oxigraph":  # Virtuoso turns xsd:boolean into integers and folds language tags
            assert read == set(triples)


def test_graphs_of_others_are_left_alone(oxigraph_endpoint: str, content: Path, request) -> None:
    store = RemoteStore(PRESETS["oxigraph"], oxigraph_endpoint, StoreClient(Credentials()))
    base = base_for(request)
    foreign = "https://elsewhere.example/graph"
    store.connection.send(
        "PUT", f"{oxigraph_endpoint}/store?graph={quote(foreign, safe='')}",
        body=b"<https://a.example/> <https://b.example/> 1 .", content_type="text/turtle",
    )  # fmt: skip
    graph = build(content, base)
    Synchronisation(store, graph).run()
    (content / "a.md").unlink()
    smaller = build(content, base)
    Synchronisation(store, smaller).run()
    assert len(fetch(store, foreign)) == 1


def test_a_graph_changed_behind_our_back_is_sent_again(oxigraph_endpoint: str, content: Path, request) -> None:
    store = RemoteStore(PRESETS["oxigraph"], oxigraph_endpoint, StoreClient(Credentials()))
    base = base_for(request)
    graph = build(content, base)
    Synchronisation(store, graph).run()
    iri = f"{base}graph/post/a"
    store._send_update(b"INSERT DATA { GRAPH <%b> { <https://a.example/> <https://b.example/> 1 } }" % iri.encode())
    assert Synchronisation(store, graph).compare().changed == [iri]


def test_everything_in_one_graph(oxigraph_endpoint: str, content: Path, request) -> None:
    store = RemoteStore(PRESETS["oxigraph"], oxigraph_endpoint, StoreClient(Credentials()))
    one = f"{base_for(request)}all"
    graph = build(content, base_for(request))
    Synchronisation(store, graph, one).run()
    assert Synchronisation(store, graph, one).compare().is_empty
    assert not store.states(f"{base_for(request)}graph/")


def test_a_killed_store_is_completed_by_the_next_run(tmp_path: Path, content: Path) -> None:
    for number in range(300):
        (content / f"n{number}.md").write_text(f"---\ntitle: Note {number}\ntags: [t{number}, maps]\n---\n")
    graph = build(content, "https://kg.example/")
    small = dataclasses.replace(PRESETS["oxigraph"], bulk_batch=60)
    with stores.oxigraph(tmp_path / "db") as (endpoint, process):
        store = RemoteStore(small, endpoint, StoreClient(Credentials(), retries=0))

        def kill_in_the_middle(_step: str, done: int, total: int) -> None:
            if done > total // 3:
                process.kill()

        with pytest.raises(StoreUnavailable):
            Synchronisation(store, graph, progress=kill_in_the_middle).run()
        process.wait()
    with stores.oxigraph(tmp_path / "db") as (endpoint, _process):
        store = RemoteStore(small, endpoint, StoreClient(Credentials()))
        plan = Synchronisation(store, graph).compare()
        assert 0 < len(plan.stored) < len(plan.wanted)
        Synchronisation(store, graph).run()
        assert Synchronisation(store, graph).compare().is_empty


def with_many_tags(content: Path) -> None:
    for number in range(40):
        tags = ", ".join(f"t{number}-{other}" for other in range(20))
        (content / f"n{number}.md").write_text(f"---\ntitle: Note {number}\ntags: [{tags}]\n---\n")


def test_of_a_large_graph_only_what_differs_is_sent(store: RemoteStore, content: Path, request) -> None:
    base = base_for(request)
    with_many_tags(content)
    entities = f"{base}graph/entities"
    Synchronisation(store, build(content, base)).run()
    assert store.states(entities)[entities].triples > 2_000
    (content / "a.md").write_text(POSTS["a.md"].replace("钱学森", "林徽因"), encoding="utf-8")
    after = build(content, base)
    plan = Synchronisation(store, after).run()
    assert entities in plan.changed
    assert plan.sent < 500
    assert Synchronisation(store, after, check="content").compare().is_empty


def test_a_large_graph_is_edited_in_small_requests(oxigraph_endpoint: str, content: Path, request) -> None:
    base = base_for(request)
    with_many_tags(content)
    entities = f"{base}graph/entities"
    with stores.recording(oxigraph_endpoint) as (endpoint, log):
        store = RemoteStore(PRESETS["oxigraph"], endpoint, StoreClient(Credentials()))
        Synchronisation(store, build(content, base)).run()
        (content / "a.md").write_text(POSTS["a.md"].replace("钱学森", "林徽因"), encoding="utf-8")
        after = build(content, base)
        log.clear()
        Synchronisation(store, after).run()
        assert all(size < 50_000 for method, path, size in log if path != "/query"), log
        assert not [path for method, path, _size in log if path.startswith("/store")]
        wanted = {t for name, triples in graphs(after) if name == entities for t in triples}
        assert {t for t in fetch(store, entities) if t.predicate.value != DIGEST} == wanted
        # What nothing can delete piece by piece is replaced as a whole.
        store._send_update(b"INSERT DATA { GRAPH <%b> { [] <https://b.example/> 1 } }" % entities.encode())
        assert Synchronisation(store, after).run().changed == [entities]
        assert {t for t in fetch(store, entities) if t.predicate.value != DIGEST} == wanted


def test_a_large_graph_left_half_changed_is_not_believed(tmp_path: Path, content: Path) -> None:
    def notes(word: str) -> None:
        tags = ", ".join(f"{word}-{number}" for number in range(600))
        (content / "n.md").write_text(f"---\ntitle: Note\ntags: [{tags}]\n---\n")

    notes("before")
    small = dataclasses.replace(PRESETS["oxigraph"], batch=100)
    with stores.oxigraph(tmp_path / "db") as (endpoint, process):
        store = RemoteStore(small, endpoint, StoreClient(Credentials(), retries=0))
        Synchronisation(store, build(content, "https://kg.example/")).run()
        notes("after")
        after = build(content, "https://kg.example/")
        updates = 0
        send = RemoteStore._send_update

        def killing(self: RemoteStore, update: bytes) -> None:
            nonlocal updates
            send(self, update)
            updates += 1
            if updates == 5:
                process.kill()
                process.wait()

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(RemoteStore, "_send_update", killing)
            with pytest.raises(StoreUnavailable):
                Synchronisation(store, after).run()
    with stores.oxigraph(tmp_path / "db") as (endpoint, _process):
        store = RemoteStore(small, endpoint, StoreClient(Credentials()))
        assert "https://kg.example/graph/entities" in Synchronisation(store, after).compare().changed
        Synchronisation(store, after).run()
        for name, triples in graphs(after):
            assert {t for t in fetch(store, name) if t.predicate.value != DIGEST} == set(triples)


class _Slow:
    """A store whose requests end when they are told to."""

    preset = dataclasses.replace(PRESETS["oxigraph"], bulk_batch=20_000)

    def ping(self) -> None:
        pass

    def __init__(self) -> None:
        self.answer = threading.Event()
        self.batches: list[int] = []
        self.failure: Exception | None = None

    def add(self, payloads) -> int:
        self.answer.wait(10)
        if self.failure:
            raise self.failure
        self.batches.append(len(payloads))
        return sum(payload.triples for payload in payloads)

    replace = add


def test_graphs_are_made_while_others_are_on_their_way() -> None:
    store = _Slow()
    outbox = Outbox(store)  # type: ignore[arg-type]
    for number in range(3):
        outbox.put(Payload(f"g{number}", b"", 10_000), new=True)
    assert store.batches == [], "the first is on its way, two wait, and nobody has stood still"
    assert outbox.waiting == 3
    store.answer.set()
    outbox.finish()
    assert (store.batches, outbox.waiting, outbox.sent) == ([1, 2], 0, 30_000)


def test_a_failure_on_the_way_ends_the_making() -> None:
    store = _Slow()
    store.failure = StoreRejected("no")
    store.answer.set()
    outbox = Outbox(store)  # type: ignore[arg-type]
    outbox.put(Payload("g0", b"", 15_000), new=True)
    assert outbox._thread
    outbox._thread.join()
    with pytest.raises(StoreRejected):
        outbox.put(Payload("g1", b"", 15_000), new=True)


# What goes wrong between us and a store, with a server that misbehaves on purpose.


@contextmanager
def misbehaving(*answers) -> Iterator[tuple[str, list[str]]]:
    """A server that gives the answers in turn, the last one for ever; yields its address and the requests it saw."""
    seen: list[str] = []
    waiting = list(answers)

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self) -> None:
            size = len(self.rfile.read(int(self.headers.get("Content-Length", 0))))
            said = self.headers.get("Authorization", "")
            seen.append(f"{self.command} {said}")
            given = waiting.pop(0) if len(waiting) > 1 else waiting[0]
            status, headers, body = given(self.path.partition("?")[0], said, size) if callable(given) else given
            if callable(body):
                body = body()
            self.send_response(status)
            for name, value in headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = do_PUT = answer

        def log_message(self, *args) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", seen
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


GOOD = (200, {"Content-Type": "application/sparql-results+json"}, b'{"head":{},"results":{"bindings":[]}}')


def test_passing_failures_pass() -> None:
    waits: list[float] = []
    answers = [(429, {"Retry-After": "7"}, b""), (503, {}, b"busy"), GOOD]
    with misbehaving(*answers) as (endpoint, seen):
        store = RemoteStore(PRESETS["oxigraph"], endpoint, StoreClient(Credentials(), sleep=waits.append))
        assert store.states("https://kg.example/graph/") == {}
    assert waits == [7.0, 1.0]
    assert len(seen) == 4


@pytest.mark.parametrize(
    "cut", [(200, GOOD[1], GOOD[2][:-9]), (200, {**GOOD[1], "X-SQL-State": "S1TAT"}, GOOD[2])], ids=["open", "told"]
)
def test_an_answer_that_was_cut_short_is_asked_for_again(cut) -> None:
    told: list[str] = []
    with misbehaving(cut, GOOD) as (endpoint, _seen):
        connection = StoreClient(Credentials(), sleep=lambda _seconds: None, notify=told.append)
        assert RemoteStore(PRESETS["oxigraph"], endpoint, connection).states("https://kg.example/graph/") == {}
    assert told == [f"{endpoint}/query cut its answer short; trying again in 0.5 s"]


BLAZEGRAPH = (
    b"<#s> <http://www.w3.org/ns/sparql-service-description#feature> <http://www.bigdata.com/rdf#/features/KB> ."
)


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        ((404, {"Server": "Virtuoso/07.20.3229 (Linux)"}, b""), ("virtuoso", "by its headers")),
        ((401, {"Fuseki-Request-Id": "1"}, b""), ("fuseki", "by its headers")),
        ((200, {"Server": "Jetty(9.4)"}, BLAZEGRAPH), ("blazegraph", "by its description")),
    ],
    ids=lambda value: value[0] if isinstance(value[0], str) else "",
)
def test_a_store_tells_which_kind_it_is(answer, kind) -> None:
    with misbehaving(answer) as (endpoint, _seen):
        assert recognise(endpoint, StoreClient(Credentials())) == kind


def test_a_store_that_tells_nothing_is_not_guessed_at() -> None:
    with (
        misbehaving((200, {}, b"<html>Welcome")) as (endpoint, _seen),
        pytest.raises(ConfigError, match="which kind of store"),
    ):
        recognise(endpoint, StoreClient(Credentials()))


@pytest.mark.parametrize(
    ("answer", "error", "words"),
    [
        ((401, {"WWW-Authenticate": 'Basic realm="x"'}, b""), StoreRejected, "KG_STORE_USER"),
        ((401, {"WWW-Authenticate": "Negotiate"}, b""), StoreRejected, "Negotiate, which kg does not support"),
        ((403, {}, b"<html><script>x()</script><body>No entry"), StoreRejected, "No entry"),
        ((404, {}, b"no such dataset"), StoreRejected, "no such dataset"),
        ((500, {}, b"No space left on device"), StoreRejected, "No space left"),
        ((503, {}, b"down"), StoreUnavailable, "tried 3 times"),
        ((302, {"Location": "https://elsewhere.example/"}, b""), StoreRejected, "elsewhere.example"),
        ((200, {"Content-Type": "text/html"}, b"<html><title>Hi</title><body>Welcome"), StoreRejected, "Welcome"),
        ((200, {"Content-Type": "application/json"}, b'{"results": [1]}'), StoreRejected, "no SPARQL result"),
        ((200, {}, b'{"results": {"bindings": [{"x": {"value": "y"}}]}}'), StoreRejected, "no SPARQL result"),
        (
            (200, {}, b'{"results": {"bindings": [{"g": {"value": "x:y"}, "n": {"value": "many"}}]}}'),
            StoreRejected,
            "no SPARQL result",
        ),
    ],
)
def test_each_failure_is_one_clear_line(answer, error, words: str) -> None:
    with misbehaving(answer) as (endpoint, _seen):
        connection = StoreClient(Credentials(), retries=2, sleep=lambda _seconds: None)
        with pytest.raises(error) as caught:
            RemoteStore(PRESETS["oxigraph"], endpoint, connection).states("https://kg.example/graph/")
    assert words in str(caught.value)
    assert "\n" not in str(caught.value)
    assert "<" not in str(caught.value)


def test_a_silent_store_is_not_waited_for_for_ever() -> None:
    with misbehaving((200, {}, lambda: time.sleep(1.5) or b"")) as (endpoint, _seen):
        connection = StoreClient(Credentials(), timeout=0.3, retries=1, sleep=lambda _seconds: None)
        with pytest.raises(StoreUnavailable, match=r"no answer within 0\.3 s"):
            RemoteStore(PRESETS["oxigraph"], endpoint, connection).states("https://kg.example/graph/")


def test_a_store_that_lies_is_found_out(content: Path) -> None:
    graph = build(content, "https://kg.example/")
    with misbehaving(GOOD) as (endpoint, _seen):
        store = RemoteStore(PRESETS["oxigraph"], endpoint, StoreClient(Credentials()))
        with pytest.raises(StoreRejected, match="reads back as sent"):
            Synchronisation(store, graph).run()


def test_credentials_come_from_the_environment_and_are_never_shown() -> None:
    held = Credentials.from_environment({"KG_STORE_USER": "me", "KG_STORE_PASSWORD": "s3cret"})
    assert held.password == "s3cret"
    assert "s3cret" not in repr(held)
    with pytest.raises(ConfigError):
        Credentials.from_environment({"KG_STORE_PASSWORD": "x"})
    with pytest.raises(ConfigError):
        Credentials.from_environment({"KG_STORE_USER": "x", "KG_STORE_TOKEN": "y"})


PASSWORD = "pässwörd: 密"


def basic(header: str) -> bool:
    return header == "Basic " + base64.b64encode(f"me:{PASSWORD}".encode()).decode()


def digest(header: str) -> bool:
    """RFC 7616, section 3.4.1, with `qop=auth` and MD5."""
    if not header.startswith("Digest "):
        return False
    said = parse_keqv_list(parse_http_list(header.removeprefix("Digest ")))
    known = md5(f"me:kg:{PASSWORD}".encode()).hexdigest()
    asked = md5(f"POST:{said['uri']}".encode()).hexdigest()
    proof = ":".join([known, "n0nce", said["nc"], said["cnonce"], "auth", asked])
    return said["response"] == md5(proof.encode()).hexdigest()


@pytest.mark.parametrize(
    ("challenge", "known"),
    [('Basic realm="kg"', basic), ('Digest realm="kg", nonce="n0nce", qop="auth", algorithm=MD5', digest)],
    ids=["Basic", "Digest"],
)
def test_a_password_is_shown_once_it_was_asked_for(challenge: str, known, content: Path) -> None:
    graph = build(content, "https://kg.example/")
    seen: list[tuple[str, bool, int]] = []

    def answer(path: str, header: str, size: int):
        seen.append((path, known(header), size))
        if path == "/query" or known(header):  # everyone may read
            return GOOD
        return 401, {"WWW-Authenticate": challenge}, b""

    for password in (PASSWORD, "wr0ng"):
        seen.clear()
        with misbehaving(answer) as (endpoint, _seen):
            connection = StoreClient(Credentials("me", password), sleep=lambda _seconds: None)
            with pytest.raises(StoreRejected) as caught:  # it reads back nothing
                Synchronisation(RemoteStore(PRESETS["oxigraph"], endpoint, connection), graph).run()
        refused = [size for path, shown, size in seen if path != "/query" and not shown]
        assert max(refused) < 100, "no graph was sent to one who had yet to ask"
        if password == PASSWORD:
            assert "reads back as sent" in str(caught.value)
            assert max(size for path, shown, size in seen if shown) > 1_000
        else:
            assert "check KG_STORE_USER and KG_STORE_PASSWORD" in str(caught.value)
            assert password not in str(caught.value)


def test_a_date_to_come_back_at_is_understood() -> None:
    waits: list[float] = []
    later = formatdate(time.time() + 30, usegmt=True)
    with misbehaving((503, {"Retry-After": later}, b""), (503, {"Retry-After": "soon"}, b""), GOOD) as (
        endpoint,
        _seen,
    ):
        connection = StoreClient(Credentials(), sleep=waits.append)
        RemoteStore(PRESETS["oxigraph"], endpoint, connection).states("https://kg.example/graph/")
    assert 20 < waits[0] <= 30
    assert waits[1] == 1.0


def test_a_token_is_sent_as_bearer() -> None:
    with misbehaving(GOOD) as (endpoint, seen):
        RemoteStore(PRESETS["oxigraph"], endpoint, StoreClient(Credentials(token="abc"))).states(
            "https://kg.example/graph/"
        )
    assert {line.partition(" ")[2] for line in seen} == {"Bearer abc"}


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example",
        "localhost:7878",
        "http://",
        "http://me:pw@a.example",
        "http://a.example?x=1",
        "http://a:99999999",
    ],
)
def test_odd_endpoints_are_refused(url: str) -> None:
    with pytest.raises(ConfigError) as caught:
        checked_endpoint(url)
    assert "pw" not in str(caught.value)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--graph", "not an IRI"],
        ["--graph", "https://a.example/> {} }; DROP ALL #"],
        ["--query-url", "ftp://127.0.0.1/query"],
        ["--update-url", "http://me:s3cret@127.0.0.1/update"],
        ["--graph-store-url", "127.0.0.1:7878/store"],
    ],
)
def test_odd_addresses_are_wrong_use(content: Path, arguments: list[str]) -> None:
    ended = run("load", "http://127.0.0.1:1", str(content), "--preset", "oxigraph", *arguments)
    assert ended.returncode == 2
    assert ended.stderr.startswith(f"kg: {arguments[0]} ")
    assert ended.stderr.count("\n") == 1
    assert "s3cret" not in ended.stderr


def test_an_error_page_is_shortened_to_its_words() -> None:
    assert gist(b"<html><style>p{}</style><p>Not&nbsp;here</p>", "text/html") == "Not&nbsp;here"
    assert len(gist(b"x" * 9999, "text/plain")) == 200


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return running.kg(*arguments, environment=environment)


def test_the_command_line(oxigraph_endpoint: str, content: Path) -> None:
    arguments = ["load", oxigraph_endpoint, str(content), "--preset", "oxigraph", "--base", "https://kg.example/cli/"]
    dry = run(*arguments, "--dry-run")
    assert dry.returncode == 0
    assert "+ https://kg.example/cli/graph/post/a" in dry.stdout
    first = run(*arguments[:3], *arguments[5:])
    assert first.returncode == 0, first.stderr
    assert "kg: the store is Oxigraph, by its headers (--preset oxigraph)" in first.stderr
    second = run(*arguments)
    assert "0 graphs added, 0 changed, 0 removed (0 triples sent" in second.stderr
    (content / "bad.md").write_text("---\ntitle: a: b\n---\n")
    refused = run(*arguments)
    assert refused.returncode == 1
    assert "--keep-going" in refused.stderr
    assert run(*arguments, "--keep-going").returncode == 1
    assert run(*arguments, "--dry-run", "--keep-going").stdout.strip() == "nothing to change"


def test_nothing_to_do_is_known_without_a_build(
    oxigraph_endpoint: str, content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in content.rglob("*.md"):
        os.utime(path, (10**9, 10**9))
    time.sleep(2.1)  # stamps of the last two seconds are not trusted
    builds: list[str] = []
    build_ = pipeline.build
    monkeypatch.setattr(pipeline, "build", lambda *a, **k: builds.append("build") or build_(*a, **k))
    monkeypatch.chdir(tmp_path)
    load = ["load", oxigraph_endpoint, str(content), "--preset", "oxigraph", "--base", "https://kg.example/unchanged/"]

    def said(*arguments: str) -> str:
        builds.clear()
        result = CliRunner().invoke(app, [*load, *arguments])
        assert result.exit_code == 0, result.output
        return result.output

    assert "+ https" in said("--dry-run")
    assert not (tmp_path / "output").exists(), "a dry run leaves nothing behind"
    assert "5 graphs added" in said()
    assert builds == ["build"]
    assert "0 graphs added, 0 changed, 0 removed (0 triples sent to Oxigraph); 5 in step" in said()
    assert builds == []
    assert "nothing to change\n" in said("--dry-run")
    assert builds == []
    store = RemoteStore(PRESETS["oxigraph"], oxigraph_endpoint, StoreClient(Credentials()))
    store._send_update(b"DROP GRAPH <https://kg.example/unchanged/graph/post/a>")
    assert "1 graph added, 0 changed" in said()
    assert "1 graph added" in said("--graph", "https://kg.example/all")
    assert builds == ["build"]
    assert "0 graphs added" in said("--graph", "https://kg.example/all")
    assert builds == []
    (content / "a.md").write_text(POSTS["a.md"].replace("Alpha", "Omega"), encoding="utf-8")
    assert "0 graphs added, 1 changed, 0 removed" in said()
    assert builds == ["build"]


def test_a_folder_that_cannot_be_written_costs_time_only(oxigraph_endpoint: str, content: Path, tmp_path: Path) -> None:
    (tmp_path / "output").write_text("a file, where a folder would be")
    load = [
        "load", oxigraph_endpoint, str(content), "--preset", "oxigraph", "--base", "https://kg.example/unwritten/",
        "-o", str(tmp_path / "output" / "below"),
    ]  # fmt: skip
    assert run(*load).returncode == 0
    assert "0 graphs added, 0 changed, 0 removed" in run(*load).stderr


def test_results_within_the_posts_are_no_posts(oxigraph_endpoint: str, content: Path) -> None:
    (content / "output").mkdir()
    (content / "output" / "glossary.md").write_text("# Glossary\n")
    load = ["load", oxigraph_endpoint, str(content), "--preset", "oxigraph", "--base", "https://kg.example/within/"]
    said = run(*load, "-o", str(content / "output"))
    assert "5 graphs added" in said.stderr, said.stderr
    assert "5 in step" in run(*load, "-o", str(content / "output")).stderr
    assert "1 graph added" in run(*load, "-o", str(content)).stderr, "the posts are where the results are"


def test_what_others_put_beside_our_graphs_stays(oxigraph_endpoint: str, content: Path, request) -> None:
    store = RemoteStore(PRESETS["oxigraph"], oxigraph_endpoint, StoreClient(Credentials()))
    base = base_for(request)
    foreign = f"{base}graph/by-hand"
    store._send_update(
        f"INSERT DATA {{ GRAPH <{foreign}> {{ <https://a.example/> <https://b.example/> 1 }} }}".encode()
    )
    graph = build(content, base)
    Synchronisation(store, graph).run()
    assert Synchronisation(store, graph).compare().is_empty
    assert len(fetch(store, foreign)) == 1
    with pytest.raises(ConfigError, match="1 triple that kg did not put there"):
        Synchronisation(store, graph, foreign).run()
    assert len(fetch(store, foreign)) == 1


def test_no_store_is_exit_status_3(content: Path) -> None:
    ended = run("load", f"http://127.0.0.1:{stores.free_port()}", str(content), "--preset", "graphdb", "--timeout", "1")
    assert ended.returncode == 3
    assert "is the store running?" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_a_wrong_password_is_exit_status_3(virtuoso_endpoint: str, content: Path) -> None:
    ended = run(
        "load", virtuoso_endpoint, str(content), "--preset", "virtuoso", "--base", "https://kg.example/wrong/",
        KG_STORE_USER="dba", KG_STORE_PASSWORD="wr0ng",
    )  # fmt: skip
    assert ended.returncode == 3
    assert "KG_STORE_PASSWORD" in ended.stderr
    assert "wr0ng" not in ended.stderr


def test_every_preset_is_listed() -> None:
    listed = CliRunner().invoke(app, ["load", "--presets"]).output
    assert all(name in listed for name in PRESETS)


# Real posts, into both stores.


def test_every_triple_of_real_posts_comes_back_from_oxigraph(real_graph: KnowledgeGraph, tmp_path: Path) -> None:
    from kg.rdf.terms import quads

    with stores.oxigraph(tmp_path) as (endpoint, _process):
        store = RemoteStore(PRESETS["oxigraph"], endpoint, StoreClient(Credentials()))
        Synchronisation(store, real_graph).run()
        with urlopen(Request(f"{endpoint}/store", headers={"Accept": "application/n-quads"}), timeout=120) as answer:
            held = {q for q in ox.parse(answer, format=ox.RdfFormat.N_QUADS) if q.predicate.value != DIGEST}
        assert held == set(quads(real_graph))
        assert Synchronisation(store, real_graph).compare().is_empty


def test_real_posts_are_in_step_in_virtuoso(real_graph: KnowledgeGraph, virtuoso_endpoint: str) -> None:
    preset = dataclasses.replace(PRESETS["virtuoso"], page=100)
    store = RemoteStore(preset, virtuoso_endpoint, StoreClient(Credentials("dba", "dba"), timeout=120))
    Synchronisation(store, real_graph).run()
    plan = Synchronisation(store, real_graph).compare()
    assert plan.is_empty
    assert len(plan.stored) > 2 * preset.page


@given(st.integers(0, 400_000), st.sampled_from([0, 1_000, 5_000]))
def test_the_parts_of_a_large_graph_are_all_of_it(count: int, page: int) -> None:
    """Whatever the digest of a subject is, exactly one part holds it."""
    filters = [re.findall(r'([>=<]+) "(\w+)"', part) for part in _parts(count, page)]
    assert len(filters) == 1 or count * 3 <= len(filters) * page * 2
    for digest in ("0" * 32, "f" * 32, md5(b"x").hexdigest(), md5(b"y").hexdigest()):
        held = [all(digest >= end if sign == ">=" else digest < end for sign, end in one) for one in filters]
        assert held.count(True) == 1
