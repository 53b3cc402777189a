"""What the page begins with."""

from __future__ import annotations

import numpy as np

from kg.insight.themes import Theme, Themes, themes
from kg.insight.topology import Topology
from kg.iris import entity_iri
from kg.model import IRI, Attribute, Edge, Node, Text
from kg.namespaces import SCHEMA, XSD
from kg.views.page.hanzi import alike, sounds
from kg.views.page.story import story
from tests.conftest import BASE, make_graph, make_post

DATE = IRI(SCHEMA + "datePublished")


def test_what_rose_and_what_bridges_two_regions() -> None:
    """A company is named in every post of the last quarter and in none before; a person in two of three regions."""
    days = [Attribute(DATE, f"2026-{n // 10 + 1:02}-{n % 10 + 19:02}", XSD + "date") for n in range(70)]
    posts = [make_post(f"{n:02}.md", Text(f"post {n}"), day) for n, day in enumerate(days)]
    posts += [make_post(f"south-{n:02}.md", Text(f"south {n}")) for n in range(35)]
    names = [("organization", "New"), ("organization", "Always"), ("person", "Between"), ("person", "Beside")]
    things = [Node(entity_iri(BASE, kind, name), kind, name, (Text(name),)) for kind, name in names]
    new, always, between, beside = things
    named = [(post, always) for post in posts] + [(post, new) for post in posts[30:60]]
    named += [(post, between) for n, post in enumerate(posts[:70]) if n % 4] + [(post, beside) for post in posts[:70:2]]
    graph = make_graph([*posts, *things], [Edge(p.iri, IRI(SCHEMA + "mentions"), t.iri, "people") for p, t in named])
    place = {post.iri: number // 35 for number, post in enumerate(posts)}
    membership = np.array([place.get(iri, 0) for iri in graph.nodes], np.int32)
    found = tuple(Theme(name, name, {}, 1, (), ()) for name in ("West", "East", "South"))
    graph.derived[themes] = Themes(Topology.of(graph), membership, found)
    told = story(graph)
    assert told.window == ("2026-04", "2026-06")
    assert [change.node.label for change in told.risen] == ["New"]
    assert [(iri, set(regions)) for iri, regions in told.bridges] == [(between.iri, {0, 1})], "one for two regions"


def test_a_graph_without_dates_and_regions_has_nothing_to_tell() -> None:
    assert story(make_graph([make_post("a.md", Text("A"))], [])) == (("", ""), (), ())


def test_what_is_told_of_characters_is_what_the_names_need() -> None:
    assert alike("马abc") == "馬马"
    assert alike("馬") == "馬马"
    assert alike("abc") == ""
    assert sounds("特朗普 Trump") == {"lang": "朗", "pu": "普", "te": "特"}
