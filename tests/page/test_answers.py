"""What the page finds and filters, which it works out with signatures, bits and counters, equals what a plain reading gives."""

# ruff: noqa: E501  what is asked of the page reads best on one line

from __future__ import annotations

import random
import re
import unicodedata
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any

from kg.iris import entity_iri
from kg.model import IRI, Edge, Node, Text
from kg.namespaces import KINDS, SCHEMA
from kg.resolution.forms import converted
from kg.resolution.readings import sound
from kg.views.page import assemble
from tests.conftest import BASE, make_graph, make_post

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from kg.graph.model import KnowledgeGraph
    from tests.page.conftest import Open, Opened

HAN = re.compile("[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
FIND = "(query) => kg.view.index.find(query).map(({ node, rank }) => [kg.graph.iri(node), rank])"
NAME_BREAK = re.compile(r"[\s\-_.,:;!?'\"“”‘’()\[\]{}《》「」【】（）：，。、·|/]+")


def folded(text: str) -> str:
    letters = unicodedata.normalize("NFKD", text)
    plain = "".join(letter for letter in letters if unicodedata.category(letter)[0] != "M").lower()
    return "".join(converted([letter])[0] if HAN.match(letter) else letter for letter in plain)


def names(graph: KnowledgeGraph) -> list[tuple[str, str]]:
    """(IRI, folded name) of every name of every node."""
    return [
        (node.iri, folded(text.value))
        for node in graph.nodes.values()
        for text in (Text(node.label), *node.labels, *node.aliases)
    ]


def rank(name: str, wanted: str) -> int | None:
    """0: the very name, 1: its beginning, 2: of a word, 3: anywhere, or all words of it; None: not at all."""
    at = name.find(wanted)
    if name == wanted:
        return 0
    if at == 0:
        return 1
    if at > 0:
        return 2 if name[at - 1].isspace() or unicodedata.category(name[at - 1])[0] == "P" else 3
    return 3 if " " in wanted and all(word in name for word in wanted.split(" ")) else None


def sounds_like(name: str, wanted: str) -> int | None:
    """1: all its syllables, 2: a beginning of them, 3: its last ones, or the initials of a name; None: not at all."""
    typed = re.sub("[ '’-]", "", wanted)
    if not re.fullmatch("[a-z0-9]{2,}", typed):
        return None
    words = [word for word in re.split(r"[\W_]+", name) if word]
    wide = len(HAN.findall(name)) >= 2
    letters = "".join(letter for letter in name if letter.isalnum())
    parts = [sound(part) for part in re.findall(f"{HAN.pattern}|(?:(?!{HAN.pattern}).)+", letters)] if wide else words
    if wide and "".join(parts) == typed:
        return 1
    if len(typed) < 3:
        return None
    if wide and "".join(parts).startswith(typed):
        return 2
    ends = ["".join(parts[at:]) for at in range(len(parts))] if wide else []
    initials = "".join(part[0] for part in parts) if wide or 2 < len(words) < 7 else ""
    return 3 if typed in (*ends, initials) else None


def ranks(entries: Iterable[tuple[str, str]], wanted: str) -> dict[str, int]:
    """The best rank of each node that has one."""
    found: dict[str, int] = {}
    for iri, name in entries:
        by_sound = None if "/post/" in iri else sounds_like(name, wanted)
        of_name = min((of for of in (rank(name, wanted), by_sound) if of is not None), default=None)
        if of_name is not None:
            found[iri] = min(found.get(iri, 9), of_name)
    return found


def errors(name: str, wanted: str) -> int:
    """The fewest letters to put in, leave out or change in what was typed, so that the name holds it (Sellers 1980)."""
    above = [0] * (len(name) + 1)
    for i, letter in enumerate(wanted, 1):
        row = [i]
        for j, other in enumerate(name, 1):
            row.append(min(above[j] + 1, row[j - 1] + 1, above[j - 1] + (letter != other)))
        above = row
    return min(above)


def like(name: str, wanted: str) -> bool:
    """Whether a name is close enough to what was typed to be shown where little else is."""
    pattern = wanted[:31]
    found = errors(name, pattern)
    if found < 2 or (
        found == 2 and len(pattern) >= 6 and any(word[:1] == wanted[0] for word in NAME_BREAK.split(name))
    ):
        return True
    swapped = {wanted[:i] + wanted[i + 1] + wanted[i] + wanted[i + 2 :] for i in range(len(wanted) - 1)}
    return (len(wanted) < 6 and any(other in name for other in swapped)) or wanted.replace(" ", "") in name


def mistyped(name: str, chance: random.Random) -> str:
    """A name, or a part of it, with up to three errors."""
    start = chance.randrange(len(name))
    typed = name if chance.random() < 0.5 else name[start : start + chance.randint(1, 9)]
    for _ in range(chance.choice([0, 1, 1, 2, 3])):
        at = chance.randrange(len(typed))
        letter = chance.choice("abnxz中数 -")
        two = typed[at : at + 2]
        typed = typed[:at] + chance.choice([letter, letter + two[0], two[1:], two[::-1]]) + typed[at + len(two) :]
        if not typed:
            return letter
    return " ".join(reversed(typed.split(" "))) if chance.random() < 0.2 else typed


def test_search_finds_what_a_plain_reading_finds(middle: Opened, middle_graph: KnowledgeGraph) -> None:
    page = middle.again()
    entries = names(middle_graph)
    chance = random.Random(1)
    queries = [mistyped(chance.choice(entries)[1], chance) for _ in range(60)]
    forgiven = 0
    sounding = [sound(name) for _, name in entries if HAN.match(name) and chance.random() < 0.05]
    for query in [*queries, *sounding[:8], "jia", "hlw", "a", "中", " 1", "- ", "Ltd group", "x" * 200, "\n"]:
        wanted = " ".join(folded(query).split())
        found = page.page.evaluate(FIND, query)
        exact = ranks(entries, wanted) if wanted else {}
        assert {iri: of for iri, of in found if of <= 3} == exact, query
        assert [of for _, of in found] == sorted(of for _, of in found), query
        alike = {iri for iri, of in found if of > 3}
        if len(wanted) >= (3 if HAN.search(wanted) else 4) and len(exact) < 6:
            assert alike == {iri for iri, name in entries if like(name, wanted)} - exact.keys(), query
            forgiven += bool(alike)
        else:
            assert not alike, query
    assert forgiven >= 15


def test_a_search_knows_accents_width_and_what_stands_before_a_word(open_page: Open, tmp_path: Path) -> None:
    labels = ["Émile Zola", "École d'été", "ＡＢＣ－Ｄ", "x|tail", "x·tail", "x(tail", "Straße", "İzmir", "é" * 130]
    posts = [make_post("a.md", Text("A post"))]
    things = [Node(entity_iri(BASE, "person", name), "person", name, (Text(name),)) for name in labels]
    links = [Edge(posts[0].iri, IRI(SCHEMA + "mentions"), thing.iri, "people") for thing in things]
    graph = make_graph([*posts, *things], links)
    path = tmp_path / "graph.html"
    path.write_bytes(assemble(graph))
    page = open_page(path)
    entries = names(graph)
    for query in [*"dl", "emile", "ZOLA", "ete", "ＥＴＥ", "abc-d", "tail", "straße", "izmir", "e" * 130, "zola emile"]:
        wanted = folded(query)
        found = page.page.evaluate(FIND, query)
        assert {iri: of for iri, of in found if of <= 3} == ranks(entries, wanted), query
        assert ranks(entries, wanted), query


# Filters.


class Plain:
    """What the filters choose, one rule after another."""

    def __init__(self, graph: KnowledgeGraph, page: Any) -> None:
        self.nodes = graph.nodes
        self.edges = [(edge.source, edge.predicate, edge.target) for edge in graph.edges]
        self.community = page.ask("Object.fromEntries([...kg.graph.community].map((c, i) => [kg.graph.iri(i), c]))")
        self.day = page.ask("Object.fromEntries([...kg.graph.date].map((d, i) => [kg.graph.iri(i), d]))")
        self.degree = Counter(iri for source, _, target in self.edges for iri in (source, target))

    def failed(self, chosen: dict[str, Any]) -> dict[str, set[str]]:
        """The filters that each node fails."""
        failed: dict[str, set[str]] = defaultdict(set)
        off = set(chosen["relationsOff"])
        choosing = any(chosen[facet] for facet in ("tag", "category", "area")) or "from" in chosen or "to" in chosen
        neighbours: dict[str, set[str]] = defaultdict(set)
        linked: dict[str, set[str]] = defaultdict(set)
        for source, predicate, target in self.edges:
            for one, other in ((source, target), (target, source)):
                neighbours[one].add(other)
                if predicate not in off:
                    linked[one].add(other)
        for iri, node in self.nodes.items():
            if node.kind in chosen["kindsOff"]:
                failed[iri].add("kind")
            if not chosen.get("least", 0) <= self.degree[iri] <= chosen.get("most", 10**9):
                failed[iri].add("degree")
            if chosen["communities"] and self.community[iri] not in chosen["communities"]:
                failed[iri].add("community")
            if node.kind == "post":
                for facet in ("tag", "category", "area"):
                    if chosen[facet] and not neighbours[iri] & set(chosen[facet]):
                        failed[iri].add(facet)
                if not chosen.get("from", -(10**9)) <= self.day[iri] <= chosen.get("to", 10**9):
                    failed[iri].add("date")
        of_posts = {"tag", "category", "area", "date"}
        passing = {iri for iri, node in self.nodes.items() if node.kind == "post" and not failed[iri] & of_posts}
        for iri, node in self.nodes.items():
            if node.kind == "post":
                lost = off and not choosing and self.degree[iri] and not linked[iri]
            elif choosing:
                lost = not linked[iri] & passing
            else:
                lost = off and not linked[iri]
            if lost:
                failed[iri].add("link")
        return failed

    def visible(self, chosen: dict[str, Any]) -> dict[str, Any]:
        failed = self.failed(chosen)
        shown = {iri for iri in self.nodes if not failed[iri]}
        between = [edge for edge in self.edges if edge[0] in shown and edge[2] in shown]
        values: dict[str, set[str]] = defaultdict(set)
        for source, _, target in self.edges:
            facet = self.nodes[target].kind
            others = {"tag", "category", "area", "date"} - {facet}
            if facet in ("tag", "category", "area") and not failed[source] & others:
                values[target].add(source)
        return {
            "shown": sorted(shown),
            "edges": sum(edge[1] not in chosen["relationsOff"] for edge in between),
            "byKind": Counter(node.kind for iri, node in self.nodes.items() if failed[iri] <= {"kind"}),
            "byCommunity": Counter(str(self.community[iri]) for iri in self.nodes if failed[iri] <= {"community"}),
            "byRelation": Counter(edge[1] for edge in between),
            "byValue": {iri: len(posts) for iri, posts in values.items()},
            "dated": sum(
                not failed[iri] & {"tag", "category", "area"} for iri, n in self.nodes.items() if n.kind == "post"
            ),
        }


APPLY = """(chosen) => {
  const { view, graph } = kg;
  const { filters } = view;
  filters.clear();
  filters.kindsOff = new Set(chosen.kindsOff.map((name) => graph.kindNumber.get(name)));
  filters.relationsOff = new Set(chosen.relationsOff.map((iri) => graph.predicates.findIndex((p) => p.iri === iri)));
  for (const facet of ['tag', 'category', 'area']) filters.chosen[facet] = new Set(chosen[facet].map((iri) => graph.find(iri)));
  filters.communities = new Set(chosen.communities);
  for (const name of ['from', 'to', 'least', 'most']) if (name in chosen) filters[name] = chosen[name];
  view.applyFilters();
  const { nodes, edges, communities, shown, counts } = view.visible;
  const named = (numbers, name) => Object.fromEntries([...numbers].map((count, i) => [name(i), count]).filter(([, count]) => count));
  const here = new Set([...nodes].flatMap((on, i) => (on ? [graph.community[i]] : [])));
  if (shown !== [...nodes].reduce((a, b) => a + b, 0) || [...communities].some((on, c) => on !== (here.has(c) ? 1 : 0))) throw new Error('miscounted');
  return {
    shown: [...nodes].flatMap((on, i) => (on ? [graph.iri(i)] : [])).sort(),
    edges: [...edges].reduce((a, b) => a + b, 0),
    drawn: view.renderer.bandStart.at(-1),
    byKind: named(counts.byKind, (k) => graph.kinds[k].name),
    byCommunity: named(counts.byCommunity, String),
    byRelation: named(counts.byRelation, (p) => graph.predicates[p].iri),
    byValue: named(counts.byValue, (i) => graph.iri(i)),
    dated: counts.byMonth.reduce((a, b) => a + b, 0),
  };
}"""


def chosen_by(chance: random.Random, graph: KnowledgeGraph) -> dict[str, Any]:
    """Some filters, some of the time."""
    predicates = sorted({edge.predicate for edge in graph.edges})
    of_kind: dict[str, list[str]] = defaultdict(list)
    for node in graph.nodes.values():
        of_kind[node.kind].append(node.iri)

    def some(often: float, values: list[Any], most: int = 2) -> list[Any]:
        return chance.sample(values, chance.randint(1, most)) if chance.random() < often else []

    chosen = {
        "kindsOff": some(0.3, [kind for kind in KINDS if kind in of_kind]),
        "relationsOff": some(0.3, predicates),
        "communities": some(0.2, [0, 1, 2, 3]),
        **{facet: some(0.3, of_kind[facet], 3) for facet in ("tag", "category", "area")},
    }
    bounds = {"from": 17900, "to": 19900, "least": 2, "most": 6}
    return chosen | {name: value for name, value in bounds.items() if chance.random() < 0.25}


def test_filters_choose_and_count_what_a_plain_reading_does(middle: Opened, middle_graph: KnowledgeGraph) -> None:
    page = middle.again()
    plain = Plain(middle_graph, page)
    chance = random.Random(4)
    sizes = set()
    for _ in range(40):
        chosen = chosen_by(chance, middle_graph)
        found = page.page.evaluate(APPLY, chosen)
        assert found.pop("drawn") == found["edges"]
        assert found == plain.visible(chosen), chosen
        sizes.add(len(found["shown"]))
    assert len(sizes) > 20


def test_clearing_puts_everything_back(middle: Opened, middle_graph: KnowledgeGraph) -> None:
    page = middle.again()
    page.page.keyboard.press("f")
    state = "[...document.querySelectorAll('#filter-body input, #filter-body select')].map((field) => field.type === 'checkbox' ? field.checked : field.value).join() + document.querySelector('#filter-body').innerText"
    page.ask("document.querySelectorAll('#filters details').forEach((details) => (details.open = true))")
    before = page.ask(state)
    for box in ("#facet-kinds", "#facet-tag", "#facet-area", "#facet-relations", "#facet-regions"):
        page.page.locator(f"{box} .check input").nth(1).click()
    page.page.locator("#facet-degree input").first.fill("3")
    page.page.select_option("#rest", "dim")
    page.page.fill("#date-from", "2020-01-01")
    assert page.ask(state) != before
    page.page.click("#filter-clear")
    assert page.ask(state) == before
    assert page.ask("kg.view.visible.shown") == len(middle_graph.nodes)
    assert page.ask("kg.view.renderer.bandStart.at(-1)") == len(middle_graph.edges)
