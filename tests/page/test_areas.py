"""What is drawn around on the map: as a list, as files, as a link."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyoxigraph

from tests.page.conftest import saved

if TYPE_CHECKING:
    from pathlib import Path

    from kg.graph.model import KnowledgeGraph
    from tests.page.conftest import Open, Opened

INSIDE = """() => {
  const { camera } = kg.view;
  return [...kg.graph.labels.keys()].filter((node) => {
    const x = camera.screenX(kg.graph.x[node]), y = camera.screenY(kg.graph.y[node]);
    return x > 600 && x < 900 && y > 250 && y < 500;
  });
}"""


def test_an_area_is_drawn_read_saved_and_linked_to(
    middle_page: Path, middle_graph: KnowledgeGraph, open_page: Open
) -> None:
    page = open_page(middle_page)
    page.settle()
    within = page.page.evaluate(INSIDE)
    assert 20 < len(within) < page.ask("kg.graph.n") / 2
    mouse = page.page.mouse
    page.page.click("#outline")
    mouse.move(600, 250)
    mouse.down()
    for x, y in ((900, 250), (900, 500), (600, 500), (600, 252)):
        mouse.move(x, y, steps=6)
    mouse.up()
    chosen = page.ask("[...kg.view.marked.nodes]")
    assert len(set(chosen) ^ set(within)) <= 0.03 * len(within)  # those on the line
    assert sorted(each["iri"] for each in page.ask("kg.selected()")) == sorted(
        page.ask("[...kg.view.marked.nodes].map((n) => kg.graph.iri(n))")
    )
    assert page.page.locator("#section-posts .row.post").count() >= 5
    assert page.page.locator("#section-typical .row").count() >= 5
    with page.page.expect_download() as download:
        page.page.click("#set-turtle")
    ours = set(pyoxigraph.parse(saved(download.value), format=pyoxigraph.RdfFormat.TURTLE))
    assert {quad.subject.value for quad in ours} == set(page.ask("kg.selected().map((each) => each.iri)"))
    links = {(edge.source, edge.predicate, edge.target) for edge in middle_graph.edges}
    between = {
        (q.subject.value, q.predicate.value, q.object.value) for q in ours if isinstance(q.object, pyoxigraph.NamedNode)
    }
    irises = {node for node in middle_graph.nodes if node in {s for s, _, _ in between}}
    assert {link for link in links if link[0] in irises and link[2] in irises} <= between
    page.settle()
    again = open_page(middle_page, fragment=page.ask("location.hash"))
    assert set(again.ask("[...kg.view.marked.nodes]")) == set(chosen)


def test_keys_choose_what_is_in_sight(middle: Opened) -> None:
    page = middle.again()
    page.ask("kg.view.camera.jump({ ...kg.view.camera, zoom: 4 }), kg.view.focusMap()")
    page.page.keyboard.press("a")
    chosen, shown = page.ask("[kg.view.marked.nodes.size, kg.view.inSight().length]")
    assert 0 < chosen <= shown
    page.page.keyboard.press("Escape")
    assert page.ask("kg.view.marked") is None
