"""The steps of a build, which knows neither formats nor flags, and the functions that start one.

content/ ─read─▶ posts ─resolve─▶ entities ─link─▶ ─mean─▶ concepts ─build─▶ graph ─write─▶ output/
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from msgspec.structs import replace as with_values

from kg import config as settings
from kg import exporters
from kg.config import Config
from kg.diagnostics import habits, has_errors, weigh
from kg.errors import ConfigError, ContentError
from kg.exporters import folders
from kg.insight.asking import Answers
from kg.machine.collector import without_collector
from kg.machine.cores import cores, may_fork
from kg.pipeline import manifest, saved_graph, writing
from kg.pipeline.manifest import Manifest, Report
from kg.pipeline.run import Run
from kg.reading.folder import read_posts
from kg.state import BUILD, TERMS, Miss, Reason
from kg.text.wording import counted

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    import networkx as nx
    import rdflib

    from kg.graph.model import KnowledgeGraph
    from kg.machine.processes import Partner
    from kg.machine.steps import Progress, Step
    from kg.model import IRI, Diagnostic, Edge, Post
    from kg.pipeline.frames import Frames
    from kg.reading.folder import ReadResult
    from kg.resolution import Resolution
    from kg.stores.embedded import Embedded
    from kg.views.pictures import Picture

_WORTH_A_PROCESS = 300
"""Posts; with fewer, a process for their terms costs more than it saves."""


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


def build(
    content: str | os.PathLike[str] = "content",
    output: str | os.PathLike[str] | None = None,
    *,
    formats: str | Sequence[str] | None = None,
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
        formats: names of formats (see `kg.exporters.names`), as a list or as one text, `"csv,json"`; None takes those
            of the settings.
        config: settings, or the path of a kg.toml; None looks for a kg.toml in CONTENT and above it.
        base: the beginning of all IRIs; overrides the settings.
        drafts: whether drafts are included; overrides the settings.
        strict: write nothing when a post is faulty.
        jobs: number of processes; None decides by the number of posts.
        progress: called with the progress of each step.
        reuse: the OUTPUT of an earlier build, from which posts that have not changed since need not be read again;
            nothing is written there.
        keep: whether state for the next run is nevertheless saved in `reuse`.

    Returns:
        The graph and everything it was made from.

    Raises:
        ConfigError: wrong settings; no such folder; no posts.
        ContentError: a post is faulty and `strict` was asked for.
        ExportError: a file could not be written; those of the last build are untouched.
    """
    content = Path(content)
    if isinstance(formats, str):
        formats = [name for name in map(str.strip, formats.split(",")) if name]
    chosen = configure(content, config).with_changes(base=base, drafts=drafts, formats=formats and tuple(formats))
    into, earlier = (Path(folder) if folder is not None else None for folder in (output, reuse))
    keep = keep or into is not None
    run = Run.begin(content, chosen, into, reuse=earlier, keep=keep, jobs=jobs, progress=progress)
    result = _build(run, strict=strict)
    assert isinstance(result, Result)
    return result


def update(
    content: Path,
    output: Path,
    *,
    config: Config,
    strict: bool = False,
    jobs: int | None = None,
    progress: Progress | None = None,
    whole: bool = True,
) -> tuple[Report, Result | Retouched | None]:
    """Build, unless the last build is still valid: then there is a report but no result.

    It is valid if no file has changed, or if posts have changed only in ways that the graph does not show, such as the
    wording of a paragraph. If not `whole`, it is `Retouched` where that makes no difference.

    Raises:
        KgError: as `build`.
    """
    run = Run.begin(content, config, output, jobs=jobs, progress=progress)
    found = manifest.load(run)
    last = None if isinstance(found, Miss) or (strict and has_errors(found.report.shown)) else found
    if last and manifest.same_files(last, run):
        manifest.settle(run, last)
        return last.report, None
    result = _build(run, strict=strict, last=last, whole=whole)
    if result:
        return result.report, result
    assert last
    return last.report, None


def current(content: Path, output: Path, config: Config, name: str = BUILD) -> Manifest | None:
    """The last build into a folder, if no file has changed since; with `kg.state.READING`, the last reading.

    Raises:
        ConfigError: there is no such folder, or no post in it.
    """
    run = Run.begin(content, config, output if name == BUILD else None, reuse=output)
    last = manifest.load(run, name)
    return last if isinstance(last, Manifest) and manifest.same_files(last, run) else None


@without_collector()
def _build(
    run: Run, *, strict: bool = False, last: Manifest | None = None, whole: bool = True
) -> Result | Retouched | None:
    """The steps of a build.

    Args:
        run: the run.
        strict: write nothing if a post is faulty.
        last: the last build, if it is valid unless posts have changed; if it is, there is no result.
        whole: work everything out, even if it is enough to retouch the last build.

    Raises:
        ContentError, ExportError: as `build`.
    """
    config, step = run.config, run.clock.step
    with step("read"):
        partner = _drafting(run)
        read = read_posts(
            run.content,
            config,
            folder=run.folder,
            state=run.state,
            keys=run.keys,
            jobs=run.jobs,
            progress=run.clock.done,
            meanwhile=_prepare,
        )
        if last is not None and _stands(run, last, read):
            return None
    if last is not None and not whole and (retouched := _retouch(run, last, read, strict=strict)):
        return retouched
    from kg.graph.build import begin_graph, build_graph
    from kg.linking import links, notes
    from kg.pipeline.meanings import Meanings
    from kg.pipeline.watched import Watched
    from kg.resolution import ledger

    with step("read"):
        run.history.start()
        read = read.without_encoded()
        posts = read.posts_with(drafts=config.drafts)
    with step("links"):
        followed = links.resolve(posts, run.folder.site)
        linked = followed.edges
        noted = notes.find(posts, linked)
        posts = notes.say(posts, noted.about)
    with step("resolve"):
        decisions = replace(ledger.read(run.ledger), notes=notes.same(noted.about))
        meanings = Meanings(posts, config, decisions, run.state, run.keys, jobs=run.jobs, partner=partner)
        resolution = meanings.resolution()
    with step("edges"):  # while another process still drafts the concepts
        begun = begin_graph(posts, resolution, config)
        diagnostics = weigh([*read.diagnostics, *resolution.diagnostics, *followed.diagnostics], config.severity)
        candidates = habits.several(diagnostics, config.severity)
        uses = habits.counted(candidates, posts)
        usual = habits.usual(candidates, uses, len(posts), run.folder.site.elsewhere())
    with step("glossary"):
        _prepare_map(run)
        concepts = meanings.concepts()
    inferred: list[Edge] = []
    if config.infer_mentions:
        from kg.suggest import inferred_edges, suggest

        with step("suggest"):
            inferred = inferred_edges(suggest(run.content, posts, resolution, config, jobs=run.jobs), config)
    with step("build"):
        graph = build_graph(
            posts,
            resolution,
            config,
            links=linked,
            notes=noted.about,
            concepts=concepts,
            unwritten=followed.unwritten,
            inferred=inferred,
            commits=run.history.commits,
            hints=_last_map(run),
            begun=begun,
        )
        watched = Watched.of(meanings, read.people, followed, noted, posts, graph, uses, resolution.entities)
        del meanings, concepts, followed, linked, begun  # writing takes room, too
    _check(habits.without(diagnostics, usual), strict=strict)
    save = partial(saved_graph.save, run.state, graph, _mark(run, read), watched)
    written = writing.write(run, graph, save=save)
    _keep_map(graph, run)
    report = Report(
        posts=len(posts),
        entities=len(graph.nodes) - len(posts),
        edges=len(graph.edges),
        files=tuple(path.name for path in written.files),
        diagnostics=diagnostics,
        habits=usual,
    )
    saved = manifest.save(run, read, report, written.stamps, written.chunks) if run.state.writes else None
    token = saved.token if saved and not run.output else b""
    return Result(graph, posts, resolution, report, config, written.files, run.clock.steps, token, run.content)


def _drafting(run: Run) -> Partner | None:
    """A process for the concepts, if it is worth one; started while this one holds little that both have to copy."""
    enough = run.config.glossary.enabled and len(run.folder.found.paths) >= _WORTH_A_PROCESS
    if not enough or run.state.holds(TERMS) or cores(run.jobs) < 2 or not may_fork():
        return None
    from kg.glossary import drafting_beside

    return drafting_beside(run.config)


def _prepare() -> None:
    """Load the modules of the steps after reading, while other processes read."""
    import kg.graph.build
    import kg.linking.links
    import kg.pipeline.meanings  # noqa: F401


def _prepare_map(run: Run) -> None:
    """Load the libraries that draw, which takes long, while another process still drafts the concepts."""
    if _draws(run):
        from scipy import fft, spatial  # noqa: F401
        from scipy.sparse import csgraph  # noqa: F401

        from kg.views import page  # noqa: F401


def _stands(run: Run, last: Manifest, read: ReadResult) -> bool:
    """Whether the content of the posts is unchanged since the last build, which then gets their new stamps."""
    if run.config.infer_mentions or last.fingerprint != manifest.fingerprint(read, run.history.changed):
        run.state.miss(BUILD, Reason.POSTS)
        return False
    manifest.save(run, read, last.report, last.results, last.chunks)
    return True


def _check(diagnostics: Sequence[Diagnostic], *, strict: bool) -> None:
    """Make sure that no post is faulty, if that was asked for.

    Raises:
        ContentError: one is.
    """
    if strict and has_errors(diagnostics):
        faults = sum(d.severity == "error" for d in diagnostics)
        raise ContentError(
            f"{counted(faults, 'fault')} in the posts, and --strict was asked for: nothing was written", diagnostics
        )


def _retouch(run: Run, last: Manifest, read: ReadResult, *, strict: bool) -> Retouched | None:
    """Put what was edited into the last build, if the short way will do; raises as `_check`."""
    from kg.exporters import Chunked
    from kg.graph.saved import decoded
    from kg.pipeline.retouching import retouched

    with run.clock.step("build"):
        found = retouched(run, last, read)
    if found is None:
        return None
    _check(habits.without(found.diagnostics, found.habits), strict=strict)
    graph = found.graph
    report = with_values(
        last.report,
        posts=found.posts,
        entities=len(graph.nodes) - found.posts,
        edges=len(graph.edges),
        diagnostics=found.diagnostics,
        habits=found.habits,
    )
    saved_graph.save(run.state, graph, _mark(run, read), found.watched)
    if not all(isinstance(exporters.get(name).write, Chunked) for name in run.formats):
        with run.clock.step("build"):
            graph = decoded(replace(graph, hints=_last_map(run) or {}))
    written = writing.write(run, graph, last)
    _keep_map(graph, run)
    manifest.save(run, read, report, written.stamps, written.chunks)
    return Retouched(report, run.clock.steps, (found, read, graph, last))


def _mark(run: Run, read: ReadResult) -> bytes:
    return manifest.mark(run.keys, manifest.fingerprint(read, run.history.changed))


def _draws(run: Run) -> bool:
    """Whether one of the formats needs the map."""
    return run.output is not None and any(exporters.get(name).draws for name in run.formats)


def _last_map(run: Run) -> Mapping[IRI, tuple[float, float]] | None:
    if not _draws(run):
        return None
    from kg.views.map.positions import load_positions

    return load_positions(run.state)


def _keep_map(graph: KnowledgeGraph, run: Run) -> None:
    if _draws(run):
        from kg.views.map import chart
        from kg.views.map.positions import save_positions

        save_positions(chart(graph), run.state)


def configure(content: Path, config: Config | str | os.PathLike[str] | None) -> Config:
    """The settings in force for a folder.

    Raises:
        ConfigError: as `kg.config.load`, or the file names a format that does not exist; or the folder does not exist.
    """
    if "\0" in str(content):
        raise ConfigError(f"{str(content)!r}: a path cannot hold a NUL character; name the folder of your posts")
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
