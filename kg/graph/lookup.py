"""Finding a node by a typed name: the whole name, else its beginning, else part of it."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from kg.fields import HOMEPAGE, IDENTIFIER
from kg.graph.model import KnowledgeGraph
from kg.graph.saved import Columns, columns_of, degrees, edges_into, of_kind, posts_of
from kg.iris import post_iri
from kg.linking.addresses import address_of, names_of, stem_of
from kg.model import IRI, Node
from kg.namespaces import KG
from kg.reading.authors import ABOUT
from kg.text.folding import fold

CLOSE = 75.0
"""Similarity, in percent, from which a name is suggested."""
_LONG_WORD = 4
"""Letters that a word must have to be suggested for a similar one."""
FAR = 5
"""Of several nodes with one name, one that has this many times the links of all others together is chosen."""
_FOR_LINKS = frozenset({KG + "alias", KG + "slug", KG + "permalink", HOMEPAGE})
"""Predicates for other names under which a post can be linked."""
_PLACE = re.compile(r"(?::\d+){1,2}\Z")
"""Line and column, after the path of a diagnostic."""
_ESCAPED = re.compile(r"\\(?=[_~.\-!$&'()*+,;=/?#@%])")
"""The backslash before such characters in a local name of Turtle or SPARQL."""


@dataclass(frozen=True, slots=True)
class Lookup:
    """The nodes that a name may mean."""

    matches: tuple[IRI, ...]
    """The matching nodes, the most linked first."""
    how: str
    """`exact` (by the folded name, its simplified characters, the IRI, or the path, file name or alias of a post),
    `prefix`, `part`, or "" if nothing matches."""
    suggestions: tuple[IRI, ...] = ()
    """If nothing matches: nodes with a similar name, the most similar first."""
    others: tuple[IRI, ...] = ()
    """Other nodes with this name, which is not their main one or which have few links."""


def find(graph: KnowledgeGraph, name: str, *, kind: str = "", suggestions: int = 5, root: str = "") -> Lookup:
    """Look a name up.

    Args:
        graph: where to look.
        name: a name in any spelling, an IRI or its prefixed name, or a post's path, file name or alias.
        kind: only nodes of this kind.
        suggestions: how many to give if nothing matches.
        root: a prefix that paths of posts may have, such as `content/`.
    """
    key = fold(name)
    bare = name.strip()
    if not bare:
        return Lookup((), "")
    addresses = _addresses(graph, bare, root)
    known = columns_of(graph)
    names = {known.iris[number]: known.keys[number] for number in of_kind(known, kind)}
    addressed = _ranked(graph, [iri for iri in _at(graph, known, addresses) if iri in names])
    exact = _ranked(graph, [iri for iri, own in names.items() if key in own])
    if addressed:
        return Lookup(addressed, "exact", others=_without(exact, addressed))
    simple: dict[str, str] = {}
    if not exact and not key.isascii():  # only then is resolution loaded, which takes longer than the answer
        from kg.resolution.forms import is_wide, simplified

        if is_wide(key):
            simple = simplified([key, *chain.from_iterable(names.values())])
            key = simple.get(key, key)
            names = {iri: [simple.get(text, text) for text in own] for iri, own in names.items()}
            exact = _ranked(graph, [iri for iri, own in names.items() if key in own])
    if exact:
        return _chosen(graph, exact, key, simple)
    if files := _files([post for post in posts_of(graph) if post.iri in names], addresses):
        return Lookup(_ranked(graph, files), "exact")
    if key:
        for how, fits in (("prefix", str.startswith), ("part", str.__contains__)):
            found = [iri for iri, own in names.items() if any(fits(text, key) for text in own)]
            if found:
                return Lookup(_ranked(graph, found), how)
    return Lookup((), "", _close(names, key, degrees(graph, names), suggestions))


def _ranked(graph: KnowledgeGraph, iris: Collection[IRI]) -> tuple[IRI, ...]:
    """Some nodes, the most linked first; links are not counted if there is only one node."""
    if len(iris) < 2:
        return tuple(iris)
    degree = degrees(graph, iris)
    return tuple(sorted(iris, key=lambda iri: (-degree[iri], iri)))


def _chosen(graph: KnowledgeGraph, exact: tuple[IRI, ...], key: str, simple: Mapping[str, str]) -> Lookup:
    """Of the nodes with a name those that are meant: it is their main one, they are no notes, or linked far more."""
    mainly = {iri: {simple.get(own, own) for own in map(fold, _labels(graph.nodes[iri]))} for iri in exact}
    chosen = tuple(iri for iri in exact if key in mainly[iri]) or exact
    if len(chosen) == 1:
        return Lookup(chosen, "exact", others=_without(exact, chosen))
    notes = {edge.source for edge in edges_into(graph, chosen) if edge.predicate == ABOUT}
    chosen = tuple(iri for iri in chosen if iri not in notes) or chosen
    degree = degrees(graph, chosen)
    if degree[chosen[0]] >= FAR * max(1, sum(degree[iri] for iri in chosen[1:])):
        chosen = chosen[:1]
    return Lookup(chosen, "exact", others=_without(exact, chosen))


def _at(graph: KnowledgeGraph, known: Columns, addresses: Collection[str]) -> list[IRI]:
    """The nodes that have, or had, one of these IRIs, and the posts at these paths."""
    nodes = graph.nodes
    iris = [IRI(address) for address in addresses]
    iris += [known.iris[number] for iri, number in known.former if iri in addresses]
    posts = {post_iri(graph.dataset.base, address): address for address in addresses}
    iris += [iri for iri, path in posts.items() if iri in nodes and path_of(nodes[iri]) == path]
    return [iri for iri in dict.fromkeys(iris) if iri in nodes]


def _without(iris: Iterable[IRI], taken: Iterable[IRI]) -> tuple[IRI, ...]:
    left_out = set(taken)
    return tuple(iri for iri in iris if iri not in left_out)


def path_of(node: Node) -> str:
    """The path of a post relative to CONTENT; "" for other nodes."""
    if node.kind != "post":
        return ""
    return next((attribute.value for attribute in node.attributes if attribute.predicate == IDENTIFIER), "")


def _addresses(graph: KnowledgeGraph, bare: str, root: str) -> set[str]:
    """The IRIs and paths that a text may mean if it is written as `kg` prints them.

    `<IRI>`, `kind:local`, `content/x.md`, `content/x.md:3:7`.
    """
    addresses = {bare, bare.removeprefix("./").removeprefix(root), bare.removeprefix("<").removesuffix(">")}
    addresses |= {_PLACE.sub("", text) for text in addresses}
    prefix, _colon, local = bare.partition(":")
    if prefix in graph.kinds:
        addresses |= {f"{graph.dataset.base}{prefix}/{text}" for text in (local, _ESCAPED.sub("", local))}
    return addresses - {""}


def _files(posts: list[Node], addresses: set[str]) -> list[IRI]:
    """Posts with one of these paths, without suffix; else those with such a file name or alias."""
    keys = {fold(stem_of(text)) for text in addresses} - {""}
    paths = {post.iri: names_of(path_of(post)) for post in posts}
    whole = [iri for iri, own in paths.items() if not keys.isdisjoint(map(fold, own))]
    if whole:
        return whole
    known = {iri: {fold(path.rpartition("/")[2]) for path in own} for iri, own in paths.items()}
    for post in posts:
        declared = (a.value for a in post.attributes if a.predicate in _FOR_LINKS)
        known[post.iri].update(fold(form) for text in declared for form in (text, address_of(text)))
    keys |= set(map(fold, addresses)) - {""}
    return [iri for iri, own in known.items() if not keys.isdisjoint(own)]


def _labels(node: Node) -> list[str]:
    return [node.label, *[text.value for text in node.labels]]


def _close(names: Mapping[IRI, Collection[str]], key: str, degree: Counter[IRI], count: int) -> tuple[IRI, ...]:
    known = [(text, iri) for iri, own in names.items() for text in sorted(set(own))]
    close = [(-score, -degree[known[at][1]], at) for at, score in similar([text for text, _iri in known], key, count)]
    return tuple(dict.fromkeys(known[at][1] for _score, _degree, at in sorted(close)))[:count]


def similar(names: Sequence[str], key: str, count: int) -> list[tuple[int, float]]:
    """The names that are similar to a text or have a word that is: (place, similarity in percent), the best first.

    Args:
        names: folded names.
        key: what was typed, folded.
        count: about how many are wanted.
    """
    from rapidfuzz import fuzz, process

    whole = process.extract(key, names, scorer=fuzz.ratio, limit=4 * count, score_cutoff=CLOSE)
    found = {place: score for _name, score, place in whole}
    words = [(word, place) for place, name in enumerate(names) for word in name.split() if len(word) >= _LONG_WORD]
    alike = process.extract(key, [word for word, _ in words], scorer=fuzz.ratio, limit=4 * count, score_cutoff=CLOSE)
    for _word, score, at in alike if len(key) >= _LONG_WORD else ():
        found.setdefault(words[at][1], score - 1)  # a whole name comes before a part
    return sorted(found.items(), key=lambda item: (-item[1], item[0]))
