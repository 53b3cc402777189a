"""Per term: which names of terms belong together, and which concepts or entities they are.

The names that a definition gives its term are connected, and so is everything that may become such a name. Everything
that decides about a name is in its component, so `kg.glossary` runs unchanged on the components of a partition.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from operator import itemgetter

import msgspec
import pyarrow as pa

from kg.cluster.flow import Job, nodes_of
from kg.glossary.drafting import draft, glossed
from kg.glossary.families import LONGEST_NAME, DefinitionTable, NameKeys, families, may_be_name
from kg.glossary.matching import VOCABULARIES, EntityMatcher, key_variants, lower_case_words, spellings
from kg.graph.build import title_of
from kg.model import IRI, Definition, Entity, Gloss, Post, encode
from kg.resolution.forms import mentioning
from kg.resolution.names import FoldedName
from kg.text.scripts import has_cjk

Rank = tuple[int, str]
"""See `kg.glossary.drafting.Draft.ranks`."""
_Called = tuple[IRI, str, tuple[str, ...], list[int]]
"""IRI, kind and names of an entity, and the posts that name it, but for those of which only `VOCABULARIES` do."""
_Place = tuple[int, int, str, str]
"""Where a post defines or uses a term: its number, the place among others in it, its path and its language."""


def send_terms(job: Job, posts: Mapping[int, Post]) -> None:
    """Connect the names of terms, and send definitions and glosses to the names of their terms."""
    names_of = {d: (d.term, *d.translations) for post in posts.values() for d in post.definitions}
    names = {name for own in names_of.values() for name in own}
    key_of = NameKeys()
    key_of.add(names)
    key_of.add({d.text for d in names_of if len(d.text) <= LONGEST_NAME and has_cjk(d.text)})
    key_of.add(glossed(posts.values()))
    key = dict(key_of.items())
    edges = {(one, one.replace("-", " ")) for one in map(key.__getitem__, names)}
    for definition, (first, *others) in names_of.items():
        edges.update((key[first], key[name]) for name in others)
        if may_be_name(definition):  # if so, it also tells which words are in lower case
            edges.update((key[first], other) for other in (key[definition.text], *lower_case_words([definition.text])))
    ends = nodes_of(end for edge in edges for end in edge).reshape(-1, 2)
    job.write("term-edges", pa.uint64(), node=ends[:, 0], other=ends[:, 1])
    words = sorted(lower_case_words(names))
    keys = {*key.values(), *words}
    node = dict(zip(keys, nodes_of(keys).tolist(), strict=True))
    for word in words:
        job.send("words", node[word], word)
    for number, post in posts.items():
        language = title_of(post).language
        for place, definition in enumerate(post.definitions):
            job.send("definitions", node[key[definition.term]], ((number, place, post.path, language), definition))
        for place, gloss in enumerate(post.glosses):
            job.send("users", node[key[gloss.outer]], ((number, place, post.path, language), gloss))


def send_called(job: Job, entities: Iterable[tuple[Entity, Sequence[FoldedName]]]) -> None:
    """Send entities, of which their names are given, to the terms that they may be the same as."""
    names_of = [(entity, tuple(dict.fromkeys(spellings(entity))), names) for entity, names in entities]
    key_of = NameKeys()
    key_of.add({name for _entity, names, _folded in names_of for name in names})
    rows = []
    for entity, names, folded in names_of:
        posts = mentioning(name for name in folded if name.kind not in VOCABULARIES)
        row = msgspec.Raw(encode((entity.iri, entity.kind, names, posts)))
        rows += [(key, row) for key in {key for name in names for key in key_variants(key_of(name), entity.kind)}]
    for (_key, row), node in zip(rows, nodes_of(key for key, _row in rows).tolist(), strict=True):
        job.send("called", node, row)


def make_draft(job: Job) -> Sequence[Rank]:
    """Work out the terms of a partition, and send them to where they are written, and to the posts that define them.

    Returns the ranks of those that may enter the graph; whatever is sent about one carries its rank.
    """
    found = sorted(job.inbox("definitions", tuple[_Place, Definition]), key=itemgetter(0))
    table = DefinitionTable([(path, definition) for (_number, _place, path, _language), definition in found])
    groups = families(table)
    called = list(job.inbox("called", _Called))
    words = lower_case_words({name for names in table.names for name in names}).union(job.inbox("words", str))
    path_of = {number: path for (number, _place, path, _language), _definition in found}
    named_by = {(path_of[number], iri) for iri, _kind, _names, posts in called for number in posts if number in path_of}
    known = EntityMatcher.of({row[:3] for row in called}, table, named_by, words)
    number_of = {path: number for number, path in path_of.items()}
    users: dict[str, list[Gloss]] = defaultdict(list)
    for (number, _place, path, _language), gloss in sorted(job.inbox("users", tuple[_Place, Gloss]), key=itemgetter(0)):
        number_of[path] = number
        users[path].append(gloss)
    posts = [Post(path, "", "", "", draft=False, dialect="", glosses=tuple(own)) for path, own in users.items()]
    table.key_of.add(glossed(posts))
    made = draft(posts, table, groups, known, job.config)

    def defined_by(iri: IRI, own: Sequence[int], rank: Rank | None) -> tuple[tuple[str, Definition], ...]:
        for (number, place, _path, _language), _definition in (found[index] for index in own):
            job.send("defined", job.part_of(number), (rank, number, place, iri))
        return tuple((place[2], definition) for place, definition in (found[index] for index in own))

    rank_of: dict[IRI, Rank] = {}
    for (entity, own), rank in zip(made.entities, made.ranks, strict=True):
        rank_of[entity.iri] = rank
        concept = msgspec.structs.replace(entity, definitions=defined_by(entity.iri, own, rank))
        job.send("concepts", job.bucket(entity.iri), (rank, concept))
    for iri, own in made.known:
        job.send("attached", job.bucket(iri), (iri, defined_by(iri, own, None)))
    for path, iri, number in made.uses:
        job.send("uses", job.part_of(number_of[path]), (rank_of[iri], path, iri, users[path][number].line))
    return made.ranks
