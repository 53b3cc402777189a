"""What you see is what you click: names and regions on the screen, at many zooms, with mouse, touch and keys."""

# ruff: noqa: E501  what is asked of the page reads best on one line

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import pytest

import kg
from kg.views.page import assemble

if TYPE_CHECKING:
    from pathlib import Path

    from tests.page.conftest import Open, Opened

ZOOMS = (1, 3, 10)
DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
RESTS = """new Promise((done) => {
  const look = () => (kg.view.settled && !kg.view.frame && !kg.view.camera.flight ? done() : requestAnimationFrame(look));
  requestAnimationFrame(() => requestAnimationFrame(look));
})"""
CLEAR = f"(kg.view.select(-1), kg.view.point(null), {RESTS})"
SHOWN = "kg.visible()"
POINTED = "(() => { const p = kg.view.pointed; return p && (p.type === 'node' ? kg.graph.iri(p.node) : kg.graph.regions[p.community].id); })()"


def name_of(shown: dict[str, Any]) -> str:
    return str(shown.get("iri", shown.get("id")))


def look(page: Opened, zoom: float) -> list[dict[str, Any]]:
    """What is written on the map there, once it has come to rest."""
    page.ask(
        f"(({{ x, y, byWeight: [first] }}) => kg.view.camera.jump({{ x: x[first], y: y[first], zoom: {zoom} }}))(kg.graph), kg.view.moved()"
    )
    page.ask(CLEAR)
    shown: list[dict[str, Any]] = page.ask(SHOWN)
    return shown


def clicked_wrong(page: Opened, most: int) -> tuple[int, list[str]]:
    """How many points on names and regions were clicked at all zooms, and those that did not select what is written there."""
    source = random.Random(4)
    count, wrong = 0, []
    for zoom in ZOOMS:
        for number, thing in enumerate(source.sample(shown := look(page, zoom), min(most, len(shown)))):
            left, top, right, bottom = thing["box"]
            x, y = left + source.uniform(0.02, 0.98) * (right - left), top + source.uniform(0.05, 0.95) * (bottom - top)
            said = name_of(thing)
            if number % 3:
                page.page.mouse.move(x, y)
                said = page.ask(POINTED)
                page.page.mouse.click(x, y)
            else:
                page.page.touchscreen.tap(x, y)
            found = page.ask("kg.selected()")
            count += 1
            if [name_of(each) for each in found] != [name_of(thing)] or said != name_of(thing):
                wrong.append(f"zoom {zoom}: {thing['label']} gave {[each['label'] for each in found]}")
            again = look(page, zoom)  # a click that a slow machine holds down for long goes to the neighbours
            assert again == shown, "looking again shows something else"
    return count, wrong


EVERY_POINT = """() => {
  const { view, graph } = kg;
  const [count, wrong] = [[], []];
  for (const zoom of [0.8, 1, 2, 3, 5, 10, 30, 80]) {
    view.camera.jump({ x: 0.1, y: 0, zoom });
    view.renderer.draw(view.camera, true, false);
    view.drawLabels();
    for (const { type, iri, id, box } of kg.visible()) for (let i = 0; i <= 4; i++) for (let j = 0; j <= 4; j++) for (const reach of [6, 16]) {
      const thing = view.thingAt(box[0] + (box[2] - box[0]) * i / 4, box[1] + (box[3] - box[1]) * j / 4, reach);
      count.push(zoom);
      if (type === 'node' ? thing?.node !== graph.find(iri) : graph.regions[thing?.community]?.id !== id) wrong.push(zoom);
    }
  }
  return [count.length, wrong.length];
}"""


@pytest.fixture(scope="module")
def notes_page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A vault of notes: folders, links, a few tags, and nobody."""
    folder = tmp_path_factory.mktemp("vault")
    source = random.Random(5)
    for room in ("garden", "kitchen", "workshop", "library"):
        (folder / room).mkdir()
        for number in range(120):
            links = " ".join(f"[[{room.title()} note {source.randrange(120)}]]" for _ in range(3))
            tag = f"#{room}-{number % 7}" if number % 3 == 0 else ""
            (folder / room / f"{room.title()} note {number}.md").write_text(
                f"# {room.title()} note {number}\n\n{links} {tag}\n"
            )
    path = tmp_path_factory.mktemp("notes") / "graph.html"
    path.write_bytes(assemble(kg.build(folder).knowledge_graph))
    return path


@pytest.mark.parametrize(("which", "most"), [("big", 3), ("notes", 5), ("content", 5)])
def test_a_click_selects_what_is_written_there(
    request: pytest.FixtureRequest, open_page: Open, which: str, most: int
) -> None:
    """Some names are clicked or tapped on, and every point on each is asked for what a click there would select."""
    page = open_page(request.getfixturevalue(f"{which}_page"), has_touch=True, viewport={"width": 1000, "height": 640})
    page.ask("kg.view.emit('filters', kg.view.visible)")  # which ends the greeting
    clicks, wrong = clicked_wrong(page, most)
    assert clicks >= 9
    assert len(wrong) <= clicks // 100, wrong
    points, missed = page.page.evaluate(EVERY_POINT)
    assert points > 4000
    assert missed <= points / 100  # those on an edge that two names share


def test_keys_reach_every_name_on_the_map(middle_page: Path, open_page: Open) -> None:
    page = open_page(middle_page)
    page.settle()
    shown = {name_of(each): each for each in page.ask(SHOWN)}
    page.ask("kg.view.focusMap()")
    reached = []
    for _ in shown:
        page.page.keyboard.press(".")
        reached.append(page.ask(POINTED))
        assert page.text("#announcement") == shown[reached[-1]]["label"]
        page.ask(DRAWN)
    assert sorted(reached) == sorted(shown)
    page.page.keyboard.press(",")  # back by one
    page.ask(DRAWN)
    assert page.ask(POINTED) == reached[-2]
    page.page.keyboard.press("Enter")
    assert [name_of(each) for each in page.ask("kg.selected()")] == [reached[-2]]
    assert page.text("#panel h2")


def test_what_a_region_is_can_be_read_and_left_again(middle_page: Path, open_page: Open) -> None:
    page = open_page(middle_page)
    page.settle()
    region = next(each for each in page.ask(SHOWN) if each["type"] == "region")
    left, top, right, bottom = region["box"]
    page.page.mouse.click((left + right) / 2, (top + bottom) / 2)
    assert page.text("#panel h2") == region["label"]
    for section in ("typical", "posts", "central", "neighbours"):
        assert page.page.locator(f"#section-{section} li").count() >= 1
    assert page.ask("kg.selected()[0].id") == region["id"]
    page.settle()
    assert f"region={region['id']}" in page.ask("decodeURIComponent(location.hash)")
    page.page.locator("#section-neighbours .node").first.click()
    page.settle()
    assert page.ask("kg.selected()[0].id") != region["id"]
    page.page.keyboard.press("Escape")
    page.ask("kg.view.fit()")
    page.settle()
    (again,) = (each for each in page.ask(SHOWN) if name_of(each) == region["id"])
    left, top, right, bottom = again["box"]
    page.page.mouse.click((left + right) / 2, (top + bottom) / 2)
    assert page.text("#panel h2") == region["label"]
    page.page.keyboard.press("Escape")
    assert page.ask("kg.selected()") == []
    assert page.ask("document.getElementById('panel').hidden")
