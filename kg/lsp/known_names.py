"""The names in a folder, offered as completions."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable
from typing import NamedTuple

from kg.graph.model import KnowledgeGraph
from kg.insight.tokens import normal
from kg.model import Node
from kg.resolution.forms import bare_all, converted, is_wide
from kg.resolution.readings import readings

NEAR = 85.0
"""Similarity in percent from which a new name may be a misspelling of a known one."""
_SHORT = 4
"""Letters; shorter names are too easily similar."""


class Completion(NamedTuple):
    """A thing to offer as a completion."""

    name: str
    """Its name in the script being typed."""
    node: Node
    edges: int
    """Number of edges that lead to it."""


class KnownNames:
    """All spellings of the things of a graph, searchable by prefix."""

    def __init__(self, graph: KnowledgeGraph) -> None:
        self._edges = Counter(edge.target for edge in graph.edges)
        """How many edges lead to each node."""
        nodes = [node for node in graph.nodes.values() if node.kind != "post"]
        spellings = [(text.value, node) for node in nodes for text in (*node.labels, *node.aliases)]
        keys = _keys([spelling for spelling, _node in spellings])
        self._by_kind: dict[str, list[tuple[str, Node]]] = defaultdict(list)
        """Kind → (key, node), in the order of the keys; a Chinese name has its pinyin for a second key."""
        self._by_key: dict[str, list[Node]] = defaultdict(list)
        for key, (spelling, node) in zip(keys, spellings, strict=True):
            self._by_key[key].append(node)
            for kind in node.kinds:
                self._by_kind[kind] += [(key, node), *((sound, node) for sound in _sounds(spelling))]
        for pairs in self._by_kind.values():
            pairs.sort(key=lambda pair: (pair[0], pair[1].iri))

    def beginning(self, typed: str, kinds: Collection[str], *, limit: int = 50) -> list[Completion]:
        """The things of some kinds with a spelling that has this prefix, those with the most edges first."""
        key = _keys([typed])[0] if typed.strip() else ""
        found = {}
        for kind in kinds:
            pairs = self._by_kind.get(kind, [])
            for at in range(bisect_left(pairs, key, key=lambda pair: pair[0]), len(pairs)):
                if not pairs[at][0].startswith(key):
                    break
                found[pairs[at][1].iri] = pairs[at][1]
        best = sorted(found.values(), key=lambda node: (-self._edges[node.iri], node.iri))[:limit]
        return [self._offer(typed, node) for node in best]

    def named(self, name: str, kinds: Collection[str]) -> Completion | None:
        """The thing with this name, ignoring case, spaces and punctuation; preferably of one of the kinds."""
        nodes = self._by_key.get(_keys([name])[0], [])
        best = min(nodes, key=lambda node: (not node.is_a(kinds), -self._edges[node.iri], node.iri), default=None)
        return self._offer(name, best) if best else None

    def near(self, name: str, kinds: Iterable[str]) -> Completion | None:
        """The thing whose name is probably misspelt here; None if there is none, or if the name is known.

        By the ratio of Levenshtein's insertions and deletions (https://rapidfuzz.github.io/RapidFuzz/).
        """
        from rapidfuzz import fuzz, process

        key = _keys([name])[0]
        pairs = [pair for kind in kinds for pair in self._by_kind.get(kind, [])]
        if len(key) < _SHORT or key in self._by_key:
            return None
        close = process.extract(key, [known for known, _node in pairs], scorer=fuzz.ratio, score_cutoff=NEAR, limit=5)
        nodes = [pairs[at][1] for known, _score, at in close if _digits(known) == _digits(key)]
        return self._offer(name, nodes[0]) if nodes else None

    def _offer(self, typed: str, node: Node) -> Completion:
        names = [node.label, *(text.value for text in node.labels)] if typed.strip() else []
        fitting = (name for name in names if is_wide(name) == is_wide(typed))
        return Completion(next(fitting, node.label), node, self._edges[node.iri])


def _keys(names: list[str]) -> list[str]:
    """Keys in which case, spaces, punctuation and traditional characters do not count."""
    keys = bare_all(names)
    wide = [at for at, key in enumerate(keys) if is_wide(key) and key.isprintable()]
    for at, key in zip(wide, converted([keys[at] for at in wide]), strict=True):
        keys[at] = key
    return keys


def _sounds(name: str) -> list[str]:
    """The pinyin of a Chinese name: 马斯克 is `masike`."""
    syllables = [readings(character) for character in name] if is_wide(name) else []
    return [normal("".join(first[0] for first in syllables))] if syllables and all(syllables) else []


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))
