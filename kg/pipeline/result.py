"""What a build gives: its graph, which answers questions."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from kg import exporters
from kg.diagnostics import has_errors
from kg.exporters import folders
from kg.insight.asking import Answers
from kg.pipeline import writing
from kg.text.wording import counted

if TYPE_CHECKING:
    import os

    import networkx as nx
    import rdflib

    from kg.config import Config
    from kg.graph.model import KnowledgeGraph
    from kg.machine.steps import Step
    from kg.model import Diagnostic, Post
    from kg.pipeline.frames import Frames
    from kg.pipeline.manifest import Report
    from kg.resolution import Resolution
    from kg.stores.embedded import Embedded
    from kg.views.pictures import Picture


@dataclass(frozen=True, repr=False)
class Result(Answers):
    """The result of a build, which answers questions."""

    knowledge_graph: KnowledgeGraph
    posts: tuple[Post, ...]
    resolution: Resolution
    report: Report
    """The numbers of the build, and all diagnostics."""
    config: Config
    written: tuple[Path, ...] = ()
    """The files this build wrote."""
    steps: tuple[Step, ...] = ()
    """The steps, with their time and memory."""
    token: bytes = b""
    """32 bytes that identify the inputs, if they were saved for the next run and nothing was written."""
    content: Path = Path()
    """The folder of posts."""

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """All diagnostics, in file and line order."""
        return self.report.diagnostics

    @cached_property
    def graph(self) -> nx.MultiDiGraph[str]:
        """The graph for networkx: see `KnowledgeGraph.to_networkx`."""
        return self.knowledge_graph.to_networkx()

    def __repr__(self) -> str:
        """One line instead of millions of characters."""
        graph = self.knowledge_graph
        sizes = (
            counted(len(self.posts), "post"),
            counted(len(graph.nodes) - len(self.posts), "entity", "entities"),
            counted(len(graph.edges), "edge"),
            counted(len(self.diagnostics), "finding"),
        )
        return f"<kg.Result: {', '.join(sizes)}>"

    @property
    def ok(self) -> bool:
        """Whether no post is faulty."""
        return not has_errors(self.diagnostics)

    def to_rdflib(self) -> rdflib.Graph:
        """The graph for rdflib (https://rdflib.readthedocs.io), with its prefixes bound."""
        from kg.rdf.terms import to_rdflib

        return to_rdflib(self.knowledge_graph)

    def to_dataset(self) -> rdflib.Dataset:
        """The named graphs for rdflib, one for each post and the others that `kg load` sends, with prefixes bound."""
        from kg.rdf.terms import to_dataset

        return to_dataset(self.knowledge_graph)

    def to_pandas(self) -> Frames:
        """The tables `nodes`, `edges` and `posts` for pandas (https://pandas.pydata.org).

        Raises:
            ConfigError: pandas is not installed.
        """
        from kg.pipeline.frames import frames

        return frames(self.knowledge_graph)

    @cached_property
    def _store(self) -> Embedded:
        from kg.stores.embedded import of_graph

        return of_graph(self.knowledge_graph)

    def query(self, sparql: str) -> list[dict[str, Any]] | bool:
        """Ask in SPARQL, with the prefixes that `kg query` knows: see `kg.stores.values.answer`."""
        from kg.stores.values import answer

        return answer(self._store, sparql)

    def picture(self, name: str = "", *, kind: str = "") -> Picture:
        """A picture of a thing and what surrounds it, or of the whole; a notebook shows it below the cell.

        Args:
            name: in any spelling, an IRI, or the path of a post; "" for the whole, or its best-connected part.
            kind: only nodes of this kind.

        Raises:
            ConfigError: no node has the name, or several have.
        """
        from kg.views.pictures import picture_of, show_neighbourhood

        return show_neighbourhood(self, name, kind=kind) if name else picture_of(self.knowledge_graph)

    def export(self, format_name: str, path: str | os.PathLike[str] | None = None) -> list[Path]:
        """Write one format, as `kg export` does.

        Args:
            format_name: see `kg.exporters.names`.
            path: the file, or the folder for a format of several files; None takes the format's own name.

        Returns:
            The files; of a format that is a folder, the folder.

        Raises:
            ConfigError: there is no such format, or the path is of the wrong kind.
            ExportError: a file could not be written; what was there is untouched.
        """
        if format_name in folders.names():
            folder = Path(path or folders.get(format_name).folder)
            writing.write_folder(folders.get(format_name).files(self.knowledge_graph, self.content), folder)
            return [folder]
        exporter = exporters.get(format_name)
        return writing.write_file(self.knowledge_graph, exporter, Path(path) if path is not None else None)


class Retouched(NamedTuple):
    """A build that only replaced what the last one says of some posts: see `kg.pipeline.retouching`."""

    report: Report
    steps: tuple[Step, ...]
    held: object
    """All that it was made of, for a process that ends with it: giving that back record by record takes long."""
