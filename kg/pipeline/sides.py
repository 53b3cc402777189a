"""One side of a comparison: a build, a file of RDF, a commit of Git, or the posts as they are."""

import tempfile
from collections import defaultdict
from pathlib import Path

import pyoxigraph as ox

from kg.config import Config
from kg.errors import ConfigError
from kg.fields import IDENTIFIER, PUBLISHED
from kg.graph.model import Dataset, KnowledgeGraph
from kg.insight.difference import Side
from kg.model import IRI, Attribute, Edge, Node, Text
from kg.namespaces import KINDS, RDFS, SKOS, VOID
from kg.pipeline import saved_graph
from kg.pipeline.manifest import Manifest
from kg.rdf.statements import REPLACED_BY
from kg.reading.history import History
from kg.state import BUILD, State
from kg.state.stamps import NO_FILE


def side(name: str, content: Path, config: Config, *, jobs: int | None = None) -> Side:
    """The side of a comparison that a name stands for.

    Args:
        name: a folder of results, a file of RDF, or a revision of the repository that CONTENT lies in (`HEAD~5`).
        content: the folder of posts.
        config: the settings; those of today, for a commit as well.
        jobs: the number of processes.

    Raises:
        ConfigError: it is none of these.
    """
    path = Path(name)
    if path.is_dir():
        return _built(path)
    if path.is_file():
        return Side(of_file(path))
    history = History(content)
    commit = history.find(name)
    if not commit and name == "HEAD" and history.index != NO_FILE:  # a repository before its first commit
        return Side(KnowledgeGraph(dataset=Dataset(base=IRI(config.base)), nodes={}, edges=()))
    if not commit:
        raise ConfigError(f"{name}: neither a folder of results, nor an RDF file, nor a commit of {content}")
    from kg.pipeline.build import build

    with tempfile.TemporaryDirectory() as folder:
        there = Path(folder) / "content"
        if not history.put(commit, there):
            raise ConfigError(f"{name}: there was no {content} in this commit")
        result = build(there, config=config, jobs=jobs)
    return Side(result.knowledge_graph, result.diagnostics)


def _built(output: Path) -> Side:
    """The last build into a folder; without its state, the RDF that it wrote."""
    from kg.stores.loaded import built_graph

    state = State.of(output)
    last = state.load(BUILD, Manifest)
    graph = saved_graph.load(output, last.mark) if isinstance(last, Manifest) else last
    if isinstance(last, Manifest) and isinstance(graph, KnowledgeGraph):
        return Side(graph, last.report.diagnostics)
    return Side(of_file(built_graph(output)))


def of_file(path: Path) -> KnowledgeGraph:
    """A graph from RDF that `kg` wrote: IRIs, labels, kinds, links, dates; lines are not in it.

    Raises:
        ConfigError: the file cannot be read, or holds no graph of `kg`.
    """
    from kg.stores import embedded

    loaded = embedded.of_file(path).store
    literals = (quad.object for quad in loaded.quads_for_pattern(None, ox.NamedNode(VOID + "uriSpace"), None))
    spaces = {term.value for term in literals if isinstance(term, ox.Literal)}
    base = min(spaces, key=len, default="")
    if not base:
        raise ConfigError(f"{path}: not a graph that kg wrote; it says nothing of its base")
    labels: dict[str, list[Text]] = defaultdict(list)
    aliases: dict[str, list[Text]] = defaultdict(list)
    named = {RDFS + "label": labels, SKOS + "altLabel": aliases}
    former: dict[str, list[IRI]] = defaultdict(list)
    attributes: dict[str, list[Attribute]] = defaultdict(list)
    links: set[tuple[str, str, str]] = set()
    for quad in loaded.quads_for_pattern(None, None, None, ox.DefaultGraph()):
        s, p, o = quad.subject, quad.predicate, quad.object
        if not isinstance(s, ox.NamedNode) or isinstance(o, ox.Triple) or not s.value.startswith(base):
            continue
        subject, predicate = s.value, p.value
        if isinstance(o, ox.Literal) and predicate in named:
            named[predicate][subject].append(Text(o.value, o.language or ""))
        elif predicate == REPLACED_BY:
            former[o.value].append(IRI(subject))
        elif predicate in (PUBLISHED, IDENTIFIER):
            attributes[subject].append(Attribute(IRI(predicate), o.value))
        elif isinstance(o, ox.NamedNode):
            links.add((subject, predicate, o.value))
    kinds = [(space, space[len(base) :].rstrip("/")) for space in spaces if space != base]
    nodes = {}
    for iri in sorted(labels):
        kind = next((name for space, name in kinds if iri.startswith(space)), "")
        if kind:
            names = sorted(labels[iri], key=str)
            nodes[IRI(iri)] = Node(
                IRI(iri), kind, names[0].value, tuple(names), tuple(sorted(aliases[iri], key=str)),
                tuple(sorted(attributes[iri], key=str)), tuple(sorted(former[iri])),
            )  # fmt: skip
    edges = sorted(link for link in links if link[0] in nodes and link[2] in nodes)
    return KnowledgeGraph(
        dataset=Dataset(base=IRI(base)),
        nodes=nodes,
        edges=tuple(Edge(IRI(s), IRI(p), IRI(o), "") for s, p, o in edges),
        kinds=KINDS,
    )
