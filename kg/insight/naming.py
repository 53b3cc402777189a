"""The names of regions, after what is most typical of each, which is rarely what is most frequent."""

import re
from collections.abc import Mapping
from itertools import combinations, product
from typing import NamedTuple

import numpy as np

from kg.graph.model import KnowledgeGraph
from kg.insight.topology import Floats, Integers, Topology
from kg.insight.wording import Wording, typical_words, wording
from kg.model import IRI, Node, Text
from kg.text.languages import is_latin

TYPICAL = 12
"""Typical nodes of a region, at most."""
LONGEST = 40
"""Characters of a label that may name a region, at most."""
BETWEEN = " · "
SHARE = 0.08
"""The nodes that a region is named after are linked with at least this share of its posts."""
SHARED = 0.5
"""A region without links is named after words of at least this share of its posts."""
SMALL = 100
"""Only a region of less than one in so many nodes may go without a name."""
LOOSE = {"en": "Not linked", "zh": "没有链接"}
"""The name of nodes that belong nowhere and have nothing in common."""
HUB = 4
"""A post may name a region if it is linked with so many times more of its posts than they are on average."""
PRIOR = 500.0
"""The weight of the prior, in links; a region with few links must differ more from the whole to count."""


class RegionName(NamedTuple):
    """The name of one region."""

    text: str
    by_language: dict[str, str]
    after: tuple[IRI, ...]
    """The nodes it is named after."""
    typical: tuple[IRI, ...]


def name_regions(
    graph: KnowledgeGraph, topology: Topology, membership: Integers, before: Mapping[int, tuple[IRI, ...]]
) -> list[RegionName]:
    """A different name for every community, after what is typical of it.

    Args:
        graph: for the labels.
        topology: of the graph.
        membership: the community of each node.
        before: what each community was named after on the previous map; it keeps the name while that is typical.
    """
    nodes = list(graph.nodes.values())
    count = int(membership.max(initial=-1)) + 1
    scores = typicality(topology, membership, count)
    is_post = np.array([node.kind == "post" for node in nodes], bool)
    posts = np.bincount(membership[is_post], minlength=count)
    spread = _spread(topology, membership, is_post, posts)
    usual = np.bincount(membership[is_post], spread[is_post], count) / np.maximum(posts, 1)
    telling = (spread >= SHARE) & (~is_post | (spread >= HUB * usual[membership]))
    texts: Wording | None = None  # read when something has no name without them
    taken: set[str] = set()
    result = []
    for number in range(count):
        members = membership == number
        loose = len(set(topology.components[1][members].tolist())) > 1  # what belongs nowhere has little in common
        inside = np.flatnonzero(members & (scores > 0) & (not loose))
        ranked = inside[np.lexsort((inside, -scores[inside], is_post[inside]))][: 8 * TYPICAL].tolist()
        named = [nodes[i] for i in ranked if telling[i] and _says_something(nodes[i].label)]
        parts = _choose(graph, named, before.get(number, ()), taken)
        typical = tuple(nodes[i].iri for i in ranked[:TYPICAL])
        if parts:
            text, by_language = _joined(parts), _by_language(parts)
        elif members.sum() * SMALL < len(nodes):
            text, by_language = "", {}
        else:
            texts = texts or wording(enumerate(nodes))
            share = SHARED if loose else SHARE
            text = _from_words(typical_words(texts, np.flatnonzero(members), share), taken)
            by_language = {}
            if not text:
                text, by_language = _last_resort(nodes, ranked, taken)
        taken |= {text.casefold(), *text.casefold().split(BETWEEN)}
        result.append(RegionName(text, by_language, tuple(node.iri for node in parts), typical))
    return result


def _spread(topology: Topology, membership: Integers, is_post: Integers, posts: Integers) -> Floats:
    """The share of the posts of its own community (`posts` counts them) that each node is linked with, shape (n,)."""
    a, b = topology.ends.T
    same = membership[a] == membership[b]
    linked = np.bincount(a[same & is_post[b]], minlength=topology.n) + np.bincount(
        b[same & is_post[a]], minlength=topology.n
    )
    return np.where(posts[membership] > 0, linked / np.maximum(posts[membership], 1), 1.0)


def _from_words(words: list[str], taken: set[str]) -> str:
    """A name from two words that say different things, or from one."""
    pairs = [pair for pair in combinations(words[:TYPICAL], 2) if not _alike(*pair)]
    return BETWEEN.join(_first_free([*pairs, *((word,) for word in words)], taken))


def _last_resort(nodes: list[Node], ranked: list[int], taken: set[str]) -> tuple[str, dict[str, str]]:
    """The title of the most typical post; if nothing is linked, just that."""
    for label in (nodes[i].label for i in ranked):
        text = label if len(label) <= LONGEST else label[: LONGEST - 1] + "…"
        if text.strip() and text.casefold() not in taken:
            return text, {}
    return LOOSE["en"], dict(LOOSE)


def _says_something(label: str) -> bool:
    return 1 < len(label) <= LONGEST and any(character.isalpha() for character in label)


def typicality(topology: Topology, membership: Integers, count: int) -> Floats:
    """How typical each node is of its own community, shape (n,); 0 or less if it is not.

    The log-odds of a link to the node within the community against elsewhere, with the whole graph as prior, divided
    by its standard error (Monroe et al. 2008, doi:10.1093/pan/mpn018).
    """
    n = topology.n
    a, b = topology.ends[topology.topical].T
    same = membership[a] == membership[b]
    degrees = np.bincount(a, minlength=n) + np.bincount(b, minlength=n)
    inside = np.bincount(a[same], minlength=n) + np.bincount(b[same], minlength=n)
    volume = np.bincount(membership, degrees, count)[membership]
    total = float(degrees.sum())
    prior = degrees / max(total, 1) * PRIOR + 0.01
    here, there = inside + prior, degrees - inside + prior
    others_here, others_there = volume + PRIOR - here, total - volume + PRIOR - there
    odds = np.log(here / np.maximum(others_here, 0.5)) - np.log(there / np.maximum(others_there, 0.5))
    return np.where(inside > 0, odds / np.sqrt(1 / here + 1 / there), 0.0)


def _choose(graph: KnowledgeGraph, named: list[Node], before: tuple[IRI, ...], taken: set[str]) -> tuple[Node, ...]:
    """The nodes to name a region after: preferably a topic and a thing, else two of a kind, else one."""
    former = tuple(graph.nodes[iri] for iri in before if iri in graph.nodes)
    is_typical = len(former) == len(before) and all(node in named for node in former)
    if former and is_typical and _joined(former).casefold() not in taken:
        return former
    topics: list[Node] = []
    things: list[Node] = []
    for node in named[:TYPICAL]:
        (topics if graph.kinds[node.kind].scheme else things).append(node)
    pairs = [*product(topics, things), *combinations(topics, 2), *combinations(things, 2)]
    choices = [*(pair for pair in pairs if not _alike(pair[0].label, pair[1].label)), *((node,) for node in named)]
    labels = [tuple(node.label for node in choice) for choice in choices]
    chosen = _first_free(labels, taken)
    return choices[labels.index(chosen)] if chosen else ()


def _first_free(choices: list[tuple[str, ...]], taken: set[str]) -> tuple[str, ...]:
    """The first choice that shares no part with another region's name; else the first that differs; or none."""
    whole = [choice for choice in choices if BETWEEN.join(choice).casefold() not in taken]
    return next((choice for choice in whole if taken.isdisjoint(map(str.casefold, choice))), whole[0] if whole else ())


def _joined(parts: tuple[Node, ...]) -> str:
    return BETWEEN.join(node.label for node in parts)


def _alike(one: str, other: str) -> bool:
    """Whether the two labels say the same thing."""
    words, others = _words(one), _words(other)
    return bool(words & others) or one.casefold() in other.casefold() or other.casefold() in one.casefold()


def _words(label: str) -> set[str]:
    return set(re.findall(r"\w{2,}", label.casefold()))


def _by_language(parts: tuple[Node, ...]) -> dict[str, str]:
    # A transliteration is not a name in its language.
    found = {_shown_in(text) for node in parts for text in node.labels}
    languages = {language for language in found if language and "-Latn" not in language}
    return {
        language: BETWEEN.join(
            next((text.value for text in node.labels if _shown_in(text) == language), node.label) for node in parts
        )
        for language in sorted(languages)
    }


def _shown_in(text: Text) -> str:
    """The language of a name; one in Latin letters without a language is shown to readers of English."""
    return text.language or ("en" if is_latin(text.value) else "")
