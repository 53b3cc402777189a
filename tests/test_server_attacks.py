"""`kg serve` under attack, over real sockets on loopback: each attack is refused or bounded, and it goes on serving."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import pytest

from kg.server.guard import is_loopback
from kg.server.workers import QueryLimits
from tests.serving import Reply, Served, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

SECONDS = 1
TRIPLES = 400
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
SECRET = "the secret outside the output"
ENDLESS = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?s{i} ?p{i} ?o{i} ." for i in range(6)) + " }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
LONG = "x" * 500


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server of a small graph, with things around the output that nobody may see."""
    folder = tmp_path_factory.mktemp("attacked")
    output = folder / "output"
    (output / "below").mkdir(parents=True)
    (folder / "secret.txt").write_text(SECRET)
    (output / "below" / "secret.txt").write_text(SECRET)
    (output / ".secret").write_text(SECRET)
    (output / "link.txt").symlink_to(folder / "secret.txt")
    (output / "graph.html").write_text("<!doctype html><title>map</title>")
    (output / "large.csv").write_text("x,y\n" * (3 << 20))
    lines = (f'<https://kg.example/x/{i}> <http://a.example/p> "{LONG}{i}" .\n' for i in range(TRIPLES))
    (output / "graph.nt").write_text("".join(lines))
    with serve("--no-build", "-o", output, "--timeout", SECONDS, "--result-limit", "4") as running:
        yield running


@pytest.fixture(autouse=True)
def goes_on_serving(served: Served) -> Iterator[None]:
    """After each attack the server answers, and the graph is what it was."""
    yield
    reply = served.query(COUNT)
    assert reply.status == 200, reply.text
    assert json.loads(reply.text)["results"]["bindings"][0]["n"]["value"] == str(TRIPLES)


def raw(served: Served, data: bytes, seconds: float = 5) -> bytes:
    """Send bytes as they are, and read until the server closes or falls silent."""
    with socket.create_connection(("127.0.0.1", served.port), timeout=seconds) as connection:
        connection.sendall(data)
        answer = b""
        try:
            while piece := connection.recv(1 << 16):
                answer += piece
        except TimeoutError:
            pass
        return answer


# --- changing things and reaching out


@pytest.mark.parametrize(
    "update",
    ["CLEAR ALL", "DROP ALL", "LOAD <file:///etc/passwd>", "LOAD <http://127.0.0.1:1/>", "DELETE WHERE { ?s ?p ?o }",
     "INSERT DATA { <a:a> <a:b> <a:c> }", "PREFIX a: <a:> INSERT { ?s a:b 1 } WHERE { ?s ?p ?o }"],
)  # fmt: skip
def test_nothing_can_be_changed(served: Served, update: str) -> None:
    body = urlencode({"update": update})
    replies = [
        served.query(update),
        served.get("/sparql?" + body),
        served.ask("POST", "/sparql", FORM, body),
        served.ask("POST", "/sparql", {"Content-Type": "application/sparql-update"}, update),
        served.ask("POST", "/sparql", {"Content-Type": "application/sparql-query"}, update),
        served.ask("PUT", "/sparql?default", {"Content-Type": "text/turtle"}, "<a:a> <a:b> <a:c> ."),
        served.ask("DELETE", "/sparql?default"),
        served.ask("DELETE", "/graph.nt"),
        served.ask("PUT", "/graph.nt", {}, "nothing"),
    ]
    assert all(reply.status in (403, 405) for reply in replies), [reply.status for reply in replies]


@pytest.mark.parametrize("keyword", ["SERVICE", "service silent", "SeRvIcE", "FILTER(1<2)SERVICE", "# \nSERVICE"])
def test_no_other_server_is_asked(served: Served, keyword: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0.3)
        reply = served.query(f"SELECT * {{ {keyword} <http://127.0.0.1:{other.getsockname()[1]}/> {{ ?s ?p ?o }} }}")
        assert reply.status == 403
        with pytest.raises(TimeoutError):
            other.accept()


def test_graphs_that_a_request_names_are_not_fetched(served: Served) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        other.settimeout(0.3)
        address = f"http://127.0.0.1:{other.getsockname()[1]}/data.ttl"
        assert served.query(COUNT, **{"default-graph-uri": address}).status == 200
        assert served.query(f"SELECT * FROM <{address}> {{ ?s ?p ?o }}").status == 200
        with pytest.raises(TimeoutError):
            other.accept()


def test_a_worker_can_open_nothing(served: Served) -> None:
    """Should the checks above have a hole: the process that runs queries has no right to a socket or a file."""
    served.query(COUNT)
    (worker, *_others) = served.workers()
    limits = Path(f"/proc/{worker}/limits").read_text()
    assert re.search(r"Max open files\s+0\s+0", limits)
    assert re.search(rf"Max data size\s+{2 << 30}\s+{2 << 30}", limits)


# --- reading what is not ours to give


@pytest.mark.parametrize(
    "path",
    ["/../secret.txt", "/../../../../../../etc/passwd", "/%2e%2e/secret.txt", "/..%2fsecret.txt", "/..%5csecret.txt",
     "/.%2e/secret.txt", "/below/secret.txt", "/below%2fsecret.txt", "/./below/secret.txt", "//secret.txt",
     "/.secret", "/%2esecret", "/link.txt", "/graph.nt%00.html", "/graph.nt/", "/graph.nt/../../secret.txt",
     "/.kg/query", "/.kg%2fquery", "/file:///etc/passwd", "/etc/passwd", "/\\..\\secret.txt",
     "/%c0%ae%c0%ae/secret.txt", "/%ff%fe", "/" + "a" * 5000, "/x/%3Cscript%3E", "/x/1%20%7D%20#"],
)  # fmt: skip
def test_no_path_leaves_the_output(served: Served, path: str) -> None:
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nConnection: close\r\n\r\n"
    answer = raw(served, request.encode("latin-1"))
    status = int(answer.split(b" ", 2)[1])
    assert status in (400, 404), answer[:200]
    assert SECRET.encode() not in answer
    assert b"root:" not in answer


def test_an_absolute_target_names_no_file(served: Served) -> None:
    for target in ("http://evil.example/", "file:///etc/passwd", "*"):
        request = f"GET {target} HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\nConnection: close\r\n\r\n"
        answer = raw(served, request.encode())
        assert b"root:" not in answer


# --- other sites in the same browser


@pytest.mark.parametrize(
    "host",
    ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "localhost.evil.example:{port}", "",
     "a@127.0.0.1:{port}",
     "127.0.0.1:{port}@evil.example", "127.0.0.1:{port}/", "[::1", "0.0.0.0:{port}", "127.0.0.1:{port}, evil.example"],
)  # fmt: skip
def test_a_foreign_host_is_refused(served: Served, host: str) -> None:
    assert served.get("/", Host=host.format(port=served.port)).status == 421
    assert served.get("/sparql?query=ASK%7B%7D", Host=host.format(port=served.port)).status == 421


def test_our_own_names_are_not(served: Served) -> None:
    for host in ("127.0.0.1", "localhost", "LOCALHOST", "[::1]"):
        assert served.get("/", Host=f"{host}:{served.port}").status == 200


def test_two_hosts_or_none_are_refused(served: Served) -> None:
    port = served.port
    for lines in (f"Host: 127.0.0.1:{port}\r\nHost: evil.example", "X: y"):
        answer = raw(served, f"GET / HTTP/1.1\r\n{lines}\r\nConnection: close\r\n\r\n".encode())
        assert answer.split(b" ", 2)[1] in (b"400", b"421")


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": "http://127.0.0.1:1"}, {"Origin": "http://127.0.0.1"},
     {"Origin": "https://127.0.0.1:{port}"}, {"Origin": "http://127.0.0.1:{port}.evil.example"},
     {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"},
     {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}],
)  # fmt: skip
def test_a_cross_site_request_is_refused(served: Served, headers: dict[str, str]) -> None:
    sent = {name: value.format(port=served.port) for name, value in headers.items()}
    body = urlencode({"query": COUNT})
    assert served.ask("POST", "/sparql", {**FORM, **sent}, body).status == 403
    assert served.ask("GET", f"/sparql?{body}", sent).status == 403
    assert served.ask("GET", "/events", sent).status == 403


def test_our_own_page_and_a_link_from_elsewhere_are_let_in(served: Served) -> None:
    own = {"Origin": f"http://127.0.0.1:{served.port}", "Sec-Fetch-Site": "same-origin"}
    assert served.ask("POST", "/sparql", {**FORM, **own}, urlencode({"query": COUNT})).status == 200
    assert served.ask("GET", "/", {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}).status == 200


def test_every_answer_carries_the_headers(served: Served) -> None:
    replies = [served.get("/"), served.query(COUNT), served.query("nonsense"), served.get("/nothing"),
               served.get("/graph.nt"), served.get("/x/1", "text/html"), served.get("/", Host="evil.example"),
               served.ask("PUT", "/")]  # fmt: skip
    for reply in replies:
        assert reply.headers["X-Content-Type-Options"] == "nosniff"
        assert reply.headers["Referrer-Policy"] == "same-origin"
        assert "frame-ancestors 'none'" in reply.headers["Content-Security-Policy"]
        assert reply.headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert reply.headers["Cache-Control"] in ("no-store", "no-cache")
        assert "Access-Control-Allow-Origin" not in reply.headers
        assert "Server" not in reply.headers


# --- too much


def test_a_query_that_never_ends_is_ended_and_others_do_not_wait(served: Served) -> None:
    with ThreadPoolExecutor() as threads:
        begun = time.monotonic()
        endless = threads.submit(served.query, ENDLESS)
        time.sleep(0.2)
        quick = served.query(COUNT)
        waited = time.monotonic() - begun
        reply = endless.result()
    assert quick.status == 200
    if (os.cpu_count() or 1) > 1:
        assert waited < SECONDS + 5
    assert reply.status == 503
    assert f"no answer within {SECONDS:g} s" in reply.text
    assert reply.headers["Retry-After"]


def test_a_result_of_a_hundred_megabytes_is_refused(served: Served) -> None:
    query = "SELECT ?a ?b { ?x ?p ?a . ?y ?q ?b } LIMIT 100000"  # 100,000 rows of 1,000 characters
    reply = served.query(query)
    assert reply.status in (403, 503)
    assert len(reply.body) < 1000
    reply = served.query(query.replace("100000", "100"))
    assert reply.status == 200
    assert len(reply.body) > 100_000


def test_a_query_that_wants_all_the_memory_is_ended(served: Served) -> None:
    reply = served.query('SELECT (GROUP_CONCAT(?a; SEPARATOR="") AS ?all) { ?x ?p ?a . ?y ?q ?b . ?z ?r ?c }')
    assert reply.status in (403, 503)


def test_two_hundred_requests_at_once(served: Served) -> None:
    gate = threading.Barrier(200)

    def one(number: int) -> Reply:
        gate.wait()
        return served.query(f"SELECT ?o {{ <https://kg.example/x/{number}> ?p ?o }}", "text/csv")

    with ThreadPoolExecutor(200) as threads:
        replies = list(threads.map(one, range(200)))
    assert {reply.status for reply in replies} <= {200, 503}
    answered = [(number, reply) for number, reply in enumerate(replies) if reply.status == 200]
    assert len(answered) >= 100
    assert all(reply.text.strip().endswith(f"x{number}") for number, reply in answered)  # each got its own answer
    assert len(served.workers()) <= 2 * QueryLimits().workers


def test_two_hundred_endless_queries_at_once_block_nobody_for_long(served: Served) -> None:
    """More than can be run: they wait for their turn, and are let go when they have waited too long."""
    with ThreadPoolExecutor(40) as threads:
        replies = list(threads.map(lambda _n: served.query(ENDLESS), range(40)))
    assert {reply.status for reply in replies} == {503}


@pytest.mark.parametrize(
    ("method", "path", "headers", "body"),
    [
        ("POST", "/sparql", {"Content-Type": "application/sparql-query"}, "ASK {} #" + "x" * (1 << 20)),
        ("POST", "/sparql", FORM, "query=" + "x" * (1 << 20)),
        ("POST", "/sparql", {**FORM, "Content-Length": "99999999999"}, "query=x"),
        ("GET", "/sparql?query=" + "x" * 200_000, {}, None),
        ("GET", "/", {"X-Long": "x" * 200_000}, None),
        ("GET", "/sparql?" + "a=b&" * 5_000, {}, None),
        ("POST", "/sparql", {"Content-Type": "application/sparql-query"}, '"\\' * 100_000),
        ("GET", "/sparql?query=" + quote("ASK { " + "{" * 20_000), {}, None),
        (
            "GET",
            "/sparql?query=" + quote("SELECT * { ?s ?p ?o FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }"),
            {},
            None,
        ),
    ],
)
def test_what_is_too_long_is_refused(
    served: Served, method: str, path: str, headers: dict[str, str], body: str
) -> None:
    try:
        reply = served.ask(method, path, headers, body)
    except (ConnectionError, TimeoutError):
        return  # refused by hanging up
    assert 400 <= reply.status < 600
    assert len(reply.body) < 1000


@pytest.mark.parametrize(
    "start",
    ["", "GET / HT", "GET / HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n",
     "POST /sparql HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Type: application/sparql-query\r\n"
     "Content-Length: 9\r\n\r\nASK",
     "GET /events HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nContent-Length: 9\r\n\r\n"],
)  # fmt: skip
def test_those_who_send_half_a_request_keep_nobody_out(served: Served, start: str) -> None:
    with ExitStack() as stack:
        for number in range(700):
            half = stack.enter_context(socket.create_connection(("127.0.0.1", served.port), timeout=10))
            half.sendall(start.format(port=served.port).encode())
            if number % 50 == 0:
                assert served.query(COUNT).status == 200
        for _ in range(20):
            assert served.query(COUNT).status == 200


def test_those_who_read_nothing_keep_nobody_out(served: Served) -> None:
    request = f"GET /large.csv HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n\r\n".encode()
    with ExitStack() as stack:
        for _ in range(600):
            connection = stack.enter_context(socket.socket())
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            connection.settimeout(10)
            connection.connect(("127.0.0.1", served.port))
            connection.sendall(request)
        assert served.query(COUNT).status == 200


def test_half_a_request_is_given_up_after_a_while(served: Served) -> None:
    """However slowly the rest comes: nothing at all, a byte now and then, pieces of a body without end."""
    host = f"Host: 127.0.0.1:{served.port}\r\n"
    post = f"POST /sparql HTTP/1.1\r\n{host}Content-Type: application/sparql-query\r\n"
    clients = {  # what it sends first and then again and again; what it hears
        "nothing": ("", "", b""),
        "half a header": (f"GET / HTTP/1.1\r\n{host}", "", b"HTTP/1.1 408 "),
        "a header that goes on": (f"GET / HTTP/1.1\r\n{host}", "X: y\r\n", b"HTTP/1.1 408 "),
        "half a body": (f"{post}Content-Length: 1000\r\n\r\nASK", "", b"HTTP/1.1 408 "),
        "a body that goes on": (f"{post}Content-Length: 1000\r\n\r\nASK", " ", b"HTTP/1.1 408 "),
        "chunks without end": (f"{post}Transfer-Encoding: chunked\r\n\r\n", "1\r\nA\r\n", b"HTTP/1.1 408 "),
        "a body nobody reads": (f"GET / HTTP/1.1\r\n{host}Content-Length: 1000\r\n\r\n", "x", b"HTTP/1.1 200 "),
        "no second request": (f"HEAD / HTTP/1.1\r\n{host}\r\n", "", b"HTTP/1.1 200 "),
        "half of a second request": (f"HEAD / HTTP/1.1\r\n{host}\r\nGET / HT", "T", b"HTTP/1.1 200 "),
    }
    heard = dict.fromkeys(clients, b"")
    with ExitStack() as stack:
        open_: dict[str, socket.socket] = {}
        for name, (start, _more, _answer) in clients.items():
            open_[name] = stack.enter_context(socket.create_connection(("127.0.0.1", served.port), timeout=0.05))
            open_[name].sendall(start.encode())
        deadline = time.monotonic() + 60
        while open_ and time.monotonic() < deadline:
            for name, connection in list(open_.items()):
                try:
                    connection.sendall(clients[name][1].encode())
                    piece = connection.recv(1 << 16)
                except TimeoutError:
                    continue
                except ConnectionError:
                    piece = b""
                heard[name] += piece
                if not piece:
                    del open_[name]
            time.sleep(0.2)
    assert not open_
    for name, (_start, _more, answer) in clients.items():
        assert heard[name].startswith(answer), name
        assert heard[name] or not answer, name


def test_requests_that_come_together_are_answered_one_after_another(served: Served) -> None:
    request = f"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n"
    answer = raw(served, (f"{request}\r\n" * 30 + f"{request}Connection: close\r\n\r\n").encode(), seconds=30)
    assert answer.count(b"HTTP/1.1 200 OK") == 31


def test_runaway_queries_let_a_light_one_pass(tmp_path: Path) -> None:
    (tmp_path / "graph.nt").write_text("".join(f"<a:{i}> <a:p> <a:o> .\n" for i in range(1000)))
    request = "GET /sparql?{} HTTP/1.1\r\nHost: 127.0.0.1:{}\r\n\r\n"
    with serve("--no-build", "-o", tmp_path, "--timeout", "40") as other, ExitStack() as stack:
        for _ in range(4 * QueryLimits().workers):
            runaway = stack.enter_context(socket.create_connection(("127.0.0.1", other.port), timeout=10))
            runaway.sendall(request.format(urlencode({"query": ENDLESS}), other.port).encode())
        for _ in range(2):
            begun = time.monotonic()
            assert other.query(COUNT).status == 200
            assert time.monotonic() - begun < 25  # not the 40 s of the first runaways
        other.process.send_signal(signal.SIGINT)  # those that still run end with the server, without a traceback
        assert other.process.wait(15) == 0


def test_a_burst_of_listeners_leaves_no_trace(served: Served) -> None:
    request = f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n\r\n".encode()
    for _ in range(3):
        with ExitStack() as stack:
            burst = [
                stack.enter_context(socket.create_connection(("127.0.0.1", served.port), timeout=10))
                for _ in range(200)
            ]
            for connection in burst:
                connection.sendall(request)
            for connection in burst[::2]:
                connection.close()  # before it has heard anything
            answers = [connection.recv(15) for connection in burst[1::2]]
            assert answers.count(b"HTTP/1.1 200 OK") <= 64
    for _ in range(100):
        reply = served.ask("HEAD", "/events")  # does not listen
        assert (reply.status, reply.type) == (200, "text/event-stream")
    deadline = time.monotonic() + 20
    while not _can_listen(served, 64):
        assert time.monotonic() < deadline
        time.sleep(0.5)


def _can_listen(served: Served, pages: int) -> bool:
    with ExitStack() as stack:
        return all(_listens(served, stack) for _ in range(pages))


def test_more_listeners_than_there_can_be_pages_are_sent_away(served: Served) -> None:
    request = f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n\r\n".encode()
    with ExitStack() as stack:
        answers = []
        for _ in range(80):
            connection = stack.enter_context(socket.create_connection(("127.0.0.1", served.port), timeout=10))
            connection.sendall(request)
            answers.append(connection.recv(15))
        assert answers.count(b"HTTP/1.1 200 OK") == 64
        assert served.query(COUNT).status == 200
    deadline = time.monotonic() + 10
    while not _can_listen(served, 1):  # those who left make room
        assert time.monotonic() < deadline
        time.sleep(0.1)


def _listens(served: Served, stack: ExitStack) -> bool:
    request = f"GET /events HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n\r\n".encode()
    connection = stack.enter_context(socket.create_connection(("127.0.0.1", served.port), timeout=10))
    connection.sendall(request)
    return connection.recv(15) == b"HTTP/1.1 200 OK"


def test_a_client_that_hangs_up_stops_its_query(served: Served) -> None:
    data = urlencode({"query": ENDLESS})
    request = f"GET /sparql?{data} HTTP/1.1\r\nHost: 127.0.0.1:{served.port}\r\n\r\n"
    for _ in range(8):
        with socket.create_connection(("127.0.0.1", served.port)) as connection:
            connection.sendall(request.encode())
            time.sleep(0.05)
    begun = time.monotonic()
    assert served.query(COUNT).status == 200
    assert time.monotonic() - begun < 8 * SECONDS


def test_a_worker_that_is_killed_is_replaced(served: Served) -> None:
    served.query(COUNT)
    for worker in served.workers():
        os.kill(worker, signal.SIGKILL)
    replies = [served.query(COUNT) for _ in range(6)]
    assert replies[-1].status == 200
    assert sum(reply.status != 200 for reply in replies) <= 4


@pytest.mark.parametrize(
    "data",
    [b"\x00" * 1000, b"GET\r\n\r\n", b"\x16\x03\x01\x02\x00\x01", b"GET / HTTP/9.9\r\n\r\n",
     b"POST /sparql HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\nzzz\r\n"],
)  # fmt: skip
def test_what_is_not_http_is_refused(served: Served, data: bytes) -> None:
    answer = raw(served, data, seconds=2)
    assert answer == b"" or answer.startswith(b"HTTP/1.1 4")


def test_text_of_posts_is_no_markup(tmp_path: Path) -> None:
    bad = "<script>alert(1)</script>"
    rdf = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
    (tmp_path / "graph.nt").write_text(
        f'<https://kg.example/tag/x> <http://www.w3.org/2000/01/rdf-schema#label> "{bad}"@en .\n'
        f"<https://kg.example/tag/x> <http://a.example/p> <javascript:alert(1)> .\n"
        f"<https://kg.example/dataset> <{rdf}type> <http://rdfs.org/ns/void#Dataset> .\n"
        f'<https://kg.example/dataset> <http://rdfs.org/ns/void#uriSpace> "https://kg.example/" .\n'
    )
    with serve("--no-build", "-o", tmp_path) as other:
        reply = other.get("/tag/x", "text/html")
    assert reply.status == 200
    assert bad not in reply.text
    assert "&lt;script&gt;" in reply.text
    assert 'href="javascript' not in reply.text
    assert "script-src" not in reply.headers["Content-Security-Policy"]
    assert reply.headers["Content-Security-Policy"].startswith("default-src 'none'")


# --- the token


def test_a_token_is_asked_for_and_kept_out_of_the_address(tmp_path: Path) -> None:
    token = "a-token-of-enough-letters"
    (tmp_path / "graph.nt").write_text('<https://kg.example/x> <http://a.example/p> "1" .\n')
    (tmp_path / "graph.html").write_text("<!doctype html><title>map</title>")
    with serve("--no-build", "-o", tmp_path, environment={"KG_SERVE_TOKEN": token}) as other:
        assert other.address.endswith(f"?token={token}")
        for reply in (other.get("/"), other.query(COUNT), other.get("/graph.nt"), other.get(f"/?token={token}x"),
                      other.get("/", Authorization="Bearer wrong"), other.get("/", Cookie="kg_token=wrong"),
                      other.ask("POST", f"/sparql?token={token}", FORM, urlencode({"query": COUNT}))):  # fmt: skip
            assert reply.status == 401
            assert token not in reply.text
        assert other.get("/", Authorization=f"Bearer {token}").status == 200
        first = other.get(f"/?token={token}&a=b")
        assert first.status == 303
        assert first.headers["Location"] == "/?a=b"
        assert "HttpOnly" in first.headers["Set-Cookie"]
        assert "samesite=strict" in first.headers["Set-Cookie"].lower()
        assert other.get("/", Cookie=f"kg_token={token}").status == 200
        assert other.get(f"//evil.example/?token={token}").headers["Location"] == "/evil.example/"


def test_which_addresses_are_this_machine_only() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.1.2.3", "::1", "localhost")))
    assert not any(map(is_loopback, ("0.0.0.0", "::", "192.168.1.2", "example.org", "")))


def test_a_reverse_proxy_is_let_in_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "graph.nt").write_text('<https://kg.example/x> <http://a.example/p> "1" .\n')
    with serve("--no-build", "-o", tmp_path, "--allow-host", "KG.example") as other:
        assert other.get("/graph.nt", Host="kg.example").status == 200
        assert other.get("/graph.nt", Host="kg.example:443", Origin="https://kg.example").status == 200
        assert other.get("/graph.nt", Host="evil.example").status == 421
        assert other.get("/graph.nt", Host="kg.example", Origin="https://evil.example").status == 403
        assert other.get("/graph.nt", Host="kg.example", Origin="https://127.0.0.1").status == 403
