"""Edits that nothing but the edited posts shows, such as that of a title: these posts change, and the graph stands.

What names and terms mean, and where links lead, is not worked out again, and no other post is decoded. This is done
only where it makes no difference:

- an edited post differs in its title and in texts that it says of itself, and in nothing else that was read;
- no link or alias asks for the old title or the new one, and the post is no note about a thing, nor about an author;
- the posts were those of the last build before.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from msgspec.structs import replace as with_values

from kg import exporters
from kg.exporters import Chunked
from kg.graph.build import title_of
from kg.graph.chunks import Chunk, chunks
from kg.graph.model import count_by_kind
from kg.graph.saved import SavedEdges, SavedNodes, names_of
from kg.iris import post_iri
from kg.linking import links, own_names
from kg.model import IRI, Attribute, Post
from kg.pipeline import manifest, saved_graph
from kg.reading import authors
from kg.reading.folder import ReadResult
from kg.state import Miss
from kg.text.languages import language_of

if TYPE_CHECKING:
    from kg.graph.model import KnowledgeGraph
    from kg.pipeline.manifest import Manifest
    from kg.pipeline.run import Run


class Watched(NamedTuple):
    """What makes the title of a post matter to others."""

    asked: frozenset[str] = frozenset()
    """See `kg.linking.links.Links.asked`."""
    notes: frozenset[str] = frozenset()
    """Paths of the posts that names in fields lead to."""


def retouched(run: Run, last: Manifest, read: ReadResult) -> tuple[KnowledgeGraph, Watched] | None:
    """The graph of the last build with the edited posts in it as they are now; None where more may have changed.

    It has neither commits nor a map, and may be written in formats that are written chunk by chunk.

    Args:
        run: the run.
        last: the last build.
        read: what was read, with the entries of the reading before.
    """
    edited = _edited(run, last, read)
    if (
        not edited
        or run.config.infer_mentions
        or not all(isinstance(exporters.get(f).write, Chunked) for f in run.formats)
    ):
        return None
    found = saved_graph.load_encoded(run.state, last.mark, Watched)
    if isinstance(found, Miss):
        return None
    graph, watched = found
    assert isinstance(graph.nodes, SavedNodes)
    own, columns = list(graph.nodes.chunks), graph.nodes.columns
    for old, new in edited:
        if not _is_unseen(run, old, new, watched):
            return None
        iri = post_iri(IRI(run.config.base), new.path)
        if iri not in graph.nodes:
            return None
        place, number = graph.nodes.place(iri)
        entries = [*own[place].entries]
        entry = entries[number]
        more = entry.node.attributes[len(old.attributes) :]
        if entry.node.attributes != (*old.attributes, *more) or (entry.commit and new.path not in run.history.changed):
            return None
        node = with_values(entry.node, label=new.title, labels=(title_of(new),), attributes=(*new.attributes, *more))
        entries[number] = with_values(entry, node=node, commit=None)
        own[place] = Chunk(own[place].first, entries, of_posts=True)
        columns.names[graph.nodes.number(iri)] = names_of(node)
    nodes = SavedNodes(own, columns, graph.nodes.kept)
    result = replace(graph, nodes=nodes, edges=SavedEdges(nodes))
    result.derived[chunks] = own
    result.derived[count_by_kind] = dict(Counter(columns.kinds).most_common())
    return result, watched


def _edited(run: Run, last: Manifest, read: ReadResult) -> list[tuple[Post, Post]]:
    """Each edited post as it was in the last build and as it is; none if more than texts has changed, or may have."""
    pairs = list(zip(read.before, read.entries, strict=False))
    if len(read.before) != len(read.entries) or any(old.path != new.path for old, new in pairs):
        return []
    found = [(old, new) for old, new in pairs if old.fingerprint != new.fingerprint]
    paths = {new.path for _old, new in found}
    changed = run.history.changed
    before = ReadResult(read.folder, read.before)
    known = (manifest.fingerprint(before, c) for c in (changed, [path for path in changed if path not in paths]))
    if last.fingerprint not in known or any(old.diagnostics != new.diagnostics for old, new in found):
        return []
    posts = [(old.post, new.post) for old, new in found]
    edited = [(old, new) for old, new in posts if old and new and _but_for_texts(old) == _but_for_texts(new)]
    return edited if len(edited) == len(posts) else []


def _is_unseen(run: Run, old: Post, new: Post, watched: Watched) -> bool:
    """Whether what has changed in a post makes no difference to anything but its own node."""
    if any(own_names.own_names([new], watched.notes)) or authors.pages([old, new]):
        return False
    keys = links.names_of_post(old, run.folder.site) ^ links.names_of_post(new, run.folder.site)
    if any(table not in links.BY_TITLE or key in watched.asked for table, key in keys):
        return False
    one, two = title_of(old).language, title_of(new).language
    return all(language_of(d.text, one) == language_of(d.text, two) for d in new.definitions)


def _but_for_texts(post: Post) -> Post:
    """A post without its title, and without the texts that it says of itself, but for addresses."""
    return with_values(post, title="", attributes=tuple(map(_but_for_text, post.attributes)))


def _but_for_text(attribute: Attribute) -> Attribute:
    if attribute.datatype or attribute.predicate in (*links.DECLARED, own_names.TYPE):
        return attribute
    return with_values(attribute, value="", language="")
