"""Point 1 and 10: one file that asks nobody for anything, small, the same every time, and deaf to hostile text."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

from kg.exporters import get
from kg.graph.model import Dataset, KnowledgeGraph
from kg.views.map import chart
from kg.views.page import assemble
from kg.views.page.pack import pack
from tests.page import graphs

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from tests.page.conftest import Open


def test_the_big_graph_fits_into_four_megabytes(big_page: Path) -> None:
    assert big_page.stat().st_size <= 4_000_000


def test_long_texts_are_cut_where_not_all_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = graphs.big(posts=300, seed=3)
    whole = pack(graph, chart(graph))
    room = (len(whole.core) + len(whole.detail)) * 4 // 5
    monkeypatch.setattr("kg.views.page.pack.BUDGET", room)
    cut = pack(graph, chart(graph))
    assert cut.core == whole.core
    assert len(cut.core) + len(cut.detail) <= room
    assert zlib.decompress(cut.detail).decode(errors="ignore").count("…") >= 300


def test_same_graph_same_bytes() -> None:
    assert assemble(graphs.hostile()) == assemble(graphs.hostile())


def test_exporter_writes_the_page(tmp_path: Path) -> None:
    exporter = get("html")
    assert exporter.files == ("graph.html",)
    with (tmp_path / "graph.html").open("wb") as stream:
        exporter.write(graphs.hostile(), stream)
    assert (tmp_path / "graph.html").read_bytes() == assemble(graphs.hostile())


def test_nothing_is_requested_and_nothing_may_be(middle_page: Path, open_page: Open) -> None:
    page = open_page(middle_page)
    page.settle()
    assert page.requests == [middle_page.as_uri()]
    refused = page.ask("fetch('https://example.org/').then(() => 'reached', () => 'refused')")
    assert refused == "refused"
    page.errors.clear()  # the refusal is logged, as it should be


def test_policy_names_exactly_one_script_and_one_style(middle_page: Path) -> None:
    text = middle_page.read_text("utf-8")
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]*)"', text)
    assert policy
    assert policy[1].startswith("default-src 'none'; script-src 'sha256-")
    assert "unsafe" not in policy[1]
    assert "connect-src 'none'" in policy[1]
    assert len(re.findall(r"<script>", text)) == 1


def test_hostile_text_is_text(hostile_page: Path, open_page: Open) -> None:
    page = open_page(hostile_page)
    n = page.ask("kg.graph.n")
    for node in range(n):
        page.ask(f"kg.view.select({node}, {{fly: false}})")
    assert page.ask("window.hacked === undefined")
    assert page.ask("document.querySelectorAll('#panel img, #panel svg[onload], #panel script').length") == 0
    assert "<img src=x onerror" in page.ask("kg.graph.labels.join()")
    page.ask("kg.view.select(kg.graph.labels.findIndex(l => l.startsWith('<img')))")
    assert page.text("#panel h2") == graphs.HOSTILE[1]
    assert page.page.title() == graphs.HOSTILE[0]


def test_only_web_addresses_can_be_followed(hostile_page: Path, open_page: Open) -> None:
    page = open_page(hostile_page)
    page.ask("kg.view.select(kg.graph.labels.indexOf('javascript:window.hacked=1'))")
    hrefs = page.ask("[...document.querySelectorAll('a[href]')].map(a => a.getAttribute('href'))")
    assert hrefs, "there are links to be looked at"
    assert all(href.startswith(("http:", "https:", "#")) for href in hrefs)


def test_bidi_controls_do_not_reach_the_screen(hostile_page: Path, open_page: Open) -> None:
    page = open_page(hostile_page)
    page.ask("kg.view.select(kg.graph.labels.findIndex(l => l.includes('gnp.exe')))")
    assert not re.search("[\u202a-\u202e\u2066-\u2069\u200f]", page.ask("document.body.textContent"))


def test_a_title_of_ten_thousand_characters_is_contained(hostile_page: Path, open_page: Open) -> None:
    page = open_page(hostile_page, viewport={"width": 360, "height": 740})
    page.ask("kg.view.select(kg.graph.labels.findIndex(l => l.length > 9000))")
    assert page.ask("document.documentElement.scrollWidth") <= 360
    assert page.ask("document.querySelector('#panel h2').getBoundingClientRect().height") < 200


def test_exports_hold_hostile_text_safely(hostile_page: Path, open_page: Open) -> None:
    page = open_page(hostile_page)
    page.settle()
    svg = page.ask("kg.svgOf()")
    assert "<script" not in svg
    assert "<img" not in svg
    assert page.ask(
        "new DOMParser().parseFromString(kg.svgOf(), 'image/svg+xml').querySelector('parsererror') === null"
    )
    csv = page.ask("kg.csvOf([...Array(kg.graph.n).keys()])")
    assert "'=HYPERLINK(1)" in csv
    assert not re.search(r"(^|,)=HYPERLINK", csv)
    assert "\\u003c/script" not in page.ask("kg.jsonOf([0])")  # plain JSON, in a file of its own


def test_empty_and_single(tmp_path: Path, open_page: Open) -> None:
    lone = graphs.entity("person", "Ada Lovelace")
    for name, nodes in {"empty": [], "single": [lone]}.items():
        path = tmp_path / f"{name}.html"
        path.write_bytes(assemble(graphs.built(nodes, set())))
        page = open_page(path)
        page.settle()
        assert page.ask("kg.graph.n") == len(nodes)
    page.find("ada")
    assert page.text("#panel h2") == "Ada Lovelace"


def test_a_kind_of_ones_own(tmp_path: Path, open_page: Open) -> None:
    from kg.model import IRI
    from kg.namespaces import KINDS, SCHEMA, Kind

    node = graphs.entity("place", "Zürich")
    graph = KnowledgeGraph(
        dataset=Dataset(base=graphs.BASE),
        nodes={node.iri: node},
        edges=(),
        kinds={**KINDS, "place": Kind("place", IRI(SCHEMA + "Place"), "Place", "地点")},
    )
    (tmp_path / "place.html").write_bytes(assemble(graph))
    page = open_page(tmp_path / "place.html")
    page.find("zurich")
    assert "Place" in page.text("#panel .kind")


def test_every_node_and_edge_arrives(middle_page: Path, open_page: Open) -> None:
    graph = graphs.big(posts=500, seed=3)
    page = open_page(middle_page)
    iris = page.ask("Array.from({length: kg.graph.n}, (_, i) => kg.graph.iri(i))")
    assert sorted(iris) == list(graph.nodes)
    edges = page.ask(
        "Array.from(kg.graph.source, (s, e) => [kg.graph.iri(s), kg.graph.predicates[kg.graph.predicate[e]].iri,"
        " kg.graph.iri(kg.graph.target[e])])"
    )
    assert sorted(map(tuple, edges)) == [(e.source, e.predicate, e.target) for e in graph.edges]
    labels = dict(zip(iris, page.ask("kg.graph.labels"), strict=True))
    assert labels == {iri: node.label for iri, node in graph.nodes.items()}
    dates = page.ask("Array.from({length: kg.graph.n}, (_, i) => [kg.graph.iri(i), kg.graph.date[i]])")
    posts = {iri: days for iri, days in dates if "/post/" in iri}
    assert len(posts) == 500
    assert all(16_000 < days < 21_000 for days in posts.values())
