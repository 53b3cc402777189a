"""The order of the stages; every stage runs one task per partition and ends before the next one begins."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from math import isqrt
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

from kg import __version__
from kg.cluster import export, names, posts, store, tables, terms
from kg.cluster.components import find_components
from kg.cluster.flow import Flow, StageCost
from kg.cluster.job import Job, Plan, publish
from kg.cluster.output import FOLDER, SuccessFile, check_place, put_in_place, write_quads, write_table
from kg.cluster.workers import connected
from kg.config import Config
from kg.diagnostics import weigh
from kg.errors import ConfigError, ContentError
from kg.fields import kinds
from kg.graph.build import dataset_of, schemes_of
from kg.graph.nesting import Nesting, above, may_be_nested, nesting
from kg.linking import links, notes
from kg.linking.notes import Note
from kg.machine.files import make_folder
from kg.machine.steps import Progress
from kg.model import IRI, Entity
from kg.pipeline.run import Run
from kg.rdf import statements
from kg.rdf.ntriples import statements_of
from kg.reading import authors, pairs
from kg.reading.folder import Folder
from kg.reading.site import Site
from kg.resolution import check_pins, ledger, unused
from kg.resolution.ledger import Ledger
from kg.resolution.names import Key, key_of
from kg.state import STATE
from kg.text.filenames import portable
from kg.text.wording import counted


class ClusterBuild(NamedTuple):
    """The result of a build."""

    folder: str
    """A URL, or a path."""
    manifest: SuccessFile
    severities: Counter[str]
    """Diagnostics of each severity."""
    steps: list[StageCost]


def parts_for(files: int) -> int:
    """The number of parts: one for every 2,000 files, but no more than the square root of the number of files.

    >>> parts_for(14), parts_for(2_938), parts_for(100_000_000)
    (2, 2, 10000)
    """
    return max(2, min(files // 2000, isqrt(files)))


def build(
    content: Path,
    output: Path | str,
    config: Config,
    *,
    scheduler: str | None = None,
    jobs: int | None = None,
    strict: bool = False,
    parts: int | None = None,
    progress: Progress | None = None,
) -> ClusterBuild:
    """Build the graph of a folder of posts on a cluster.

    Args:
        content: the folder of posts, visible to all workers under the same absolute path.
        output: where to write: a folder visible to all workers, or an fsspec URL such as `s3://bucket/folder`.
        config: the settings.
        scheduler: the address of a Dask scheduler; None starts a cluster on this machine.
        jobs: number of processes of a cluster that is started.
        strict: write nothing when a post is faulty.
        parts: tasks per stage; None decides by the number of files. It only affects which file holds what.
        progress: called with the progress of each step.

    Raises:
        ConfigError: wrong settings; no such folder; no posts; no cluster can be reached, or its workers do not match.
        ContentError: a post is faulty and `strict` was asked for.
        ExportError: a file could not be written, or the cluster gave up; the last result is untouched.
    """
    if config.infer_mentions:
        raise ConfigError("--engine dask cannot infer mentions yet; leave infer_mentions out, or build locally")
    place = output if isinstance(output, str) else output.as_posix()
    remote = "://" in place
    target = place if remote else os.fspath(Path(place).resolve())
    check_place(target)
    run = Run.begin(content, config, None if remote else Path(place))
    run.history.start()
    decisions = ledger.read(run.ledger)
    paths = run.folder.found.paths
    if not remote:
        make_folder(Path(target) / STATE)
    temporary = store.join(target, STATE, f"cluster-{uuid4().hex[:12]}")
    work, fresh = store.join(temporary, "work"), store.join(temporary, "new")
    plan = Plan(str(content.resolve()), fresh, config, len(paths), parts or parts_for(len(paths)))
    try:
        publish(work, "plan", plan)
        publish(work, "inherited", run.folder.inherited)
        publish(work, "site", run.folder.site)
        commits = run.history.commits
        for part in range(plan.parts):
            own = paths[part * plan.per_part : (part + 1) * plan.per_part]
            publish(work, f"paths-{part:05}", list(map(os.fsencode, own)))
            publish(work, f"commits-{part:05}", {path: commits[path] for path in map(portable, own) if path in commits})
        with connected(scheduler, jobs, target, plan.content, progress) as cluster:
            flow = Flow(cluster, work, plan.parts)
            manifest, severities = _run(flow, plan, content, decisions, run.folder, strict=strict)
        put_in_place(fresh, target, manifest)
    finally:
        store.remove(temporary)
    return ClusterBuild(store.join(place, FOLDER), manifest, severities, flow.steps)


def _run(
    flow: Flow, plan: Plan, content: Path, decisions: Ledger, folder: Folder, *, strict: bool
) -> tuple[SuccessFile, Counter[str]]:
    """All stages, one after another."""
    config, work = plan.config, flow.work
    glossary = config.glossary.enabled
    read = flow("read", posts.read)
    people = [one.people for one in read]
    several = pairs.several(people)
    claimed = authors.claimed([page for one in read for page in one.pages], pairs.named(people, several))
    publish(work, "several", several)
    publish(work, "authors", authors.known(claimed, content))
    about = _notes(flow, read, config, folder.site)
    publish(work, "notes", about)
    decisions = replace(decisions, notes=notes.same(about))
    publish(work, "ledger", decisions)
    spread = flow("spread", posts.spread, sends=(*posts.SENDS, *(terms.SENDS if glossary else ())))
    publish(work, "posts", sum(one.posts for one in spread))
    ids = _resolve(flow, config, decisions, set().union(*(one.nested for one in spread)))
    if glossary:
        _glossary(flow, config, sum(one.edges for one in spread))
    receives = ("entities", "iris", "linked", *(terms.CONCEPTS if glossary else ()))
    written = flow("write", export.write, receives=receives)
    texts = flow.table("texts").drop_duplicates().map_partitions(len, meta=("texts", int))
    (shared,) = flow.cluster.compute("texts", [texts.sum()])
    split = {place for one in spread for place in one.split}
    everything = [one for part in written for one in part]
    wanted = [link for one in everything for link in one.wanted]
    if wanted:
        everything.append(export.write_pages(plan, wanted))
    more = weigh(
        [*folder.diagnostics, *unused(decisions, ids, split, config), *links.wanted(link for link, _meant in wanted)],
        config.severity,
    )
    severities = Counter(diagnostic.severity for diagnostic in more)
    for one in everything:
        severities.update(one.severities)
    if strict and severities["error"]:
        faults = severities["error"]
        raise ContentError(f"{counted(faults, 'fault')} in the posts, and --strict was asked for: nothing was written")
    files = [file for one in everything for file in one.files]
    counts: Counter[str] = sum((one.kinds for one in everything), Counter())
    vocabulary = statements.vocabulary(
        dataset_of(config, max(one.newest for one in spread)),
        kinds(config),
        schemes_of(config),
        counts,
        frozenset[IRI]().union(*(one.used for one in everything)),
        sum(one.triples for one in everything) + int(shared),
    )
    described = [(IRI(f"{config.base}graph/vocabulary"), list(statements_of(vocabulary)))]
    files.append(write_quads(plan.output, "quads/vocabulary.nq", described))
    files.append(write_table(plan.output, "diagnostics/folder.parquet", tables.diagnostic_rows(more)))
    files.sort(key=lambda file: file.path)
    return (
        SuccessFile(
            f"kg {__version__}",
            sum(one.posts for one in spread),
            counts.total(),
            sum(one.edges for one in everything),
            sum(file.rows for file in files if file.path.startswith("quads/")),
            files,
        ),
        severities,
    )


def _notes(flow: Flow, read: Sequence[posts.ReadPart], config: Config, site: Site) -> dict[str, Note]:
    """What each note is about. If names link to notes, the leader holds all posts in memory, without their bodies.

    Publishes as "wanted" the names that links may mean while no page of that name is written.
    """
    leads = any(one.leads for one in read)
    wanted = {(kind, name) for one in read for name in one.linked for kind in kinds(config)}
    asked = wanted.union(key_of(own.kind, name) for one in read for own in one.notes for name in own.names)
    told = flow("notes", partial(posts.tell_notes, asked=None if leads else asked)) if leads or asked else []
    publish(flow.work, "wanted", {key for one in told for key in one.mentioned & wanted})
    return posts.find_notes(told, site)


def _resolve(flow: Flow, config: Config, decisions: Ledger, nested: set[tuple[IRI, IRI]]) -> dict[Key, str]:
    """From names to entities, given the nestings that posts state; returns the forms of the names in the ledger."""
    clues = names.CLUES if config.resolution.infer else ()
    made = flow("forms", _meet, receives=posts.SENDS, sends=("linked", "known", *clues))
    ids = {key: form for part, _kinds in made for key, form in part.items()}
    joined: set[tuple[str, str]] = set()
    for group in decisions.same_groups():
        first, *rest = dict.fromkeys(ids[key] for key in group if key in ids) or ("",)
        joined |= {(min(first, other), max(first, other)) for other in rest}
    pairs = 0
    if config.resolution.infer:
        publish(flow.work, "joined", joined)
        publish(flow.work, "first-names", _first_names(flow))
        found = sorted({kind for _ids, part in made for kind in part}) or [""]
        flow("evidence", partial(names.find_evidence, groups=found), sends=clues, tasks=len(found))
        flow("lists", names.tell_lists, receives=("known", "asked-posts"), sends=("lists",))
        pairs = sum(flow("pairs", names.judge, receives=("clues", "members", "lists"), sends=("pairs",)))
    by_ledger = [(names.number_of(a), names.number_of(b)) for a, b in joined]
    roots = find_components(flow, "pair-edges", pairs, by_ledger)
    flow("labels", names.send_labels, frame=roots, sends=("labels",))
    sends = ("iris", "entities", *(("called",) if config.glossary.enabled else ()))
    alone = flow("gather", names.gather, receives=("labels", "pairs"), sends=(*names.JOINED, *sends))
    settled = flow("settle", names.settle, receives=names.JOINED, sends=sends)
    entities = [entity for part in (*alone, *settled) for entity in part]
    pinned = set(decisions.pins().values())
    check_pins([entity for entity in entities if entity.iri in pinned], decisions, config)
    tags = [entity for entity in entities if may_be_nested(entity)]
    publish(flow.work, "nesting", _nesting(flow, tags, nested, IRI(config.base)))
    return ids


def _nesting(flow: Flow, tags: Sequence[Entity], stated: set[tuple[IRI, IRI]], base: IRI) -> Nesting:
    """How tags are nested; the leader holds all tags that may be in memory."""
    if not tags and not stated:
        return Nesting({}, ())
    asked = {iri for tag in tags for iri, _name in above(tag, base)}
    publish(flow.work, "above", asked.union(*stated))
    known = {iri: now for part in flow("tags", names.tell_tags, receives=("entities",)) for iri, now in part.items()}
    return nesting(sorted(tags, key=lambda tag: tag.iri), known, base, stated)


def _meet(job: Job) -> tuple[dict[Key, str], set[str]]:
    """What is done where all spellings of a name meet."""
    posts.find_links(job)
    return names.make_forms(job)


def _first_names(flow: Flow) -> frozenset[str]:
    """Words that begin the full names of at least two people; see `kg.resolution.evidence.surnames.given`."""
    counts = flow.table("first-names").drop_duplicates().groupby("first")["last"].count()
    (found,) = flow.cluster.compute("first names", [counts[counts > 1]])
    return frozenset(found.index)


def _glossary(flow: Flow, config: Config, edges: int) -> None:
    """From terms to concepts."""
    roots = find_components(flow, "term-edges", edges)
    flow("term labels", terms.send_labels, frame=roots, sends=("term-labels",))
    flow("terms", terms.label, receives=terms.LABELLED, sends=("labels-of-names", "called-so"))
    flow("definitions", export.define, receives=("iris", "labels-of-names"), sends=terms.DEFINES)
    ranks = flow("drafts", terms.make_draft, receives=("called-so", *terms.DEFINES), sends=terms.CONCEPTS)
    publish(flow.work, "concepts", terms.cut(ranks, config.glossary.max_concepts))
