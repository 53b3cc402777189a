"""The inputs and outputs of the last build: enough to know, without reading a post, that nothing has changed."""

from __future__ import annotations

from hashlib import blake2b, sha256
from types import MappingProxyType
from typing import TYPE_CHECKING, Protocol

from msgspec.structs import replace as with_values

from kg.diagnostics.habits import Doubt, without
from kg.model import Diagnostic, Record, encode
from kg.state import BUILD, READING, Miss, Reason
from kg.state.keys import Keys
from kg.state.stamps import NO_FILE, Stamp, trusted
from kg.text.filenames import portable

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from kg.pipeline.run import Run
    from kg.reading.folder import ReadResult

PARTS = {
    BUILD: ("program", "libraries", "reading", "inherited", "settings", "formats", "ledger", "beside", "commit"),
    READING: ("program", "libraries", "reading", "inherited", "settings", "ledger", "beside", "commit"),
}
"""The inputs besides the posts of a build, and of a command that writes no file."""


class Report(Record, frozen=True):
    """The numbers of a build, for the line that `kg build` prints."""

    posts: int
    entities: int
    edges: int
    files: tuple[str, ...]
    """The names of the files in OUTPUT."""
    diagnostics: tuple[Diagnostic, ...]
    habits: frozenset[Doubt] = frozenset()

    @property
    def shown(self) -> list[Diagnostic]:
        """The diagnostics, with habits as notes."""
        return without(self.diagnostics, self.habits)


class WrittenChunk(Record, frozen=True):
    """The bytes of one chunk in a file, or of its head, which can be copied: see `kg.pipeline.writing`."""

    digest: bytes
    """Digest of everything they were written from."""
    length: int
    """In bytes."""
    statements: int


class Manifest(Record, frozen=True):
    """One build: all its inputs and outputs."""

    keys: Keys
    begun: int
    """When reading began, in nanoseconds since 1970."""
    sources: tuple[tuple[str, Stamp], ...]
    results: tuple[tuple[str, Stamp], ...]
    report: Report
    fingerprint: bytes
    """Digest of the content of all posts, and of which posts differ from their commits."""
    index: Stamp
    """Stamp of Git's index."""
    chunks: dict[str, tuple[WrittenChunk, ...]]
    """Name of a file → its chunks in order."""
    young: dict[str, str]
    """Path → SHA-256 of each source that had just changed when it was read, so that its stamp proves nothing."""

    @property
    def token(self) -> bytes:
        """32 bytes that identify all inputs of the build."""
        return blake2b(encode((self.keys, self.sources, self.fingerprint)), digest_size=32).digest()

    @property
    def mark(self) -> bytes:
        """That of the graph: see `mark`."""
        return mark(self.keys, self.fingerprint)


def save(
    run: Run,
    read: ReadResult,
    report: Report,
    results: tuple[tuple[str, Stamp], ...] = (),
    chunks: Mapping[str, tuple[WrittenChunk, ...]] = MappingProxyType({}),
) -> Manifest:
    """Save the manifest of a run."""
    name = BUILD if run.output else READING
    result = Manifest(
        run.keys.only(*PARTS[name]),
        read.folder.begun,
        tuple((entry.path, entry.stamp) for entry in read.entries),
        results,
        report,
        fingerprint(read, run.history.changed),
        run.history.index,
        dict(chunks),
        {e.path: e.digest for e in read.entries if not trusted(e.stamp, e.stamp, read.folder.begun)},
    )
    run.state.save(name, result)
    return result


def mark(keys: Keys, fingerprint: bytes) -> bytes:
    """32 bytes that identify all inputs of a graph: the keys of its run, and the `fingerprint` of its posts."""
    return blake2b(encode((keys.only(*PARTS[READING]), fingerprint)), digest_size=32).digest()


def fingerprint(read: ReadResult, changed: Sequence[str]) -> bytes:
    """32 bytes that identify what a build uses of its posts: their content, and which differ from their commits."""
    return blake2b(encode((read.fingerprint, changed)), digest_size=32).digest()


def load(run: Run, name: str = BUILD) -> Manifest | Miss:
    """The last run, if its settings and results are unchanged."""
    last = run.state.load(name, Manifest)
    if isinstance(last, Miss):
        return last
    changed = run.keys.only(*PARTS[name]).changed_since(last.keys)
    if changed or not _has_results(last, run.output):
        return run.state.miss(name, Reason[changed.upper()] if changed else Reason.RESULTS)
    return last


class _Seen(Protocol):
    """What a run saw of the files: see `Manifest`."""

    @property
    def begun(self) -> int: ...
    @property
    def sources(self) -> tuple[tuple[str, Stamp], ...]: ...
    @property
    def index(self) -> Stamp: ...


def sources(run: Run) -> tuple[tuple[str, Stamp], ...]:
    """The path of each file, and its stamp before anything is read."""
    return tuple((portable(path), run.folder.stamp(path)) for path in run.folder.found.paths)


def same_files(last: _Seen, run: Run) -> bool:
    """Whether every source is unchanged, and Git's index, which determines what is committed."""
    paths, young = run.folder.found.paths, last.young if isinstance(last, Manifest) else {}
    if len(paths) != len(last.sources) or last.index != run.history.index:
        return False
    return all(
        (path == name or portable(path) == name) and _is_same(run, path, stamp, last.begun, young.get(name))
        for path, (name, stamp) in zip(paths, last.sources, strict=True)
    )


def _is_same(run: Run, path: str, stamp: Stamp, begun: int, digest: str | None) -> bool:
    """Whether a source has the content that it had; the bytes tell where its stamp cannot."""
    now = run.folder.stamp(path)
    if stamp != now or now == NO_FILE or trusted(stamp, now, begun):
        return stamp == now != NO_FILE
    try:
        return sha256((run.content / path).read_bytes()).hexdigest() == digest
    except OSError:
        return False


def settle(run: Run, last: Manifest) -> None:
    """Note that no source has changed, so that next time their stamps tell of those that were young."""
    begun = run.folder.begun
    young = {name: last.young[name] for name, stamp in last.sources if not trusted(stamp, stamp, begun)}
    if last.young != young:
        run.state.save(BUILD, with_values(last, begun=begun, young=young))


def _has_results(last: Manifest, output: Path | None) -> bool:
    try:
        return output is None or all(Stamp.of((output / name).lstat()) == stamp for name, stamp in last.results)
    except OSError:
        return False
