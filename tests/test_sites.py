"""What `kg load` may take away, whose graphs it takes for its own, and what it mends."""

from __future__ import annotations

import os
import pty
import select
import subprocess
import sys
import time
from typing import TYPE_CHECKING
from urllib.request import Request, urlopen

import pyoxigraph as ox
import pytest
from hypothesis import given
from hypothesis import strategies as st

import kg
from kg.config import Config
from kg.literals import canonical
from kg.namespaces import XSD
from kg.rdf.terms import graphs, quads
from kg.stores.connection import Credentials, StoreClient
from kg.stores.contents import differences
from kg.stores.presets import PRESETS
from kg.stores.remote import DIGEST, RemoteStore
from kg.stores.sync import Synchronisation
from tests import stores
from tests.test_load import fetch, oxigraph_endpoint, run, virtuoso_endpoint
from tests.test_load import store as store  # noqa: PLC0414  a fixture

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["oxigraph_endpoint", "virtuoso_endpoint"]
PLACEHOLDER = "https://kg.example/"
BASE = "https://me.example/"


def posts(folder: Path, *names: str, tag: str = "maps") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        (folder / f"{name}.md").write_text(f"---\ntitle: The {name}\ntags: [{tag}]\n---\n", encoding="utf-8")
    return folder


MANY = [f"note-{number}" for number in range(30)]


@pytest.fixture
def endpoint(tmp_path: Path) -> Iterator[str]:
    """A store of the test's own."""
    with stores.oxigraph(tmp_path / "db") as (endpoint, _process):
        yield endpoint


def load(endpoint: str, content: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """`kg load` without a terminal."""
    return run("load", endpoint, str(content), "--preset", "oxigraph", "-o", f"{content}-output", *arguments)


def everything(endpoint: str) -> set[ox.Quad]:
    with urlopen(Request(f"{endpoint}/store", headers={"Accept": "application/n-quads"}), timeout=60) as answer:
        return set(ox.parse(answer, format=ox.RdfFormat.N_QUADS))


def update(endpoint: str, text: str) -> None:
    body = text.encode()
    with urlopen(Request(f"{endpoint}/update", body, {"Content-Type": "application/sparql-update"}), timeout=60):
        pass


# Whose graphs these are.


def test_the_placeholder_is_no_base_to_load_under(endpoint: str, tmp_path: Path) -> None:
    content = posts(tmp_path / "a", "one")
    for arguments in ([], ["--dry-run"], ["--base", PLACEHOLDER], ["--allow-removals"]):
        refused = load(endpoint, content, *arguments)
        assert refused.returncode == 2
        assert refused.stderr.count("\n") == 1
        assert "--base" in refused.stderr
        assert "--placeholder-base" in refused.stderr
    assert not everything(endpoint)
    assert load(endpoint, content, "--placeholder-base").returncode == 0
    (content / "kg.toml").write_text(f'base = "{BASE}"\n')
    assert load(endpoint, content).returncode == 0


def test_another_folder_under_the_placeholder_takes_nothing_away(endpoint: str, tmp_path: Path) -> None:
    first, second = posts(tmp_path / "a", *MANY), posts(tmp_path / "b", *MANY, tag="other")
    assert load(endpoint, first, "--placeholder-base").returncode == 0
    before = everything(endpoint)
    for arguments in ([], ["--allow-removals"], ["--force"], ["--verify"], ["--dry-run"]):
        refused = load(endpoint, second, "--placeholder-base", *arguments)
        assert refused.returncode == 2, refused.stderr
        assert "another folder, 'a'" in refused.stderr
        assert everything(endpoint) == before
    assert load(endpoint, second, "--base", "https://b.example/").returncode == 0
    assert everything(endpoint) > before
    assert "32 in step" in load(endpoint, first, "--placeholder-base").stderr


def test_two_folders_with_one_base(endpoint: str, tmp_path: Path) -> None:
    first, second = posts(tmp_path / "a", *MANY), posts(tmp_path / "b", "other")
    assert load(endpoint, first, "--base", BASE).returncode == 0
    before = everything(endpoint)
    with stores.recording(endpoint) as (proxy, log):
        refused = load(proxy, second, "--base", BASE)
        assert refused.returncode == 2
        assert "remove 30 of 32 graphs" in refused.stderr
        assert "--allow-removals" in refused.stderr
        assert {path for _method, path, _size in log} == {"/query"}, "nothing was sent"
    assert everything(endpoint) == before
    shown = load(endpoint, second, "--base", BASE, "--dry-run")
    assert shown.returncode == 0
    assert shown.stdout.count("\n- ") == 30
    assert "--allow-removals" in shown.stderr
    assert everything(endpoint) == before
    assert "30 removed" in load(endpoint, second, "--base", BASE, "--allow-removals").stderr


def test_the_same_folder_with_another_base(endpoint: str, tmp_path: Path) -> None:
    content = posts(tmp_path / "a", *MANY)
    assert load(endpoint, content, "--base", BASE).returncode == 0
    before = everything(endpoint)
    moved = load(endpoint, content, "--base", "https://new.example/")
    assert moved.returncode == 0
    assert f"this folder below {BASE}" in moved.stderr
    assert before < everything(endpoint)
    # Into one graph that holds the site of another base: all of it would go.
    assert load(endpoint, content, "--base", BASE, "--graph", "https://all.example/").returncode == 0
    before = everything(endpoint)
    refused = load(endpoint, content, "--base", "https://new.example/", "--graph", "https://all.example/")
    assert refused.returncode == 2
    assert "remove 1 of 1 graph" in refused.stderr
    assert everything(endpoint) == before


def test_a_site_below_the_graphs_of_another(endpoint: str, tmp_path: Path) -> None:
    outer, inner = posts(tmp_path / "a", *MANY), posts(tmp_path / "b", "x")
    assert load(endpoint, inner, "--base", f"{BASE}graph/inner/").returncode == 0
    before = everything(endpoint)
    assert "0 removed" in load(endpoint, outer, "--base", BASE).stderr
    assert "0 removed" in load(endpoint, outer, "--base", BASE, "--force").stderr
    assert before < everything(endpoint)


def test_a_store_without_memory(endpoint: str, tmp_path: Path) -> None:
    """An earlier version left no record of the folder."""
    content, other = posts(tmp_path / "a", *MANY), posts(tmp_path / "b", *MANY, tag="other")
    Synchronisation(
        RemoteStore(PRESETS["oxigraph"], endpoint, StoreClient(Credentials())),
        kg.build(content, config=Config(base=PLACEHOLDER)).knowledge_graph,
    ).run()
    before = everything(endpoint)
    refused = load(endpoint, other, "--placeholder-base")
    assert refused.returncode == 2
    assert "may be another" in refused.stderr
    assert everything(endpoint) == before
    same = load(endpoint, content, "--placeholder-base")
    assert same.returncode == 0, "what is in step endangers nobody"
    assert "another folder, 'a'" in load(endpoint, other, "--placeholder-base").stderr, "now it remembers"


def test_graphs_of_others_that_are_called_like_ours(endpoint: str, tmp_path: Path) -> None:
    content = posts(tmp_path / "a", "one")
    update(
        endpoint, f"INSERT DATA {{ GRAPH <{BASE}graph/post/one> {{ <a:a> <a:b> 1 }} GRAPH <g:g> {{ <a:a> <a:b> 2 }} }}"
    )
    before = everything(endpoint)
    assert load(endpoint, content, "--base", BASE).returncode == 2
    assert everything(endpoint) == before
    assert load(endpoint, content, "--base", BASE, "--allow-removals").returncode == 0
    assert len(fetch(RemoteStore(PRESETS["oxigraph"], endpoint, StoreClient(Credentials())), "g:g")) == 1


# What may go without a word, and what not.


def test_a_tenth_may_go(endpoint: str, tmp_path: Path) -> None:
    content = posts(tmp_path / "a", *MANY)
    load(endpoint, content, "--base", BASE)
    for name in MANY[:3]:  # of 32 graphs
        (content / f"{name}.md").unlink()
    assert "3 removed" in load(endpoint, content, "--base", BASE).stderr
    for name in MANY[3:6]:  # of 29
        (content / f"{name}.md").unlink()
    assert load(endpoint, content, "--base", BASE).returncode == 2


def test_graphs_that_shrink_count(endpoint: str, tmp_path: Path) -> None:
    content = posts(tmp_path / "a", *MANY)
    into = ["--base", BASE, "--graph", "https://all.example/"]
    load(endpoint, content, *into)
    for name in MANY[:20]:
        (content / f"{name}.md").unlink()
    refused = load(endpoint, content, *into)
    assert refused.returncode == 2
    assert "this would remove 0 of 1 graph and " in refused.stderr
    assert load(endpoint, content, *into, "--allow-removals").returncode == 0


def on_a_terminal(answer: str, *arguments: str) -> tuple[int, str]:
    """Run kg on a terminal, type an answer when it asks, and return its exit status and what it showed."""
    pid, terminal = pty.fork()
    if not pid:
        os.execv(sys.executable, [sys.executable, "-m", "kg", *arguments])
    shown, asked, deadline = b"", False, time.monotonic() + 60
    while time.monotonic() < deadline:
        if select.select([terminal], [], [], 0.1)[0]:
            try:
                data = os.read(terminal, 4096)
            except OSError:  # Linux says so when the other side has closed
                break
            if not data:
                break
            shown += data
        if not asked and b"[y/N]" in shown:
            os.write(terminal, f"{answer}\n".encode())
            asked = True
    os.close(terminal)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]), shown.decode()


def test_on_a_terminal_it_asks(endpoint: str, tmp_path: Path) -> None:
    content = posts(tmp_path / "a", *MANY)
    load(endpoint, content, "--base", BASE)
    before = everything(endpoint)
    for name in MANY[:25]:
        (content / f"{name}.md").unlink()
    command = ["load", endpoint, str(content), "--preset", "oxigraph", "--base", BASE, "-o", str(tmp_path / "out")]
    status, shown = on_a_terminal("n", *command)
    assert status == 2
    assert f"- {BASE}graph/post/note-0" in shown
    assert "more graph" in shown
    assert "remove 25 of 32 graphs" in shown
    assert everything(endpoint) == before
    status, shown = on_a_terminal("y", *command)
    assert status == 0, shown
    assert "25 removed" in shown
    status, shown = on_a_terminal("", *command)
    assert (status, "[y/N]" in shown) == (0, False), "nothing to ask about"


# What others changed.


def test_verify_mends_what_others_changed(store: RemoteStore, tmp_path: Path, request) -> None:
    base = f"https://kg.example/{request.node.callspec.id}/verify/"
    content = posts(tmp_path / "a", "one", "two", "three")
    (content / "one.md").write_text(
        "---\ntitle: One\ndraft: true\ndate: 2024-01-02 03:04:05.5 +0000\n---\n[two](two.md)\n"
    )
    graph = kg.build(content, config=Config(base=base)).knowledge_graph
    Synchronisation(store, graph).run()
    assert Synchronisation(store, graph, check="content").compare().is_empty, "whatever the store makes of values"

    one, two, three = (f"{base}graph/post/{name}" for name in ("one", "two", "three"))
    title = "<http://www.w3.org/2000/01/rdf-schema#label>"
    for sent in (
        f'DELETE DATA {{ GRAPH <{two}> {{ <{base}post/two> {title} "The two" }} }}',
        f'INSERT DATA {{ GRAPH <{two}> {{ <{base}post/two> {title} "The 2"@en }} }}',
        f'DELETE DATA {{ GRAPH <{three}> {{ <{base}post/three> {title} "The three" }} }}',
        f"INSERT {{ GRAPH <{three}> {{ <{base}post/three> {title} [] }} }} WHERE {{}}",
    ):
        store._send_update(sent.encode())
    assert Synchronisation(store, graph).compare().is_empty, "the counts are right"
    assert Synchronisation(store, graph, check="content").compare().changed == sorted([two, three])
    store._send_update(f"INSERT DATA {{ GRAPH <{one}> {{ <a:a> <a:b> 1 }} }}".encode())
    assert Synchronisation(store, graph, check="content").run().changed == sorted([one, two, three])
    assert Synchronisation(store, graph, check="content").compare().is_empty
    assert ox.Literal("The two") in {t.object for t in fetch(store, two)}
    assert "a:b" not in {t.predicate.value for t in fetch(store, one)}


def test_verify_and_force_on_the_command_line(endpoint: str, tmp_path: Path) -> None:
    content = posts(tmp_path / "a", *MANY)
    load(endpoint, content, "--base", BASE)
    whole = everything(endpoint)
    label = f'<{BASE}post/note-1> <http://www.w3.org/2000/01/rdf-schema#label> "The note-1"'
    for arguments, told in ((["--verify"], "0 graphs added, 1 changed"), (["--force"], "0 graphs added, 32 changed")):
        update(endpoint, f"DELETE DATA {{ GRAPH <{BASE}graph/post/note-1> {{ {label} }} }}")
        update(endpoint, f"INSERT DATA {{ GRAPH <{BASE}graph/post/note-1> {{ <a:a> <a:b> 1 }} }}")
        damaged = everything(endpoint)
        assert "32 in step" in load(endpoint, content, "--base", BASE).stderr
        shown = load(endpoint, content, "--base", BASE, "--dry-run", *arguments)
        assert f"~ {BASE}graph/post/note-1 " in shown.stdout
        assert everything(endpoint) == damaged
        assert told in load(endpoint, content, "--base", BASE, *arguments).stderr
        assert everything(endpoint) == whole
        assert "32 in step" in load(endpoint, content, "--base", BASE, "--verify").stderr


def test_a_graph_that_was_replaced_by_hand_is_mended(endpoint: str, tmp_path: Path) -> None:
    content = posts(tmp_path / "a", "one", "two")
    load(endpoint, content, "--base", BASE)
    whole = everything(endpoint)
    for mend in ([], ["--verify"]):
        update(endpoint, f"DROP GRAPH <{BASE}graph/post/one>")
        update(endpoint, f"INSERT DATA {{ GRAPH <{BASE}graph/post/one> {{ <a:a> <a:b> 1 }} }}")
        mended = load(endpoint, content, "--base", BASE, *mend)
        assert "1 changed" in mended.stderr
        assert everything(endpoint) == whole


@pytest.mark.parametrize("check", ["content", "nothing"])
def test_a_large_graph_is_mended_too(endpoint: str, tmp_path: Path, check) -> None:
    content = tmp_path / "a"
    content.mkdir()
    tags = ", ".join(f"tag {number}" for number in range(1_500))
    (content / "n.md").write_text(f"---\ntitle: Note\ntags: [{tags}]\n---\n")
    graph = kg.build(content, config=Config(base=BASE)).knowledge_graph
    remote = RemoteStore(PRESETS["oxigraph"], endpoint, StoreClient(Credentials()))
    Synchronisation(remote, graph).run()
    entities = f"{BASE}graph/entities"
    held = fetch(remote, entities)
    update(endpoint, f"INSERT DATA {{ GRAPH <{entities}> {{ <a:a> <a:b> 1 }} }}")
    gone = next(t for t in sorted(held, key=str) if t.predicate.value != DIGEST)
    update(endpoint, f"DELETE DATA {{ GRAPH <{entities}> {{ {gone} }} }}")
    assert Synchronisation(remote, graph).compare().is_empty
    sent = Synchronisation(remote, graph, check=check).run().sent
    assert sent == 2 if check == "content" else sent > 5_000
    assert fetch(remote, entities) == held


# Values as stores keep them.


VALUES = {
    "integer": ["007", "+5", "-0", "12", "99999999999999999999999"],
    "decimal": ["1.50", "1.0", "+1.5", ".5", "5.", "-0.0", "0.95"],
    "double": ["1e3", "1.0E0", "-0", "1e400", "1e-7", "0.1"],
    "boolean": ["yes", "TRUE", "off", "false"],
    "dateTime": ["2024-01-02T24:00:00", "2024-01-02T03:04:05+00:00", "2024-01-02T03:04:05.500-00:00", "no time"],
    "duration": ["PT90M", "P12M", "P1Y"],
    "time": ["12:00:00+00:00", "12:00:00.10"],
    "gYear": ["2024", "2024+00:00"],
}


def a_post_for_each_value(folder: Path) -> Config:
    folder.mkdir()
    for name, values in VALUES.items():
        for number, value in enumerate(values):
            (folder / f"{name}-{number}.md").write_text(f'---\ntitle: T\nx{name}: "{value}"\n---\n')
    for number, date in enumerate(["2024-01-02 03:04:05 +0000", "2024-01-02T03:04:05.120+00:00", "2024-01-02 3:04"]):
        (folder / f"date-{number}.md").write_text(f"---\ntitle: T\ndate: {date}\n---\n")
    settings = "".join(f'x{name} = {{ datatype = "xsd:{name}" }}\n' for name in VALUES)
    (folder / "kg.toml").write_text(f'base = "{BASE}"\n[fields]\n{settings}')
    return kg.config.load(folder / "kg.toml")


def commit_in_utc(folder: Path) -> None:
    """Make a repository of a folder, with all of it in one commit."""
    when = "2024-05-01T10:00:00+00:00"
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
        "GIT_AUTHOR_DATE": when, "GIT_COMMITTER_DATE": when, "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_AUTHOR_NAME": "A", "GIT_AUTHOR_EMAIL": "a@a.example",
        "GIT_COMMITTER_NAME": "A", "GIT_COMMITTER_EMAIL": "a@a.example",
    }  # fmt: skip
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "all"]):
        subprocess.run(["git", "-C", str(folder), *command], env=environment, check=True, capture_output=True)


def comes_back(content: Path, config: Config, endpoint: str) -> None:
    """Load a folder, and find every triple as it was sent."""
    graph = kg.build(content, config=config).knowledge_graph
    remote = RemoteStore(PRESETS["oxigraph"], endpoint, StoreClient(Credentials()))
    Synchronisation(remote, graph).run()
    held = {quad for quad in everything(endpoint) if quad.predicate.value != DIGEST}
    assert held == set(quads(graph))
    assert Synchronisation(remote, graph, check="content").compare().is_empty


def test_every_value_comes_back_as_it_was_written(endpoint: str, tmp_path: Path) -> None:
    config = a_post_for_each_value(tmp_path / "posts")
    commit_in_utc(tmp_path / "posts")
    comes_back(tmp_path / "posts", config, endpoint)
    said = {quad.object.value for quad in everything(endpoint) if isinstance(quad.object, ox.Literal)}
    assert "2024-05-01T10:00:00Z" in said
    for name, values in VALUES.items():
        for value in values:
            assert value in said, f"what was typed for {name} is lost"
    assert {"2024-01-02 03:04:05 +0000", "2024-01-02T03:04:05Z", "2024-01-02T03:04:05.12Z"} <= said


def test_real_posts_in_a_repository_in_utc(endpoint: str, real_posts: Path, tmp_path: Path) -> None:
    content = tmp_path / "posts"
    content.mkdir()
    for path in sorted(real_posts.rglob("*.md"))[::2]:
        (content / path.name).write_bytes(path.read_bytes())
    commit_in_utc(content)
    comes_back(content, Config(base=BASE), endpoint)
    times = [q.object.value for q in everything(endpoint) if q.predicate.value.endswith("generatedAtTime")]
    assert set(times) == {"2024-05-01T10:00:00Z"}
    assert len(times) > 100


@given(
    st.sampled_from([*VALUES, "date", "int", "float"]),
    st.one_of(
        st.text(alphabet="0123456789+-.eETZ:PYMDHS", max_size=24),
        st.datetimes(timezones=st.timezones()).map(lambda moment: moment.isoformat()),
        st.floats().map(repr), st.integers().map("{:+}".format), st.decimals().map(str), st.text(max_size=8),
    ),
)  # fmt: skip
def test_a_value_in_the_form_of_stores_stays(datatype: str, text: str) -> None:
    once = canonical(text, XSD + datatype)
    assert canonical(once, XSD + datatype) == once


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ('"1"^^<http://www.w3.org/2001/XMLSchema#integer>', '"1"^^<http://www.w3.org/2001/XMLSchema#decimal>', True),
        ('"1"^^<http://www.w3.org/2001/XMLSchema#int>', '"01"^^<http://www.w3.org/2001/XMLSchema#integer>', True),
        ('"1"^^<http://www.w3.org/2001/XMLSchema#integer>', '"1"', False),
        ('"1"^^<http://www.w3.org/2001/XMLSchema#boolean>', '"true"^^<http://www.w3.org/2001/XMLSchema#boolean>', True),
        (
            '"2024-01-02T00:00:00.500Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>',
            '"2024-01-02T00:00:00.5Z"^^<http://www.w3.org/2001/XMLSchema#dateTime>',
            True,
        ),
        ('"a"@en-US', '"a"@en-us', True),
        ('"a"@en', '"a"@de', False),
        ('"a"@en', '"a "@en', False),
        ("<a:a>", '"a:a"', False),
    ],
)
def test_values_are_compared_as_values(one: str, other: str, same: bool) -> None:
    left, right = (f"<a:s> <a:p> {value} .\n".encode() for value in (one, other))
    assert (differences({left}, [right]) == (set(), set())) is same
    assert differences({left}, []) == ({left}, set())


def test_every_graph_of_real_posts_is_alike_in_virtuoso(store: RemoteStore, real_posts: Path) -> None:
    if store.preset.title != "Virtuoso":
        pytest.skip("Oxigraph gives back every triple: see tests/test_load.py")
    graph = kg.build(real_posts, config=Config(base="https://kg.example/virtuoso-alike/")).knowledge_graph
    Synchronisation(store, graph).run()
    assert max(len(triples) for _name, triples in graphs(graph)) > 10_000, "more than it answers in rows"
    assert Synchronisation(store, graph, check="content").compare().changed == []
