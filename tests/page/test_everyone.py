"""Point 8: keyboard, screen reader, touch, small screens, two languages; and the page when it is served."""

# ruff: noqa: E501  what is asked of the page reads best on one line

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, ClassVar

import pytest

from kg.views.page import assemble
from tests.page.test_questions import label

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from kg.graph.model import KnowledgeGraph
    from tests.page.conftest import Open, Opened

NAMELESS = """() => [...document.querySelectorAll('button, input, select, textarea, [role=slider], [role=listbox], dialog, aside, nav')]
  .filter((node) => node.checkVisibility())
  .filter((node) => !(node.getAttribute('aria-label') || node.textContent.trim() || node.labels?.length || node.getAttribute('aria-labelledby')))
  .map((node) => node.outerHTML.slice(0, 120))"""


def test_everything_that_can_be_used_has_a_name(middle: Opened) -> None:
    page = middle.again()
    page.find(label(page, "person"))
    page.page.click("#near")
    page.page.keyboard.press("f")
    page.ask("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.page.click("#open-menu")
    assert page.page.evaluate(NAMELESS) == []


def test_arrows_walk_and_escape_backs_out(middle: Opened) -> None:
    page = middle.again()
    page.find(label(page, "person"))
    page.page.focus("#map")
    start = page.ask("kg.view.selected")
    walked = set()
    for key in ("ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"):
        page.ask(f"kg.view.select({start})")
        page.page.keyboard.press(key)
        now = page.ask("kg.view.selected")
        if now != start:
            walked.add(now)
            assert page.ask(f"[...kg.graph.edgesAt({start})].some(e => kg.graph.other(e, {start}) === {now})")
    assert walked
    assert page.text("#announcement") != ""
    page.page.keyboard.press("Escape")
    assert page.ask("kg.view.selected") == -1
    assert page.ask("document.activeElement.id") == "map"


def test_results_by_keyboard_alone(middle: Opened) -> None:
    page = middle.again()
    page.page.keyboard.press("/")
    page.page.keyboard.type("ka")
    page.page.keyboard.press("ArrowDown")
    active = page.ask(
        "document.getElementById(document.activeElement.getAttribute('aria-activedescendant'))?.getAttribute('aria-selected')"
    )
    assert active == "true"
    page.page.keyboard.press("Escape")
    assert page.page.input_value("#search") == ""


def test_keys_for_filters_table_path_and_help(middle: Opened) -> None:
    page = middle.again()
    for key, box in {"f": "#filters", "p": "#path"}.items():
        page.page.keyboard.press(key)
        assert page.page.is_visible(box)
        page.page.keyboard.press("Escape")
        page.page.keyboard.press("Escape")
        assert not page.page.is_visible(box)
    for key, box in {"t": "#table", "?": "#help"}.items():
        page.page.keyboard.press(key)
        assert page.page.is_visible(box)
        page.page.keyboard.press("Escape")
        assert not page.page.is_visible(box)


def test_the_table_is_the_maps_twin(middle: Opened) -> None:
    page = middle.again()
    page.page.keyboard.press("t")
    page.page.select_option("#table-scope", "all")
    assert page.text("#table caption").startswith(f"{page.ask('kg.graph.n'):,}")
    assert page.page.locator("#table tbody tr").count() == 100
    page.page.click("#table-next")
    assert page.text("#table-page").startswith("Page 2")
    page.page.click("#table th button >> nth=0")
    names = page.ask("[...document.querySelectorAll('#table tbody th')].map(n => n.textContent)")
    assert names == page.page.evaluate("(names) => [...names].sort(new Intl.Collator('en').compare)", names)
    page.page.click("#table tbody th button >> nth=5")
    assert page.text("#panel h2") == names[5]


def test_interface_in_chinese(middle_page: Path, open_page: Open) -> None:
    page = open_page(middle_page, locale="zh-CN")
    assert page.ask("document.documentElement.lang") == "zh"
    assert page.text("#open-filters") == "筛选"
    assert "人物" in page.text("#legend")
    chosen = open_page(middle_page, fragment="#lang=zh")
    assert chosen.text("#open-table") == "表格"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_from_360_pixels(middle_page: Path, open_page: Open, scheme: str) -> None:
    page = open_page(
        middle_page, viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True, color_scheme=scheme
    )
    fits = "document.documentElement.scrollWidth <= 360 && [...document.querySelectorAll('button, input')].filter(b => b.checkVisibility() && !b.closest('#legend, #welcome .chips, .offscreen, dialog')).every(b => b.getBoundingClientRect().right <= 361)"
    assert page.ask(fits)
    page.page.fill("#search", label(page, "person"))
    page.page.tap("#results .option >> nth=0")
    page.settle()
    assert page.page.is_visible("#panel")
    assert page.ask(fits)
    y = page.ask("kg.view.camera.screenY(kg.graph.y[kg.view.selected])")
    assert 60 < y < 740 * 0.54
    page.page.tap("#taller")
    assert page.ask("document.querySelector('#panel').getBoundingClientRect().height") > 500
    page.page.tap("#taller")
    page.page.tap("#open-filters")
    assert page.ask(fits)


def test_touch_pans_pinches_and_presses(middle_page: Path, open_page: Open) -> None:
    page = open_page(middle_page, viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page.settle()
    client = page.page.context.new_cdp_session(page.page)

    def touch(kind: str, *points: tuple[float, float]) -> None:
        client.send(
            "Input.dispatchTouchEvent",
            {"type": kind, "touchPoints": [{"x": x, "y": y, "id": i} for i, (x, y) in enumerate(points)]},
        )

    zoom = page.ask("kg.view.camera.zoom")
    touch("touchStart", (180, 400), (220, 400))
    for step in range(1, 6):
        touch("touchMove", (180 - 15 * step, 400), (220 + 15 * step, 400))
    touch("touchEnd")
    assert page.ask("kg.view.camera.zoom") > zoom * 2
    x = page.ask("kg.view.camera.x")
    touch("touchStart", (200, 400))
    for step in range(1, 6):
        touch("touchMove", (200 - 15 * step, 400))
    touch("touchEnd")
    assert page.ask("kg.view.camera.x") > x
    page.settle()
    at = page.ask(
        "(() => { const l = kg.view.inSight().map(n => [n, kg.view.camera.screenX(kg.graph.x[n]), kg.view.camera.screenY(kg.graph.y[n])]).find(([n, x, y]) => x > 60 && x < 300 && y > 150 && y < 600 && kg.view.thingAt(x, y, 16)?.node === n); return l; })()"
    )
    touch("touchStart", (at[1], at[2]))
    page.until("kg.view.marked?.steps === 1")
    touch("touchEnd")
    assert page.ask("kg.view.selected") == at[0]
    assert page.ask("kg.view.marked.steps") == 1


def test_mouse_hovers_clicks_wheels_and_drags(middle: Opened) -> None:
    page = middle.again()
    node, x, y = page.ask(
        "(() => { for (const n of kg.graph.byWeight) { const x = kg.view.camera.screenX(kg.graph.x[n]), y = kg.view.camera.screenY(kg.graph.y[n]); if (x > 450 && x < 900 && y > 120 && y < 600 && kg.view.thingAt(x, y)?.node === n) return [n, x, y]; } })()"
    )
    page.page.mouse.move(x, y)
    assert page.ask("kg.view.hovered") == node
    page.page.mouse.click(x, y)
    assert page.ask("kg.view.selected") == node
    page.page.keyboard.press("Escape")
    zoom = page.ask("kg.view.camera.zoom")
    page.page.mouse.wheel(0, -300)
    page.until(f"kg.view.camera.zoom > {zoom}")


# Served.


class Endpoint(BaseHTTPRequestHandler):
    document = b""
    queries: ClassVar[list[str]] = []
    answer: ClassVar[dict[str, object]] = {}

    def do_GET(self) -> None:
        if self.path == "/events":
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write(self.document)

    def do_POST(self) -> None:
        query = self.rfile.read(int(self.headers["Content-Length"])).decode()
        type(self).queries.append(query)
        self.send_response(400 if "BROKEN" in query else 200)
        self.send_header("Content-Type", "text/plain" if "BROKEN" in query else "application/sparql-results+json")
        self.end_headers()
        self.wfile.write(b"line 1: <b>no</b>" if "BROKEN" in query else json.dumps(self.answer).encode())

    def log_message(self, *values: object) -> None:
        pass


@pytest.fixture
def served(middle_graph: KnowledgeGraph) -> Iterator[str]:
    person = next(node for node in middle_graph.nodes.values() if node.kind == "person")
    Endpoint.document = assemble(
        middle_graph, endpoint="/sparql", examples=[("People", "SELECT * WHERE { ?s a schema:Person }")]
    )
    binding = {"who": {"type": "uri", "value": person.iri}, "n": {"type": "literal", "value": "<i>7</i>"}}
    Endpoint.answer = {"head": {"vars": ["who", "n"]}, "results": {"bindings": [binding]}}
    Endpoint.queries.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def test_query_editor_when_served(served: str, open_page: Open) -> None:
    page = open_page(served)
    page.page.click("#open-query")
    assert "PREFIX schema: <https://schema.org/>" in page.page.input_value("#query-text")
    page.page.click("#query-run")
    page.page.wait_for_selector("#query-result table")
    assert page.ask("kg.view.marked.nodes.size") == 1
    assert "<i>7</i>" in page.text("#query-result")
    assert Endpoint.queries[-1].startswith("PREFIX schema:")
    page.page.fill("#query-text", "")
    page.page.type("#query-text", "SELECT * WHERE { ?s schema:men")
    page.page.wait_for_selector("#query-terms .option")
    page.page.keyboard.press("Tab")
    assert page.page.input_value("#query-text").rstrip().endswith("schema:mentions")
    assert page.page.input_value("#query-text").startswith("PREFIX schema:")
    page.page.fill("#query-text", "BROKEN")
    page.page.keyboard.press("Control+Enter")
    page.page.wait_for_selector("#query-result .fault")
    assert page.text("#query-result .fault") == "line 1: <b>no</b>"
    page.errors[:] = [error for error in page.errors if "400" not in error]


def test_no_query_editor_from_disk(middle: Opened) -> None:
    page = middle.again()
    assert not page.page.is_visible("#open-query")
