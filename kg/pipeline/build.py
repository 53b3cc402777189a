"""The order of the steps: read, resolve, build, export. It knows neither formats nor flags.

content/ ─read─▶ posts ─resolve─▶ entities ─build─▶ graph ─export─▶ output/
"""

from __future__ import annotations

import gc
import glob
import os
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from kg import config as settings
from kg import exporters
from kg.config import Config
from kg.diagnostics import has_errors, weigh
from kg.errors import ConfigError, ContentError, LedgerError
from kg.machine.files import STATE, below
from kg.machine.steps import Clock, Step
from kg.pipeline import manifest, writing
from kg.pipeline.manifest import Report
from kg.reading import cache as posts_cache
from kg.reading.folder import Folder, ReadResult, look, read_posts
from kg.reading.history import History
from kg.text.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    import networkx as nx
    import rdflib

    from kg.graph.model import KnowledgeGraph
    from kg.machine.steps import Progress
    from kg.model import IRI, Diagnostic, Edge, Post
    from kg.pipeline.manifest import Manifest
    from kg.resolution import Resolution


@dataclass(frozen=True)
class Result:
    """What a build gives."""

    knowledge_graph: KnowledgeGraph
    posts: tuple[Post, ...]
    resolution: Resolution
    diagnostics: tuple[Diagnostic, ...]
    """Every fault and doubt, in file and line order."""
    config: Config
    read: ReadResult
    """What the files say, before anything was made of it."""
    written: tuple[Path, ...] = ()
    """The files this build wrote."""
    steps: tuple[Step, ...] = ()
    """What was done, and what it took."""
    token: bytes = b""
    """What was read, in 32 bytes, if it was kept for the next run."""

    @property
    def report(self) -> Report:
        """The build in numbers."""
        graph = self.knowledge_graph
        return Report(
            posts=len(self.posts),
            entities=len(graph.nodes) - len(self.posts),
            edges=len(graph.edges),
            files=tuple(path.name for path in self.written),
            diagnostics=self.diagnostics,
        )

    @cached_property
    def graph(self) -> nx.MultiDiGraph[str]:
        """The graph for networkx: see `KnowledgeGraph.to_networkx`."""
        return self.knowledge_graph.to_networkx()

    @property
    def ok(self) -> bool:
        """Whether no post is faulty."""
        return not has_errors(self.diagnostics)

    def to_rdflib(self) -> rdflib.Graph:
        """The graph for rdflib (https://rdflib.readthedocs.io), with its prefixes bound."""
        from kg.rdf.terms import to_rdflib

        return to_rdflib(self.knowledge_graph)


def build(
    content: str | os.PathLike[str] = "content",
    output: str | os.PathLike[str] | None = None,
    *,
    formats: Sequence[str] | None = None,
    config: Config | str | os.PathLike[str] | None = None,
    base: str | None = None,
    drafts: bool | None = None,
    strict: bool = False,
    jobs: int | None = None,
    progress: Progress | None = None,
    reuse: str | os.PathLike[str] | None = None,
    keep: bool = False,
) -> Result:
    """Read a folder of posts and build its graph.

    Args:
        content: the folder of posts.
        output: where to write; None writes nothing.
        formats: names of formats (see `kg.exporters.names`); None takes those of the settings.
        config: settings, or the path of a kg.toml; None looks for a kg.toml in CONTENT and above it.
        base: where IRIs begin, over the settings.
        drafts: whether drafts are in, over the settings.
        strict: write nothing when a post is faulty.
        jobs: number of processes; None decides by the number of posts.
        progress: told how far each step is.
        reuse: the OUTPUT of an earlier build, from which posts that have not changed since need not be read again;
            nothing is written there.
        keep: whether what was read is kept in `reuse` all the same, for the next run.

    Returns:
        The graph and everything it was made from.

    Raises:
        ConfigError: wrong settings; no such folder; no posts.
        ContentError: a post is faulty and `strict` was asked for.
        ExportError: a file could not be written; those of the last build are untouched.
    """
    content = Path(content)
    chosen = configure(content, config).with_changes(base=base, drafts=drafts, formats=formats and tuple(formats))
    into = Path(output) if output is not None else None
    clock = Clock(progress)
    with _no_cycles():
        earlier = into or (Path(reuse) if reuse is not None else None)
        folder = look(content, without(chosen, content, earlier, refuse=into is not None))
        read = _read(folder, earlier, chosen, jobs, clock, keep=into is not None)
        result = _build(read, into, chosen, strict, jobs, clock, earlier)
    if keep and into is None and earlier is not None:
        result = replace(result, token=_keep_read(earlier / STATE, chosen, read, result.report))
    return result


def _read(
    folder: Folder, earlier: Path | None, config: Config, jobs: int | None, clock: Clock, *, keep: bool = True
) -> ReadResult:
    """Read the posts, with the help of what an earlier build left; it is brought up to date with `keep`."""
    cache = earlier / STATE / posts_cache.FILE_NAME if earlier else None
    with clock.step("read"):
        return read_posts(
            folder.content,
            config,
            folder=folder,
            jobs=jobs,
            progress=clock.done,
            cache=cache,
            keep=keep,
            meanwhile=_prepare,
        )


def _prepare() -> None:
    """Load the modules of the steps after reading, while other processes read."""
    import kg.graph.build
    import kg.linking.links
    import kg.pipeline.meanings  # noqa: F401


def _build(
    read: ReadResult,
    output: Path | None,
    chosen: Config,
    strict: bool,
    jobs: int | None,
    clock: Clock,
    earlier: Path | None,
) -> Result:
    from kg.graph.build import begin_graph, build_graph
    from kg.linking import links
    from kg.pipeline import meanings
    from kg.reading.site import site_of
    from kg.resolution import ledger

    content = read.content
    with clock.step("read"):
        every = read.posts
    wanted = list(dict.fromkeys(chosen.formats))
    draws = output is not None and any(exporters.get(name).draws for name in wanted)
    state = output / STATE if output is not None else None
    history = History(content)
    posts = every if chosen.drafts else tuple(post for post in every if not post.draft)
    decided = ledger.read(ledger_path(content, chosen))
    with clock.step("resolve"):
        path = earlier / STATE / meanings.FILE_NAME if earlier else None
        meant = meanings.Meanings(posts, chosen, decided, jobs=jobs, path=path, keep=output is not None)
        resolution = meant.resolution()
    with clock.step("edges"):
        found = links.resolve(posts, site_of(content, chosen))
        begun = begin_graph(posts, resolution, chosen)
    with clock.step("glossary"):
        concepts = meant.concepts()
    inferred: list[Edge] = []
    if chosen.infer_mentions:
        from kg.suggest import inferred_edges, suggest

        with clock.step("suggest"):
            inferred = inferred_edges(suggest(content, posts, resolution, chosen, jobs=jobs), chosen)
    with clock.step("build"):
        graph = build_graph(
            posts,
            resolution,
            chosen,
            links=found.edges,
            concepts=concepts,
            unwritten=found.unwritten,
            inferred=inferred,
            commits=history.commits(),
            hints=_last_map(state) if state and draws else None,
            begun=begun,
        )
    diagnostics = weigh([*read.diagnostics, *resolution.diagnostics, *found.diagnostics], chosen.severity)
    result = Result(graph, posts, resolution, diagnostics, chosen, read)
    if strict and not result.ok:
        faults = sum(d.severity == "error" for d in result.diagnostics)
        raise ContentError(
            f"{counted(faults, 'fault')} in the posts, and --strict was asked for: nothing was written",
            result.diagnostics,
        )
    if output is not None and state is not None:
        written = writing.write(graph, output, state, wanted, clock.step, jobs=jobs)
        result = replace(result, written=written.files)
        if draws:
            _keep_map(graph, state)
        near = [ledger_path(content, chosen), *read.beside]
        key = manifest.key_of(chosen, content, wanted, near, history.head())
        meant.save()
        manifest.save(state, key, read, history, written.stamps, result.report, chunks=written.chunks)
    return replace(result, steps=clock.steps)


@contextmanager
def _no_cycles() -> Iterator[None]:
    """Stop the cyclic garbage collector: a build makes millions of records and no cycles, and it looks at them all."""
    running = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if running:
            gc.enable()


def update(
    content: Path,
    output: Path,
    *,
    config: Config,
    strict: bool = False,
    jobs: int | None = None,
    progress: Progress | None = None,
) -> tuple[Report, Result | None]:
    """Build, unless the last build stands: then there is a report, and no result.

    It stands when no file has changed; and when posts have changed only in what no step after reading looks at, such as
    the wording of a paragraph.

    Raises:
        KgError: as `build`.
    """
    clock = Clock(progress)
    folder = look(content, without(config, content, output))
    history = History(content, log=False)
    last = _comparable(folder, output, config, history)
    stands = last is not None and not (strict and has_errors(last.report.diagnostics))
    if last is not None and stands and manifest.same_files(last, content, folder.found.paths, history):
        return last.report, None
    with _no_cycles():
        read = _read(folder, output, config, jobs, clock)
        if last is not None and stands and last.said == manifest.said(read, history) and not config.infer_mentions:
            manifest.save(output / STATE, last.key, read, history, last.results, last.report, chunks=last.chunks)
            return last.report, None
        result = _build(read, output, config, strict, jobs, clock, output)
    return result.report, result


def current(content: Path, output: Path, config: Config, name: str = manifest.FILE_NAME) -> Manifest | None:
    """The last build into a folder, if no file has changed since; with `manifest.READ`, the last reading.

    Raises:
        ConfigError: there is no such folder, or no post in it.
    """
    folder = look(content, without(config, content, output, refuse=name == manifest.FILE_NAME))
    history = History(content, log=False)
    last = _comparable(folder, output, config, history, name)
    return last if last is not None and manifest.same_files(last, content, folder.found.paths, history) else None


def _comparable(
    folder: Folder, output: Path, config: Config, history: History, name: str = manifest.FILE_NAME
) -> Manifest | None:
    """The last build into a folder, if it had the same settings, and its results are as it left them."""
    last = manifest.load(output / STATE, name)
    if last is None or not manifest.has_results(last, output):
        return None
    near = [ledger_path(folder.content, config), *folder.beside]
    formats = [] if name == manifest.READ else list(dict.fromkeys(config.formats))
    key = manifest.key_of(config, folder.content, formats, near, history.head())
    return last if last.key == key else None


def _keep_read(state: Path, config: Config, read: ReadResult, report: Report) -> bytes:
    """Keep what was read for the next run."""
    near = [ledger_path(read.content, config), *read.beside]
    history = History(read.content, log=False)
    key = manifest.key_of(config, read.content, [], near, history.head())
    posts_cache.save(state / posts_cache.FILE_NAME, read.key, read.entries, read.begun)
    return manifest.save(state, key, read, history, (), report, manifest.READ).token


def _last_map(state: Path) -> Mapping[IRI, tuple[float, float]] | None:
    from kg.views.map.positions import FILE_NAME, load_positions

    return load_positions(state / FILE_NAME)


def _keep_map(graph: KnowledgeGraph, state: Path) -> None:
    from kg.views.map import chart
    from kg.views.map.positions import FILE_NAME, save_positions

    save_positions(chart(graph), state / FILE_NAME)


def ledger_path(content: Path, config: Config) -> Path:
    """Where the identity ledger is, or would be.

    Raises:
        LedgerError: that is not within CONTENT, or a link leads there.
    """
    name = config.resolution.ledger
    if PurePath(name).is_absolute() or os.pardir in PurePath(name).parts or "\0" in name:
        raise LedgerError(f"resolution.ledger: {name!r} is no path within CONTENT; write one, such as 'kg-ledger.txt'")
    try:
        return below(content, name)
    except OSError as error:
        raise LedgerError(f"{error.filename}: {error.strerror}; a ledger is a file within CONTENT") from error


def configure(content: Path, config: Config | str | os.PathLike[str] | None) -> Config:
    """The settings in force for a folder.

    Raises:
        ConfigError: as `kg.config.load`, or the file names a format that is not there; or no folder has such a name.
    """
    if "\0" in str(content):
        raise ConfigError(f"{str(content)!r}: no path holds a NUL character; give the folder that holds your posts")
    if isinstance(config, Config):
        return config
    path = Path(config) if config is not None else settings.find(content)
    if path is None:
        return Config()
    chosen = settings.load(path)
    try:  # for commands that write none of them, too: a wrong setting is wrong before it matters
        exporters.check(chosen.formats)
    except ConfigError as error:
        raise ConfigError(f"{path}: formats: {error}") from error
    return chosen


def without(config: Config, content: Path, output: str | os.PathLike[str] | None, *, refuse: bool = True) -> Config:
    """Leave OUTPUT out of what is read where it lies within CONTENT.

    Raises:
        ConfigError: it is CONTENT, and that is to be refused.
    """
    if output is None:
        return config
    try:
        inside = Path(output).resolve().relative_to(content.resolve())
    except ValueError:
        return config
    if inside == Path():
        if not refuse:
            return config
        raise ConfigError(f"{output}: OUTPUT and CONTENT are the same folder; choose another with -o")
    return config.with_changes(exclude=(*config.exclude, glob.escape(inside.as_posix())))
