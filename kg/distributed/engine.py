"""The order of the stages; every stage does one task per part and ends before the next one begins."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import Counter
from contextlib import contextmanager
from functools import partial
from math import isqrt
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from kg import __version__
from kg.diagnostics import weigh
from kg.distributed import concepts, entities, evidence, export, forms, links, posts, tables, terms
from kg.distributed.cluster import Cluster, Done, connected
from kg.distributed.exchange import Job, Plan, save_plan, tell
from kg.distributed.output import FOLDER, Manifest, Written, check_place, put_in_place, write_quads, write_table
from kg.distributed.records import AuthorRow, CommitRow
from kg.errors import ConfigError, ContentError
from kg.fields import kinds
from kg.graph.build import dataset_of, schemes_of
from kg.machine.files import make_folder
from kg.model import IRI
from kg.pipeline.run import Run
from kg.rdf import statements
from kg.reading import authors
from kg.resolution import check_pins, ledger, unused
from kg.state import STATE
from kg.text.filenames import portable
from kg.text.wording import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from kg.config import Config
    from kg.machine.steps import Progress
    from kg.model import Commit, Diagnostic
    from kg.resolution.ledger import Ledger

R = TypeVar("R")


class Step(NamedTuple):
    """What one stage took."""

    name: str
    seconds: float
    """From its beginning to its end."""
    processor: float
    """Seconds of all its tasks together."""
    sent: int
    """Bytes written to exchanges."""
    memory: int
    """The most memory a worker ever held up to its end, in bytes."""


class Built(NamedTuple):
    """What a build gives."""

    folder: Path
    manifest: Manifest
    severities: Counter[str]
    """Diagnostics of each severity."""
    steps: list[Step]


def parts_for(files: int) -> int:
    """The number of parts: it grows with the square root of the files, so that neither parts nor their number explode.

    >>> parts_for(14), parts_for(2_938), parts_for(100_000_000)
    (2, 17, 3162)
    """
    return max(2, isqrt(files // 10))


def build(
    content: Path,
    output: Path,
    config: Config,
    *,
    scheduler: str | None = None,
    jobs: int | None = None,
    strict: bool = False,
    parts: int | None = None,
    progress: Progress | None = None,
) -> Built:
    """Build the graph of a folder of posts on a cluster.

    Args:
        content: the folder of posts, seen by all workers under its absolute path.
        output: where to write, likewise.
        config: the settings.
        scheduler: the address of a Dask scheduler; None starts a cluster on this machine.
        jobs: processes of a cluster that is started.
        strict: write nothing when a post is faulty.
        parts: tasks of each stage; None decides by the number of files. It changes what lies in which file, nothing
            else.
        progress: told how far each step is.

    Raises:
        ConfigError: wrong settings; no such folder; no posts; no cluster to be reached, or one that does not fit.
        ContentError: a post is faulty and `strict` was asked for.
        ExportError: a file could not be written, or the cluster gave up; the last result is untouched.
    """
    if config.infer_mentions:
        raise ConfigError("--engine dask cannot infer mentions yet; leave infer_mentions out, or build locally")
    state = output / STATE
    check_place(output)
    run = Run.begin(content, config, output)
    run.history.start()
    paths = run.folder.found.paths
    make_folder(state)
    with _working_folder(state) as place:
        work, fresh = place / "work", place / "new"
        for path in (work, fresh):
            path.mkdir()
        decisions = ledger.read(run.ledger)
        plan = Plan(
            str(content.resolve()),
            str(fresh.resolve()),
            config,
            ledger.text_of(run.ledger),
            decisions.path,
            len(paths),
            parts or parts_for(len(paths)),
        )
        save_plan(work, plan, run.folder.inherited)
        _hand_out(work, plan, paths, run.history.commits)
        with connected(scheduler, jobs, place.name, work.resolve(), content.resolve()) as cluster:
            stages = Stages(cluster, work.resolve(), plan, progress)
            manifest, severities = _run(stages, content, decisions, run.folder.diagnostics, strict=strict)
        put_in_place(fresh, output, manifest)
    return Built(output / FOLDER, manifest, severities, stages.steps)


@contextmanager
def _working_folder(state: Path) -> Iterator[Path]:
    """A folder that is gone afterwards, whatever happens."""
    folder = Path(tempfile.mkdtemp(prefix="cluster-", dir=state))
    folder.chmod(0o777 & ~_umask())
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _umask() -> int:
    held = os.umask(0)
    os.umask(held)
    return held


def _hand_out(work: Path, plan: Plan, paths: list[str], commits: dict[str, Commit]) -> None:
    """Tell each part its files, and the commits they come from."""
    for part in range(plan.parts):
        own = paths[part * plan.per_part : (part + 1) * plan.per_part]
        tell(work / "paths" / f"{part:05}", map(os.fsencode, own))
        shown = map(portable, own)
        tell(work / "commits" / f"{part:05}", (CommitRow(path, commits[path]) for path in shown if path in commits))


class Stages:
    """Runs stages, and takes their time."""

    def __init__(self, cluster: Cluster, work: Path, plan: Plan, progress: Progress | None) -> None:
        self.plan = plan
        self.work = work
        self.steps: list[Step] = []
        self._cluster = cluster
        self._progress = progress

    def __call__(self, name: str, task: Callable[[Job], R]) -> list[R]:
        """One stage; what its tasks give, in the order of the parts."""
        tell_progress = partial(self._progress, name) if self._progress else lambda _done, _total: None
        begun = perf_counter()
        results = self._cluster.perform(name, task, self.work, self.plan.parts, tell_progress)
        done: list[Done] = [one for _result, one in results]
        self.steps.append(
            Step(
                name,
                perf_counter() - begun,
                sum(one.seconds for one in done),
                sum(one.sent for one in done),
                max(one.memory for one in done),
            )
        )
        return [result for result, _done in results]


def _run(
    run: Stages, content: Path, decisions: Ledger, found: Sequence[Diagnostic], *, strict: bool
) -> tuple[Manifest, Counter[str]]:
    """All stages, one after another."""
    config = run.plan.config
    pages = [page for part in run("read", posts.read) for page in part]
    known = authors.known(pages, content)
    tell(run.work / "authors", (AuthorRow(slug, author) for slug, author in known.items()))
    said = run("spread", posts.spread)
    tell(run.work / "posts-in-all", [sum(one.posts for one in said)])
    run("links", links.find)
    ids = {key: form for part in run("forms", forms.make) for key, form in part.items()}
    _resolve(run, decisions, ids)
    if config.glossary.enabled:
        for name, task in terms.STAGES:
            run(name, task)
        concepts.run(run)
    held = run("entities", export.entities)
    told = run("posts", export.posts)
    texts = sum(run("texts", export.count_texts))
    split = {place for one in said for place in one.split}
    more = weigh([*found, *unused(decisions, ids, split, config)], config.severity)
    severities = Counter(diagnostic.severity for diagnostic in more)
    for one in told:
        severities.update(one.severities)
    if strict and severities["error"]:
        faults = severities["error"]
        raise ContentError(f"{counted(faults, 'fault')} in the posts, and --strict was asked for: nothing was written")
    everything = [*held, *told]
    fresh = Path(run.plan.output)
    files = [file for one in everything for file in one.files]
    counts: Counter[str] = sum((one.kinds for one in everything), Counter())
    used = frozenset[IRI]().union(*(one.used for one in everything))
    vocabulary = statements.vocabulary(
        dataset_of(config, max(one.newest for one in said)),
        kinds(config),
        schemes_of(config),
        counts,
        used,
        sum(one.triples for one in everything) + texts,
    )
    files.append(write_quads(fresh, "quads/vocabulary.nq", [(IRI(f"{config.base}graph/vocabulary"), vocabulary)]))
    rows = tables.diagnostic_rows(more)
    files.append(write_table(fresh, "diagnostics/folder.parquet", rows, tables.DIAGNOSTICS))
    files.sort(key=lambda file: file.path)
    return (
        Manifest(
            f"kg {__version__}",
            sum(one.posts for one in said),
            counts.total(),
            sum(one.edges for one in told),
            _rows(files, "quads/"),
            files,
        ),
        severities,
    )


def _rows(files: list[Written], folder: str) -> int:
    return sum(file.rows for file in files if file.path.startswith(folder))


def _resolve(run: Stages, decisions: Ledger, ids: dict[tuple[str, str], str]) -> None:
    """From forms to entities."""
    joined = set()
    for group in decisions.same_groups():
        first, *rest = dict.fromkeys(ids[key] for key in group if key in ids) or ("",)
        joined |= {(min(first, other), max(first, other)) for other in rest}
    tell(run.work / "joined", sorted(joined))
    run("answers", forms.answer)
    run("blocks", evidence.meet)
    run("sides", evidence.judge_sides)
    run("abroad", evidence.join_abroad)
    run("ask forms", evidence.ask_forms)
    run("tell forms", evidence.tell_forms)
    run("ask posts", evidence.ask_posts)
    run("tell posts", evidence.tell_posts)
    run("pairs", evidence.judge_pairs)
    rounds, changed = 0, sum(run("labels", entities.begin))
    while changed:
        rounds += 1
        changed = sum(run(f"labels {rounds}", partial(entities.go_on, rounds=rounds)))
    alone = run("gather", partial(entities.gather, rounds=rounds))
    settled = run("settle", entities.settle)
    check_pins([entity for part in (*alone, *settled) for entity in part], decisions, run.plan.config)
