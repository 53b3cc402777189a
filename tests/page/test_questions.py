"""Points 4 to 7: find, read, ask, keep and share."""

# ruff: noqa: E501  what is asked of the page reads best on one line

from __future__ import annotations

import itertools
import json
import re
from typing import TYPE_CHECKING

import pytest

from kg.insight.incidence import Incidence
from kg.insight.trends import Trends
from kg.iris import entity_iri
from kg.model import IRI, Edge, Node, Text
from kg.namespaces import KG, KINDS, SCHEMA
from kg.views.page import assemble
from tests.conftest import BASE, make_graph, make_post
from tests.page.conftest import Open, Opened, saved, saved_json

if TYPE_CHECKING:
    from pathlib import Path

    from kg.graph.model import KnowledgeGraph


def label(page: Opened, kind: str, place: int = 0) -> str:
    """The name of the best-connected node of a kind."""
    number = list(KINDS).index(kind)
    return str(page.ask(f"kg.graph.labels[[...kg.graph.byWeight].filter(i => kg.graph.kind[i] === {number})[{place}]]"))


def typo(name: str) -> str:
    """Two letters in the middle change places."""
    half = len(name) // 2
    return name[: half - 1] + name[half] + name[half - 1] + name[half + 1 :]


# Find.


def test_search_highlights_dims_and_flies(middle: Opened) -> None:
    page = middle.again()
    name = label(page, "organization")
    page.page.keyboard.press("/")
    assert page.ask("document.activeElement.id") == "search"
    page.page.keyboard.type(name)
    assert page.ask("kg.view.found.size") >= 1
    assert page.ask("kg.view.states.includes(kg.STATE.dimmed)")
    assert name in page.text("#results")
    before = page.ask("kg.view.camera.zoom")
    page.page.keyboard.press("Enter")
    page.settle()
    assert page.text("#panel h2") == name
    assert page.ask("kg.view.camera.zoom") != before
    x, y = page.ask(
        "[kg.view.camera.screenX(kg.graph.x[kg.view.selected]), kg.view.camera.screenY(kg.graph.y[kg.view.selected])]"
    )
    assert 380 < x < 1280
    assert 0 < y < 800


def test_search_knows_every_spelling_and_forgives(middle: Opened, middle_graph: KnowledgeGraph) -> None:
    page = middle.again()
    found = "(q) => kg.view.index.find(q).map(hit => kg.graph.iri(hit.node))"
    aliased = [node for node in middle_graph.nodes.values() if node.aliases][:30]
    for node in aliased:
        assert node.iri in page.page.evaluate(found, node.aliases[0].value)
        assert node.iri in page.page.evaluate(found, node.label.upper())
    second = [node for node in middle_graph.nodes.values() if len(node.labels) > 1][:10]
    for node in second:
        assert node.iri in page.page.evaluate(found, node.labels[1].value)
    latin = [node for node in middle_graph.nodes.values() if node.kind == "person" and node.label.isascii()][:30]
    for node in latin:
        assert node.iri in page.page.evaluate(found, typo(node.label)), typo(node.label)
        words = node.label.split(" ")
        assert node.iri in page.page.evaluate(found, " ".join(reversed(words)))


def test_a_typing_error_means_what_is_best_known(open_page: Open, tmp_path: Path) -> None:
    posts = [make_post(f"{n}.md", Text(f"post {n}")) for n in range(6)]
    names = ["Nvidia", "India", "Donald Trump", "Tramp"]
    things = [Node(entity_iri(BASE, "organization", name), "organization", name, (Text(name),)) for name in names]
    often = [
        Edge(post.iri, IRI(SCHEMA + "mentions"), thing.iri, "companies") for post in posts for thing in things[::2]
    ]
    once = [Edge(posts[0].iri, IRI(SCHEMA + "mentions"), thing.iri, "companies") for thing in things[1::2]]
    path = tmp_path / "graph.html"
    path.write_bytes(assemble(make_graph([*posts, *things], [*often, *once])))
    page = open_page(path)
    first = "(q) => kg.graph.labels[kg.view.index.find(q)[0].node]"
    for typed, meant in {"nvdia": "Nvidia", "nvidai": "Nvidia", "indai": "India", "trmup": "Donald Trump"}.items():
        assert page.page.evaluate(first, typed) == meant


def test_results_are_grouped_with_counts(middle: Opened) -> None:
    page = middle.again()
    page.page.fill("#search", "ka")
    groups = page.ask("[...document.querySelectorAll('#results .group')].map(g => g.textContent)")
    counts = page.ask(
        "Object.values(kg.view.index.find('ka').reduce((n, h) => (n[kg.graph.kind[h.node]] = (n[kg.graph.kind[h.node]] ?? 0) + 1, n), {}))"
    )
    assert len(groups) == len(counts) >= 3
    assert sorted(int("".join(filter(str.isdigit, group))) for group in groups) == sorted(counts)


# Read.


def test_panel_of_a_thing(middle: Opened, middle_graph: KnowledgeGraph) -> None:
    page = middle.again()
    page.find(label(page, "organization"))
    iri = page.ask("kg.graph.iri(kg.view.selected)")
    posts = {edge.source for edge in middle_graph.edges if edge.target == iri}
    assert page.text("#section-posts .count") == str(len(posts))
    dates = page.ask("[...document.querySelectorAll('#section-posts time')].map(t => t.dateTime)")
    assert dates == sorted(dates, reverse=True)
    assert page.ask("document.querySelector('#section-posts a.web').href").startswith("https://example.org/")
    assert page.ask("document.querySelector('#section-posts .brief').textContent.length") > 20
    assert page.ask("document.querySelector('#section-posts .timeline') !== null")
    first, last = page.ask("[...document.querySelectorAll('.end-of-time')].map((end) => end.textContent)")
    assert first <= last
    # Whether it rises is told as `kg trends` does.
    change = max(Trends(Incidence.of(middle_graph)).changes(), key=lambda each: each.before + each.now)
    page.ask(f"kg.view.select(kg.graph.find({json.dumps(change.node.iri)}))")
    shares = re.findall(r"[\d.]+(?=%)", text := page.text(".timeline .hint"))
    assert [float(share) / 100 for share in shares] == pytest.approx([change.share_now, change.share_before], rel=0.06)
    assert text.startswith("Rising" if change.g > 6.63 else "Falling" if change.g < -6.63 else "No clear change")


def test_why_are_these_two_linked(middle: Opened, middle_graph: KnowledgeGraph) -> None:
    page = middle.again()
    page.find(label(page, "organization"))
    row = page.page.locator("#section-companions .row").first
    count = int(row.locator(".why").inner_text().split()[0])
    row.locator(".why").click()
    shown = row.locator(".evidence .row.post").count()
    assert 1 <= shown <= count
    iri = page.ask("kg.graph.iri(kg.view.selected)")
    other = page.ask(f"kg.graph.iri({row.locator('.node').first.get_attribute('data-node')})")
    first = {edge.source for edge in middle_graph.edges if edge.target == iri}
    assert len(first & {edge.source for edge in middle_graph.edges if edge.target == other}) == count


def test_panel_of_a_post(middle: Opened, middle_graph: KnowledgeGraph) -> None:
    page = middle.again()
    page.ask("kg.view.select([...kg.graph.kind].indexOf(kg.graph.post))")
    iri = page.ask("kg.graph.iri(kg.view.selected)")
    node = middle_graph.nodes[iri]
    text = page.text("#panel")
    assert node.label in text
    summary = next(a.value for a in node.attributes if a.predicate.endswith("abstract"))
    assert summary in text
    targets = {edge.target for edge in middle_graph.edges if edge.source == iri}
    rows = page.ask(
        "[...document.querySelectorAll('#panel .section:not([id]) .row:not(.post) .node')].map(b => kg.graph.iri(Number(b.dataset.node)))"
    )
    assert set(rows) == targets


# Ask.


def test_neighbourhood_grows_and_hubs_are_damped(middle: Opened) -> None:
    page = middle.again()
    page.find(label(page, "person", 20))
    page.page.click("#near")
    sizes = []
    for steps in (1, 2, 3):
        page.page.click(f"#steps-box [data-steps='{steps}']")
        sizes.append(page.ask("kg.view.marked.nodes.size"))
    assert sizes[0] < sizes[1] < sizes[2]
    page.page.select_option("#hub-limit", "50")
    assert page.ask("kg.view.marked.nodes.size") < sizes[2]


def test_a_neighbourhood_opens_as_wide_as_can_be_taken_in(middle: Opened) -> None:
    page = middle.again()
    page.find(label(page, "organization"))
    page.page.click("#near")
    assert page.ask("kg.view.marked.steps") == 1
    page.ask("kg.view.select(kg.graph.degree.findLastIndex((d, i) => d === 1 && !kg.graph.isPost(i)))")
    page.page.click("#near")
    assert page.ask("kg.view.marked.steps") == 2


def test_path_with_the_posts_that_prove_it(middle: Opened, middle_graph: KnowledgeGraph) -> None:
    page = middle.again()
    start, end = label(page, "organization"), label(page, "person", 40)
    page.find(start)
    page.page.click("#path-from-here")
    page.page.keyboard.type(end)
    page.page.keyboard.press("Enter")
    path = page.ask("kg.view.marked.path.map(node => kg.graph.iri(node))")
    pairs = {frozenset((edge.source, edge.target)) for edge in middle_graph.edges}
    assert len(path) >= 3
    assert all(frozenset(pair) in pairs for pair in itertools.pairwise(path))
    stops = page.ask("[...document.querySelectorAll('.steps .stop .name')].map(n => n.textContent)")
    assert (stops[0], stops[-1]) == (start, end)
    assert page.page.locator(".steps .proof").count() >= 1
    page.page.keyboard.press("Escape")
    assert page.ask("kg.view.marked") is None


def test_another_way_is_another_route(middle: Opened, middle_graph: KnowledgeGraph) -> None:
    page = middle.again()
    page.find(label(page, "organization"))
    page.page.click("#path-from-here")
    page.page.keyboard.type(label(page, "person", 40))
    page.page.keyboard.press("Enter")
    kind = {node.iri: node.kind for node in middle_graph.nodes.values()}
    posts_of: dict[str, set[str]] = {}
    for edge in middle_graph.edges:
        posts_of.setdefault(edge.target, set()).add(edge.source)
    routes: list[tuple[str, ...]] = []
    closed: set[str] = set()
    for _ in range(4):
        path = page.ask("kg.view.marked.path.map(node => kg.graph.iri(node))")
        assert not closed & set(path)  # not the same things by another post
        things = tuple(iri for iri in path if kind[iri] != "post")
        assert things not in routes
        routes.append(things)
        for one, other in itertools.pairwise(things):
            closed |= posts_of[one] & posts_of[other]
        page.page.click("#another-way")
        assert page.text("#path-result .actions").endswith(f"Way {len(routes) + 1} of {len(routes) + 1}")


def test_when_there_is_no_other_way_it_says_so(middle: Opened) -> None:
    page = middle.again()
    # A post, and something that nothing but that post names.
    post, thing = page.ask(
        "(() => { const g = kg.graph; const t = g.degree.findLastIndex((d, i) => d === 1 && !g.isPost(i)); return [g.postsAt(t)[0], t]; })()"
    )
    page.ask(f"kg.paths.show({post}, {thing})")
    page.page.click("#another-way")
    assert page.page.is_disabled("#another-way")
    assert "no other way" in page.text("#toast")
    assert page.ask("kg.view.marked.path") == [post, thing]


def test_posts_that_link_to_each_other_are_no_proof_of_anything_else(open_page: Open, tmp_path: Path) -> None:
    posts = [make_post(f"{name}.md", Text(name)) for name in ("one", "two", "three")]
    person = Node(entity_iri(BASE, "person", "Ada"), "person", "Ada", (Text("Ada"),))
    links = [Edge(a.iri, IRI(KG + "linksTo"), b.iri, "body") for a, b in itertools.pairwise(posts)]
    graph = make_graph([*posts, person], [*links, Edge(posts[2].iri, IRI(SCHEMA + "mentions"), person.iri, "people")])
    path = tmp_path / "graph.html"
    path.write_bytes(assemble(graph))
    page = open_page(path)
    page.ask("kg.paths.show(kg.view.index.find('one')[0].node, kg.view.index.find('Ada')[0].node)")
    assert page.page.locator(".steps .stop .name").all_inner_texts() == ["one", "two", "three", "Ada"]
    assert page.page.locator(".steps .relation").all_inner_texts() == ["links to", "links to", "mentions"]
    assert page.page.locator(".steps .proof").count() == 0


def test_filters_count_what_they_show(middle: Opened, middle_graph: KnowledgeGraph) -> None:
    page = middle.again()
    page.page.keyboard.press("f")
    tag = label(page, "tag")
    node = next(n for n in middle_graph.nodes.values() if n.kind == "tag" and n.label == tag)
    page.page.click("#facet-tag summary") if page.ask("!document.querySelector('#facet-tag').open") else None
    row = page.page.locator("#facet-tag .check", has_text=tag).first
    posts = {edge.source for edge in middle_graph.edges if edge.target == node.iri}
    assert row.locator(".count").inner_text() == str(len(posts))
    row.locator("input").check()
    shown = set(page.ask("[...kg.view.visible.nodes].flatMap((on, i) => on ? [kg.graph.iri(i)] : [])"))
    assert shown == posts | {edge.target for edge in middle_graph.edges if edge.source in posts}
    kinds = page.ask("[...document.querySelectorAll('#facet-kinds .check')].map(c => c.textContent)")
    assert f"Posts{len(posts)}" in kinds
    assert page.text("#filter-badge") == "1"
    page.page.click("#filter-clear")
    assert page.ask("kg.view.visible.shown") == len(middle_graph.nodes)


def test_filters_by_relation_degree_region_and_type(middle: Opened, middle_graph: KnowledgeGraph) -> None:
    page = middle.again()
    page.ask("kg.view.filters.kindsOff.add(0), kg.view.applyFilters()")
    assert page.ask("kg.view.visible.shown") == sum(node.kind != "post" for node in middle_graph.nodes.values())
    page.ask("kg.view.filters.clear(), kg.view.filters.least = 10, kg.view.applyFilters()")
    assert page.ask("[...kg.view.visible.nodes].every((on, i) => on === (kg.graph.degree[i] >= 10 ? 1 : 0))")
    page.ask("kg.view.filters.clear(), kg.view.filters.communities.add(1), kg.view.applyFilters()")
    assert page.ask("[...kg.view.visible.nodes].every((on, i) => on === (kg.graph.community[i] === 1 ? 1 : 0))")
    page.ask("kg.view.filters.clear(), kg.view.filters.relationsOff.add(0), kg.view.applyFilters()")
    assert page.ask("[...kg.view.visible.edges].every((on, e) => !on || kg.graph.predicate[e] !== 0)")
    assert page.ask("kg.view.visible.shown") < len(middle_graph.nodes)


def test_filtered_out_is_hidden_or_dimmed(middle: Opened) -> None:
    page = middle.again()
    page.page.keyboard.press("f")
    page.ask("kg.view.filters.least = 10, kg.view.applyFilters()")
    assert page.ask("kg.view.states.includes(kg.STATE.hidden)")
    page.page.select_option("#rest", "dim")
    assert page.ask("!kg.view.states.includes(kg.STATE.hidden) && kg.view.states.includes(kg.STATE.faded)")


def test_brush_over_the_histogram_and_play(middle: Opened) -> None:
    page = middle.again()
    page.page.keyboard.press("f")
    box = page.page.locator(".histogram-box").bounding_box()
    assert box
    page.page.mouse.move(box["x"] + box["width"] * 0.5, box["y"] + 30)
    page.page.mouse.down()
    page.page.mouse.move(box["x"] + box["width"] * 0.7, box["y"] + 30, steps=4)
    page.page.mouse.up()
    start, end = page.ask("[kg.view.filters.from, kg.view.filters.to]")
    assert start < end
    assert page.ask(
        f"[...kg.view.visible.nodes].every((on, i) => !kg.graph.isPost(i) || on === (kg.graph.date[i] >= {start} && kg.graph.date[i] <= {end} ? 1 : 0))"
    )
    assert page.page.input_value("#date-from") == page.ask(f"new Date({start} * 864e5).toISOString().slice(0, 10)")
    page.page.click("#play")
    page.until(f"kg.view.filters.from > {start}")
    page.page.click("#play")
    moved = page.ask("kg.view.filters.from")
    assert moved > start
    page.page.focus(".handle.from")
    page.page.keyboard.press("ArrowLeft")
    assert page.ask("kg.view.filters.from") < moved


# Keep and share.


def test_the_address_restores_everything(middle_page: Path, open_page: Open) -> None:
    page = open_page(middle_page)
    page.find(label(page, "organization"))
    page.settle()
    page.ask(
        "kg.view.filters.least = 2, kg.view.filters.kindsOff.add(5), kg.view.filters.from = 17000, kg.view.applyFilters()"
    )
    page.ask("kg.view.zoom(1.3)")
    page.settle()
    fragment = page.ask("location.hash")
    state = "JSON.stringify([kg.graph.labels[kg.view.selected], kg.view.filters.least, [...kg.view.filters.kindsOff], kg.view.filters.from, kg.view.visible.shown, +kg.view.camera.zoom.toFixed(2), +kg.view.camera.x.toFixed(3)])"
    again = open_page(middle_page, fragment=fragment)
    again.settle()
    assert json.loads(again.ask(state)) == json.loads(page.ask(state))


def test_the_address_restores_a_path(middle_page: Path, open_page: Open) -> None:
    page = open_page(middle_page)
    page.ask("kg.paths.show(kg.graph.byWeight[3], kg.graph.byWeight[900])")
    page.settle()
    again = open_page(middle_page, fragment=page.ask("location.hash"))
    assert again.ask("kg.view.marked.path.join()") == page.ask("kg.view.marked.path.join()")


def test_a_nonsense_address_does_no_harm(middle_page: Path, open_page: Open) -> None:
    page = open_page(
        middle_page, fragment="#at=<img src=x>&view=NaN,1,-5&dates=..x&tag=%F0|a&links=a..b&regions=9999&path=a&theme=x"
    )
    page.settle()
    assert page.ask("kg.view.selected") == -1


def test_pictures(middle: Opened) -> None:
    page = middle.again()
    size = "(times) => kg.pngOf(times).then(createImageBitmap).then((image) => [image.width, image.height])"
    assert page.page.evaluate(size, 1) == [1280, 800]
    assert page.page.evaluate(size, 4) == [5120, 3200]
    page.settle()
    svg = page.ask("kg.svgOf()")
    assert page.ask("new DOMParser().parseFromString(kg.svgOf(), 'image/svg+xml').documentElement.localName") == "svg"
    for text in page.ask("kg.view.labels.shown.slice(0, 5).map(l => l.text)"):
        assert text in svg


def test_files_of_the_selection(middle: Opened) -> None:
    page = middle.again()
    page.find(label(page, "person"))
    page.settle()
    for name in ("csv", "json"):
        page.page.click("#open-menu")
        with page.page.expect_download() as caught:
            page.page.click(f"#save-{name}")
        if name == "csv":
            rows = saved(caught.value).strip().split("\n")
            assert len(rows) == 1 + page.ask("kg.chosenNodes().length")
            assert rows[0].startswith("iri,label,type")
        else:
            data = saved_json(caught.value)
            assert len(data["nodes"]) == page.ask("kg.chosenNodes().length")
            iris = {node["iri"] for node in data["nodes"]}
            assert data["edges"]
            assert all(edge["source"] in iris and edge["target"] in iris for edge in data["edges"])


def test_the_sparql_query_asks_for_the_selection(middle: Opened, middle_graph: KnowledgeGraph) -> None:
    import pyoxigraph as ox

    page = middle.again()
    page.find(label(page, "person"))
    iri = page.ask("kg.graph.iri(kg.view.selected)")
    store = ox.Store()
    for edge in middle_graph.edges:
        store.add(ox.Quad(ox.NamedNode(edge.source), ox.NamedNode(edge.predicate), ox.NamedNode(edge.target)))
    answers = {str(row["node"]) for row in store.query(page.ask("kg.sparqlOf(kg.chosenNodes())"))}
    assert answers == {f"<{edge.source}>" for edge in middle_graph.edges if edge.target == iri}
    page.page.click("#near")
    rows = list(store.query(page.ask("kg.sparqlOf(kg.chosenNodes().slice(0, 100))")))
    assert rows


COMMON = """(() => {
  const kinds = ['organization', 'person'].map((name) => kg.graph.kindNumber.get(name));
  for (const a of kg.graph.byWeight) if (kinds.includes(kg.graph.kind[a])) for (const b of kg.graph.byWeight) {
    if (a === b || !kinds.includes(kg.graph.kind[b])) continue;
    const posts = kg.graph.postsAt(a).filter((post) => kg.graph.postsAt(b).includes(post));
    if (posts.length > 1) return [kg.graph.nameIn(a, 'en'), kg.graph.nameIn(b, 'en'), posts.sort((x, y) => x - y), a, b];
  }
})()"""


def test_posts_that_name_both_are_found_by_typing_so(middle_page: Path, open_page: Open) -> None:
    page = open_page(middle_page)
    one, other, posts, _a, _b = page.ask(COMMON)
    page.find(f"{one} and {other}")
    marked = "[...kg.view.marked.nodes].filter((node) => kg.graph.isPost(node)).sort((x, y) => x - y)"
    assert page.ask(marked) == posts
    assert page.text("#panel h2") == f"{one} and {other}"
    assert page.page.locator("#section-posts .row.post").count() == min(len(posts), 8)
    assert [each["label"] for each in page.ask("kg.selected()")] == [one, other]
    with page.page.expect_download() as download:
        page.page.click("#set-csv")
    assert len(saved(download.value).strip().splitlines()) == len(posts) + 1
    page.settle()
    again = open_page(middle_page, fragment=page.ask("location.hash"))
    again.settle()
    assert again.ask(marked) == posts
    page.page.locator(".members select").nth(1).select_option("none")
    without = page.ask(marked)
    assert not set(without) & set(posts)
    page.page.keyboard.press("Escape")
    assert page.ask("kg.view.marked === null && document.getElementById('panel').hidden")


def test_shift_and_a_click_ask_for_both(middle: Opened) -> None:
    page = middle.again()
    _one, _other, posts, a, b = page.ask(COMMON)
    page.ask(f"(kg.view.select({a}, {{ fly: false }}), kg.view.alsoChoose({b}))")
    assert page.ask("kg.view.marked.set.all") == [a, b]
    assert page.ask("[...kg.view.marked.nodes].filter((node) => kg.graph.isPost(node)).length") == len(posts)


def test_what_is_typical_comes_first_and_what_is_most_on_demand(middle: Opened) -> None:
    page = middle.again()
    node = page.ask("kg.graph.byWeight.find((node) => kg.graph.kindOf(node).name === 'organization')")
    page.ask(f"kg.view.select({node})")
    counts = "[...document.querySelectorAll('#section-companions .why')].map((why) => why.textContent)"
    assert page.ask("document.getElementById('by-typical').getAttribute('aria-pressed')") == "true"
    assert all(" of " in text for text in page.ask(counts))
    page.page.click("#by-most")
    most = [int(text.split()[0]) for text in page.ask(counts)]
    assert most == sorted(most, reverse=True)
    assert page.ask("document.getElementById('by-most').getAttribute('aria-pressed')") == "true"
