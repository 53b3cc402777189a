"""One name under several kinds: one node where posts make that sure, and what people decide about it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from click.testing import CliRunner
from msgspec import structs

import kg
from kg.cli import app
from kg.config import Config, ResolutionSettings
from kg.graph.lookup import find
from kg.model import IRI, Definition, Gloss, Mention, Post
from kg.namespaces import SCHEMA, SKOS
from kg.resolution import ledger, resolve
from kg.resolution.homonyms import homonyms
from kg.resolution.ledger_lines import Decision, line_of
from kg.resolution.surroundings import Surroundings

if TYPE_CHECKING:
    from pathlib import Path

POSTS = {
    "1.md": "---\ncompanies: [OpenAI]\nproducts_models: [Aristotle]\ntags: [open-ai]\nauthor: Northern Podcast\n---\n",
    "2.md": "---\ncompanies: [OpenAI]\nproducts_models: [Aristotle]\npeople: [Plato]\nspeaker: Northern Podcast\n---\n",
    "3.md": "---\nproducts_models: [OpenAI]\npeople: [Aristotle, Ada Lovelace]\ntags: [ada-lovelace, hope]\n---\n",
    "4.md": "---\ncompanies: [Northern Podcast]\npeople: [Aristotle, Hope]\ntags: [c, hope, geo-politics]\n---\n",
    "5.md": "---\nmedia_books: [Deep Work, 'Ada Lovelace']\ncategory: C\ntags: [deep-work, hope, OpenAI]\n---\n",
    "6.md": "---\ncategory: Geo-Politics\narea: geo-politics\npeople: [Ada Lovelace]\n---\n",
}


def write(folder: Path, posts: dict[str, str]) -> Path:
    for name, text in posts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="module")
def result(tmp_path_factory: pytest.TempPathFactory) -> kg.Result:
    return kg.build(write(tmp_path_factory.mktemp("kinds"), POSTS))


def kinds_of(result: kg.Result, *named: tuple[str, str]) -> set[str]:
    return {result.resolution.entity_of(*name).iri for name in named}


def test_one_thing_is_one_node_with_its_main_kind_and_the_others(result: kg.Result) -> None:
    graph = result.knowledge_graph
    (iri,) = kinds_of(result, ("organization", "OpenAI"), ("product", "OpenAI"), ("tag", "open-ai"), ("tag", "OpenAI"))
    node = graph.nodes[iri]
    assert (iri, node.kinds, node.label) == (
        "https://kg.example/organization/openai",
        ("organization", "product", "tag"),
        "OpenAI",
    )
    base = "https://kg.example/"
    assert set(node.former) == {base + "product/openai", base + "tag/openai", base + "tag/open-ai"}
    said = {(edge.source.rpartition("/")[2], edge.predicate) for edge in graph.edges if edge.target == iri}
    assert {("1", SCHEMA + "mentions"), ("1", SCHEMA + "keywords"), ("3", SCHEMA + "mentions")} <= said, "roles stay"
    types = result.query(f"SELECT ?t {{ <{iri}> a ?t }} ORDER BY ?t")
    assert [row["t"] for row in types] == [SKOS + "Concept", SCHEMA + "Organization", SCHEMA + "Product"]
    assert result.query(f"ASK {{ <{iri}> skos:inScheme <{base}scheme/tag> ; skos:prefLabel 'OpenAI' }}")
    assert result.query(f"ASK {{ <{base}tag/open-ai> dcterms:isReplacedBy <{iri}> }}")
    assert result.query(f"ASK {{ <{iri}> prov:wasInfluencedBy ?m . ?m kg:mergedKind 'tag', 'organization' }}")


def test_topics_are_one_across_fields_and_a_role_says_little_of_what_somebody_is(result: kg.Result) -> None:
    assert len(kinds_of(result, ("category", "geo-politics"), ("area", "geo-politics"), ("tag", "geo-politics"))) == 1
    podcast = result.resolution.entity_of("person", "Northern Podcast")
    assert (podcast.kind, podcast.also) == ("organization", ("person",))
    ada = result.resolution.entity_of("person", "Ada Lovelace")
    assert (ada.kind, ada.also) == ("person", ("tag",)), "and the book about her is a book"


@pytest.mark.parametrize(
    "named",
    [
        (("person", "Aristotle"), ("product", "Aristotle")),
        (("tag", "c"), ("category", "C")),
        (("person", "Hope"), ("tag", "hope")),
        (("work", "Deep Work"), ("tag", "deep-work")),
        (("work", "Ada Lovelace"), ("person", "Ada Lovelace")),
    ],
)
def test_what_is_not_surely_one_stays_apart(result: kg.Result, named: tuple[tuple[str, str], ...]) -> None:
    assert len(kinds_of(result, *named)) == 2


def test_how_sure_it_is_that_one_name_is_one_thing() -> None:
    def one(*posts: Post) -> bool:
        first, second = (next(iter(post.mentions)) for post in (posts[0], posts[-1]))
        found = resolve([*posts, *(named(organization=["Basalt"]) for _ in range(9))], Config())
        return found.entity_of(first.kind, first.name) is found.entity_of(second.kind, second.name)

    granite = named(organization=["Granite", "Marble"])
    assert not one(granite, named(product=["Granite"])), "no company"
    assert one(granite, named(product=["Granite"], organization=["Marble"]))
    assert one(*[granite] * 5, named(product=["Granite"])), "a slip"
    gneiss = named(organization=["Gneiss", "Marble", *map("Firm {}".format, range(5))])
    other = named(product=["Gneiss", *map("Tool {}".format, range(5))], organization=["Marble"])
    assert not one(gneiss, other), "little company, and neither is known"
    assert one(*[gneiss] * 10, *[other] * 3), "which is enough for what is known"
    initials = named(organization=["GRN"])
    assert not one(*[initials] * 5, named(product=["GRN"])), "customers or a ticker"
    assert one(*[initials] * 10, named(product=["GRN"]))
    assert one(named(organization=["花岗"]), named(work=["花岗"]))
    assert one(*[named(tag=["stone-work"])] * 9, named(product=["Stone Work"]))
    assert not one(*[named(tag=["stone"])] * 9, named(product=["Stone"]))
    stonework = named(product=["Stonework", "Marble", "Slab", "Saw"])
    assert one(stonework, named(tag=["stonework"], product=["Marble", "Chisel", "Drill"]))
    assert not one(stonework, named(tag=["stone-work"], product=["Marble", "Chisel", "Drill"])), "two words"
    assert not one(named(product=["V3"]), named(tag=["v3"])), "a version of anything"
    subject = [*[named(tag=["stone-craft"])] * 3, named(product=["Stone Craft"]), named(work=["Stone Craft"])]
    assert not one(*subject), "a book is named after its subject, whatever else is"
    country = [named(organization=["Slate"]), *[named(tag=["slate"])] * 9]
    glossed = [structs.replace(post, glosses=(Gloss("板岩", "Slate", 3, 1),)) for post in country]
    assert not one(*country), "a word"
    assert one(*glossed), "which bodies always write as a name"
    assert not one(structs.replace(glossed[0], glosses=(Gloss("石板", "slate", 3, 1),)), *glossed[1:])
    assert not one(*[named(organization=["SLATE"])] * 9, named(product=["Slate"])), "two acronyms, or none"
    assert not one(named(work=["Stone Work"]), named(series=["Stone Work"])), "the series may be about the book"
    assert not one(named(person=["Ada Stone", "Marble"], work=["Ada Stone"]), named(work=["Ada Stone", "Marble"]))


def test_who_only_speaks_is_no_person_where_posts_say_what_it_is() -> None:
    spoken = [Mention("Stone Radio", "person", SCHEMA + "author", "author", 2, 1)]  # type: ignore[list-item]
    posts = [Post(f"{n}.md", "", "", "", False, "yaml", mentions=tuple(spoken)) for n in range(40)]
    assert resolve([*posts, named(work=["Stone Radio"])], Config()).entities[0].kind == "person", "one may be a slip"
    assert resolve([*posts, *[named(work=["Stone Radio"])] * 2], Config()).entities[0].kind == "work"


def named(**names: list[str]) -> Post:
    """A post that lists names under their kinds."""
    about = IRI(SCHEMA + "mentions")
    return Post(
        "a.md", "", "", "", False, "yaml",
        mentions=tuple(Mention(name, kind, about, kind, 2, 1) for kind, own in names.items() for name in own),
    )  # fmt: skip


def test_every_filter_by_kind_finds_a_node_by_each_of_its_kinds(result: kg.Result) -> None:
    graph = result.knowledge_graph
    for kind in ("organization", "product", "tag"):
        assert find(graph, "openai", kind=kind).matches == ("https://kg.example/organization/openai",)
        assert "OpenAI" in [row["label"] for row in result.central(kind=kind, limit=0)]
        assert [row["label"] for row in result.search("openai", kind=kind)] == ["OpenAI"]
    assert find(graph, "openai", kind="person").matches == ()


def test_a_setting_keeps_kinds_apart(tmp_path: Path) -> None:
    config = Config(resolution=ResolutionSettings(across_kinds=False))
    result = kg.build(write(tmp_path, POSTS), config=config)
    assert not any(node.also for node in result.knowledge_graph.nodes.values())
    assert not any(candidate.other_kind for candidate in result.resolution.candidates)


def run(folder: Path, *arguments: str) -> str:
    done = CliRunner().invoke(app, ["resolve", str(folder), "-o", str(folder / "out"), *arguments])
    assert done.exit_code == 0, done.output
    return done.stdout


def test_people_decide_about_kinds_and_take_it_back(tmp_path: Path) -> None:
    folder = write(tmp_path, POSTS)
    openai = (("organization", "OpenAI"), ("product", "OpenAI"))
    aristotle = (("person", "Aristotle"), ("product", "Aristotle"))
    run(folder, "--reject", "organization:OpenAI", "product:openai")
    assert run(folder, "--accept", "person:Aristotle", "product:Aristotle") == (
        'same person "Aristotle" = product "Aristotle"\n'
    )
    decided = kg.build(folder)
    assert len(kinds_of(decided, *openai)) == 2
    assert len(kinds_of(decided, *aristotle)) == 1
    (merge,) = decided.resolution.entity_of("person", "Aristotle").merges
    assert (merge.decided_by, merge.kinds) == ("ledger", ("person", "product"))
    run(folder, "--undo")
    run(folder, "--undo")
    undone = kg.build(folder)
    assert (len(kinds_of(undone, *openai)), len(kinds_of(undone, *aristotle))) == (1, 2)
    waiting = [row for row in json.loads(run(folder, "--format", "json")) if row["name"] == "Aristotle"]
    assert [(row["kind"], row["other_kind"], row["decision"]) for row in waiting] == [("person", "product", "waiting")]


def test_a_line_about_two_kinds_is_read_as_it_is_written() -> None:
    decision = Decision("not", "person", ("Jo", "Jo", "Jo"), line=1, kinds=("person", "product", "person"))
    line = line_of(decision)
    assert line == 'not person "Jo" = product "Jo" = person "Jo"'
    (same,) = ledger.parse('same person "Jo" = product "Jo" = "Joe"').decisions
    assert same.keys == (("person", "jo"), ("product", "jo"), ("person", "joe"))
    with pytest.raises(kg.KgError, match="contradicts line 1"):
        ledger.parse('same person "Jo" = product "Jo"\nnot product "Jo" = person "Jo"')


VAULT = {
    "People/Ada.md": "---\naliases: [Countess]\npeople: [Charles Babbage]\n---\nOn [[Grace Hopper]].\n",
    "Grace Hopper.md": "---\ntype: person\n---\nx\n",
    "Clients/Smith.md": "One Smith.\n",
    "Family/Smith.md": "Another one.\n",
    "Books/Notes.md": "x\n",
    "Charles Babbage.md": "An essay on engines.\n",
    "a.md": "---\npeople: ['[[Ada]]', '[[Clients/Smith|Smith]]']\nmedia_books: [Notes]\n---\nSee [[Grace Hopper]].\n",
    "b.md": "---\npeople: [Countess, Grace Hopper, Charles Babbage, '[[Family/Smith|Smith]]']\n---\n",
    "c.md": "Only a link to [[Countess]].\n",
}


def test_a_note_is_about_its_thing_and_links_to_it_mention_the_thing(tmp_path: Path) -> None:
    result = kg.build(write(tmp_path, VAULT))
    graph = result.knowledge_graph
    base = "https://kg.example/"
    about = {
        (e.source.removeprefix(base), e.target.removeprefix(base))
        for e in graph.edges
        if e.predicate == SCHEMA + "about"
    }
    assert about == {
        ("post/People/Ada", "person/ada"),
        ("post/Grace%20Hopper", "person/grace_hopper"),
        ("post/Books/Notes", "work/notes"),
    }, "two notes have the name Smith, and nothing says that the essay is a note on a person"
    ada = graph.nodes[base + "person/ada"]
    assert [alias.value for alias in ada.aliases] == ["Countess"]
    assert ada.former == (base + "person/countess",)
    linked = {e.source.removeprefix(base) for e in graph.edges if e.target == ada.iri}
    assert linked == {"post/People/Ada", "post/a", "post/b", "post/c"}
    assert {e.source.removeprefix(base) for e in graph.edges if e.target == base + "person/grace_hopper"} == {
        "post/Grace%20Hopper",
        "post/People/Ada",
        "post/a",
        "post/b",
    }
    for name in ("Ada", "Countess"):
        assert find(graph, name).matches == (ada.iri,), "the person is meant, and her note leads to her"


def test_people_may_part_names_that_lead_to_one_note(tmp_path: Path) -> None:
    folder = write(tmp_path, VAULT | {"kg-ledger.txt": 'not person "Ada" = "Countess"\n'})
    assert len(kinds_of(kg.build(folder), ("person", "Ada"), ("person", "Countess"))) == 2


def test_the_most_used_spelling_names_a_thing(tmp_path: Path) -> None:
    posts = {
        f"{n}.md": f"---\npeople: [{name}, Ann Lee]\n---\n"
        for n, name in enumerate(["Howard Lutnick"] * 4 + ["Howard Lutnik"] * 3)
    }
    entity = kg.build(write(tmp_path, posts)).resolution.entity_of("person", "Howard Lutnik")
    assert (entity.iri, entity.label) == ("https://kg.example/person/howard_lutnick", "Howard Lutnick")


@pytest.mark.parametrize(
    ("second", "apart"),
    [("加拿大的情报机构", True), ("一家美国智库，研究国际战略", False)],
    ids=["explained otherwise", "explained alike"],
)
def test_two_other_names_are_two_meanings_unless_posts_explain_them_alike(second: str, apart: bool) -> None:
    posts = [
        structs.replace(
            named(organization=["CSIS", company]),
            path=f"{company} {number}.md",
            glosses=(Gloss("CSIS", name, 3, 1),),
            definitions=(Definition("CSIS", (name,), text, 3, 1),),
        )
        for name, company, text in (("战略所", "Brookings", "美国的国际战略智库"), ("安全局", "Ottawa Citizen", second))
        for number in range(2)
    ]
    resolution = resolve(posts, Config())
    found = homonyms(posts, resolution, set(), Surroundings(posts, resolution))
    assert [[side.name for side in one.sides] for one in found] == ([["安全局", "战略所"]] if apart else [])
