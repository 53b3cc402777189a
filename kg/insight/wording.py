"""Evidence of what posts are about besides their links: words of their titles, and their folders."""

import re
from collections import Counter
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from kg.fields import IDENTIFIER
from kg.insight.relatedness import g_squared
from kg.insight.topology import Integers
from kg.model import Node
from kg.text.scripts import HAN

LEAST = 3
"""The number of posts that must have a word for it to say what they are about."""
LONGEST = 6
"""Chinese characters that may form one word; Chinese is written without spaces."""
AS_OFTEN = 0.75
"""A longer word replaces a shorter one in it if it occurs at least this fraction as often."""
_WORD = re.compile(r"[^\W\d_]{3,}")
_GRAMMAR = frozenset(
    {"about", "and", "are", "can", "for", "from", "how", "into", "its", "not", "that", "the", "this", "what", "when"}
    | {"why", "with", "you", "your"}
)
"""Words of titles without a meaning of their own."""
_HAN = re.compile(f"[{HAN}]+")


class Wording(NamedTuple):
    """Words by post, and how many posts have each."""

    words: dict[int, frozenset[str]]
    """Node → its words without regard to case; that of a folder ends in `/`."""
    counts: Counter[str]
    written: dict[str, str]
    """How a word is written most often."""


def wording(nodes: Iterable[tuple[int, Node]]) -> Wording:
    """The words of the posts among some nodes."""
    words: dict[int, frozenset[str]] = {}
    counts: Counter[str] = Counter()
    forms: dict[str, Counter[str]] = {}
    for number, node in nodes:
        if node.kind != "post":
            continue
        latin = _WORD.findall(_HAN.sub(" ", node.label))
        found = {folded: word for word in latin if (folded := word.casefold()) not in _GRAMMAR}
        found |= {gram: gram for run in _HAN.findall(node.label) for gram in _grams(run)}
        found |= {f"{folder.casefold()}/": folder for folder in _folders(node)}
        words[number] = frozenset(found)
        counts.update(words[number])
        for folded, form in found.items():
            if form != folded:
                forms.setdefault(folded, Counter())[form] += 1
    written = {word: min(form, key=lambda one: (-form[one], one)) for word, form in forms.items()}
    return Wording(words, counts, written)


def typical_words(texts: Wording, members: Integers, share: float) -> list[str]:
    """The words typical of the posts among some nodes, the most typical first, as they are written.

    Args:
        texts: the words of all posts.
        members: the nodes.
        share: which share of their posts must have a word.
    """
    posts = [number for number in members.tolist() if number in texts.words]
    inside: Counter[str] = Counter()
    for number in posts:
        inside.update(texts.words[number])
    enough = max(LEAST, share * len(posts))
    common = sorted(word for word, count in inside.items() if count >= enough)
    both = np.array([inside[word] for word in common], np.int64)
    everywhere = np.array([texts.counts[word] for word in common], np.int64)
    scores = g_squared(both, len(posts), everywhere, len(texts.words))
    order = np.lexsort((-both, -scores.round(6)))
    result: list[str] = []
    for word in (common[place] for place in order if scores[place] >= 0):
        whole = [other for other in common if word in other and inside[other] >= AS_OFTEN * inside[word]]
        best = max(whole, key=lambda other: (len(other), other))
        if best not in result:
            result.append(best)
    return [texts.written.get(word, word.removesuffix("/")) for word in result]


def _grams(run: str) -> Iterable[str]:
    for length in range(2, LONGEST + 1):
        for start in range(len(run) - length + 1):
            yield run[start : start + length]


def _folders(node: Node) -> list[str]:
    return [
        folder for folder in node.value(IDENTIFIER).split("/")[:-1] if any(character.isalpha() for character in folder)
    ]
