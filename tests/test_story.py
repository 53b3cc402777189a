"""What the page begins with."""

from __future__ import annotations

import numpy as np

from kg.iris import entity_iri
from kg.model import IRI, Attribute, Edge, Node, Text
from kg.namespaces import SCHEMA, XSD
from kg.views.map import Map
from kg.views.map.model import Region
from kg.views.page.hanzi import alike, sounds
from kg.views.page.story import story
from tests.conftest import BASE, make_graph, make_post

DATE = IRI(SCHEMA + "datePublished")


def test_what_rose_and_what_bridges_two_regions() -> None:
    """A company is named in every post of the last quarter and in none before; a person by both halves of the map."""
    days = [Attribute(DATE, f"2026-{n // 10 + 1:02}-{n % 10 + 19:02}", XSD + "date") for n in range(70)]
    posts = [make_post(f"{n:02}.md", Text(f"post {n}"), day) for n, day in enumerate(days)]
    names = [("organization", "New"), ("organization", "Always"), ("person", "Between")]
    things = [Node(entity_iri(BASE, kind, name), kind, name, (Text(name),)) for kind, name in names]
    new, always, between = things
    named = [(post, always) for post in posts] + [(post, new) for post in posts[30:60]]
    named += [(post, between) for post in posts[::3]]
    graph = make_graph([*posts, *things], [Edge(p.iri, IRI(SCHEMA + "mentions"), t.iri, "people") for p, t in named])
    west = {post.iri for post in posts[:35]} | {always.iri}
    membership = np.array([0 if iri in west else 1 for iri in graph.nodes], np.int32)
    regions = tuple(Region(name, {}, 1, (0.0, 0.0), 1.0, (), id=name) for name in ("West", "East"))
    found = story(graph, Map(tuple(graph.nodes), np.zeros((len(graph.nodes), 2), np.float32), membership, regions))
    assert found.window == ("2026-04", "2026-06")
    assert [change.node.label for change in found.risen] == ["New"]
    # One bridge for two regions: of those with as many links to the second, the first by IRI.
    assert [(iri, set(regions)) for iri, regions in found.bridges] == [(always.iri, {0, 1})]


def test_a_graph_without_dates_and_regions_has_nothing_to_tell() -> None:
    graph = make_graph([make_post("a.md", Text("A"))], [])
    empty = Map(tuple(graph.nodes), np.zeros((1, 2), np.float32), np.zeros(1, np.int32), ())
    assert story(graph, empty) == (("", ""), (), ())


def test_what_is_told_of_characters_is_what_the_names_need() -> None:
    assert alike("马abc") == "馬马"
    assert alike("馬") == "馬马"
    assert alike("abc") == ""
    assert sounds("特朗普 Trump") == {"lang": "朗", "pu": "普", "te": "特"}
