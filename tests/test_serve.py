"""`kg serve` as people and programs use it: the page, the files, the things, rebuilds, an orderly end."""

from __future__ import annotations

import asyncio
import http.client
import http.server
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any
from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from kg.config import Config
from kg.errors import ExportError
from kg.iris import entity_iri, post_iri
from kg.model import IRI
from kg.server import site, workers
from kg.server.entities import iri_of, path_of
from kg.server.events import Events
from kg.server.worker import QueryJob
from tests.conftest import program, saving
from tests.running import kg as run_kg
from tests.serving import Served, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

BASE = IRI("https://kg.example/")
POST = """---
title: {title}
date: 2024-03-01
people: [习近平, Ada Lovelace]
tags: [c++]
summary: What it is about.
---
Text.
"""


@pytest.fixture
def content(tmp_path: Path) -> Path:
    folder = tmp_path / "content"
    folder.mkdir()
    (folder / "one.md").write_text(POST.format(title="The first post"), "utf-8")
    (folder / "two.md").write_text(POST.format(title="第二篇"), "utf-8")
    return folder


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("served")
    (folder / "content").mkdir()
    (folder / "content" / "one.md").write_text(POST.format(title="The first post"), "utf-8")
    (folder / "content" / "two.md").write_text(POST.format(title="第二篇"), "utf-8")
    with serve(folder / "content", "-o", folder / "output") as running:
        yield running


# --- scripts of other sites

YASGUI = "https://yasgui.example"


@pytest.fixture(scope="module")
def other_site() -> Iterator[str]:
    """The origin of a server that has one empty page."""

    class Page(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="module")
def open_to_yasgui(tmp_path_factory: pytest.TempPathFactory, other_site: str) -> Iterator[Served]:
    folder = tmp_path_factory.mktemp("open")
    (folder / "content").mkdir()
    (folder / "content" / "one.md").write_text(POST.format(title="The first post"), "utf-8")
    with serve(
        folder / "content", "-o", folder / "output", "--allow-origin", YASGUI, "--allow-origin", other_site
    ) as running:
        yield running


def test_an_allowed_site_may_ask(open_to_yasgui: Served) -> None:
    """What a browser does for https://yasgui.example: it asks what it may do, and then asks with its Origin."""
    asked = {
        "Origin": YASGUI, "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors",
        "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type",
    }  # fmt: skip
    preflight = open_to_yasgui.ask("OPTIONS", "/sparql", asked)
    assert (preflight.status, preflight.body) == (204, b"")
    assert preflight.headers["Access-Control-Allow-Origin"] == YASGUI
    assert "POST" in preflight.headers["Access-Control-Allow-Methods"]
    assert "content-type" in preflight.headers["Access-Control-Allow-Headers"].lower()
    assert "Access-Control-Allow-Credentials" not in preflight.headers
    query = {"Origin": YASGUI, "Sec-Fetch-Site": "cross-site", "Content-Type": "application/sparql-query"}
    answer = open_to_yasgui.ask("POST", "/sparql", query, "ASK { ?s ?p ?o }")
    assert answer.status == 200
    assert answer.headers["Access-Control-Allow-Origin"] == YASGUI
    assert "Origin" in answer.headers["Vary"]


@pytest.mark.parametrize("origin", ["https://evil.example", "https://yasgui.example.evil.example", "null"])
def test_no_other_site_may_ask(open_to_yasgui: Served, served: Served, origin: str) -> None:
    for server in (open_to_yasgui, served):
        for method in ("OPTIONS", "POST"):
            headers = {"Origin": origin, "Access-Control-Request-Method": "POST"}
            reply = server.ask(method, "/sparql", headers, "ASK { ?s ?p ?o }")
            assert reply.status == 403
            assert "Access-Control-Allow-Origin" not in reply.headers
    closed = served.ask("POST", "/sparql", {"Origin": YASGUI}, "ASK { ?s ?p ?o }")
    assert closed.status == 403, "off by default"


@pytest.mark.parametrize("origin", ["*", "yasgui.example", "https://yasgui.example/", "null"])
def test_an_origin_is_written_as_browsers_write_it(origin: str, tmp_path: Path) -> None:
    from click.testing import CliRunner

    from kg.cli import app

    refused = CliRunner().invoke(app, ["serve", str(tmp_path), "--allow-origin", origin])
    assert refused.exit_code == 2
    assert "is not an origin" in refused.output


def test_a_former_iri_leads_to_the_one_of_today(tmp_path: Path) -> None:
    (tmp_path / "graph.ttl").write_text(
        "@prefix void: <http://rdfs.org/ns/void#> . @prefix dcterms: <http://purl.org/dc/terms/> .\n"
        "@prefix person: <https://kg.example/person/> . @prefix schema: <https://schema.org/> .\n"
        '<https://kg.example/dataset> a void:Dataset ; void:uriSpace "https://kg.example/" .\n'
        "person:习近平 a schema:Person . person:xi dcterms:isReplacedBy person:习近平 .\n",
        "utf-8",
    )
    with serve("--no-build", "-o", tmp_path) as running:
        for accept in ("text/html", "text/turtle"):
            reply = running.get("/person/xi", accept)
            assert reply.status == 303
            there = running.get(reply.headers["Location"], accept)
            assert (there.status, "习近平" in there.text) == (200, True)
        assert running.get("/person/nobody").status == 404


# --- what is there


def test_the_page_knows_the_endpoint(served: Served) -> None:
    reply = served.get("/")
    assert (reply.status, reply.type) == (200, "text/html")
    assert '"/sparql"' in reply.text
    assert "Who appears with whom" in reply.text  # the examples are in it
    assert "frame-ancestors 'none'" in reply.headers["Content-Security-Policy"]
    assert served.get("/", **{"If-None-Match": reply.headers["ETag"]}).status == 304


def test_the_files_of_the_build_can_be_fetched(served: Served) -> None:
    reply = served.get("/graph.ttl")
    assert (reply.status, reply.type) == (200, "text/turtle")
    assert "schema:BlogPosting" in reply.text
    assert served.get("/graph.graphml").type == "application/graphml+xml"


def test_the_prefixes_of_the_graph_are_known_to_the_endpoint(served: Served) -> None:
    reply = served.query(
        "SELECT ?title { ?p schema:mentions person:习近平 ; rdfs:label ?title } ORDER BY ?title", "text/csv"
    )
    assert reply.text.split("\r\n" if "\r\n" in reply.text else "\n")[1:3] == ["The first post", "第二篇"]


@pytest.mark.parametrize(
    "accept", ["text/html", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "*/*", ""]
)
def test_a_thing_is_a_document_for_people(served: Served, accept: str) -> None:
    reply = served.get("/person/%E4%B9%A0%E8%BF%91%E5%B9%B3", accept)
    assert (reply.status, reply.type) == (200, "text/html")
    assert "<h1>习近平</h1>" in reply.text
    assert 'href="/post/one"' in reply.text  # where it is named
    assert "The first post" in reply.text
    assert "<time>2024-03-01</time>" in reply.text
    assert 'href="/#at=person%2F' in reply.text


def test_a_thing_is_data_for_machines(served: Served) -> None:
    import rdflib

    iri = rdflib.URIRef("https://kg.example/person/习近平")
    for accept, format_ in (("text/turtle", "turtle"), ("application/n-triples", "nt"), ("application/rdf+xml", "xml")):
        reply = served.get("/person/%E4%B9%A0%E8%BF%91%E5%B9%B3", accept)
        assert (reply.status, reply.type) == (200, accept)
        assert reply.headers["Vary"] == "Accept"
        graph = rdflib.Graph().parse(data=reply.text, format=format_)
        assert (iri, rdflib.RDF.type, rdflib.URIRef("https://schema.org/Person")) in graph
        assert len(list(graph.subjects(rdflib.URIRef("https://schema.org/mentions"), iri))) == 2
    for accept in ("application/ld+json", "application/json"):
        reply = served.get("/tag/c++", accept)
        assert reply.type == accept
        assert "https://kg.example/tag/c++" in json.dumps(json.loads(reply.text))


@pytest.mark.parametrize("accept", ["text/html", "text/turtle", "application/n-triples", "application/ld+json"])
def test_what_is_not_there_is_not_found(served: Served, accept: str) -> None:
    assert served.get("/person/nobody", accept).status == 404


def test_every_thing_of_the_graph_answers(served: Served) -> None:
    query = "SELECT DISTINCT ?x { ?x rdfs:label ?l FILTER(STRSTARTS(STR(?x), 'https://kg.example/')) }"
    things = [row["x"]["value"] for row in json.loads(served.query(query).text)["results"]["bindings"]]
    assert len(things) > 5
    for thing in things:
        path = path_of(BASE, thing)
        assert path is not None
        assert served.get(path, "text/turtle").status == 200, thing


def test_errors_of_a_query_tell_the_editor_the_place(served: Served) -> None:
    reply = served.query("SELECT ?x {\n ?x foaf:name ?y }", "application/sparql-results+json, application/problem+json")
    assert (reply.status, reply.type) == (400, "application/problem+json")
    detail = json.loads(reply.text)
    assert (detail["line"], detail["column"]) == (2, 5)
    assert "foaf" in detail["title"]
    assert "PREFIX foaf:" in detail["hint"]
    plain = served.query("SELECT ?x {\n ?x foaf:name ?y }")
    assert plain.type == "text/plain"
    assert plain.text.startswith("query:2:5: no prefix is called 'foaf:'")


@pytest.fixture
def real_browser() -> Iterator[Any]:
    playwright = pytest.importorskip("playwright.sync_api")
    with playwright.sync_playwright() as driver:
        instance = driver.chromium.launch(
            executable_path=program("chromium"), args=["--no-sandbox", "--use-angle=swiftshader"]
        )
        yield instance
        instance.close()


def test_a_query_is_asked_in_the_page(served: Served, real_browser: Any) -> None:
    """In a real browser: its Origin, its policies, our headers and our endpoint agree."""
    page = real_browser.new_page()
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(f"http://127.0.0.1:{served.port}/")
    page.click("#open-query")
    page.fill("#query-text", "SELECT ?title { ?p schema:mentions person:习近平 ; rdfs:label ?title } ORDER BY ?title")
    page.click("#query-run")
    page.wait_for_selector("#query-result td")
    assert page.locator("#query-result td").all_inner_texts() == [
        "The first post",
        "第二篇zh",
    ]  # and the language, where it is known
    for number in range(page.locator("#query-examples option").count() - 1):
        page.select_option("#query-examples", str(number))
        page.click("#query-run")
        page.wait_for_selector("#query-result [role=status]")
    assert errors == []
    page.fill("#query-text", "SELCT")
    page.click("#query-run")
    page.wait_for_selector("#query-result [role=alert]")
    assert "did you mean SELECT?" in page.inner_text("#query-result")
    page.close()


def test_a_browser_asks_from_another_site(
    open_to_yasgui: Served, served: Served, other_site: str, real_browser: Any
) -> None:
    """As YASGUI and Comunica do: with a media type for which browsers ask first what they may do."""
    page = real_browser.new_page()
    page.goto(f"{other_site}/")
    ask = """([url, type, body]) => fetch(url, {
        method: "POST", body, headers: {"Content-Type": type, Accept: "application/sparql-results+json"},
    }).then((answer) => answer.json()).then((json) => json.boolean, (error) => error.name)"""
    query = "ASK { ?s ?p ?o }"
    for media_type, body in (
        ("application/sparql-query", query),
        ("application/x-www-form-urlencoded; charset=UTF-8", f"query={quote(query)}"),
    ):
        asked = [f"http://127.0.0.1:{server.port}/sparql" for server in (open_to_yasgui, served)]
        assert [page.evaluate(ask, [url, media_type, body]) for url in asked] == [True, "TypeError"]
    page.close()


# --- changes


def test_an_open_page_shows_what_was_written(content: Path, tmp_path: Path, real_browser: Any) -> None:
    with serve(content, "-o", tmp_path / "output", "--watch") as running:
        page = real_browser.new_page()
        errors: list[str] = []
        page.on("console", lambda message: errors.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: errors.append(str(error)))
        with page.expect_request("**/events"):
            page.goto(f"http://127.0.0.1:{running.port}/")
        names = "(typeof kg === 'undefined' ? [] : [...kg.graph.labels])"
        page.wait_for_function(f"() => {names}.includes('The first post')", timeout=180_000)
        for title in ("A third one", "第四篇"):  # and the reloaded page listens again
            with (
                saving(content / f"{title}.md", POST.format(title=title)),
                page.expect_event("load", timeout=180_000),
            ):
                pass
            page.wait_for_function(f"() => {names}.includes({json.dumps(title)})", timeout=180_000)
        page.click("#open-query")
        page.fill("#query-text", "ASK { ?p rdfs:label ?l FILTER(STR(?l) = '第四篇') }")
        page.click("#query-run")
        page.wait_for_selector("#query-result .answer")
        assert page.inner_text("#query-result") == "true"
        assert errors == []
        page.close()


class Listener:
    """An open page."""

    def __init__(self, served: Served, last: str = "") -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", served.port, timeout=40)
        self._connection.request("GET", "/events", headers={"Last-Event-ID": last} if last else {})
        self._response = self._connection.getresponse()
        assert self._response.status == 200
        assert self._response.headers.get_content_type() == "text/event-stream"

    def wait(self, wanted: str) -> bool:
        """Whether such a line comes before the stream ends."""
        while line := self._response.readline():
            if line.decode().strip() == wanted:
                return True
        return False

    def close(self) -> None:
        self._connection.close()


def test_watch_builds_again_and_tells_the_page(content: Path, tmp_path: Path) -> None:
    with serve(content, "-o", tmp_path / "output", "--watch") as running:
        page = Listener(running)
        assert page.wait("retry: 1000")
        before = running.get("/").headers["ETag"]
        third = POST.format(title="A third one").replace("Ada Lovelace", "Alan Turing")
        with saving(content / "three.md", third):
            assert page.wait("event: reload")
        assert '"/events"' in running.get("/").text  # not for a moment the page that listens to nobody
        deadline = time.monotonic() + 30
        while "yes" not in (said := running.query("SELECT ('yes' AS ?x) { person:alan_turing a ?c }", "text/csv").text):
            assert time.monotonic() < deadline, said
            time.sleep(0.2)
        assert running.get("/").headers["ETag"] != before
        assert running.get("/person/alan_turing", "text/html").status == 200
        page.close()


def test_a_build_in_another_terminal_is_noticed(tmp_path: Path) -> None:
    line = '<https://kg.example/x/{}> <http://www.w3.org/2000/01/rdf-schema#label> "x" .\n'
    graph = tmp_path / "graph.nt"
    graph.write_text(line.format(1))
    count = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
    with serve("--no-build", "-o", tmp_path) as running:
        assert running.query(count, "text/csv").text.split() == ["n", "1"]
        page = Listener(running)
        assert page.wait("retry: 1000")
        fresh = tmp_path / "new"
        fresh.write_text(line.format(1) + line.format(2))
        fresh.replace(graph)
        assert page.wait("event: reload")
        assert running.query(count, "text/csv").text.split() == ["n", "2"]
        page.close()


def test_a_build_in_another_terminal_is_followed_by_our_page(content: Path, tmp_path: Path) -> None:
    output = tmp_path / "output"
    with serve(content, "-o", output) as running:
        page = Listener(running)
        assert page.wait("retry: 1000")
        (content / "three.md").write_text(POST.format(title="A third one"), "utf-8")
        assert run_kg("build", content, "-o", output, "-q").returncode == 0
        assert page.wait("event: reload")
        assert '"/events"' in running.get("/").text
        assert running.get("/post/three", "text/html").status == 200
        page.close()


@pytest.mark.parametrize("last", ["0", "9" * 5000])
def test_a_page_that_missed_a_change_hears_of_it_when_it_comes_back(last: str) -> None:
    async def scenario() -> list[str]:
        events = Events()
        events.reload()
        with events.listener() as listener:
            stream = events.stream(listener, last)
            heard = [await anext(stream), await anext(stream)]
            events.reload()
            heard.append(await anext(stream))
            events.close()
            heard += [message async for message in stream]
        return heard

    heard = asyncio.run(scenario())
    assert [message.split("\n")[0] for message in heard] == ["retry: 1000", "event: reload", "event: reload"]


def test_an_edited_page_is_shown_only_while_it_is_as_new_as_the_build(tmp_path: Path) -> None:
    assert site.page(tmp_path) is None
    built, ours = tmp_path / "graph.html", tmp_path / ".kg" / "served.html"
    ours.parent.mkdir()
    built.write_text("built")
    assert site.page(tmp_path) == built
    ours.write_text("ours")
    os.utime(built, (100, 100))
    assert site.page(tmp_path) == ours
    os.utime(ours, (50, 50))
    assert site.page(tmp_path) == built
    assert site.page(tmp_path, ours_first=True) == ours


# --- starting and stopping


def test_ctrl_c_ends_it_in_good_order(content: Path, tmp_path: Path) -> None:
    with serve(content, "-o", tmp_path / "output", "--watch") as running:
        page = Listener(running)
        assert page.wait("retry: 1000")
        running.query("ASK {}")
        workers = running.workers()
        assert workers
        running.process.send_signal(signal.SIGINT)
        assert running.process.wait(60) == 0
        assert not page.wait("event: reload")  # the stream has ended
        page.close()
    for worker in workers:
        with pytest.raises(ProcessLookupError):
            os.kill(worker, 0)


def kg_serve(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "kg", "serve", *map(str, arguments)],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_wrong_use_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "graph.nt").write_text("<a:a> <a:b> <a:c> .\n")
    done = kg_serve("--no-build", "-o", tmp_path / "nothing")
    assert done.returncode == 2
    assert "no built graph here" in done.stderr
    done = kg_serve(tmp_path / "no-content", "-o", tmp_path)
    assert done.returncode == 2
    assert done.stderr.startswith("kg: ")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        done = kg_serve("--no-build", "-o", tmp_path, "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "try another --port" in done.stderr
    done = subprocess.run(
        [sys.executable, "-m", "kg", "serve", "--no-build", "-o", str(tmp_path)],
        capture_output=True, text=True, timeout=60, check=False, env={**os.environ, "KG_SERVE_TOKEN": "short"},
    )  # fmt: skip
    assert done.returncode == 2
    assert "at least 16 characters" in done.stderr


def test_faulty_posts_do_not_stop_it(content: Path, tmp_path: Path) -> None:
    (content / "bad.md").write_text("---\ntitle: Bad\ndate: 2024-13-01\n---\n", "utf-8")
    with serve(content, "-o", tmp_path / "output") as running:
        assert running.query("ASK { ?x rdfs:label ?l }").status == 200


def test_refresh_makes_the_page_anew_when_it_is_gone(content: Path, tmp_path: Path) -> None:
    source = site.Source(output=tmp_path / "output", content=content, config=Config())
    assert site.refresh(source) == 0
    page = site.page(source.output)
    assert page is not None
    assert page.name == site.PAGE
    first = page.read_bytes()
    page.unlink()
    assert site.refresh(source) == 0
    assert page.read_bytes() == first
    shutil.rmtree(content)
    assert site.refresh(source) == 2
    assert page.read_bytes() == first


# --- IRIs and paths


@given(st.text(min_size=1, max_size=40))
@example("\U000e0100\ufffd")  # seen or not, what may not stand in an IRI
@example("<<" * 9 + "\x80¡" * 8 + "\U0002ebe1" * 9)  # shortened within a letter that is written as four escapes
def test_the_path_of_an_iri_leads_back_to_it(name: str) -> None:
    for iri in (entity_iri(BASE, "tag", name), post_iri(BASE, name.replace("\x00", "") or "x")):
        path = path_of(BASE, iri)
        assert path is not None
        assert path.isascii()
        assert iri_of(BASE, path) == iri


def test_other_people_s_iris_have_no_path_here() -> None:
    assert path_of(BASE, "https://www.wikidata.org/entity/Q1") is None
    assert path_of("", "https://kg.example/x") is None


def test_a_worker_that_starts_while_the_graph_changes_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    """It may have opened the graph of before; the query waits for one that has not."""
    ended: list[str] = []

    class Worker:
        usable = alive = True

        def __init__(self, name: str) -> None:
            self.name = name

        async def run(self, _job: QueryJob, result: IO[bytes], _most: int) -> None:
            result.write(self.name.encode())

        async def end(self) -> None:
            ended.append(self.name)

    async def scenario() -> bytes:
        pool = workers.WorkerPool(Path("store"), workers.QueryLimits())
        started = 0

        async def start(_source: Path, _query: str | None) -> Worker:
            nonlocal started
            started += 1
            if started == 1:
                await pool.refresh()
            return Worker(f"worker {started}")

        monkeypatch.setattr(workers.Worker, "start", start)
        with await pool.ask(QueryJob("ASK { }", "json")) as result:
            return result.read()

    assert asyncio.run(scenario()) == b"worker 2"
    assert ended == ["worker 1"]


def test_first_queries_are_answered_while_the_whole_graph_is_loaded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each by a worker that may hold no more than that query looks at; once all is loaded, one worker answers all."""

    class Worker:
        def __init__(self, query: str | None) -> None:
            self.query = query
            self.usable = self.alive = query is None

        async def run(self, _job: QueryJob, result: IO[bytes], _most: int) -> None:
            result.write((self.query or "whole").encode())

        async def end(self) -> None:
            pass

    async def scenario() -> list[bytes]:
        loaded = asyncio.Event()
        pool = workers.WorkerPool(Path("store"), workers.QueryLimits())

        async def start(_source: Path, query: str | None) -> Worker:
            if query is None:
                await loaded.wait()
            return Worker(query)

        async def ask(query: str, *graphs: str) -> bytes:
            with await pool.ask(QueryJob(query, "json", named_graphs=graphs)) as result:
                return result.read()

        monkeypatch.setattr(workers.Worker, "start", start)
        monkeypatch.setattr(workers, "is_loaded", lambda _source: loaded.is_set())
        first, second = await ask("ASK { }"), await ask("SELECT * { ?s a ?o }")
        waiting = asyncio.ensure_future(ask("ASK { }", "https://x.example/graph"))
        await asyncio.sleep(0.01)
        assert not waiting.done()
        loaded.set()
        third, fourth = await waiting, await ask("ASK { }")
        await pool.close()
        return [first, second, third, fourth]

    answers = asyncio.run(asyncio.wait_for(scenario(), 60))
    assert answers == [b"ASK { }", b"SELECT * { ?s a ?o }", b"whole", b"whole"]


def test_a_long_query_makes_room_and_begins_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """With one place for short queries and one for long ones, and two long ones there."""
    begun: list[str] = []
    ended: list[str] = []

    class Worker:
        usable = True

        @property
        def alive(self) -> bool:
            return self.usable

        async def run(self, job: QueryJob, result: IO[bytes], _most: int) -> None:
            begun.append(job.query)
            result.write(f"{job.query} ".encode())
            if job.query != "short":
                await gates[job.query].wait()
            result.write(b"done")
            ended.append(job.query)

        def give_way(self) -> None:
            self.usable = False

        async def end(self) -> None:
            self.usable = False

    async def start(_source: Path, _query: str | None) -> Worker:
        return Worker()

    monkeypatch.setattr(workers.Worker, "start", start)
    gates: dict[str, asyncio.Event] = {}

    async def scenario() -> list[bytes]:
        gates.update(first=asyncio.Event(), second=asyncio.Event())
        pool = workers.WorkerPool(Path("store"), workers.QueryLimits(workers=1, time_slice=0.01))

        async def ask(query: str) -> bytes:
            with await pool.ask(QueryJob(query, "json")) as result:
                return result.read()

        first = asyncio.ensure_future(ask("first"))
        second = asyncio.ensure_future(ask("second"))
        while begun != ["first", "second"]:
            await asyncio.sleep(0.01)
        short = await ask("short")
        for gate in gates.values():
            gate.set()
        return [short, await first, await second]

    answers = asyncio.run(asyncio.wait_for(scenario(), 60))
    assert answers == [b"short done", b"first done", b"second done"]
    assert begun == ["first", "second", "short", "second"]
    assert ended == ["short", "first", "second"]


def test_a_build_that_is_killed_is_no_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Process:
        exitcode = -signal.SIGKILL

        def join(self) -> None:
            pass

    monkeypatch.setattr(site, "start", lambda _source, _report: Process())
    with pytest.raises(ExportError, match="was killed"):
        site.refresh(site.Source(output=tmp_path, content=tmp_path, config=Config(), jobs=None))
