"""The steps of a build, which knows neither formats nor flags, and the functions that start one.

content/ ─read─▶ posts ─resolve─▶ entities ─link─▶ ─mean─▶ concepts ─build─▶ graph ─write─▶ output/
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace as with_values

from kg import config as settings
from kg import exporters
from kg.config import Config
from kg.diagnostics import habits, has_errors, weigh
from kg.errors import ConfigError, ContentError
from kg.machine.collector import without_collector
from kg.machine.cores import cores, may_fork
from kg.pipeline import manifest, saved_graph, writing
from kg.pipeline.manifest import Manifest, Report
from kg.pipeline.result import Result, Retouched
from kg.pipeline.run import Run
from kg.reading.folder import read_posts
from kg.state import BUILD, TERMS, Miss, Reason
from kg.text.wording import counted

if TYPE_CHECKING:
    import os
    from collections.abc import Mapping, Sequence

    from kg.graph.model import KnowledgeGraph
    from kg.machine.processes import Partner
    from kg.machine.steps import Progress
    from kg.model import IRI, Diagnostic, Edge
    from kg.reading.folder import ReadResult

_WORTH_A_PROCESS = 300
"""Posts; with fewer, a process for their terms costs more than it saves."""


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
    """Read the posts, and go the shortest of the three ways that leads to the same result.

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
    with step("read"):
        run.history.start()
        read = read.without_encoded()
    return _whole(run, read, partner, strict=strict)


def _whole(run: Run, read: ReadResult, partner: Partner | None, *, strict: bool) -> Result:
    """The steps after reading, all of them; raises as `build`."""
    from kg.graph.build import begin_graph, build_graph
    from kg.linking import links, notes
    from kg.pipeline.meanings import Meanings
    from kg.pipeline.watched import Watched
    from kg.resolution import ledger

    config, step = run.config, run.clock.step
    with step("read"):
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
