"""Names while typing: the JSON Schema of a folder, and the language server as an editor talks to it."""

from __future__ import annotations

import asyncio
import io
import json
import sys
from typing import TYPE_CHECKING

import frontmatter
import jsonschema
import pytest
from lsprotocol import types as lsp
from pygls.lsp.client import LanguageClient

import kg
from kg import exporters
from kg.config import Config
from kg.graph.model import Dataset, KnowledgeGraph
from kg.lsp.cursor import TypedValue, at, written
from kg.lsp.known_names import KnownNames
from kg.lsp.workspace import Workspace
from kg.model import IRI, Edge, Node, Text
from tests.folders import put

if TYPE_CHECKING:
    from pathlib import Path

POSTS = {
    "one.md": "---\ntitle: One\npeople: [埃隆·马斯克, Grace Hopper]\ntags: [maps]\ndraft: false\n---\n",
    "two.md": "---\ntitle: Two\npeople:\n- Grace Hopper\ntags: maps\nmood: calm\n---\n",
}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return put(tmp_path / "posts", POSTS)


# The schema


def schema_of(graph: KnowledgeGraph) -> dict:
    stream = io.BytesIO()
    exporters.get("schema").write(graph, stream)
    return json.loads(stream.getvalue())


def test_the_schema_offers_the_names_of_a_field_and_forbids_no_new_one(folder: Path) -> None:
    schema = schema_of(kg.build(folder).knowledge_graph)
    jsonschema.Draft7Validator.check_schema(schema)
    assert schema["definitions"]["person"]["enum"] == ["Grace Hopper", "埃隆·马斯克"]
    assert {"$ref": "#/definitions/person"} in schema["properties"]["people"]["anyOf"]
    assert {"title", "people", "tags", "draft", "mood"} == schema["properties"].keys()
    for people in (["Somebody New"], "Grace Hopper", [{"name": "Ada", "url": "https://ada.example/"}], None, 7):
        jsonschema.validate({"people": people, "unheard_of": 1}, schema)


def test_every_front_matter_of_the_project_fits_its_schema(repo: Path) -> None:
    schema = schema_of(kg.build(repo / "content").knowledge_graph)
    for path in sorted((repo / "content").rglob("*.md")):
        fields = json.loads(json.dumps(frontmatter.load(str(path)).metadata, default=str))
        jsonschema.validate(fields, schema)
        assert fields.keys() <= schema["properties"].keys(), path


# The place that is typed at


@pytest.mark.parametrize(
    ("text", "field", "typed", "in_list"),
    [
        ("people: Gra|", "people", "Gra", False),
        ("people: Ada, Gra|ce", "people", "Gra", False),
        ("people: [Ada, Gra|]", "people", "Gra", True),
        ('people: [Ada, "Gra|"]', "people", "Gra", True),
        ("people:\n  - Ada\n  - Gra|", "people", "Gra", False),
        ("people:\n- |", "people", "", False),
        ("人物：\npeople: 马、埃|", "people", "埃", False),
        ("people: [\n  Ada,\n  Gra|\n]", "people", "Gra", True),
        ("'related people': 'Gra|'", "related people", "Gra", False),
    ],
)
def test_what_is_typed_is_found(text: str, field: str, typed: str, in_list: bool) -> None:
    lines = f"---\ntitle: x\n{text.replace('|', '')}\n---\nbody\n".split("\n")
    line, column = next((n, row.index("|")) for n, row in enumerate(f"---\ntitle: x\n{text}".split("\n")) if "|" in row)
    found = at(lines, line, column)
    assert found is not None
    assert (found.field, found.text, found.in_list) == (field, typed, in_list)
    assert lines[line][found.start : column] == typed


@pytest.mark.parametrize("place", [(0, 2), (1, 2), (3, 0), (4, 3)])
def test_nothing_is_typed_in_a_fence_a_key_or_the_body(place: tuple[int, int]) -> None:
    assert at(["---", "people: Ada", "mood: calm", "---", "people: Ada"], *place) is None


@pytest.mark.parametrize(
    "name",
    ["Ada", "C#: a language", "yes", "7", "a, b", "[x]", "- x", "null", '"quoted"', "it's", "#tag", "马斯克", "a: b"],
)
@pytest.mark.parametrize("start", ["- ", "[", '- "', "['"])
def test_a_completed_name_is_read_as_that_name(name: str, start: str) -> None:
    import yaml

    quote = start[-1] if start[-1] in "'\"" else ""
    text = (
        start + written(name, TypedValue("tags", "", 0, quote, "[" in start), toml=False) + quote + "]" * ("[" in start)
    )
    assert yaml.safe_load(text) == [name]


# The names


def person(local: str, *names: str, aliases: tuple[str, ...] = ()) -> Node:
    labels, others = tuple(Text(name) for name in names), tuple(Text(name) for name in aliases)
    return Node(IRI(f"https://kg.example/person/{local}"), "person", names[0], labels, others)


@pytest.fixture(scope="module")
def names() -> KnownNames:
    nodes = (
        person("musk", "Elon Musk", "埃隆·马斯克", aliases=("马斯克",)),
        person("amodei", "Dario Amodei"),
        person("emil", "Emil"),
    )
    edges = tuple(
        Edge(IRI(f"https://kg.example/post/{number}"), IRI("https://schema.org/mentions"), nodes[0].iri, "people")
        for number in range(3)
    )
    return KnownNames(
        KnowledgeGraph(dataset=Dataset(base=IRI("https://kg.example/")), nodes={n.iri: n for n in nodes}, edges=edges)
    )


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("", ["Elon Musk", "Dario Amodei", "Emil"]),  # the most used first
        ("E", ["Elon Musk", "Emil"]),
        ("elonm", ["Elon Musk"]),
        ("马", ["埃隆·马斯克"]),  # in the script that is typed
        ("馬斯", ["埃隆·马斯克"]),  # traditional characters
        ("masi", ["Elon Musk"]),  # pinyin
        ("x", []),
    ],
)
def test_names_are_offered_by_every_way_of_beginning_them(names: KnownNames, typed: str, offered: list[str]) -> None:
    assert [offer.name for offer in names.beginning(typed, ["person"])] == offered
    assert not names.beginning(typed, ["tag"])


def test_a_slip_of_the_finger_is_near_and_a_known_or_new_name_is_not(names: KnownNames) -> None:
    near = names.near("Dario Amadei", ["person"])
    assert near is not None
    assert near.name == "Dario Amodei"
    assert names.near("dario amodei", ["person"]) is None
    assert names.near("Emi", ["person"]) is None
    assert names.near("Rosalind Franklin", ["person"]) is None


# The server


def test_a_post_in_an_editor_is_read_as_the_folder_is(tmp_path: Path) -> None:
    for number in range(20):
        (tmp_path / f"{number}.md").write_text("---\ntags: [Restoration]\n---\nText.\n", "utf-8")
    (tmp_path / "x.md").write_text("Text.\n", "utf-8")
    found = [Workspace(tmp_path, Config(inline_tags=asked)).edited("x.md", "#Restoratoin\n") for asked in (None, True)]
    assert [[each.code for each in one] for one in found] == [[], ["KG401"]]


@pytest.mark.slow
def test_an_editor_is_served(folder: Path) -> None:
    text = "---\ntitle: 三\ndraft: maybe\npeople: [😀, Grace Hoppr]\ntags:\n  - m\n---\n"
    uri = (folder / "three.md").as_uri()

    async def talk() -> tuple[list[str], lsp.CompletionItem, str, list[lsp.Diagnostic]]:
        client = LanguageClient("test", "1")
        published: asyncio.Queue[lsp.PublishDiagnosticsParams] = asyncio.Queue()

        @client.feature(lsp.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)
        def keep(params: lsp.PublishDiagnosticsParams) -> None:
            published.put_nowait(params)

        await client.start_io(sys.executable, "-m", "kg", "lsp", str(folder), "-o", str(folder.parent / "none"))
        await client.initialize_async(lsp.InitializeParams(lsp.ClientCapabilities()))
        client.initialized(lsp.InitializedParams())
        document = lsp.TextDocumentIdentifier(uri)
        client.text_document_did_open(lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(uri, "markdown", 1, text)))
        said = (await published.get()).diagnostics
        place = lsp.Position(5, 5)
        listed = await client.text_document_completion_async(lsp.CompletionParams(document, place))
        # UTF-16: the cursor is after `[😀, Grace`, and 😀 counts twice.
        named = await client.text_document_completion_async(lsp.CompletionParams(document, lsp.Position(3, 18)))
        change = lsp.TextDocumentContentChangeWholeDocument(POSTS["one.md"])
        client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(lsp.VersionedTextDocumentIdentifier(2, uri), [change])
        )
        shown = await client.text_document_hover_async(lsp.HoverParams(document, lsp.Position(2, 18)))
        (folder / "three.md").write_text(text, encoding="utf-8")
        assert not (await published.get()).diagnostics
        client.text_document_did_save(lsp.DidSaveTextDocumentParams(document))
        saved = (await published.get()).diagnostics
        await client.shutdown_async(None)
        client.exit(None)
        await client.stop()
        return [item.label for item in listed.items], named.items[0], shown.contents.value, [*said, *saved]

    labels, person, about, said = asyncio.run(talk())
    assert labels == ["maps"]
    assert person.text_edit == lsp.TextEdit(lsp.Range(lsp.Position(3, 13), lsp.Position(3, 18)), "Grace Hopper")
    assert about.splitlines()[:2] == ["Grace Hopper (person)", "2 posts"]
    messages = [diagnostic.message for diagnostic in said]
    assert "draft: 'maybe' is neither true nor false" in messages
    assert messages.count("people: 'Grace Hoppr' is new, and near 'Grace Hopper', which is used 2 times") == 2
    assert said[0].range.start == lsp.Position(2, 7)
    assert messages.count("draft: 'maybe' is neither true nor false") == 2  # as it was typed, and as it was saved
