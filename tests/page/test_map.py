"""Points 2 and 3: a map whose names never overlap, drawn by WebGL2, that survives what browsers do to it."""

# ruff: noqa: E501  what is asked of the page reads best on one line

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.page.conftest import Open, Opened

OVERLAPS = """() => {
  const boxes = [...kg.view.labels.shown, ...kg.view.labels.regionsShown].map((label) => label.box);
  let overlaps = 0;
  boxes.forEach((a, i) => boxes.slice(i + 1).forEach((b) => {
    if (a[0] < b[2] && a[2] > b[0] && a[1] < b[3] && a[3] > b[1]) overlaps++;
  }));
  return [boxes.length, overlaps];
}"""
INK = """() => {
  const gl = kg.view.renderer.gl;
  kg.view.renderer.draw(kg.view.camera, false, true);
  const pixels = new Uint8Array(4 * gl.drawingBufferWidth * gl.drawingBufferHeight);
  gl.readPixels(0, 0, gl.drawingBufferWidth, gl.drawingBufferHeight, gl.RGBA, gl.UNSIGNED_BYTE, pixels);
  const colours = new Set();
  for (let i = 0; i < pixels.length; i += 4) colours.add(pixels[i] << 16 | pixels[i + 1] << 8 | pixels[i + 2]);
  return colours.size;
}"""


@pytest.fixture(scope="module")
def big(big_page: Path, open_once: Open) -> Opened:
    return open_once(big_page)


def zoom_to(page: Opened, zoom: float) -> None:
    page.ask(f"kg.view.camera.jump({{x: 0.1, y: 0, zoom: {zoom}}}), kg.view.drawLabels()")


def test_names_never_overlap(big: Opened) -> None:
    page = big.again()
    for zoom in (0.7, 1, 1.7, 3, 5, 8, 20, 60):
        page.ask(f"kg.view.camera.jump({{x: 0.1, y: 0, zoom: {zoom}}}), kg.view.drawLabels()")
        count, overlaps = page.ask(OVERLAPS)
        assert count > 2
        assert overlaps == 0


def test_level_of_detail(big: Opened) -> None:
    page = big.again()
    zoom_to(page, 1)
    far = page.ask("[kg.view.labels.regionsShown.length, kg.view.labels.shown.length]")
    far_places = page.ask("kg.view.labels.shown.map(l => kg.graph.place[l.node])")
    zoom_to(page, 4)
    middle = page.ask("kg.view.labels.shown.length")
    zoom_to(page, 30)
    assert page.ask("kg.view.labels.regionsShown.length") == 0
    near = page.ask("[kg.view.labels.shown.length, kg.view.inSight().length]")
    assert far[0] >= 3
    assert far[1] <= 31
    assert max(far_places) < 31
    assert middle > far[1]
    assert near[0] >= min(near[1], 60) * 0.5


def test_regions_are_not_written_like_nodes(big: Opened) -> None:
    page = big.again()
    titles = page.ask("kg.view.labels.regionsShown.map(r => r.lines[0])")
    assert len(titles) >= 3
    assert all(title["text"] == title["text"].upper() and title["spacing"] >= 1 for title in titles)
    assert page.ask("kg.view.labels.shown.every(l => !l.spacing)")
    # Each stands on its own land.
    abroad = """kg.view.labels.regionsShown.filter(({ box, community }) => {
      const { camera, renderer: { land: { owner, size, extent } } } = kg.view;
      const cell = (value) => Math.floor(((value + extent) / (2 * extent)) * size);
      return owner[cell(camera.mapY((box[1] + box[3]) / 2)) * size + cell(camera.mapX((box[0] + box[2]) / 2))] !== community;
    }).length"""
    assert page.ask(abroad) == 0


def test_every_region_is_named_from_near_by(middle: Opened) -> None:
    page = middle.again()
    unnamed = """kg.graph.regions.filter(({ name, x, y }, community) => {
      kg.view.camera.jump({ x, y, zoom: 3 });
      kg.view.drawLabels();
      return name && !kg.view.labels.regionsShown.some((shown) => shown.community === community);
    }).map(({ name }) => name)"""
    assert page.ask(unnamed) == []


def test_names_keep_off_what_can_be_seen_and_leave_room_on_a_phone(middle_page: Path, open_page: Open) -> None:
    page = open_page(middle_page, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True)
    page.settle()
    assert 4 <= page.ask("kg.view.labels.shown.length") <= 37
    covered = """() => {
      const { camera, labels, renderer } = kg.view;
      const seen = kg.view.inSight().filter((n) => screenRadius(n) > 4).slice(0, 100);
      function screenRadius(n) { return renderer.radius[n] * Math.pow(Math.max(camera.zoom, 0.6), 0.42) * camera.roominess; }
      return labels.shown.filter(({ node, box }) => seen.some((n) => n !== node && camera.screenX(kg.graph.x[n]) > box[0] && camera.screenX(kg.graph.x[n]) < box[2]
        && camera.screenY(kg.graph.y[n]) > box[1] && camera.screenY(kg.graph.y[n]) < box[3])).length;
    }"""
    assert page.page.evaluate(covered) == 0


def test_webgl2_draws_and_comes_to_rest(middle: Opened) -> None:
    page = middle.again()
    assert page.ask("kg.view.renderer.gl instanceof WebGL2RenderingContext")
    assert page.ask(INK) > 50
    assert page.ask("kg.view.renderer.drawnShare") == 1


def test_fewer_edges_while_moving(big: Opened) -> None:
    page = big.again()
    count = """(moving) => {
      const gl = kg.view.renderer.gl;
      const original = gl.drawElements;
      let edges = 0;
      gl.drawElements = function (mode, n, ...rest) { if (mode === gl.LINES) edges += n / 2; return original.call(this, mode, n, ...rest); };
      kg.view.renderer.forgetEdges();
      kg.view.renderer.draw(kg.view.camera, moving, !moving);
      delete gl.drawElements;
      return edges;
    }"""
    assert page.page.evaluate(count, False) == 0  # from afar there are ties instead
    zoom_to(page, 5)
    assert 1000 < page.page.evaluate(count, True) <= 20_000
    assert page.page.evaluate(count, False) > 20_000


def test_what_matters_comes_first_and_the_rest_fades_in(big: Opened) -> None:
    page = big.again()
    drawn = "kg.graph.byWeight.filter((node) => kg.view.renderer.draws(node)).length"
    first = page.ask(drawn)
    assert 300 <= first <= 2000
    ties = """() => {
      const gl = kg.view.renderer.gl, original = gl.drawArraysInstanced;
      const counts = [];
      gl.drawArraysInstanced = function (mode, at, vertices, count) { counts.push([vertices, count]); return original.call(this, mode, at, vertices, count); };
      kg.view.renderer.draw(kg.view.camera, false, true);
      delete gl.drawArraysInstanced;
      return counts.filter(([vertices]) => vertices > 4).map(([, count]) => count)[0];
    }"""
    assert 100 <= page.page.evaluate(ties) <= 2000
    counts = []
    for zoom in (1.5, 2.5, 6, 20):
        zoom_to(page, zoom)
        page.ask("kg.view.renderer.draw(kg.view.camera, false, true)")
        counts.append(page.ask(drawn))
    assert counts == sorted(counts)
    assert counts[0] > first
    assert counts[-1] == page.ask("kg.graph.n")


def test_people_and_organizations_alone_are_a_network(big: Opened) -> None:
    page = big.again()
    page.ask(
        "kg.graph.kinds.forEach((kind, k) => { if (!['person', 'organization'].includes(kind.name)) kg.view.filters.kindsOff.add(k); }), kg.view.applyFilters()"
    )
    page.settle()
    assert page.ask("kg.view.renderer.ties.length") > 500
    names = page.ask(
        "[...kg.view.renderer.ties].slice(0, 300).flatMap((tie) => [kg.graph.ties.from[tie], kg.graph.ties.to[tie]]).map((node) => kg.graph.kindOf(node).name)"
    )
    assert set(names) == {"person", "organization"}


def test_regions_have_borders(middle_page: Path, open_page: Open) -> None:
    for query in ("", "?flat"):
        page = open_page(middle_page, query=query)
        bordered = page.ask("new Set(kg.view.renderer.borders.map((piece) => piece.community)).size")
        assert bordered >= 0.8 * page.ask("kg.graph.regions.length")  # one may be strewn over others


def test_a_lost_context_comes_back(middle_page: Path, open_page: Open) -> None:
    page = open_page(middle_page)
    page.settle()
    before = page.ask(INK)
    page.ask("(window.loss = kg.view.renderer.gl.getExtension('WEBGL_lose_context')).loseContext()")
    page.until("kg.view.renderer.lost")
    page.ask("kg.view.zoom(1.1)")
    page.settle()
    page.ask("window.loss.restoreContext()")
    page.until("!kg.view.renderer.lost")
    page.ask("kg.view.zoom(1 / 1.1)")
    page.settle()
    assert page.ask(INK) > before / 2
    page.find("a")
    page.settle()
    page.errors[:] = [error for error in page.errors if "CONTEXT_LOST" not in error]


def test_without_webgl2_a_canvas_draws(big_page: Path, open_page: Open) -> None:
    page = open_page(big_page, query="?flat")
    page.settle()
    assert page.ask("kg.view.renderer.gl === undefined")
    assert page.ask("kg.view.renderer.nodes.length") == 2000
    assert page.ask("kg.view.renderer.ties.length") > 1000
    assert page.ask(OVERLAPS)[1] == 0
    page.ask("kg.view.select(kg.graph.n - 1)")
    page.settle()


def test_the_map_flies_to_what_is_chosen_unless_motion_is_unwanted(middle_page: Path, open_page: Open) -> None:
    places = []
    for motion in ("no-preference", "reduce"):
        page = open_page(middle_page, reduced_motion=motion)
        page.ask("kg.view.select(3)")
        assert page.ask("kg.view.camera.flight === null") == (motion == "reduce")
        page.settle()
        places.append(
            page.ask("[kg.view.camera.x, kg.view.camera.y, kg.view.camera.zoom].map((value) => value.toFixed(3))")
        )
    assert places[0] == places[1]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_theme_follows_the_system(middle_page: Path, open_page: Open, scheme: str) -> None:
    page = open_page(middle_page, color_scheme=scheme)
    assert page.ask("kg.view.theme.dark") == (scheme == "dark")
    page.page.emulate_media(color_scheme="light" if scheme == "dark" else "dark")
    page.until(f"kg.view.theme.dark === {str(scheme == 'light').lower()}")  # told with the next frame, not before
    page.settle()


def test_high_contrast_follows_the_system(middle_page: Path, open_page: Open) -> None:
    for scheme, ground in {"light": 255, "dark": 0}.items():
        page = open_page(middle_page, contrast="more", color_scheme=scheme)
        assert page.ask("kg.view.theme.contrast")
        assert page.ask("kg.view.theme.background") == [ground] * 3


def test_kinds_differ_in_shape(middle: Opened) -> None:
    page = middle.again()
    assert page.ask("new Set(kg.view.theme.shapes).size === kg.graph.kinds.length")
