"""What tests share: where the project is, real data if it lies beside it, and one small graph that holds every trap."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import hypothesis
import pytest

import kg
from kg.graph.model import Dataset, KnowledgeGraph
from kg.iris import entity_iri, post_iri
from kg.model import IRI, IRI_OBJECT, Attribute, Definition, Edge, Evidence, Merge, Node, Text
from kg.namespaces import DCTERMS, FIELD, KG, SCHEMA, XSD

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

REPO = Path(__file__).resolve().parent.parent
BASE = IRI("https://kg.example/")

# No test is timed: a busy machine is not a fault.
hypothesis.settings.register_profile("kg", deadline=None, print_blob=True)
hypothesis.settings.register_profile("quick", hypothesis.settings.get_profile("kg"), max_examples=20)


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="Write the golden files anew; review them as a diff.")


def pytest_configure(config: pytest.Config) -> None:
    hypothesis.settings.load_profile("quick" if is_quick(config) else "kg")


def is_quick(config: pytest.Config) -> bool:
    """Whether this is `make quick`."""
    return bool(config.option.markexpr == "not slow")


SLOW = (
    *("page/", "fuzz/", "test_agents.", "test_api.", "test_build.", "test_cluster.", "test_diagnostics."),
    *("test_hostile.", "test_issues.", "test_cartography.", "test_load.", "test_meanings.", "test_one_fault."),
    *("test_planted.", "test_pyvis.", "test_query.", "test_resolution_command.", "test_results.", "test_scope."),
    *("test_search.", "test_serve.", "test_server_attacks.", "test_sites.", "test_turtle.", "test_watching."),
)
"""What is slow as a whole; a single test is marked where it is written."""
SLOW_FIXTURES = {"shared", "endpoint"}
"""Real posts and a server; a test that uses them is slow."""


def is_slow(path: Path) -> bool:
    return path.relative_to(REPO / "tests").as_posix().startswith(SLOW)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """With `-m "not slow"`, files that are slow as a whole are not even imported."""
    return True if is_quick(config) and is_slow(collection_path) else None


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if is_slow(item.path) or not SLOW_FIXTURES.isdisjoint(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)


LONG = 0.5
"""Processor seconds; a test of `make quick` that takes longer is named at its end, to be marked as slow."""


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Iterator[None]:
    start = sum(os.times()[:4])
    yield
    seconds = sum(os.times()[:4]) - start
    if seconds > LONG and not item.get_closest_marker("slow"):
        item.user_properties.append(("processor seconds", seconds))


def pytest_terminal_summary(terminalreporter: Any, config: pytest.Config) -> None:
    long = {
        report.nodeid: seconds
        for report in terminalreporter.stats.get("passed", ())
        for name, seconds in report.user_properties
        if name == "processor seconds"
    }
    if long and is_quick(config):
        terminalreporter.section("take over half a second; mark them as slow")
        for test, seconds in sorted(long.items(), key=lambda item: -item[1]):
            terminalreporter.line(f"{seconds:.1f} s  {test}")


@pytest.fixture(scope="session")
def update_golden(request: pytest.FixtureRequest) -> bool:
    return bool(request.config.getoption("--update-golden"))


@pytest.fixture(scope="session")
def repo() -> Path:
    """The root of the project."""
    return REPO


@pytest.fixture(scope="session")
def shared() -> Path:
    """Real posts and other data that are not part of the project."""
    path = REPO.parent / "shared"
    if not path.is_dir():
        pytest.skip("../shared is not there")
    return path


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[Path], None]) -> Path:
    """A folder that all workers of a test run share: whoever needs it first makes it, and the others wait."""
    import fcntl

    root = factory.getbasetemp()
    if os.environ.get("PYTEST_XDIST_WORKER"):
        root = root.parent
    with (root / f"{name}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (root / f"{name}.done").exists():
            make(root / name)
            (root / f"{name}.done").touch()
    return root / name


@pytest.fixture(scope="session")
def corpus_output(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All 2,938 real posts, built; what was printed is in `printed.txt`. Building them takes 15 seconds."""

    def build(output: Path) -> None:
        arguments = ["build", shared / "corpus", "-o", output, "--format", "ttl,graphml,json"]
        ended = subprocess.run(
            [sys.executable, "-m", "kg", *arguments], cwd=REPO, capture_output=True, text=True, timeout=300, check=False
        )
        assert ended.returncode == 1, f"one real post has a fence of four dashes: {ended.stderr}"
        (output / "printed.txt").write_text(ended.stderr, "utf-8")

    return made_once(tmp_path_factory, "corpus", build)


@pytest.fixture(scope="session")
def real_posts(shared: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Every tenth of the real posts: enough for what is true of each post by itself."""

    def copy(folder: Path) -> None:
        for path in sorted((shared / "corpus").rglob("*.md"))[::10]:
            copied = folder / path.relative_to(shared / "corpus")
            copied.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, copied)

    return made_once(tmp_path_factory, "real-posts", copy)


@pytest.fixture(scope="session")
def real_graph(real_posts: Path) -> KnowledgeGraph:
    return kg.build(real_posts).knowledge_graph


def absent(what: str) -> NoReturn:
    """A checker from outside is missing: on a laptop the test is skipped, in CI it fails."""
    if os.environ.get("CI"):
        pytest.fail(f"{what} is missing, and CI must have it")
    pytest.skip(f"{what} is not installed")


def program(name: str) -> str:
    """The path of a program that a test needs."""
    return shutil.which(name) or absent(name)


HOSTILE = "\"'<script>&amp;]]>\\ \t\r\n\x00\x0b\x1b[31m\u202eevil\u2028\ufffe\ud800 {{7*7}} %s $(x) '''\"\"\" 😀"
"""Text that breaks writers: quotes, markup, control characters, a bidirectional override, a lone surrogate."""


@contextmanager
def saving(path: Path, text: str) -> Iterator[None]:
    """Save a file, again and again, while something waits for it: a watch does not say when it has begun."""
    done = threading.Event()

    def save() -> None:
        while not done.is_set():
            path.write_text(text, "utf-8")
            done.wait(1)

    saver = threading.Thread(target=save)
    saver.start()
    try:
        yield
    finally:
        done.set()
        saver.join()


def make_post(path: str, title: Text, *attributes: Attribute) -> Node:
    """A post as the builder makes them."""
    own = (
        Attribute(IRI(DCTERMS + "identifier"), path, XSD + "string"),
        Attribute(IRI(SCHEMA + "headline"), title.value, language=title.language),
    )
    return Node(post_iri(BASE, path), "post", title.value, (title,), attributes=own + attributes)


def make_graph(nodes: list[Node], edges: list[Edge], **dataset: str) -> KnowledgeGraph:
    """A graph as the builder makes them: sorted."""
    kinds = ("tag", "category", "area", "concept")
    return KnowledgeGraph(
        dataset=Dataset(base=BASE, **dataset),
        nodes={node.iri: node for node in sorted(nodes, key=lambda node: node.iri)},
        edges=tuple(sorted(edges, key=lambda edge: (edge.source, edge.predicate, edge.target))),
        schemes={kind: IRI(f"{BASE}scheme/{kind}") for kind in kinds},
    )


def write_posts(folder: Path, posts: dict[str, str]) -> Path:
    """Posts by their paths; the folder."""
    for name, text in posts.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="session")
def small_graph() -> KnowledgeGraph:
    """Two languages, aliases, merges, definitions, former IRIs, an inferred edge, a link, and hostile text."""
    nvidia = entity_iri(BASE, "organization", "Nvidia")
    person = entity_iri(BASE, "person", "习近平")
    tag = entity_iri(BASE, "tag", "C++")
    capex = entity_iri(BASE, "concept", "资本支出")
    zh = make_post(
        "2024/你好 世界.md",
        Text("你好，世界", "zh-CN"),
        Attribute(IRI(SCHEMA + "datePublished"), "2024-03-01", XSD + "date"),
        Attribute(IRI(KG + "draft"), "true", XSD + "boolean"),
        Attribute(IRI(SCHEMA + "isBasedOn"), "https://example.org/a?b=c&d=%E4%BD%A0", IRI_OBJECT),
        Attribute(IRI(FIELD + "my_x0020_key"), "42", XSD + "string", field="my key"),
        Attribute(IRI(FIELD + "rating"), "5", XSD + "integer", field="rating"),
    )
    en = make_post(
        "hostile/=cmd|' /C calc'!A0.md",
        Text(HOSTILE, "en"),
        Attribute(IRI(SCHEMA + "datePublished"), "2024-02-29T23:59:59+08:00", XSD + "dateTime"),
        Attribute(IRI(SCHEMA + "abstract"), '=HYPERLINK("https://example.org")', language="en"),
        Attribute(IRI(KG + "alias"), '["one"]', XSD + "string"),
        Attribute(IRI(SCHEMA + "description"), "[looks like a list]", language="en"),
    )
    aliases = (Attribute(IRI(KG + "alias"), alias, XSD + "string") for alias in ("-x", "@y;z"))
    more = make_post("plain.md", Text("Plain"), *aliases)
    nodes = [
        zh,
        en,
        more,
        Node(
            nvidia,
            "organization",
            "Nvidia",
            (Text("Nvidia", "en"), Text("英伟达", "zh")),
            (Text("NVIDIA", "en"), Text("輝達", "zh-Hant"), Text("'nvidia", "")),
            (Attribute(IRI(SCHEMA + "url"), "https://www.example.org/", IRI_OBJECT),),
            former=(entity_iri(BASE, "organization", "英伟达"),),
            same_as=(IRI("http://www.wikidata.org/entity/Q182477"),),
            merges=(
                Merge(
                    "英伟达",
                    "Nvidia",
                    0.975,
                    (
                        Evidence("gloss", 175, (("2024/你好 世界.md", 12), ("plain.md", 3))),
                        Evidence("ledger", 1),
                    ),
                    "ledger",
                ),
                Merge("NVIDIA", "Nvidia", 1.0, (Evidence("folding", 2),), "rule"),
            ),
        ),
        Node(person, "person", "习近平", (Text("习近平", "zh"),)),
        Node(tag, "tag", "C++", (Text("C++"),)),
        Node(
            capex,
            "concept",
            "资本支出",
            (Text("资本支出", "zh"), Text("capital expenditure", "en")),
            (Text("CAPEX", "en"),),
            definitions=(
                ("2024/你好 世界.md", Definition("资本支出", ("CAPEX",), "企业为购置长期资产而花的钱。", 12, 3)),
                ("plain.md", Definition("资本支出", ("CAPEX",), "企业为购置长期资产而花的钱。", 7, 1)),
                ("plain.md", Definition("CAPEX", (), "Money spent on what lasts.", 9, 1)),
            ),
        ),
    ]
    mentions, keywords = IRI(SCHEMA + "mentions"), IRI(SCHEMA + "keywords")
    edges = [
        Edge(zh.iri, mentions, nvidia, "companies_orgs", 5),
        Edge(zh.iri, mentions, person, "people", 6),
        Edge(zh.iri, IRI(SCHEMA + "author"), person, "author", 4),
        Edge(zh.iri, keywords, tag, "tags", 7),
        Edge(zh.iri, IRI(KG + "defines"), capex, "body", 12),
        Edge(en.iri, keywords, tag, "tags", 3),
        Edge(en.iri, IRI(KG + "linksTo"), zh.iri, "body", 20),
        Edge(more.iri, mentions, nvidia, "body", 9, 0.8),
        Edge(more.iri, IRI(KG + "defines"), capex, "body", 7),
    ]
    return make_graph(
        nodes, edges, title="A small graph", license="https://creativecommons.org/licenses/by/4.0/", newest="2024-03-01"
    )
