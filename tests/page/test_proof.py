"""What proves a path, how a hub is drawn, and what time tells."""

# ruff: noqa: E501  what is asked of the page reads best on one line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.page.test_questions import label

if TYPE_CHECKING:
    from pathlib import Path

    from tests.page.conftest import Open, Opened


def test_a_hubs_posts_are_groups_that_open_and_close(big_page: Path, open_page: Open) -> None:
    page = open_page(big_page)
    page.ask("kg.view.select([...kg.graph.byWeight].find((node) => kg.graph.kindOf(node).name === 'organization'))")
    page.settle()
    marked = "kg.view.states.filter((state) => state === kg.STATE.marked).length"
    posts = page.ask("kg.graph.postsAt(kg.view.selected).length")
    assert posts > 100
    few = page.ask(marked)
    assert few < posts / 2
    assert page.ask("kg.view.groups.reduce((sum, group) => sum + group.posts.length, 0)") > posts / 2
    (community, (left, top, right, bottom)) = page.ask(
        "(({ community, box }) => [community, box])(kg.view.labels.groupsShown.at(-1))"
    )
    page.page.mouse.click((left + right) / 2, (top + bottom) / 2)
    inside = page.ask(f"kg.view.groups.find((group) => group.community === {community}).posts.length")
    assert page.ask(marked) == few + inside
    # The same by the panel, which says what is open.
    page.page.click("#section-groups summary")
    page.page.locator("#section-groups .chip[aria-pressed=true]").click()
    assert page.ask(marked) == few
    # What is saved is all of it.
    assert page.ask("kg.chosenNodes().length") > posts


def test_time_narrows_compares_and_says_shares(middle: Opened) -> None:
    page = middle.again()
    page.find(label(page, "organization"))
    page.settle()
    posts = int(page.text("#section-posts > summary .count"))
    page.page.click(".figures summary")
    rows = page.page.locator(".figures tbody tr")
    rows.first.wait_for()  # a browser says a moment later that something was opened
    told = [int(re.match(r"\d+", text)[0]) for text in rows.locator("td:nth-child(2)").all_inner_texts()]  # type: ignore[index]
    assert sum(told) == posts
    assert all("%" in text for text in rows.locator("td:nth-child(2)").all_inner_texts())
    # Two things side by side.
    other = label(page, "organization", 1)
    page.page.fill(".compare input", other)
    page.page.keyboard.press("Enter")
    assert other in page.text(".key")
    assert page.page.locator(".bar.other").count() == len(told)
    # A click on the bars narrows the dates of everything, the panel included, and there is a way back.
    bars = page.page.locator(".bars")
    bars.scroll_into_view_if_needed()
    box = bars.bounding_box()
    assert box
    page.page.mouse.move(box["x"] + box["width"] * 0.75, box["y"] + 20)
    page.page.mouse.down()
    page.page.mouse.move(box["x"] + box["width"] - 2, box["y"] + 20)
    page.page.mouse.up()
    assert page.ask("kg.view.filters.dated")
    fewer = int(page.text("#section-posts > summary .count"))
    assert 0 < fewer < posts
    assert page.ask(
        "[...document.querySelectorAll('#section-posts time')].every((time) => new Date(time.dateTime) / 864e5 >= kg.view.filters.from)"
    )
    page.page.click(".switches >> text=All dates")
    assert int(page.text("#section-posts > summary .count")) == posts
