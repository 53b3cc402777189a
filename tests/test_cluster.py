"""`kg build --engine dask`: the same graph as the local build, whoever dies on the way."""

from __future__ import annotations

import logging
import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import nullcontext, suppress
from hashlib import sha256
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import dask
import dask.dataframe as dd
import duckdb
import msgspec
import networkx as nx
import pandas as pd
import psutil
import pyarrow.parquet as pq
import pytest
import s3fs
from distributed import LocalCluster
from pyoxigraph import RdfFormat, serialize

import kg
from kg.cluster import components, engine, export, output, tables
from kg.cluster import workers as clusters
from kg.cluster.flow import Flow
from kg.commands import _cluster
from kg.commands._options import Options
from kg.config import Config, FieldEntry, GlossarySettings, ResolutionSettings
from kg.errors import ConfigError, ContentError, ExportError, LedgerError
from kg.pipeline.build import update
from kg.rdf import terms
from tests import generated, running
from tests.conftest import REPO
from tests.test_history import git

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from kg.cluster.engine import ClusterBuild


# Dask still writes what pandas is going to drop.
pytestmark = pytest.mark.filterwarnings("ignore:The (inplace|copy) keyword")


@pytest.fixture(scope="module")
def two_workers() -> Iterator[LocalCluster]:
    """A cluster of two processes, as somebody else would have started it."""
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        processes=True,
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        silence_logs=logging.CRITICAL,
    ) as cluster:
        yield cluster


@pytest.fixture
def here(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No cluster: the tasks alone, of each stage the first one twice: the second time must change nothing."""

    def compute(_flow: object, _name: str, work: list) -> list:
        dask.compute(*work[:1])
        return list(dask.compute(*work))

    monkeypatch.setattr(engine, "connected", lambda *_arguments: nullcontext())
    monkeypatch.setattr(Flow, "compute", compute)
    with dask.config.set({"scheduler": "synchronous", "dataframe.shuffle.method": "tasks"}):
        yield


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def rows(built: ClusterBuild, table: str) -> list[dict]:
    paths = sorted((Path(built.folder) / table).glob("*.parquet"))
    return [row for path in paths for row in pq.read_table(path).to_pylist()]


def assert_equals_local(built: ClusterBuild, content: Path, config: Config) -> kg.Result:
    """The same quads, nodes, edges and diagnostics as the local build, each exactly once."""
    local = kg.build(content, config=config, jobs=1)
    graph = local.knowledge_graph
    quads = sorted(serialize(terms.quads(graph), format=RdfFormat.N_QUADS).splitlines())
    assert (
        sorted(q for path in Path(built.folder, "quads").glob("*.nq") for q in path.read_bytes().splitlines()) == quads
    )
    nodes = tables.node_rows(graph.nodes.values()).to_pylist()
    assert sorted(rows(built, "nodes"), key=lambda row: row["iri"]) == nodes
    edges = sorted(rows(built, "edges"), key=lambda row: (row["source"], row["predicate"], row["target"]))
    assert edges == tables.edge_rows(graph.edges).to_pylist()
    found = output.diagnostics(built.folder, built.manifest)
    assert sorted(found, key=lambda d: (d.path, d.line, d.column, d.code, d.message)) == list(local.diagnostics)
    counts = built.manifest
    assert (counts.posts, counts.nodes, counts.edges, counts.quads) == (
        len(local.posts),
        len(nodes),
        len(edges),
        len(quads),
    )
    return local


def test_a_worker_is_killed_and_nothing_is_lost(two_workers: LocalCluster, tmp_path: Path) -> None:
    """In each of three steps one of the two workers dies, and the bytes are those of a run where nobody does."""
    content = generated.write(tmp_path / "content", 60)
    killed: list[int] = []

    def kill(step: str, done: int, total: int) -> None:
        if step in ("spread", "forms", "write") and done == 1 and len(killed) < 3 and total > 1:
            victim = next(iter(two_workers.workers.values())).process.pid
            os.kill(victim, signal.SIGKILL)
            killed.append(victim)

    built = engine.build(content, tmp_path / "one", Config(), scheduler=two_workers.scheduler_address, progress=kill)
    assert len(set(killed)) == 3
    assert_equals_local(built, content, Config())
    again = engine.build(content, tmp_path / "two", Config(), scheduler=two_workers.scheduler_address)
    assert digests(Path(again.folder)) == digests(Path(built.folder))
    assert not list((tmp_path / "one" / ".kg").iterdir())


def test_a_task_that_kills_every_worker_is_given_up(
    two_workers: LocalCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(two_workers.scheduler, "allowed_failures", 0)
    monkeypatch.setattr(engine.posts, "spread", _die)
    with pytest.raises(ExportError, match=r"step 'spread': several workers died while doing it"):
        engine.build(REPO / "content", tmp_path, Config(), scheduler=two_workers.scheduler_address)
    assert [path.name for path in tmp_path.iterdir()] == [".kg"]
    assert not list((tmp_path / ".kg").iterdir())


def _die(_job: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def test_the_scheduler_goes_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "_ANSWERS_WITHIN", 3)
    with LocalCluster(
        n_workers=1, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=logging.CRITICAL
    ) as cluster:

        def end(step: str, done: int, _total: int) -> None:
            if step == "spread" and done == 1:
                cluster.close()

        with pytest.raises(ExportError, match=r"step '(spread|forms)': the scheduler is gone"):
            engine.build(REPO / "content", tmp_path, Config(), scheduler=cluster.scheduler_address, progress=end)
    assert not (tmp_path / "graph").exists()


def test_the_command_starts_and_ends_its_own_cluster(tmp_path: Path) -> None:
    """And leaves no process behind."""
    command = [sys.executable, "-m", "kg", "build", "content", "--engine", "dask", "--jobs", "2", "-o", str(tmp_path)]
    with subprocess.Popen(
        [*command, "--profile"], cwd=REPO, stderr=subprocess.PIPE, text=True, start_new_session=True
    ) as process:
        _output, errors = process.communicate(timeout=120)
    assert process.returncode == 0, errors
    assert f"14 posts, 121 entities, 260 edges → {tmp_path.as_posix()}/graph" in errors
    assert "in all" in errors
    wait_until(lambda: not living(process.pid))
    success = msgspec.json.decode((tmp_path / "graph" / "_SUCCESS").read_bytes(), type=output.SuccessFile)
    severities: Any = None
    built = engine.ClusterBuild(str(tmp_path / "graph"), success, severities, [])
    assert_equals_local(built, REPO / "content", kg.pipeline.build.configure(REPO / "content", None))


def living(session: int) -> list[str]:
    """The processes of a session that have not ended."""
    found = []
    for process in psutil.process_iter():
        with suppress(psutil.Error, ProcessLookupError):
            if os.getsid(process.pid) == session and process.status() != psutil.STATUS_ZOMBIE:
                found.append(" ".join(process.cmdline()))
    return found


def wait_until(holds: Callable[[], bool]) -> None:
    for _second in range(100):
        if holds():
            return
        time.sleep(0.1)
    raise AssertionError("it never came to hold")


KINDS = {"context", "folding", "gloss", "initials", "pinyin", "spelling", "surname", "translation"}
CONFIGS = [
    Config(),
    Config(
        drafts=False,
        prefer="zh",
        title="Made up",
        license="https://example.org/free",
        resolution=ResolutionSettings(accept_above=0.6),
        glossary=GlossarySettings(min_posts=1, max_concepts=7),
        severity={"KG301": "off", "KG103": "warning"},
    ),
    Config(
        language="de",
        resolution=ResolutionSettings(infer=False),
        glossary=GlossarySettings(enabled=False),
        fields={"mood": FieldEntry(kind="mood", predicate="schema:about", rdf_class="schema:Thing")},
    ),
    Config(resolution=ResolutionSettings(accept_above=0.97), glossary=GlossarySettings(max_concepts=3)),
]


@pytest.mark.parametrize("number", range(len(CONFIGS)))
@pytest.mark.usefixtures("here")
def test_settings_and_numbers_of_parts_make_no_difference(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    content = generated.write(tmp_path / "content", 50, seed=number, ledger=number % 2 == 0)
    monkeypatch.setattr(engine, "parts_for", lambda _files: (7, 1, 4, 5)[number])
    monkeypatch.setattr("kg.cluster.flow.TOGETHER", (2, 16)[number % 2])
    built = engine.build(content, tmp_path / "out", CONFIGS[number])
    local = assert_equals_local(built, content, CONFIGS[number])
    merged = [m for node in local.knowledge_graph.nodes.values() for m in node.merges if m.decided_by == "inference"]
    assert bool(merged) == CONFIGS[number].resolution.infer, "the posts give resolution something to do"
    if number == 0:
        assert {evidence.kind for merge in merged for evidence in merge.evidence} >= KINDS
        assert any("(" in name for merge in merged for name in (merge.name, merge.other))
        assert sum(m.name == "Yearbook" for post in local.posts for m in post.mentions) > 5, "posts inherit"


@pytest.mark.usefixtures("here")
def test_a_part_of_the_corpus(shared: Path, tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    for path in sorted((shared / "corpus").rglob("*.md"))[::50]:
        shutil.copy(path, content / path.name)
    built = engine.build(content, tmp_path / "out", Config())
    assert_equals_local(built, content, Config())


@pytest.mark.usefixtures("here")
def test_hostile_posts(shared: Path, tmp_path: Path) -> None:
    content = tmp_path / "content"
    shutil.copytree(shared / "badinput", content, symlinks=True, ignore=shutil.ignore_patterns("EXPECT.json"))
    built = engine.build(content, tmp_path / "out", Config())
    assert built.severities["error"]
    assert_equals_local(built, content, Config())


@pytest.mark.usefixtures("here")
def test_a_hostile_vault_with_pages_to_be_written(tmp_path: Path) -> None:
    """Several parts name one unwritten page in two spellings; a tag between two others is nobody's own."""
    content = tmp_path / "content"
    (content / ".obsidian").mkdir(parents=True)
    for name, text in {
        "a": "---\ntags: [food/grain/rye, food]\nup: b\n---\n[[Unborn]] [[b]]\n",
        "b": "---\ntags: [food/grain/oats, TCP/IP]\n---\n[[unborn]] [[a]]\n",
        "c": "---\nauthor: Ada and Bob\n---\n[[unborn]] [[Nobody]]\n",
        "d": "---\nauthors: [Ada, Bob]\ntitle: Les années\nlang: fr\n---\nText.\n",
        "people/ada": "---\nname: Ada Byron\n---\n",
        "people/eve": "---\nname: Eve Young\n---\n",
        "people/mae": "---\naliases: [Maestra]\n---\n",
        "zoe": "---\ntype: person\ntitle: Zoe Hill\n---\n",
        "e": "---\npeople: ['[[Mae]]', Maestra, Zoe Hill]\ncompanies: [OpenFarm]\ntags: [open-farm]\n---\nText.\n",
        "f": "---\nproducts_models: [OpenFarm]\n---\n[[Maestra]]\n",
    }.items():
        (content / f"{name}.md").parent.mkdir(exist_ok=True)
        (content / f"{name}.md").write_text(text)
    built = engine.build(content, tmp_path / "out", Config(), parts=3)
    local = assert_equals_local(built, content, Config())
    assert {node.label for node in local.knowledge_graph.nodes.values() if node.kind == "page"} == {"unborn", "Nobody"}
    assert sum(d.code == "KG304" for d in local.diagnostics) == 2
    assert local.resolution.entity_of("tag", "open-farm").kinds == ("organization", "product", "tag")
    mae = local.resolution.entity_of("person", "Maestra").iri
    assert {edge.source.rpartition("/")[2] for edge in local.knowledge_graph.edges if edge.target == mae} == {
        "mae",
        "e",
        "f",
    }, "the note, who names her, and who links to the note"
    zoe = local.resolution.entity_of("person", "Zoe Hill").iri
    assert {edge.source.rpartition("/")[2] for edge in local.knowledge_graph.edges if edge.target == zoe} == {
        "zoe",
        "e",
    }
    assert sum("broader" in str(a.predicate) for n in local.knowledge_graph.nodes.values() for a in n.attributes) == 4


@pytest.mark.usefixtures("here")
def test_posts_without_names_in_a_folder_with_an_odd_one(tmp_path: Path) -> None:
    content = tmp_path / "content"
    content.mkdir()
    (content / "a.md").write_text("Only text.\n")
    built = engine.build(content, tmp_path / "out [1]*", Config(), parts=3)
    assert_equals_local(built, content, Config())


@pytest.fixture
def bucket(monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A bucket of a server that speaks the protocol of S3."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.CRITICAL)
    server = ThreadedMotoServer("127.0.0.1", 0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://{host}:{port}")
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "made-up")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "us-east-1")
    s3fs.S3FileSystem.clear_instance_cache()
    s3fs.S3FileSystem().mkdir("posts")
    yield "posts"
    server.stop()
    s3fs.S3FileSystem.clear_instance_cache()


@pytest.mark.usefixtures("here")
def test_everything_that_is_written_may_be_in_an_object_store(bucket: str, tmp_path: Path) -> None:
    content = generated.write(tmp_path / "content", 30)
    files = s3fs.S3FileSystem()
    files.pipe_file(f"{bucket}/out/graph/quads/posts-00009.nq", b"of a larger build, before")
    built = engine.build(content, f"s3://{bucket}/out", Config())
    assert (built.folder, built.severities["error"] > 0) == (f"s3://{bucket}/out/graph", True)
    held = files.find(f"{bucket}/out")
    assert {path.split("/", 3)[3] for path in held} == {file.path for file in built.manifest.files} | {"_SUCCESS"}
    found = list(output.diagnostics(built.folder, built.manifest))
    files.get(built.folder, str(tmp_path / "copy"), recursive=True)
    assert_equals_local(built._replace(folder=str(tmp_path / "copy")), content, Config())
    assert len(found) == sum(built.severities.values())


@pytest.mark.usefixtures("here")
def test_components_are_those_of_networkx(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where the edges are many enough to be shuffled: paths and stars, long and short."""
    random = Random(7)
    graph = nx.Graph()
    nx.add_path(graph, random.sample(range(1, 1 << 60), 60))
    nx.add_star(graph, random.sample(range(1, 1 << 60), 30))
    for _component in range(100):
        nodes = random.sample(range(1, 1 << 60), random.randint(2, 7))
        graph.add_edges_from((node, random.choice(nodes[:at])) for at, node in enumerate(nodes) if at)
    graph.add_edge(7, 7)
    for parts in (1, 4):
        frame = dd.from_pandas(
            pd.DataFrame(list(graph.edges), columns=["node", "other"], dtype="uint64"), npartitions=parts
        )
        monkeypatch.setattr(Flow, "table", lambda _flow, _name, frame=frame: frame)
        flow: Any = Flow(None, SimpleNamespace(parts=parts), None)  # type: ignore[arg-type]
        (found,) = dask.compute(components.components(flow, ["edges"], [(7, 7)]))
        roots = dict(zip(found["node"], found["other"], strict=True))
        expected = {node: min(own) for own in nx.connected_components(graph) for node in own}
        assert roots == expected
        assert len(found) == len(roots)


@pytest.mark.usefixtures("here")
def test_names_that_are_not_utf8(tmp_path: Path) -> None:
    content = tmp_path / os.fsdecode(b"n\xff")
    content.mkdir()
    (content / os.fsdecode(b"\xfe.md")).write_text("---\ntags: [t]\n---\n")
    for arguments in (("init", "-q"), ("add", "."), ("commit", "-qm", "first")):
        git(content, *arguments)
    built = engine.build(content, tmp_path / "out", Config())
    local = assert_equals_local(built, content, Config())
    assert [commit.name for commit in local.knowledge_graph.commits.values()] == [git(content, "rev-parse", "HEAD")]
    again, result = update(content, tmp_path / "local", config=Config(formats=("ttl",)))
    assert (again.posts, result is None) == (1, False)
    assert update(content, tmp_path / "local", config=Config(formats=("ttl",)))[1] is None


@pytest.mark.usefixtures("here")
def test_success_lists_every_file_and_comes_last(tmp_path: Path) -> None:
    built = engine.build(REPO / "content", tmp_path, Config())
    success = msgspec.json.decode(Path(built.folder, "_SUCCESS").read_bytes(), type=output.SuccessFile)
    held = digests(Path(built.folder))
    del held["_SUCCESS"]
    assert {file.path: file.sha256 for file in success.files} == held
    assert all(file.bytes == Path(built.folder, file.path).stat().st_size for file in success.files)
    assert (
        max(file.stat().st_mtime_ns for file in Path(built.folder).rglob("*") if file.is_file())
        == Path(built.folder, "_SUCCESS").stat().st_mtime_ns
    )


@pytest.mark.usefixtures("here")
def test_duckdb_reads_the_tables(tmp_path: Path) -> None:
    built = engine.build(REPO / "content", tmp_path, Config())
    with duckdb.connect() as database:
        ends = database.execute(
            f"""SELECT count(*), count(s.iri), count(t.iri), list(DISTINCT s.kind)
            FROM '{built.folder}/edges/*.parquet' e
            LEFT JOIN '{built.folder}/nodes/*.parquet' s ON s.iri = e.source
            LEFT JOIN '{built.folder}/nodes/*.parquet' t ON t.iri = e.target"""
        ).fetchone()
        assert ends == (built.manifest.edges,) * 3 + (["post"],)
        most = database.execute(
            f"""SELECT n.label, count(*) AS posts FROM '{built.folder}/edges/*.parquet' e
            JOIN '{built.folder}/nodes/*.parquet' n ON n.iri = e.target
            WHERE e.relation = 'schema:mentions' AND n.kind = 'person' GROUP BY ALL ORDER BY posts DESC, 1 LIMIT 1"""
        ).fetchone()
    assert most == ("Tim Berners-Lee", 5)


@pytest.mark.usefixtures("here")
def test_a_build_that_fails_leaves_the_last_result(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = engine.build(REPO / "content", tmp_path, Config())
    before = digests(Path(built.folder))

    def full(_job: object, **_known: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(export, "write", full)
    with pytest.raises(OSError, match="No space left"):
        engine.build(REPO / "content", tmp_path, Config())
    assert digests(Path(built.folder)) == before
    assert not list((tmp_path / ".kg").iterdir())


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize("fails", ["graph", "new"])
def test_a_swap_that_fails_leaves_the_last_result(fails: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = engine.build(REPO / "content", tmp_path, Config())
    before = digests(Path(built.folder))
    replace = Path.replace

    def full(path: Path, target: Path) -> Path:
        if path.name == fails:
            raise OSError(28, "No space left on device", str(target))
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(ExportError, match="No space left"):
        engine.build(REPO / "content", tmp_path, Config())
    assert digests(Path(built.folder)) == before
    monkeypatch.setattr(Path, "replace", replace)
    engine.build(REPO / "content", tmp_path, Config())
    assert digests(Path(built.folder)) == before
    assert not list((tmp_path / ".kg").iterdir())


@pytest.mark.usefixtures("here")
def test_strict_writes_nothing(tmp_path: Path) -> None:
    content = generated.write(tmp_path / "content", 12)
    with pytest.raises(ContentError, match=r"faults in the posts, and --strict was asked for: nothing was written"):
        engine.build(content, tmp_path / "out", Config(), strict=True)
    assert not (tmp_path / "out" / "graph").exists()


@pytest.mark.usefixtures("here")
def test_a_pinned_iri_that_is_taken(tmp_path: Path) -> None:
    content = generated.write(tmp_path / "content", 12, ledger=False)
    (content / "kg-ledger.txt").write_text('pin person "Mira Holt" to <https://kg.example/tag/prompts>\n')
    with pytest.raises(LedgerError, match='"Mira Holt" and "Prompts" would both be'):
        engine.build(content, tmp_path / "out", Config())


@pytest.mark.usefixtures("here")
def test_a_folder_of_somebody_else_is_not_replaced(tmp_path: Path) -> None:
    (tmp_path / "graph").mkdir()
    (tmp_path / "graph" / "thesis.tex").write_text("years of work")
    with pytest.raises(ConfigError, match=r"holds 'thesis.tex', which no build wrote"):
        engine.build(REPO / "content", tmp_path, Config())
    assert (tmp_path / "graph" / "thesis.tex").read_text() == "years of work"


def run(*arguments: object) -> tuple[int, str]:
    ended = running.kg("build", *arguments, cwd=REPO)
    assert "Traceback" not in ended.stderr
    return ended.returncode, ended.stderr


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--engine", "dask", "--watch"), "--engine dask does not support --watch"),
        (("--engine", "dask", "--format", "ttl"), "--engine dask does not support --format"),
        (("--engine", "dask", "--infer-mentions"), "--engine dask cannot infer mentions"),
        (("--scheduler", "tcp://127.0.0.1:1"), "--scheduler goes with --engine dask"),
        (("-o", "s3://bucket/graph"), "-o s3://bucket/graph: a URL goes with --engine dask; write a folder"),
        (("--engine", "dask", "--scheduler", "nonsense://x"), "no Dask scheduler answers there"),
    ],
)
def test_wrong_use_is_exit_status_2(arguments: tuple[str, ...], words: str, tmp_path: Path) -> None:
    status, errors = run("content", "-o", tmp_path, *arguments)
    assert status == 2, errors
    assert words in errors
    assert not (tmp_path / "graph").exists()


def test_no_scheduler_answers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "_ANSWERS_WITHIN", 1)
    with pytest.raises(ConfigError, match=r"--scheduler tcp://127.0.0.1:1: no Dask scheduler answers there"):
        engine.build(REPO / "content", tmp_path, Config(), scheduler="tcp://127.0.0.1:1")


@pytest.mark.parametrize("package", ["dask", "fsspec", "pyarrow"])
def test_the_extra_is_not_installed(package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(ConfigError, match=rf"needs {package}, which is not installed; in a clone of kg: pip install"):
        _cluster.build(Options(jobs=1, quiet=True), tmp_path, Config(), scheduler=None, strict=False, profile=False)


def test_workers_of_other_versions(two_workers: LocalCluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = clusters.versions()
    monkeypatch.setattr(clusters, "versions", lambda: {**own, "msgspec": "0.1"})
    with pytest.raises(ConfigError, match=r"worker tcp://.* has msgspec .*, and 0.1 is here; install the same version"):
        engine.build(REPO / "content", tmp_path, Config(), scheduler=two_workers.scheduler_address)


def test_workers_that_do_not_see_the_folders(two_workers: LocalCluster, tmp_path: Path, monkeypatch) -> None:
    def check(client: Any, folders: list[str]) -> None:
        real(client, [*folders, str(tmp_path / "elsewhere")])

    real = clusters._check
    monkeypatch.setattr(clusters, "_check", check)
    with pytest.raises(ConfigError, match=r"worker tcp://.* does not see .*/elsewhere; CONTENT and OUTPUT must lie on"):
        engine.build(REPO / "content", tmp_path, Config(), scheduler=two_workers.scheduler_address)


def test_a_cluster_without_workers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clusters, "_ANSWERS_WITHIN", 1)
    with (
        LocalCluster(
            n_workers=0, host="127.0.0.1", dashboard_address="127.0.0.1:0", silence_logs=logging.CRITICAL
        ) as empty,
        pytest.raises(ConfigError, match="it has no workers; start some with dask-worker"),
    ):
        engine.build(REPO / "content", tmp_path, Config(), scheduler=empty.scheduler_address)
