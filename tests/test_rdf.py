"""The graph as RDF: what plain queries see, named graphs, the description of the dataset, terms and shapes."""

from __future__ import annotations

import io
import re
from collections import Counter
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Store, Triple

import kg
from kg import exporters
from kg.fields import FIELDS
from kg.graph.model import KnowledgeGraph
from kg.iris import entity_iri
from kg.model import IRI, IRI_OBJECT, Attribute, Edge, Node, Text
from kg.namespaces import FIELD, KG, RDF, SCHEMA, XSD
from kg.rdf import ntriples, ontology, terms
from tests.conftest import BASE, HOSTILE, make_graph, make_post

if TYPE_CHECKING:
    from pathlib import Path

    import rdflib

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")
NVIDIA = entity_iri(BASE, "organization", "Nvidia")
CAPEX = entity_iri(BASE, "concept", "资本支出")


@pytest.fixture(scope="module")
def store(small_graph: KnowledgeGraph) -> Store:
    store = Store()
    store.extend(Quad(*triple) for triple in terms.triples(small_graph))
    return store


def ask(store: Store, graph: KnowledgeGraph, query: str) -> list[tuple[str, ...]]:
    """The rows of a query, the graph's own prefixes known."""
    rows = store.query(query, prefixes=terms.prefixes(graph))
    return sorted(tuple(term.value for term in row) for row in rows)


# What plain queries see


def test_names_in_each_language_and_every_spelling(store: Store, small_graph: KnowledgeGraph) -> None:
    labels = ask(store, small_graph, "SELECT ?l { organization:nvidia rdfs:label ?l FILTER(lang(?l) = 'zh') }")
    assert labels == [("英伟达",)]
    spelt = ask(store, small_graph, "SELECT ?l { organization:nvidia skos:altLabel ?l }")
    assert spelt == [("'nvidia",), ("NVIDIA",), ("輝達",)]


def test_every_edge_is_one_plain_triple(store: Store, small_graph: KnowledgeGraph) -> None:
    for edge in small_graph.edges:
        assert Quad(NamedNode(edge.source), NamedNode(edge.predicate), NamedNode(edge.target)) in store


def test_an_inferred_edge_says_how_sure_it_is(store: Store, small_graph: KnowledgeGraph) -> None:
    rows = ask(
        store,
        small_graph,
        """SELECT ?s ?o ?c ?line { [] a rdf:Statement ; rdf:subject ?s ; rdf:predicate schema:mentions ; rdf:object ?o ;
           kg:confidence ?c ; kg:field 'body' ; kg:line ?line }""",
    )
    assert rows == [(f"{BASE}post/plain", NVIDIA, "0.8", "9")], "only the inferred one is annotated"


def test_a_former_iri_leads_to_the_present_one(store: Store, small_graph: KnowledgeGraph) -> None:
    old = f"<{BASE}organization/英伟达>"
    assert ask(store, small_graph, f"SELECT ?n {{ {old} dcterms:isReplacedBy ?n ; owl:sameAs ?n }}") == [(NVIDIA,)]
    assert ask(store, small_graph, f"SELECT ?c {{ {old} a ?c }}") == []


def test_the_same_thing_elsewhere(store: Store, small_graph: KnowledgeGraph) -> None:
    rows = ask(store, small_graph, "SELECT ?n { organization:nvidia owl:sameAs ?n }")
    assert rows == [("http://www.wikidata.org/entity/Q182477",)]


def test_a_merge_can_be_traced_to_its_evidence(store: Store, small_graph: KnowledgeGraph) -> None:
    rows = ask(
        store,
        small_graph,
        """SELECT ?by ?c ?n ?post ?place { organization:nvidia prov:wasInfluencedBy ?m .
           ?m a kg:Merge ; kg:decidedBy ?by ; kg:confidence ?c ; kg:evidence ?e .
           ?e kg:evidenceKind 'gloss' ; kg:evidenceCount ?n ; kg:evidencePost ?post ; kg:evidencePlace ?place
           FILTER(STRSTARTS(?place, 'plain') && ?post = post:plain) }""",
    )
    assert rows == [("ledger", "0.975", "175", f"{BASE}post/plain", "plain.md:3")]
    assert ask(store, small_graph, "SELECT ?n { ?m a kg:Merge ; kg:mergedName ?n }") == [("Nvidia",), ("英伟达",)], (
        "what the folding rules bring together needs no merge"
    )


def test_definitions_have_language_and_post(store: Store, small_graph: KnowledgeGraph) -> None:
    query = "SELECT ?t (lang(?t) AS ?l) { concept:资本支出 a schema:DefinedTerm ; skos:definition ?t }"
    assert ask(store, small_graph, query) == [
        ("Money spent on what lasts.", ""),
        ("企业为购置长期资产而花的钱。", "zh"),
        ("企业为购置长期资产而花的钱。", "zh-cn"),
    ]
    rows = ask(
        store,
        small_graph,
        "SELECT ?p ?l { ?d a kg:Definition ; kg:defines concept:资本支出 ; dcterms:source ?p ; kg:line ?l ; "
        "kg:definitionText ?t FILTER(langMatches(lang(?t), 'zh')) }",
    )
    assert rows == [(f"{BASE}post/2024/你好%20世界", "12"), (f"{BASE}post/plain", "7")]


def test_concepts_are_in_the_scheme_of_their_kind(store: Store, small_graph: KnowledgeGraph) -> None:
    query = "SELECT ?c ?s { ?c skos:inScheme ?s . ?s a skos:ConceptScheme ; skos:prefLabel 'Tag'@en }"
    rows = ask(store, small_graph, query)
    assert rows == [(entity_iri(BASE, "tag", "C++"), f"{BASE}scheme/tag")]


def test_a_post_is_found_by_its_path_and_typed_by_its_fields(store: Store, small_graph: KnowledgeGraph) -> None:
    rows = ask(
        store,
        small_graph,
        """SELECT ?h ?source { ?p dcterms:identifier "2024/你好 世界.md" ; schema:headline ?h ;
           schema:isBasedOn ?source ; kg:draft true ; schema:datePublished "2024-03-01"^^xsd:date ; field:rating 5 }""",
    )
    assert rows == [("你好，世界", "https://example.org/a?b=c&d=%E4%BD%A0")]


# Named graphs


def test_named_graphs_hold_what_the_graph_holds(small_graph: KnowledgeGraph) -> None:
    named = dict(terms.graphs(small_graph))
    plain = list(terms.triples(small_graph))
    assert len(plain) == len(set(plain)), "each triple once"
    assert {triple for part in named.values() for triple in part} == set(plain)
    assert all(len(part) == len(set(part)) for part in named.values())
    flat = [Quad(*triple, NamedNode(name)) for name, part in named.items() for triple in part]
    assert list(terms.quads(small_graph)) == flat


def test_one_graph_per_post_one_for_entities_one_for_the_vocabulary(small_graph: KnowledgeGraph) -> None:
    names = [name for name, _part in terms.graphs(small_graph)]
    posts = [f"{BASE}graph/{n.iri.removeprefix(BASE)}" for n in small_graph.nodes.values() if n.kind == "post"]
    assert names == [f"{BASE}graph/entities", *posts, f"{BASE}graph/vocabulary"]
    assert posts[0] == f"{BASE}graph/post/2024/你好%20世界"


def test_an_edited_post_changes_its_own_graph_only(small_graph: KnowledgeGraph) -> None:
    post = small_graph.nodes[IRI(f"{BASE}post/plain")]
    insight = Attribute(IRI(KG + "insight"), "new", "", "en")
    edited = msgspec.structs.replace(post, attributes=(*post.attributes, insight))
    after = KnowledgeGraph(
        dataset=small_graph.dataset,
        nodes={**small_graph.nodes, post.iri: edited},
        edges=small_graph.edges,
        schemes=small_graph.schemes,
    )
    old, new = dict(terms.graphs(small_graph)), dict(terms.graphs(after))
    assert [name for name in old if set(old[name]) != set(new[name])] == [
        f"{BASE}graph/post/plain",
        f"{BASE}graph/vocabulary",  # the number of triples
    ]


# The dataset describes itself


def test_description_counts_what_is_there(small_graph: KnowledgeGraph, store: Store) -> None:
    (triples,) = ask(store, small_graph, "SELECT ?n { ?d void:triples ?n }")
    (entities,) = ask(store, small_graph, f"SELECT ?n {{ <{BASE}dataset> void:entities ?n }}")
    assert int(triples[0]) == len(store)
    assert int(entities[0]) == len(small_graph.nodes)
    rows = ask(store, small_graph, "SELECT ?t ?l ?m { ?d dcterms:title ?t ; dcterms:license ?l ; dcterms:modified ?m }")
    assert rows == [("A small graph", "https://creativecommons.org/licenses/by/4.0/", "2024-03-01")]
    partitions = ask(store, small_graph, "SELECT ?u ?n { ?p void:class ?c ; void:uriSpace ?u ; void:entities ?n }")
    held = small_graph.count_by_kind()
    assert partitions == sorted((f"{BASE}{kind}/", str(count)) for kind, count in held.items())


def test_a_licence_that_is_no_iri_is_kept_as_text() -> None:
    described = terms.triples(make_graph([], [], license="CC BY 4.0"))
    assert "CC BY 4.0" in {t.object.value for t in described if isinstance(t.object, Literal)}


# What cannot be said as it stands


@pytest.mark.parametrize(
    ("attribute", "term"),
    [
        (Attribute(IRI(KG + "x"), "a", language="zh_CN"), Literal("a")),
        (Attribute(IRI(KG + "x"), "a", language="zh-Hant-TW"), Literal("a", language="zh-Hant-TW")),
        (Attribute(IRI(KG + "x"), "no iri", IRI_OBJECT), Literal("no iri", datatype=NamedNode(XSD + "anyURI"))),
        (Attribute(IRI(KG + "x"), "https://例え.example/パス", IRI_OBJECT), NamedNode("https://例え.example/パス")),
        (Attribute(IRI(KG + "x"), "a\ud800\ufffe\x00\x0bb"), Literal("a\ufffd\ufffd\x00\x0bb")),
        (Attribute(IRI(KG + "x"), "1.50", XSD + "decimal"), Literal("1.50", datatype=NamedNode(XSD + "decimal"))),
    ],
)
def test_values_become_terms(attribute: Attribute, term: Literal | NamedNode) -> None:
    post = make_post("a.md", Text("a"), attribute)
    triples = set(terms.triples(make_graph([post], [])))
    assert Triple(NamedNode(post.iri), NamedNode(KG + "x"), term) in triples


def test_one_statement_made_twice_is_one_triple() -> None:
    tag = Node(entity_iri(BASE, "tag", "x"), "tag", "x", (Text("x"),), aliases=(Text("x"),))
    twice = Attribute(IRI(KG + "x"), "same")
    post = make_post("a.md", Text("a"), twice, twice)
    graph = make_graph([post, tag], [Edge(post.iri, IRI(SCHEMA + "keywords"), tag.iri, "tags")])
    assert max(Counter(terms.triples(graph)).values()) == 1


@settings(max_examples=80)
@given(st.text(max_size=20), st.sampled_from(["person", "tag", "work", "concept"]))
def test_any_name_makes_an_iri_that_another_parser_takes(name: str, kind: str) -> None:
    import rdflib

    iri = entity_iri(BASE, kind, name)
    graph = make_graph([Node(iri, kind, name, (Text(name),))], [])
    stream = io.BytesIO()
    exporters.get("nt").write(graph, stream)
    head = b"".join(stream.getvalue().splitlines(keepends=True)[:4])
    parsed = rdflib.Graph().parse(data=head, format="nt")
    assert (rdflib.URIRef(iri), rdflib.RDF.type, rdflib.URIRef(graph.kinds[kind].rdf_class)) in parsed


def test_to_rdflib_is_the_same_graph_with_our_prefixes(small_graph: KnowledgeGraph) -> None:
    import rdflib
    from rdflib.compare import to_isomorphic

    graph = terms.to_rdflib(small_graph)
    stream = io.BytesIO()
    exporters.get("ttl").write(small_graph, stream)
    assert to_isomorphic(graph) == to_isomorphic(rdflib.Graph().parse(data=stream.getvalue(), format="turtle"))
    assert graph.qname(NVIDIA) == "organization:nvidia"
    assert graph.qname(SCHEMA + "mentions") == "schema:mentions"


def test_prefixes_of_the_user_never_hide_a_vocabulary(small_graph: KnowledgeGraph) -> None:
    tag = small_graph.kinds["tag"]
    kinds = {**small_graph.kinds, "schema": tag._replace(name="schema"), "https": tag._replace(name="https")}
    found = terms.prefixes(KnowledgeGraph(dataset=small_graph.dataset, nodes={}, edges=(), kinds=kinds))
    assert found["schema"] == SCHEMA
    assert "https" not in found


# Our terms


def test_every_term_of_ours_in_code_and_data_is_explained(small_graph: KnowledgeGraph) -> None:
    known = {term.iri for term in ontology.TERMS}
    mapped = {row.predicate for row in FIELDS.values() if row.predicate.startswith(KG)}
    triples = list(terms.triples(small_graph))
    used = {t.predicate.value for t in triples if t.predicate.value.startswith(KG)}
    used |= {t.object.value for t in triples if t.predicate.value == RDF + "type" and t.object.value.startswith(KG)}
    source = files("kg.graph").joinpath("build.py").read_text("utf-8")
    built = {IRI(KG + name) for name in re.findall(r'KG \+ "(\w+)"', source)}
    assert {iri for iri in mapped | used | built if not iri.startswith(FIELD)} <= known


def test_every_term_has_label_and_comment_in_both_languages(small_graph: KnowledgeGraph) -> None:
    stream = io.BytesIO()
    exporters.get("ontology").write(small_graph, stream)
    import rdflib

    graph = rdflib.Graph().parse(data=stream.getvalue(), format="turtle")
    terms = {s for s in graph.subjects(rdflib.RDF.type) if str(s).startswith(KG)}
    assert len(terms) > 25
    for term in terms:
        if str(term).startswith(FIELD):
            continue  # named as typed, in whatever language
        for predicate in (rdflib.RDFS.label, rdflib.RDFS.comment):
            texts = {text.language: str(text) for text in graph.objects(term, predicate)}
            assert texts.keys() == {"en", "zh"}, term
            assert all(texts.values()), term


def test_speakers_guests_and_hosts_are_contributors(small_graph: KnowledgeGraph, store: Store) -> None:
    rows = ask(store, small_graph, "SELECT ?p { ?p rdfs:subPropertyOf schema:contributor }")
    assert rows == [(KG + "guest",), (KG + "host",), (KG + "speaker",)]


def test_fields_nobody_mapped_become_terms_labelled_as_typed(small_graph: KnowledgeGraph, store: Store) -> None:
    rows = ask(store, small_graph, "SELECT ?l (lang(?l) AS ?of) { field:my_x0020_key rdfs:label ?l }")
    assert rows == [("my key", "")]


# Shapes


@cache
def rules(shapes: bytes) -> rdflib.Graph:
    import rdflib

    return rdflib.Graph().parse(data=shapes, format="turtle")


def conforms(graph: KnowledgeGraph, change: str = "") -> bool:
    """Whether the Turtle we write, after a SPARQL update, keeps to the shapes we publish."""
    import pyshacl
    import rdflib

    data, shapes = io.BytesIO(), io.BytesIO()
    exporters.get("ttl").write(graph, data)
    exporters.get("shapes").write(graph, shapes)
    parsed = rdflib.Graph().parse(data=data.getvalue(), format="turtle")
    if change:
        parsed.update(change, initNs={k: rdflib.Namespace(v) for k, v in terms.prefixes(graph).items()})
    result, _report, _text = pyshacl.validate(parsed, shacl_graph=rules(shapes.getvalue()))
    return bool(result)


def test_a_graph_keeps_to_its_shapes(small_graph: KnowledgeGraph) -> None:
    assert conforms(small_graph)
    assert conforms(make_graph([], []))


def test_the_posts_of_the_project_keep_to_the_shapes(repo: Path) -> None:
    assert conforms(kg.build(repo / "content").knowledge_graph)


@pytest.mark.parametrize(
    "change",
    [
        "DELETE { ?p dcterms:identifier ?i } WHERE { ?p dcterms:identifier ?i }",
        "DELETE { organization:nvidia rdfs:label ?l } WHERE { organization:nvidia rdfs:label ?l }",
        "INSERT DATA { organization:nvidia rdfs:label 'another'@en }",
        "INSERT DATA { post:plain schema:datePublished 'yesterday' }",
        "INSERT DATA { post:plain kg:draft 'yes' }",
        "INSERT DATA { post:plain schema:author 'somebody' }",
        "INSERT DATA { post:plain kg:linksTo organization:nvidia }",
        "DELETE { ?c skos:inScheme ?s } WHERE { ?c skos:inScheme ?s }",
        "INSERT DATA { concept:资本支出 skos:altLabel '资本支出'@zh }",
        "INSERT DATA { organization:英伟达 dcterms:isReplacedBy person:other }",
        "DELETE { ?m kg:confidence ?c } INSERT { ?m kg:confidence 1.5 } WHERE { ?m a kg:Merge ; kg:confidence ?c }",
        "DELETE { ?s kg:confidence ?c } WHERE { ?s a rdf:Statement ; kg:confidence ?c }",
        "DELETE { ?d dcterms:source ?p } WHERE { ?d a kg:Definition ; dcterms:source ?p }",
        "DELETE { ?e kg:evidenceKind ?k } WHERE { ?e kg:evidenceKind ?k }",
        "INSERT DATA { post:plain kg:defines concept:nothing-of-that-name }",
        "DELETE { ?d void:entities ?n } WHERE { ?d void:triples ?t ; void:entities ?n }",
    ],
)
def test_shapes_find_what_is_wrong(small_graph: KnowledgeGraph, change: str) -> None:
    assert not conforms(small_graph, change)


def test_streams_are_lazy(small_graph: KnowledgeGraph, monkeypatch: pytest.MonkeyPatch) -> None:
    """The first triples are there before the last node was looked at."""
    monkeypatch.setattr(ntriples, "_BATCH", 16)
    broken = Node(IRI(f"{BASE}work/zzz"), "no such kind", "x", (Text("x"),))
    graph = KnowledgeGraph(
        dataset=small_graph.dataset,
        nodes={**small_graph.nodes, broken.iri: broken},
        edges=(),
        schemes=small_graph.schemes,
    )
    stream = terms.triples(graph)
    assert next(stream).subject == NamedNode(CAPEX)
    with pytest.raises(KeyError):
        list(stream)


def test_hostile_text_is_text(store: Store, small_graph: KnowledgeGraph) -> None:
    titles = ask(store, small_graph, "SELECT ?t { ?p schema:headline ?t FILTER(CONTAINS(?t, '<script>')) }")
    assert titles == [(ntriples.text(HOSTILE),)]
