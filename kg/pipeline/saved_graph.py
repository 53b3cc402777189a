"""The graph of the last run, kept in OUTPUT/.kg, so that a question need not build it again.

It holds what questions need: nodes, edges, kinds. A `mark` identifies what it was made from; it is that of the last run
whose files have not changed since, or the graph is not used.
"""

from dataclasses import replace
from pathlib import Path

from kg.config import Config
from kg.graph.chunks import chunks
from kg.graph.model import Dataset, KnowledgeGraph
from kg.machine.collector import without_collector
from kg.model import IRI, Diagnostic, Edge, Node, Record
from kg.namespaces import Kind
from kg.pipeline import manifest
from kg.pipeline.manifest import Manifest
from kg.pipeline.run import Run
from kg.state import BUILD, GRAPH, READING, Encoded, Miss, Reason, State


class _SavedGraph(Record, frozen=True):
    """A graph as it is kept."""

    mark: bytes
    dataset: tuple[str, str, str, str, dict[str, str]]
    kinds: tuple[tuple[str, str, str, str, bool], ...]
    schemes: dict[str, str]
    chunks: tuple[tuple[tuple[Node, ...], tuple[Edge, ...]], ...]


def save(state: State, graph: KnowledgeGraph, mark: bytes) -> None:
    """Save a graph for later questions; chunks have their digests then, which takes the same encoding."""
    data = graph.dataset
    dataset = (data.base, data.title, data.license, data.newest, dict(data.regions))
    kinds = tuple(tuple(kind) for kind in graph.kinds.values())
    own = Encoded(len(chunks(graph)), (chunk.encoded() for chunk in chunks(graph)))
    state.save(GRAPH, (mark, dataset, kinds, dict(graph.schemes), own))


@without_collector()
def load(output: Path, mark: bytes = b"") -> KnowledgeGraph | Miss:
    """The graph that was kept in OUTPUT; if a mark is given, only if it has this one."""
    state = State.of(output)
    saved = state.load(GRAPH, _SavedGraph)
    if isinstance(saved, Miss):
        return saved
    if mark and saved.mark != mark:
        return state.miss(GRAPH, Reason.POSTS)
    base, title, rights, newest, regions = saved.dataset
    return KnowledgeGraph(
        dataset=Dataset(base=IRI(base), title=title, license=rights, newest=newest, regions=regions),
        nodes={node.iri: node for nodes, _edges in saved.chunks for node in nodes},
        edges=tuple([edge for _nodes, edges in saved.chunks for edge in edges]),
        kinds={kind[0]: Kind(kind[0], IRI(kind[1]), *kind[2:]) for kind in saved.kinds},
        schemes={kind: IRI(iri) for kind, iri in saved.schemes.items()},
    )


def as_on_the_page(graph: KnowledgeGraph, output: Path) -> KnowledgeGraph:
    """The graph with the map of the page in OUTPUT, if there is one: so its themes are the regions of that page."""
    from kg.views.map.positions import load_positions

    return replace(graph, hints=load_positions(State.of(output)) or {})


def current(content: Path, output: Path, config: Config) -> Manifest | None:
    """The last run, whatever it wrote, if the posts and all other inputs of the graph are unchanged.

    Raises:
        ConfigError: there is no such folder, or no post in it.
    """
    run = Run.begin(content, config, reuse=output, keep=False)
    parts = manifest.PARTS[READING]
    keys = run.keys.only(*parts)
    for name in (BUILD, READING):
        last = run.state.load(name, Manifest)
        if isinstance(last, Manifest) and last.keys.only(*parts) == keys and manifest.same_files(last, run):
            return last
    return None


def graph_of(
    content: Path, output: Path, config: Config
) -> tuple[KnowledgeGraph, tuple[Diagnostic, ...], bytes] | None:
    """The graph that was kept, the diagnostics of its posts, and its mark; None if the posts have changed.

    Raises:
        ConfigError: as `current`.
    """
    last = current(content, output, config)
    graph = load(output, last.mark) if last else None
    return (graph, last.report.diagnostics, last.mark) if last and isinstance(graph, KnowledgeGraph) else None
