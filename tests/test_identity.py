"""Folding and IRIs: what is one thing, and where it lives."""

from __future__ import annotations

import pyoxigraph
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kg.iris import MAX_SLUG, entity_iri, field_name, post_iri, slug
from kg.model import IRI
from kg.text.folding import fold

BASE = IRI("https://kg.example/")
names = st.text(min_size=1, max_size=60)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Nvidia", "NVIDIA"),
        ("Ｗｅｂ", "web"),
        ("《红楼梦》", "红楼梦"),
        ("“Dune”", "dune"),
        ("Ada  Lovelace", " ada lovelace "),
        ("know\u200bledge", "knowledge"),
        ("caf\u00e9", "cafe\u0301"),
        ("straße", "STRASSE"),
    ],
)
def test_one_thing(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("C", "C++"),
        ("C++", "C#"),
        ("/ZI", "/Zi"),
        ("a b", "a_b"),
        ("a-b", "a b"),
        ("Ada", "\u202eAda"),
        ("“a” and “b”", "a” and “b"),
        ("x" * 300, "x" * 301),
        (".", ".."),
        ("%41", "A"),
        ("a%20b", "a b"),
    ],
)
def test_two_things_have_two_iris(one: str, other: str) -> None:
    assert entity_iri(BASE, "tag", one) != entity_iri(BASE, "tag", other)


def test_unicode_stays_readable() -> None:
    assert entity_iri(BASE, "person", "习近平") == "https://kg.example/person/习近平"
    assert entity_iri(BASE, "tag", "C++") == "https://kg.example/tag/c++"
    assert entity_iri(BASE, "person", "Donald Trump") == "https://kg.example/person/donald_trump"


@given(names)
def test_folding_is_stable(name: str) -> None:
    assert fold(fold(name)) == fold(name)


@given(names, names)
def test_slugs_are_injective(one: str, other: str) -> None:
    assume(one != other)
    assert slug(one) != slug(other)


@given(names)
def test_every_name_has_a_valid_iri(name: str) -> None:
    iri = entity_iri(BASE, "tag", name)
    assert iri.startswith("https://kg.example/tag/")
    assert len(iri) > len("https://kg.example/tag/")
    line = f"<{iri}> <https://kg.example/p> <https://kg.example/o> ."
    [quad] = pyoxigraph.parse(line, format=pyoxigraph.RdfFormat.N_TRIPLES)
    assert quad.subject == pyoxigraph.NamedNode(iri)


@given(st.text(min_size=MAX_SLUG, max_size=400))
def test_long_names_are_cut_without_half_an_escape(name: str) -> None:
    made = slug(name)
    head, tilde, _digest = made.rpartition("~")
    if tilde:
        assert len(head) <= MAX_SLUG
        assert "%" not in head[-2:]


@pytest.mark.parametrize(
    "paths",
    [
        ("a.md", "a.mdx", "a.markdown", "a.MD", "a.mdx.md", "a.md.md"),
        ("a b.md", "a_b.md", "a%20b.md", "a-b.md"),
        ("x/index.md", "x.md"),
        ("..md", "...md", ".md"),
        ("a#b.md", "a?b.md", "a%23b.md"),
    ],
)
def test_no_two_files_share_an_iri(paths: tuple[str, ...]) -> None:
    assert len({post_iri(BASE, path) for path in paths}) == len(paths)


paths = st.lists(
    st.text(st.characters(exclude_characters="/\0", exclude_categories=["Cs"]), min_size=1), min_size=1, max_size=3
)
suffixes = st.sampled_from([".md", ".mdx", ".markdown", ".MD", ".md.md"])


@given(paths, suffixes, paths, suffixes)
def test_post_iris_are_injective(one: list[str], suffix: str, other: list[str], other_suffix: str) -> None:
    first, second = "/".join(one) + suffix, "/".join(other) + other_suffix
    assume(first != second)
    assert post_iri(BASE, first) != post_iri(BASE, second)


@given(
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=20),
)
def test_field_names_are_xml_names_and_injective(one: str, other: str) -> None:
    from xml.etree import ElementTree as ET

    made = field_name(one)
    assert ET.fromstring(f"<{made}/>").tag == made
    assert one == other or made != field_name(other)
