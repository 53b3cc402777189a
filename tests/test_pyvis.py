"""Small pictures, in a real browser: all can be found and read, no network is asked, nothing hostile runs."""

from __future__ import annotations

import html
import json
import re
from dataclasses import dataclass, field
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest

from kg import exporters
from kg.errors import ConfigError
from kg.model import IRI, IRI_OBJECT, Attribute, Edge, Text
from kg.namespaces import SCHEMA
from kg.views.pictures import STYLES, Picture, _vis, neighbourhood, picture_of, show_neighbourhood
from tests.conftest import BASE, absent, make_graph, make_post
from tests.test_cartography import thing, topics

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, Page

    from kg.graph.model import KnowledgeGraph

HOSTILE = (
    '</script><script>window.hacked=1</script><img src=x onerror=window.hacked=1>{{7*7}} href="javascript:" \u202e!'
)


@dataclass
class Visit:
    """A page that was opened, and everything it did that it should not."""

    page: Page
    requests: list[str] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)

    def data(self, expression: str) -> Any:
        return self.page.evaluate(expression)


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    from playwright.sync_api import Error, sync_playwright

    with sync_playwright() as playwright:
        import shutil

        program = shutil.which("chromium") or shutil.which("chromium-browser")
        try:
            opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        except Error:
            absent("Chromium")
        yield opened
        opened.close()


@pytest.fixture
def visit(chromium: Browser, tmp_path: Path) -> Iterator[Any]:
    opened: list[Visit] = []

    def go(picture: Picture, **context: Any) -> Visit:
        path = picture.save(tmp_path / f"{len(opened)}.html")
        page = chromium.new_context(viewport={"width": 1200, "height": 800}, locale="en-US", **context).new_page()
        visit = Visit(page)
        page.on("request", lambda request: visit.requests.append(request.url))
        page.on("console", lambda message: visit.complaints.append(message.text))
        page.on("pageerror", lambda error: visit.complaints.append(str(error)))
        page.goto(path.as_uri())
        page.wait_for_function("window.picture && picture.captions().length > 0")
        opened.append(visit)
        return visit

    yield go
    for visit in opened:
        assert visit.complaints == []
        assert [url for url in visit.requests if not url.startswith("file:")] == []
        assert len(visit.requests) == 1
        visit.page.context.close()


@pytest.fixture(scope="module")
def hostile_graph() -> KnowledgeGraph:
    bad = make_post(
        "bad.md",
        Text(HOSTILE, "en"),
        Attribute(IRI(SCHEMA + "abstract"), HOSTILE),
        Attribute(IRI(SCHEMA + "isBasedOn"), "javascript:window.hacked=1", IRI_OBJECT),
    )
    source = Attribute(IRI(SCHEMA + "isBasedOn"), "https://example.org/a?b=c&d", IRI_OBJECT)
    long = make_post("long.md", Text("长" * 10_000, "zh"), source)
    half = make_post("half.md", Text("half a \ud800 character"))
    nodes = [bad, long, half, thing("person", HOSTILE), thing("tag", "英伟达", zh="英伟达")]
    edges = [Edge(post.iri, IRI(SCHEMA + "mentions"), node.iri, "people") for post in nodes[:3] for node in nodes[3:]]
    return make_graph(nodes, edges, title=HOSTILE)


def write(graph: KnowledgeGraph) -> bytes:
    stream = BytesIO()
    exporters.get("pyvis").write(graph, stream)
    return stream.getvalue()


def test_same_graph_same_bytes() -> None:
    assert write(topics(3, 30)) == write(topics(3, 30))


def test_no_address_but_those_of_the_data() -> None:
    page = write(topics(2, 5)).decode()
    own = html.unescape(page.replace(_vis(), ""))
    assert set(re.findall(r"https?://[\w.]+", own)) == {"https://kg.example"}
    assert "default-src 'none'" in own
    assert own.startswith("<!doctype html>")


def test_a_small_graph_is_shown_whole(visit: Any) -> None:
    graph = topics(2, 5)
    page = visit(picture_of(graph))
    expected = f"The whole graph: {len(graph.nodes)} nodes, {len(graph.edges)} links"
    assert page.page.locator("#extent").inner_text() == expected
    assert page.data("picture.nodes.length") == len(graph.nodes)
    assert page.data("picture.edges.length") == len(graph.edges)


def test_a_large_graph_says_that_it_shows_a_part(visit: Any) -> None:
    graph = topics(10, 60)
    page = visit(picture_of(graph))
    text = page.page.locator("#extent").inner_text()
    assert text.startswith("The best-connected part: ")
    assert f" of {len(graph.nodes):,} nodes" in text
    assert page.data("picture.nodes.length") <= 300


def test_nothing_moves(visit: Any) -> None:
    page = visit(picture_of(topics(2, 10)))
    before = page.data("JSON.stringify(picture.network.getPositions())")
    page.data("(async () => { for (let i = 0; i < 20; i++) await new Promise(requestAnimationFrame); })()")
    assert page.data("JSON.stringify(picture.network.getPositions())") == before
    places = json.loads(before).values()
    assert len({(place["x"], place["y"]) for place in places}) == len(json.loads(before))


def test_kinds_differ_in_colour_and_shape_and_the_legend_hides_them(visit: Any) -> None:
    page = visit(picture_of(topics(2, 5)))
    looks = page.data("Object.fromEntries(picture.nodes.get().map((n) => [n.kind, n.shape + ' ' + n.color]))")
    assert len(set(looks.values())) == len(looks) == 4
    assert len({look.split()[0] for look in looks.values()}) == 4
    button = page.page.get_by_role("button", name="Person")
    assert "22" in button.inner_text()
    button.click()
    assert page.data("picture.nodes.get().filter((n) => n.hidden).length") == 22
    button.click()
    assert page.data("picture.nodes.get().filter((n) => n.hidden).length") == 0


def test_kinds_look_as_on_the_page() -> None:
    from importlib.resources import files

    assets = files("kg.views.page") / "assets"
    light, dark = (assets / "page.css").read_text("utf-8").split("@media", 2)[:2]
    shapes = re.search(r"SHAPE_OF_KIND = \{(.*?)\}", (assets / "shapes.js").read_text("utf-8"), re.DOTALL)
    assert shapes
    same = {"circle": "dot", "wedge": "triangleDown", "frame": "square"}
    page = {kind: same.get(shape, shape) for kind, shape in re.findall(r"(\w+): '(\w+)'", shapes[1])}
    assert page == {kind: style.shape for kind, style in STYLES.items()}
    for kind, style in STYLES.items():
        assert f"--kind-{kind}: {style.light};" in light
        assert f"--kind-{kind}: {style.dark};" in dark


def test_search_finds_by_any_spelling_and_the_panel_tells_all(visit: Any, small_graph: KnowledgeGraph) -> None:
    page = visit(picture_of(small_graph)).page
    page.keyboard.press("/")
    page.keyboard.type("輝達")
    page.keyboard.press("Enter")
    panel = page.locator("#panel")
    assert panel.locator("h2").inner_text() == "Nvidia"
    assert "英伟达" in panel.locator(".names").inner_text()
    panel.get_by_role("button", name="你好，世界").click()
    assert panel.locator("h2").inner_text() == "你好，世界"
    assert "2024-03-01" in panel.locator(".kind").inner_text()
    link = panel.get_by_role("link")
    assert link.get_attribute("href") == "https://example.org/a?b=c&d=%E4%BD%A0"
    assert link.get_attribute("rel") == "noopener noreferrer"
    page.keyboard.press("Escape")
    assert panel.inner_text() == ""


def test_hostile_text_is_text(visit: Any, hostile_graph: KnowledgeGraph) -> None:
    visited = visit(picture_of(hostile_graph))
    page = visited.page
    assert page.title().startswith("</script>")
    for iri in hostile_graph.nodes:
        page.evaluate("(id) => picture.choose(id, true)", iri)
        heading = page.locator("#panel h2")
        assert heading.bounding_box()["height"] < 200
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.evaluate("(id) => picture.choose(id, false)", f"{BASE}post/bad")
    assert HOSTILE in page.locator("#panel").inner_text()
    assert page.get_by_role("link").count() == 0, "javascript: is no address"
    page.evaluate("(id) => picture.choose(id, false)", f"{BASE}post/long")
    assert page.get_by_role("link").get_attribute("href") == "https://example.org/a?b=c&d"
    assert page.locator("img").count() == 0
    assert page.evaluate("window.hacked") is None
    captions = page.evaluate("picture.nodes.get().map((n) => n.caption)")
    assert all(len(caption) <= 40 and "\u202e" not in caption for caption in captions)


IN_SIGHT = """() => {
  const { network, nodes } = picture;
  const { clientWidth, clientHeight } = document.getElementById('mynetwork');
  const from = network.DOMtoCanvas({ x: 0, y: 0 });
  const to = network.DOMtoCanvas({ x: clientWidth, y: clientHeight });
  const inside = ({ x, y }) => x > from.x && x < to.x && y > from.y && y < to.y;
  const seen = Object.values(network.getPositions()).filter(inside);
  return [[from.x, from.y, to.x, to.y], seen.length];
}"""


def test_captions_are_whole_never_overlap_and_more_appear_when_one_comes_near(visit: Any) -> None:
    page = visit(picture_of(topics(8, 30))).page
    named = []
    for _zoom in range(2):
        boxes = page.evaluate("picture.captions()")
        (left, top, right, bottom), in_sight = page.evaluate(IN_SIGHT)
        named.append(len(boxes) / in_sight)
        assert len(boxes) > 10
        assert all(left <= box[0] and top <= box[1] and box[2] <= right and box[3] <= bottom for box in boxes)
        for number, box in enumerate(boxes):
            assert not any(box[0] < b[2] and b[0] < box[2] and box[1] < b[3] and b[1] < box[3] for b in boxes[:number])
        drawn = "new Promise((done) => picture.network.once('afterDrawing', () => setTimeout(done)))"
        page.evaluate(f"(picture.network.moveTo({{scale: picture.network.getScale() * 6}}), {drawn})")
    assert named[1] > named[0]


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark(visit: Any, scheme: str) -> None:
    page = visit(picture_of(topics(2, 5)), color_scheme=scheme).page
    paper = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(map(int, re.findall(r"\d+", paper)[:3])) > 384) == (scheme == "light")


def test_a_narrow_screen(visit: Any) -> None:
    page = visit(picture_of(topics(2, 5))).page
    page.set_viewport_size({"width": 360, "height": 640})
    page.evaluate("(id) => picture.choose(id, false)", f"{BASE}tag/everywhere")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert page.locator("#mynetwork").bounding_box()["height"] > 100


def test_a_neighbourhood_is_about_its_centre(visit: Any) -> None:
    graph = topics(5, 30)
    page = visit(neighbourhood(graph, IRI(f"{BASE}organization/Company 3"))).page
    assert page.locator("h1").inner_text() == "Company 3"
    assert page.locator("#extent").inner_text().startswith("Neighbourhood: ")
    assert page.locator("#panel h2").inner_text() == "Company 3"
    sizes = page.evaluate("picture.nodes.get().sort((a, b) => b.size - a.size).map((n) => n.caption)")
    assert sizes[0] == "Company 3"


def test_in_a_notebook_the_picture_is_shut_in_a_frame(chromium: Browser, hostile_graph: KnowledgeGraph) -> None:
    picture = show_neighbourhood(hostile_graph, "英伟达")
    page = chromium.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.set_content(f"<p>a notebook</p>{picture._repr_html_()}")
    frame = page.frame_locator("iframe")
    assert frame.locator("#panel h2").inner_text() == "英伟达"
    assert page.evaluate("window.hacked") is None
    assert complaints == []
    page.close()


def test_a_neighbourhood_by_name(small_graph: KnowledgeGraph) -> None:
    assert show_neighbourhood(small_graph, "nvidia").nodes >= 3
    with pytest.raises(ConfigError, match="did you mean Nvidia"):
        show_neighbourhood(small_graph, "nvidja")
    both = make_graph([thing("tag", "apple"), thing("organization", "Apple")], [])
    with pytest.raises(ConfigError, match="several things are called"):
        show_neighbourhood(both, "apple")
    assert show_neighbourhood(both, "apple", kind="tag").nodes == 1


def test_real_posts(visit: Any, real_graph: KnowledgeGraph) -> None:
    page = visit(picture_of(real_graph)).page
    assert page.evaluate("picture.captions().length") > 10
