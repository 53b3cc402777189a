"""The graph of the last run, kept in OUTPUT/.kg, so that a question need not build it again.

It holds what questions need: nodes, edges, kinds. A `mark` identifies what it was made from; it is that of the last run
whose files have not changed since, or the graph is not used.
"""

import os
from dataclasses import replace
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import msgspec

from kg.config import Config
from kg.graph.chunks import AboutChunk, Chunk, chunks
from kg.graph.model import Dataset, KnowledgeGraph
from kg.graph.saved import SavedEdges, SavedNodes, columns_of, decoded
from kg.machine.collector import without_collector
from kg.model import IRI, Diagnostic, Post, Record, encode
from kg.namespaces import Kind
from kg.pipeline import manifest
from kg.pipeline.manifest import Manifest
from kg.pipeline.run import Run
from kg.reading.folder import read_posts
from kg.state import BUILD, EDITS, GRAPH, READING, Encoded, Miss, Reason, State

if TYPE_CHECKING:
    from collections.abc import Iterable

T = TypeVar("T")


class _SavedGraph(Record, frozen=True):
    """A graph as it is kept, complete or as the edits of one that is."""

    mark: bytes
    name: bytes
    """Of the complete graph, which no other has."""
    dataset: tuple[str, str, str, str, dict[str, str], int]
    kinds: tuple[tuple[str, str, str, str, bool], ...]
    schemes: dict[str, IRI]
    chunks: tuple[memoryview, ...]
    """Each of them in MessagePack; of an edited graph, those that the complete one does not have."""
    table: tuple[tuple[int, AboutChunk], ...]
    """Of each chunk: its place among those of the complete graph, or -1, -2 … for the first, the second … of the
    others; and what is known of it."""
    columns: memoryview
    """`kg.graph.saved.Columns` in MessagePack."""
    watched: msgspec.Raw
    """See `kg.pipeline.watched`."""


def save(state: State, graph: KnowledgeGraph, mark: bytes, watched: object) -> None:
    """Save a graph for later questions and edits; chunks have their digests then, which takes the same encoding.

    Of a saved graph that was edited, only the edited chunks are written, until they are many.
    """
    if not state.writes:
        return
    data = graph.dataset
    dataset = (data.base, data.title, data.license, data.newest, dict(data.regions), data.max_concepts)
    kinds = tuple(tuple(kind) for kind in graph.kinds.values())
    own = chunks(graph)
    name, places = graph.nodes.kept if isinstance(graph.nodes, SavedNodes) else (b"", {})
    fresh = [chunk for chunk in own if chunk.digest not in places] if name else own
    rows: Iterable[tuple[int, Chunk]] = enumerate(own)
    if edits := len(fresh) * _FEW < len(own):
        numbers = {chunk.digest: ~number for number, chunk in enumerate(fresh)} | dict(places)
        rows = [(numbers[chunk.digest], chunk) for chunk in own]
    else:
        name, fresh = os.urandom(16), own
    encoded = Encoded(len(fresh), chain.from_iterable(_as_bytes(chunk.encoded()) for chunk in fresh))
    table = Encoded(len(own), (encode((place, chunk.about)) for place, chunk in rows))
    about = (dataset, kinds, dict(graph.schemes), encoded, table, encode(columns_of(graph)), watched)
    state.save(EDITS if edits else GRAPH, (mark, name, *about))
    if not edits:
        state.forget(EDITS)


_FEW = 8
"""Edited chunks are kept apart if they are fewer than one in so many."""


def _as_bytes(data: bytes | memoryview) -> tuple[bytes, bytes | memoryview]:
    """Bytes as MessagePack has them: what they hold is not looked at when all of it is read."""
    return b"\xc6" + len(data).to_bytes(4, "big"), data


@without_collector()
def load(output: Path, mark: bytes = b"") -> KnowledgeGraph | Miss:
    """The graph that was kept in OUTPUT; if a mark is given, only if it has this one."""
    found = load_encoded(State.of(output), mark, object)
    if isinstance(found, Miss):
        return found
    try:
        return decoded(found[0])
    except msgspec.DecodeError:  # another version of kg wrote it
        return State.of(output).miss(GRAPH, Reason.DAMAGED)


def load_encoded(state: State, mark: bytes, type_: type[T]) -> tuple[KnowledgeGraph, T] | Miss:
    """As `load`, with what was watched; but nodes, edges and chunks are decoded only when they are looked at."""
    complete = state.load(GRAPH, _SavedGraph)
    if isinstance(complete, Miss):
        return complete
    edits = state.load(EDITS, _SavedGraph)
    if isinstance(edits, Miss) and edits.reason is not Reason.ABSENT:
        return edits
    saved = complete if isinstance(edits, Miss) or edits.name != complete.name else edits
    if mark and saved.mark != mark:
        return state.miss(GRAPH, Reason.POSTS)
    base, title, rights, newest, regions, most = saved.dataset
    own = [
        Chunk.saved(complete.chunks[place] if place >= 0 else saved.chunks[~place], about)
        for place, about in saved.table
    ]
    places = {about.digest: place for place, about in saved.table if place >= 0}
    nodes = SavedNodes(own, saved.columns, (complete.name, places))
    result = KnowledgeGraph(
        dataset=Dataset(base=IRI(base), title=title, license=rights, newest=newest, regions=regions, max_concepts=most),
        nodes=nodes,
        edges=SavedEdges(nodes),
        kinds={kind[0]: Kind(kind[0], IRI(kind[1]), *kind[2:]) for kind in saved.kinds},
        schemes=saved.schemes,
    )
    result.derived[chunks] = own
    return result, msgspec.msgpack.decode(saved.watched, type=type_)


def as_on_the_page(graph: KnowledgeGraph, output: Path) -> KnowledgeGraph:
    """The graph with the map of the page in OUTPUT, if there is one: so its themes are the regions of that page."""
    from kg.views.map.positions import load_positions

    return replace(graph, hints=load_positions(State.of(output)) or {})


def current(content: Path, output: Path, config: Config) -> Manifest | None:
    """The last run, whatever it wrote, if the posts and all other inputs of the graph are unchanged.

    Raises:
        ConfigError: there is no such folder, or no post in it.
    """
    return _current(Run.begin(content, config, reuse=output, keep=False))


@without_collector()
def inputs(run: Run) -> tuple[tuple[Post, ...], KnowledgeGraph, tuple[Diagnostic, ...]] | None:
    """The posts as they were read, the graph that was kept, as `load_encoded` gives it, and their diagnostics.

    None if the posts have changed since.
    """
    last = _current(run)
    found = load_encoded(run.state, last.mark, object) if last else None
    if not last or not found or isinstance(found, Miss):
        return None
    read = read_posts(run.content, run.config, folder=run.folder, state=run.state, keys=run.keys)
    return read.posts_with(drafts=run.config.drafts), found[0], last.report.diagnostics


def _current(run: Run) -> Manifest | None:
    parts = manifest.PARTS[READING]
    keys = run.keys.only(*parts)
    for name in (BUILD, READING):
        last = run.state.load(name, Manifest)
        if isinstance(last, Manifest) and last.keys.only(*parts) == keys and manifest.same_files(last, run):
            return last
    return None


@without_collector()
def graph_of(
    content: Path, output: Path, config: Config, *, whole: bool = True
) -> tuple[KnowledgeGraph, tuple[Diagnostic, ...], bytes] | None:
    """The graph that was kept, the diagnostics of its posts, and its mark; None if the posts have changed.

    If it is not wanted `whole`, it is as `load_encoded` gives it.

    Raises:
        ConfigError: as `current`.
    """
    last = current(content, output, config)
    found = load_encoded(State.of(output), last.mark, object) if last else None
    if not last or not found or isinstance(found, Miss):
        return None
    return decoded(found[0]) if whole else found[0], last.report.diagnostics, last.mark
