"""The graph of the posts as they are now. Whatever takes long to import is imported at the first question."""

from pathlib import Path
from threading import Lock
from time import monotonic
from typing import Any

from kg.config import Config
from kg.graph.model import KnowledgeGraph
from kg.insight.asking import Answers
from kg.insight.nothing import not_found
from kg.state import State

_LOOK_AGAIN = 5.0
"""Seconds for which posts are assumed to be unchanged."""


class IndexedAnswers(Answers):
    """One graph, with the search index that is saved in OUTPUT."""

    def __init__(self, graph: KnowledgeGraph, content: Path, output: Path, token: bytes) -> None:
        self.knowledge_graph = graph
        self.content = content
        self.output = output
        self.token = token
        """Identifies everything that the graph was made from."""

    def searched(
        self, words: str, *, bodies: bool = False, kind: str = "", limit: int = 10, since: str = "", until: str = ""
    ) -> tuple[list[dict[str, Any]], str]:
        """The rows of `search`, and a note about them.

        Raises:
            ConfigError: as `search`.
        """
        from kg.insight.answers import hit_rows
        from kg.insight.search import Question, search
        from kg.insight.terms import check_days

        check_days(since, until)
        question = Question(words, bodies, kind, limit, since, until)
        found = search(question, lambda: self.knowledge_graph, self.content, State.of(self.output), self.token)
        partly = "nothing holds all these words; these hold some" if found.how == "any" else ""
        return hit_rows(found.hits), partly if found.hits else not_found(found, question)


class Desk:
    """The current graph, for questions from several threads."""

    def __init__(self, content: Path, output: Path, config: Config) -> None:
        self.content, self.output, self.config = content, output, config
        self._lock = Lock()
        self._answers: IndexedAnswers | None = None
        self._looked = 0.0

    def answers(self) -> IndexedAnswers:
        """The graph of the posts as they are now, give or take five seconds; built again if they have changed.

        Raises:
            KgError: as `kg.pipeline.build.build`.
        """
        with self._lock:
            if self._answers is None or monotonic() - self._looked > _LOOK_AGAIN:
                self._answers = self._current()
                self._looked = monotonic()
            return self._answers

    def why_empty(self, query: str) -> str:
        """Why a query has no answer, judged by its terms."""
        from kg.stores.hints import why_empty
        from kg.stores.loaded import of_output

        return "; ".join(why_empty(of_output(self.output, query), query)) or "no row matches"

    def _current(self) -> IndexedAnswers:
        from kg.graph.model import KnowledgeGraph
        from kg.pipeline import saved_graph

        last = saved_graph.current(self.content, self.output, self.config)
        if last and self._answers and self._answers.token == last.token:
            return self._answers
        graph = saved_graph.load(self.output, last.mark) if last else None
        if last and isinstance(graph, KnowledgeGraph):
            return IndexedAnswers(graph, self.content, self.output, last.token)
        from kg.pipeline.build import build

        result = build(self.content, config=self.config, reuse=self.output, keep=True)
        return IndexedAnswers(result.knowledge_graph, self.content, self.output, result.token)
