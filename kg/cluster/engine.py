"""The order of the stages; every stage runs one task per partition and ends before the next one begins."""

import os
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from heapq import nsmallest
from itertools import chain, pairwise
from math import isqrt
from operator import attrgetter, sub
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from kg import __version__
from kg.cluster import export, names, posts, tables, terms
from kg.cluster.components import components
from kg.cluster.flow import Flow, Job, Plan, StageCost
from kg.cluster.output import FOLDER, SuccessFile, check_place, put_in_place, remove, write_quads, write_table
from kg.cluster.terms import Rank
from kg.cluster.workers import connected
from kg.config import Config
from kg.diagnostics import weigh
from kg.errors import ConfigError, ContentError
from kg.fields import kinds
from kg.graph.build import dataset_of, pages_of, schemes_of
from kg.graph.nesting import Nesting, decisive, nesting
from kg.linking import links, notes
from kg.machine.files import make_folder
from kg.machine.steps import Progress
from kg.model import IRI, Diagnostic, Entity
from kg.pipeline.run import Run
from kg.rdf import statements
from kg.rdf.ntriples import statements_of
from kg.reading import authors, pairs
from kg.reading.people import People
from kg.resolution import ledger
from kg.resolution.ledger import Ledger
from kg.resolution.ledger_checks import check_pins, unused
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
    place = (output if isinstance(output, str) else output.as_posix()).rstrip("/")
    remote = "://" in place
    target = place if remote else os.fspath(Path(place).resolve())
    check_place(target)
    run = Run.begin(content, config, None if remote else Path(place))
    run.history.start()
    decisions = ledger.read(run.ledger)
    paths, folder = run.folder.found.paths, run.folder
    if not remote:
        make_folder(Path(target) / STATE)
    temporary = f"{target}/{STATE}/cluster-{uuid4().hex[:12]}"
    work, fresh = f"{temporary}/work", f"{temporary}/new"
    parts = parts or parts_for(len(paths))
    plan = Plan(work, fresh, config, content.resolve(), folder.site, folder.inherited, len(paths), parts)
    try:
        commits = run.history.commits
        for part in range(parts):
            own = paths[part * plan.per_part : (part + 1) * plan.per_part]
            Job(plan, "", part).save("paths", ((os.fsencode(path), commits.get(portable(path))) for path in own))
        with connected(scheduler, jobs, target, str(plan.content)) as client:
            flow = Flow(client, plan, progress)
            manifest, severities = _run(flow, decisions, folder.diagnostics, strict=strict)
        put_in_place(fresh, target, manifest)
    finally:
        remove(temporary)
    return ClusterBuild(f"{place}/{FOLDER}", manifest, severities, flow.steps)


def _run(
    flow: Flow, decisions: Ledger, found: Iterable[Diagnostic], *, strict: bool
) -> tuple[SuccessFile, Counter[str]]:
    """All stages, one after another, given the diagnostics of the folder."""
    config = flow.plan.config
    linked = _read(flow, decisions)
    spread = flow("spread", posts.spread)
    split = {place for one in spread for place in one.split}
    nested = set().union(*(one.nested for one in spread))
    ids, about = _resolve(flow, sum(one.posts for one in spread), nested, linked)
    concepts = _glossary(flow) if config.glossary.enabled else set()
    receives = ("entities", "iris", "concepts", "attached", "defined", "uses")
    asked = flow.table("links").merge(flow.table("link-names"), on="name")[["node", "other"]].drop_duplicates()
    written = flow("write", export.write, receives, (["linked"], asked), chosen=concepts, **about)
    everything = [one for part in written for one in part]
    wanted = [link for one in everything for link in one.wanted]
    if wanted:
        everything.append(export.write_nodes(flow.plan, "pages", pages_of(IRI(config.base), wanted)))
    linking = links.together((each for one in everything for each in one.ambiguous), (link for link, _to in wanted))
    more = weigh([*found, *unused(flow.plan.ledger, ids, split, config), *linking], config.severity)
    severities = sum((one.severities for one in everything), Counter(diagnostic.severity for diagnostic in more))
    if strict and severities["error"]:
        faults = severities["error"]
        raise ContentError(f"{counted(faults, 'fault')} in the posts, and --strict was asked for: nothing was written")
    counts: Counter[str] = sum((one.kinds for one in everything), Counter())
    texts = flow.table("texts")["text"]  # of definitions, which posts may share
    repeated = sub(*flow.compute("texts", [texts.count(), texts.drop_duplicates().count()]))
    vocabulary = statements.vocabulary(
        dataset_of(config, max(one.newest for one in spread)),
        kinds(config),
        schemes_of(config),
        counts,
        frozenset[IRI]().union(*(one.used for one in everything)),
        sum(file.rows for one in everything for file in one.files if file.path.startswith("quads/")) - repeated,
    )
    folder, described = flow.plan.output, (IRI(f"{config.base}graph/vocabulary"), list(statements_of(vocabulary)))
    files = [
        *(file for one in everything for file in one.files),
        write_quads(folder, "quads/vocabulary.nq", [described]),
        write_table(folder, "diagnostics/folder.parquet", tables.diagnostic_rows(more)),
    ]
    files.sort(key=attrgetter("path"))
    rows: Counter[str] = Counter()
    for file in files:
        rows[file.path.partition("/")[0]] += file.rows
    made = SuccessFile(f"kg {__version__}", counts["post"], rows["nodes"], rows["edges"], rows["quads"], files)
    return made, severities


def _read(flow: Flow, decisions: Ledger) -> set[str]:
    """Read all files, and find out what posts say together about people, and what notes are about.

    If names link to notes, the leader holds all posts in memory, without their bodies. Returns the names of pages that
    links may mean.
    """
    read = flow("read", posts.read)
    people = [one.people for one in read]
    several = pairs.several(people)
    claimed = authors.claimed([page for one in read for page in one.pages], pairs.named(people, several))
    known = authors.known(claimed, flow.plan.content, flow.plan.site.home)
    flow.plan = replace(flow.plan, people=People(several, known, frozenset()))
    about: dict[str, notes.Note] = {}
    asked = {key_of(own.kind, name) for one in read for own in one.notes for name in own.names}
    if any(one.leads for one in read):
        every = sorted(chain.from_iterable(flow("notes", posts.outline)), key=attrgetter("path"))
        about = notes.find(every, links.resolve(every, flow.plan.site).edges).about
    elif asked:
        owns, mentioned = zip(*flow("notes", posts.tell_notes, asked=asked), strict=True)
        about = notes.notes(sorted(chain.from_iterable(owns)), (), set().union(*mentioned))
    flow.plan = replace(flow.plan, notes=about, ledger=replace(decisions, notes=notes.same(about)))
    return set().union(*(one.linked for one in read))


def _resolve(
    flow: Flow, count: int, stated: set[tuple[IRI, IRI]], linked: set[str]
) -> tuple[dict[Key, tuple[int, int]], dict[str, Any]]:
    """From names to entities, given the number of posts, the nestings that they state, and the names that they link.

    Returns the forms of the names in the ledger, and what `export.write` has to know of nesting and links.
    """
    config, decisions = flow.plan.config, flow.plan.ledger
    made = flow("forms", names.make_forms, ["names", "glosses"])
    ids: dict[Key, tuple[int, int]] = {key: form for part in made for key, form in part.items()}
    groups = ([ids[key][0] for key in group if key in ids] for group in decisions.same_groups())
    edges = ["form-edges"]
    if config.resolution.infer:
        words = flow.table("first-names").drop_duplicates().groupby("first")["last"].count()
        (first_names,) = flow.compute("first names", [words[words > 1]])
        by_kind, given = (["forms"], flow.table("kinds")), frozenset(first_names.index)
        flow("evidence", names.find_evidence, ["glossed"], by_kind, first_names=given)
        flow("lists", names.tell_lists, ["known", "asked-posts"], moved=ids)
        members = flow.table("members").drop_duplicates()
        flow("pairs", names.judge, ["clues", "lists"], (["forms"], members), posts=count)
        edges.append("pair-edges")
    roots = components(flow, edges, chain.from_iterable(map(pairwise, groups)))
    settled = flow("settle", names.settle, [], (["forms", "pairs"], roots), linked=linked)
    entities = [entity for part, _meant in settled for entity in part]
    check_pins(entities, decisions, config)
    meant = {key: iri for _entities, part in settled for key, iri in part.items()}
    return ids, {"nesting": _nesting(flow, entities, stated), "linked": meant}


def _nesting(flow: Flow, tags: Sequence[Entity], stated: set[tuple[IRI, IRI]]) -> Nesting:
    """How tags are nested; the leader holds all tags that may be in memory."""
    base, table = IRI(flow.plan.config.base), flow.table("tags")
    asked = decisive(tags, base, stated)
    if not asked:
        return Nesting({}, ())
    (known,) = flow.compute("tags", [table[table["iri"].isin(list(asked))]])
    now = {IRI(iri): IRI(now) for now, iri in sorted(zip(known["now"], known["iri"], strict=True))}
    return nesting(sorted(tags, key=lambda tag: tag.iri), now, base, stated)


def _glossary(flow: Flow) -> set[Rank]:
    """From terms to concepts: the ranks of those that enter the graph."""
    roots = components(flow, ["term-edges"])
    drafts = flow("drafts", terms.make_draft, [], (["definitions", "users", "words", "called"], roots))
    most = flow.plan.config.glossary.max_concepts
    return set(nsmallest(most, chain.from_iterable(drafts)))
