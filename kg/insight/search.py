"""Full-text search: titles, abstracts, definitions, names in all spellings and, on request, bodies.

The index is SQLite's FTS5 (https://www.sqlite.org/fts5.html), the order its BM25 (Robertson and Zaragoza 2009,
https://doi.org/10.1561/1500000019): a word counts more, the rarer it is and the shorter the text; in a name it
counts ten times, in an abstract three times as much as in a body. Exact names come before everything else.
"""

import json
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from kg.graph.lookup import similar
from kg.graph.model import KnowledgeGraph
from kg.insight import search_index
from kg.insight.terms import check_kind
from kg.insight.tokens import BREAKS, normal, phrase, valid
from kg.reading.bodies import body_of
from kg.state import SEARCH, SEARCH_BODIES, Miss, Reason, State

_QUESTION = """
SELECT iri, label, kind, path, line, texts, -bm25(words, 10, 5, 3, 1) AS score,
  documents.id IN (SELECT document FROM called WHERE name = :name) AS exact,
  CASE WHEN documents.id IN (SELECT document FROM called WHERE name = :name)
    THEN (SELECT count(*) FROM named WHERE document = documents.id) END AS days
FROM words JOIN documents ON documents.id = words.rowid
WHERE words MATCH :match AND (:kind = '' OR instr(kinds, ' ' || :kind || ' '))
  AND (:since || :until = '' OR EXISTS (
    SELECT 1 FROM named WHERE document = documents.id AND day >= :since
      AND (:until = '' OR substr(day, 1, length(:until)) <= :until)))
ORDER BY exact DESC, days DESC, round(score, 6) DESC, iri LIMIT :limit
"""
_WINDOW = 120
"""The approximate length of a snippet in characters."""


class Question(NamedTuple):
    """A search query."""

    words: str
    """Any text; nothing in it is an operator."""
    bodies: bool = False
    kind: str = ""
    limit: int = 10
    """0 for all."""
    since: str = ""
    """The first day, or a beginning of one; things count where a post of these days names them."""
    until: str = ""


class Hit(NamedTuple):
    """A node that was found."""

    iri: str
    label: str
    kind: str
    score: float
    """BM25: comparable within one answer only."""
    path: str
    """The post of the snippet; for a thing, the first post that names it; "" if none does."""
    line: int
    snippet: str


class SearchResult(NamedTuple):
    """An answer."""

    hits: list[Hit]
    how: str
    """`words` where all words were found as they stand, `beginnings` of words, `any` where only some were found."""
    near: tuple[str, ...]
    """If nothing was found: names that are similar to the words."""


def search(
    question: Question, graph: Callable[[], KnowledgeGraph], content: Path, state: State, token: bytes = b""
) -> SearchResult:
    """Answer a question from the saved index if it was made from the same posts, or else from a new one.

    Args:
        question: the question.
        graph: returns the graph, if the index has to be made.
        content: the folder of posts, for their bodies.
        state: where the index is kept.
        token: identifies everything that the graph was made from; if it is empty, nothing is saved.

    Raises:
        ConfigError: the graph has no such kind.
    """
    name = SEARCH_BODIES if question.bodies else SEARCH
    saved = search_index.saved_index(state, name, token) if token else Miss(Reason.ABSENT)
    if not isinstance(saved, Miss):
        with closing(saved):
            try:
                return ask(saved, question, content)
            except (sqlite3.DatabaseError, ValueError):
                state.miss(name, Reason.DAMAGED)
    whole = graph()
    made = search_index.renewed(state, name, whole, content, bodies=question.bodies, token=token) if token else None
    made = made or search_index.make(whole, content, bodies=question.bodies, token=token)
    with closing(made):
        if token:
            search_index.keep(made, state, name)
        return ask(made, question, content)


def ask(index: sqlite3.Connection, question: Question, content: Path) -> SearchResult:
    """Answer a question from an index: all words, or else words that begin with them, or else any of them.

    Raises:
        ConfigError: the graph has no such kind.
        sqlite3.DatabaseError: the index is damaged.
    """
    check_kind(question.kind, json.loads(index.execute("SELECT kinds FROM made").fetchone()[0]))
    words = [valid(word) for word in normal(question.words).split() if phrase(word)]
    whole, beginnings = ([phrase(word, beginning=b) for word in words] for b in (False, True))
    more = question._asdict() | {"name": " ".join(normal(question.words).split()), "limit": question.limit or -1}
    ways = (("words", " AND ".join(whole)), ("beginnings", " AND ".join(beginnings)), ("any", " OR ".join(beginnings)))
    for how, match in ways:
        rows = index.execute(_QUESTION, more | {"match": match}).fetchall() if words else []
        if rows:
            return SearchResult([_hit(row, words, content, bodies=question.bodies) for row in rows], how, ())
    return SearchResult([], "", _near(index, question.words))


def _hit(row: tuple[Any, ...], words: Sequence[str], content: Path, *, bodies: bool) -> Hit:
    iri, label, kind, path, line, texts, score, _exact, _days = row
    best = (0, path, line, label)
    lines = _lines(content, path) if bodies and kind == "post" else ()
    for text, place, number in chain(*json.loads(texts), lines):
        plain = normal(text)
        places = [at for word in words if (at := plain.find(word)) >= 0]
        if len(places) > best[0]:
            best = (len(places), place, number, _window(text, min(places) if len(plain) == len(text) else 0))
    return Hit(iri, label, kind, score, *best[1:])


def _lines(content: Path, path: str) -> Iterator[tuple[str, str, int]]:
    body, first = body_of(content, path)
    return ((line, path, first + number) for number, line in enumerate(body.split("\n")) if line.strip())


def _window(text: str, at: int) -> str:
    """The text around a place."""
    text = text.translate(BREAKS)
    start = max(0, at - _WINDOW // 3)
    if start:
        start = max(text.rfind(" ", start - 20, start) + 1, start)
    end = start + _WINDOW
    return "…" * (start > 0) + text[start:end].strip() + "…" * (end < len(text))


def _near(index: sqlite3.Connection, words: str) -> tuple[str, ...]:
    """Names that are similar to a text, the most similar first."""
    rows = index.execute("SELECT name, document FROM called ORDER BY name, document").fetchall()
    names, documents = [name for name, _document in rows], [document for _name, document in rows]
    close = similar(names, normal(words), 5)[:5]
    label = "SELECT label FROM documents WHERE id = ?"
    found = [index.execute(label, (documents[place],)).fetchone()[0] for place, _score in close]
    return tuple(dict.fromkeys(found))
