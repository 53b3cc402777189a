"""Someone who has never seen the page, with the posts that come with the project and nothing but a mouse and words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.page.test_questions import label

if TYPE_CHECKING:
    from pathlib import Path

    from tests.page.conftest import Open


def test_a_company_its_posts_its_company_and_the_way_to_a_person(content_page: Path, open_page: Open) -> None:
    page = open_page(content_page)
    browser = page.page
    # The page says what it is of, and how to begin; once begun, that is gone.
    assert "14 posts" in page.text("#welcome")
    assert browser.locator("#welcome .part").count() >= 2
    assert browser.locator("#welcome .chip").count() >= 5
    # What to search for is offered before anything is typed.
    browser.click("#search")
    assert not browser.is_visible("#welcome")
    assert browser.locator("#results .option").count() >= 4
    company = page.ask(
        "kg.graph.labels[[...kg.graph.byWeight].find(n => kg.graph.kinds[kg.graph.kind[n]].name === 'organization')]"
    )
    browser.keyboard.type(company[:-1].lower())
    browser.locator("#results .option", has_text=company).first.click()
    assert page.text("#panel h2") == company
    # The posts that mention it, and who else appears in them, are there without another click.
    assert browser.locator("#section-posts .row.post").first.is_visible()
    people = browser.locator("#section-companions .row .name")
    assert people.first.is_visible()
    # The way to a person: one button, one name.
    person = page.ask(
        "kg.graph.labels[[...kg.graph.byWeight].filter(n => kg.graph.kinds[kg.graph.kind[n]].name === 'person').at(-1)]"
    )
    browser.get_by_role("button", name="Path from here").click()
    browser.keyboard.type(person)
    browser.locator("#path-to-results .option").first.click()
    assert page.text("#path-result") != ""
    stops = browser.locator(".steps .stop .name")
    assert stops.first.inner_text() == company
    assert stops.last.inner_text() == person
    assert re.search(r"\w+, line \d+", page.text("#path-result"))  # a proof quotes field and line
    page.settle()
    assert page.ask("kg.view.labels.shown.length") >= 2


def test_a_filter_counts_posts_and_not_links(content_page: Path, open_page: Open) -> None:
    """A post that names a tag in two places is one post."""
    page = open_page(content_page)
    counts = page.page.evaluate("""() => {
      const { graph, view } = kg;
      const chosen = new Set(view.filters.facets.map((name) => graph.kindNumber.get(name)));
      const values = [...graph.kind.keys()].filter((node) => chosen.has(graph.kind[node]));
      return values.map((node) => [view.visible.counts.byValue[node], graph.postsAt(node).length, graph.degree[node]]);
    }""")
    assert all(counted == posts for counted, posts, _links in counts)
    assert any(links > posts for _counted, posts, links in counts)


def test_within_another_page_there_is_the_map_and_what_one_clicks_on(middle_page: Path, open_page: Open) -> None:
    page = open_page(middle_page, fragment="#embed", viewport={"width": 600, "height": 400})
    page.settle()
    shown = "document.querySelector('{}').checkVisibility()"
    assert [part for part in (".bar", "#tools", "#welcome", "#legend", "#map") if page.ask(shown.format(part))] == [
        "#map"
    ]
    assert page.ask("kg.visible().length") >= 4
    with page.page.context.expect_page() as whole:
        page.page.click("#open-whole")
    whole.value.wait_for_selector("body[data-ready=true] .bar")
    assert "embed" not in whole.value.url
    whole.value.close()
    page.ask("kg.view.select(0)")
    page.settle()
    assert page.ask("document.getElementById('panel').checkVisibility() && location.hash.includes('embed')")


def test_five_questions_take_three_steps_each_at_most(middle_page: Path, open_page: Open) -> None:
    """A step is a click, or something typed and ended with Enter."""
    page = open_page(middle_page)
    browser = page.page
    one, other = label(page, "organization"), label(page, "organization", 1)
    # What is the biggest region about? One click, on the first thing that is offered.
    browser.locator("#welcome .chip").first.click()
    biggest = page.ask("Math.max(...kg.graph.regions.map((region) => region.size))")
    assert page.ask("kg.graph.regions[kg.view.region].size") == biggest
    assert browser.locator("#section-typical .row").count() >= 3
    # What goes with a company, and does it rise? One name.
    page.find(one)
    assert browser.locator("#section-companions .why").first.is_visible()
    assert browser.locator("#section-posts .bin").count() >= 12
    # How are two people tied? A name, a click, a name.
    page.find(label(page, "person"))
    browser.click("#path-from-here")
    browser.keyboard.type(label(page, "person", 1))
    browser.keyboard.press("Enter")
    assert browser.locator(".steps .proof").count() >= 1
    # Which posts name both of two companies? One line.
    page.find(f"{one} and {other}")
    assert page.text("#panel h2") == f"{one} and {other}"
    assert page.ask("kg.selected().length") == 2
