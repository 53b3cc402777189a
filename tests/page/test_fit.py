"""Nothing covers what was asked for: the map finds its place on any screen, within another page, and on paper."""

# ruff: noqa: E501  what is asked of the page reads best on one line

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.page.conftest import Open

COVERED = """() => {
  const cards = [...document.querySelectorAll('.card, #legend .chip')].filter((card) => card.checkVisibility()).map((card) => card.getBoundingClientRect());
  const under = ([left, top, right, bottom]) => cards.some((card) => left < card.right - 1 && right > card.left + 1 && top < card.bottom - 1 && bottom > card.top + 1);
  return kg.visible().filter(({ box }) => under(box)).map(({ label }) => label);
}"""
HUB = "[...kg.graph.byWeight].find((node) => !kg.graph.isPost(node))"
IN_SIGHT = """(() => {
  const { camera, selected, map } = kg.view;
  const at = document.elementFromPoint(camera.screenX(kg.graph.x[selected]), camera.screenY(kg.graph.y[selected]));
  return map.contains(at);
})()"""


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (600, 400), (390, 800)])
def test_no_name_runs_under_a_card_and_what_is_chosen_is_seen(
    middle_page: Path, open_page: Open, width: int, height: int
) -> None:
    page = open_page(middle_page, viewport={"width": width, "height": height})
    page.settle()
    page.page.wait_for_timeout(100)  # what covers the map is told with the next frame
    assert page.page.evaluate(COVERED) == []
    assert page.ask("kg.visible().length") >= 4
    page.ask(f"kg.view.select({HUB})")
    page.settle()
    assert page.ask(IN_SIGHT)
    if width > 720:
        # What is opened next moves the map, too.
        page.ask("kg.view.pan(kg.view.camera.width - 200 - kg.view.camera.screenX(kg.graph.x[kg.view.selected]), 0)")
        page.settle()
        page.page.keyboard.press("f")
        page.until(IN_SIGHT)
        page.settle()
        assert page.page.evaluate(COVERED) == []


def test_the_whole_map_stays_whole_on_another_screen_and_is_printed_with_its_legend(
    middle_page: Path, open_page: Open
) -> None:
    page = open_page(middle_page, color_scheme="dark")
    page.settle()
    page.page.set_viewport_size({"width": 900, "height": 500})
    page.until("innerWidth === 900 && kg.view.camera.width === 900 && kg.view.atHome")
    page.ask("dispatchEvent(new Event('beforeprint'))")
    page.page.emulate_media(media="print")
    shown = "document.querySelector('{}')?.checkVisibility() ?? false"
    assert [
        part
        for part in ("#print canvas", "#legend", "#side", "#tools", "#map", "#zoom")
        if page.ask(shown.format(part))
    ] == ["#print canvas", "#legend"]
    ground = "[...document.querySelector('#print canvas').getContext('2d').getImageData(2, 2, 1, 1).data]"
    assert page.ask(ground) == [255, 255, 255, 255]
    page.ask("dispatchEvent(new Event('afterprint'))")
    page.page.emulate_media(media="screen")
    page.until("!document.querySelector('#print') && kg.view.theme.dark && kg.view.atHome")
