"""The main job: a folder in, the same graph out in every form, nothing lost, the same bytes every time."""

from __future__ import annotations

import multiprocessing
import os
import random
import re
import subprocess
import sys
from itertools import takewhile
from pathlib import Path
from time import sleep, time_ns

import pyoxigraph as ox
import pytest
import yaml
from click.testing import CliRunner

import kg
from kg.cli import app
from kg.commands.build import NewFindings
from kg.config import Config
from kg.errors import ContentError, ExportError
from kg.graph import chunks
from kg.model import Diagnostic
from kg.namespaces import DCTERMS, RDFS, SKOS
from kg.pipeline import build as pipeline
from kg.pipeline import saved_graph
from kg.state.stamps import Stamp
from tests import running
from tests.conftest import write_posts

IDENTIFIER = ox.NamedNode(DCTERMS + "identifier")
LABELS = (ox.NamedNode(RDFS + "label"), ox.NamedNode(SKOS + "altLabel"))


SMALL = {
    "one.md": "---\ntitle: One\ndate: 2024-01-02\npeople: [Ada Lovelace]\ntags: [maps]\n---\n[two](two.md)\n",
    "two.md": "---\ntitle: 二\npeople: [ada lovelace, 钱学森]\nrating: 4/5\n---\n**地图**（Map: 大地的缩影）\n",
    "sub/three.mdx": "# Three\n\nNo front matter.\n",
}


@pytest.fixture
def content(tmp_path: Path) -> Path:
    return write_posts(tmp_path / "content", SMALL)


def files(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()}


# What the graph holds.


def test_the_parts_of_a_small_folder(content: Path) -> None:
    result = kg.build(content)
    graph = result.knowledge_graph
    by_label = {node.label: node for node in graph.nodes.values()}
    assert {"One", "二", "Three", "Ada Lovelace", "钱学森", "maps"} <= by_label.keys()
    assert result.ok
    ada = by_label["Ada Lovelace"]
    assert {alias.value for alias in ada.aliases} == {"ada lovelace"}
    edges = {
        (graph.nodes[e.source].label, e.predicate.rpartition("/")[2], graph.nodes[e.target].label) for e in graph.edges
    }
    assert {
        ("One", "mentions", "Ada Lovelace"),
        ("二", "mentions", "Ada Lovelace"),
        ("One", "keywords", "maps"),
        ("One", "linksTo", "二"),
    } <= edges


def test_the_python_api(content: Path) -> None:
    import networkx as nx
    import rdflib

    result = kg.build(content)
    assert isinstance(result.graph, nx.MultiDiGraph)
    assert result.graph.number_of_nodes() == len(result.knowledge_graph.nodes)
    assert result.graph.number_of_edges() == len(result.knowledge_graph.edges)
    assert [post.path for post in result.posts] == ["one.md", "sub/three.mdx", "two.md"]
    assert isinstance(result.to_rdflib(), rdflib.Graph)
    assert (None, None, rdflib.Literal("4/5")) in result.to_rdflib()


def test_the_seed_works_without_settings(shared: Path) -> None:
    result = kg.build(shared / "seed")
    assert not result.diagnostics
    counts = result.knowledge_graph.count_by_kind()
    assert counts["post"] == 1
    assert (counts["person"], counts["organization"], counts["product"]) == (2, 10, 2)
    assert (counts["tag"], counts["project"], counts["category"], counts["area"]) == (5, 3, 1, 1)


def test_drafts_can_be_left_out(content: Path) -> None:
    write_posts(content, {"draft.md": "---\ntitle: Draft\ndraft: true\n---\n"})
    assert len(kg.build(content).posts) == 4
    assert len(kg.build(content, drafts=False).posts) == 3


# Nothing lost: checked with other people's parsers on real posts.


def typed_values(path: Path) -> list[tuple[str, str]]:
    """(field, value) as typed, by PyYAML's loader that leaves text alone."""
    text = path.read_text("utf-8-sig")
    source = text.split("\n---", 1)[0].lstrip("-").lstrip("\n")
    fields = yaml.load(source, Loader=yaml.CBaseLoader)

    def leaves(key: str, value) -> list[tuple[str, str]]:
        if isinstance(value, list):
            return [pair for item in value for pair in leaves(key, item)]
        if isinstance(value, dict):
            return [pair for item in value.values() for pair in leaves(key, item)]
        return [(key, value.strip())] if value.strip() not in ("", "~", "null") else []

    return [pair for key, value in fields.items() for pair in leaves(key, value)]


def test_every_post_and_value_of_the_corpus_is_reachable(shared: Path, corpus_output: Path) -> None:
    assert "Atw2h2qCL4o.md:1:1: error[KG121]" in (corpus_output / "printed.txt").read_text("utf-8")
    store = ox.Store()
    store.bulk_load(path=str(corpus_output / "graph.ttl"), format=ox.RdfFormat.TURTLE)
    post_of = {quad.object.value: quad.subject for quad in store.quads_for_pattern(None, IDENTIFIER, None)}
    labels: dict[ox.NamedNode, set[str]] = {}
    for predicate in LABELS:
        for quad in store.quads_for_pattern(None, predicate, None):
            labels.setdefault(quad.subject, set()).add(quad.object.value)
    total = 0
    missing: list[tuple[str, str, str]] = []
    paths = sorted((shared / "corpus").rglob("*.md"))
    for path in paths:
        name = path.relative_to(shared / "corpus").as_posix()
        reachable: set[str] = set()
        for quad in store.quads_for_pattern(post_of[name], None, None):
            reachable.add(quad.object.value)
            reachable |= labels.get(quad.object, set())
        for field, value in typed_values(path):
            total += 1
            if value not in reachable:
                missing.append((name, field, value))
    assert len(post_of) == len(paths) == 2938
    assert total > 70_000
    assert len(missing) <= total / 1000, missing[:20]
    assert not missing, missing[:20]


# The same bytes.


def test_the_same_input_gives_the_same_bytes(content: Path, tmp_path: Path) -> None:
    from kg import exporters

    formats = exporters.names()
    kg.build(content, tmp_path / "first", formats=formats)
    other = tmp_path / "other" / "content"
    names = list(SMALL)
    random.Random(1).shuffle(names)
    for name in names:
        write_posts(other, {name: SMALL[name]})
    environment = {**os.environ, "PYTHONHASHSEED": "4711", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    subprocess.run(
        [sys.executable, "-m", "kg", "build", other, "-o", tmp_path / "second", "--format", ",".join(formats), "-q"],
        env=environment, check=True, timeout=120,
    )  # fmt: skip
    assert files(tmp_path / "first") == files(tmp_path / "second")


def test_iris_stay_when_files_are_added(content: Path) -> None:
    before = set(kg.build(content).knowledge_graph.nodes)
    write_posts(
        content, {"a.md": "---\ntitle: A\npeople: [Ada  Lovelace, ADA LOVELACE, Zoë]\ntags: [Maps, C, C++]\n---\n"}
    )
    assert before < set(kg.build(content).knowledge_graph.nodes)


# Faults.


def test_bad_posts_never_stop_the_good_ones(content: Path, tmp_path: Path) -> None:
    write_posts(
        content, {"bad.md": "---\ntitle: a: b\ntags: [kept]\n---\n", "worse.md": "---\ndate: 2024-13-01\n---\n"}
    )
    ended = running.kg("build", "content", "--format", "ttl", cwd=tmp_path)
    assert ended.returncode == 1
    assert "content/bad.md:2:9: error[KG101]: " in ended.stderr
    assert "content/worse.md:2:7: error[KG103]: date: '2024-13-01' is not a date" in ended.stderr
    turtle = (tmp_path / "output" / "graph.ttl").read_text("utf-8")
    assert "tag:kept" in turtle
    assert '"2024-13-01"' in turtle, "the typed text is kept"
    assert "Traceback" not in ended.stderr


def test_strict_writes_nothing(content: Path, tmp_path: Path) -> None:
    write_posts(content, {"bad.md": "---\ntitle: a: b\n---\n"})
    with pytest.raises(ContentError) as caught:
        kg.build(content, tmp_path / "out", formats=["ttl"], strict=True)
    assert caught.value.diagnostics
    ended = running.kg("build", content, "-o", tmp_path / "out", "--strict")
    assert ended.returncode == 1
    assert "bad.md:2:9: error[KG101]" in ended.stderr
    assert not (tmp_path / "out" / "graph.ttl").exists()


def test_strict_counts_what_the_report_shows_as_errors(tmp_path: Path) -> None:
    many = write_posts(tmp_path / "content", {f"{n}.md": f"---\ntitle: a: {n}\n---\n" for n in range(12)})
    shown = [d for d in kg.build(many).report.shown if d.severity == "error"]
    assert 0 < len(shown) < 12
    with pytest.raises(ContentError, match=f"{len(shown)} fault"):
        kg.build(many, tmp_path / "out", formats=["ttl"], strict=True)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["build", "nowhere"], "does not exist"),
        (["build", "empty"], "holds no post"),
        (["build", "file.txt"], "is a file"),
        (["build", "content", "--format", "docx"], "no format is called 'docx'"),
        (["build", "content", "--base", "not an iri"], "base"),
        (["build", "content", "--config", "missing.toml"], "missing.toml"),
        (["build", "content", "-o", "content"], "same folder"),
        (["export", "csv", "content", "-o", "-"], "give a folder"),
        (["export"], "which format"),
        (["export", "nope", "content"], "no format"),
        (["nonsense"], "No such command"),
        (["build", "--nonsense"], "No such option"),
        (["build", "content", "--formats", "ttl"], "Did you mean '--format'?"),
    ],
)
def test_wrong_use_is_exit_status_2(arguments: list[str], words: str, content: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "file.txt").touch()
    ended = running.kg(*arguments, cwd=tmp_path)
    assert ended.returncode == 2
    assert words in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("colour = 1", "colour"),
        ("base = 1", "base"),
        ('[fields]\nplaces = { kind = "place" }', "give its class"),
        ('[fields]\nx = { predicate = "nope:x" }', "no known prefix"),
        ('[fields]\nx = { kind = "graph", class = "schema:Thing" }', "is taken"),
        ("base = 'https://a b/'", "cannot be the beginning of an IRI"),
        ("base = 'https://a.example/%zz/'", "cannot be the beginning of an IRI"),
        ("base = 'https://[::1/'", "cannot be the beginning of an IRI"),
        ("base = 'https://a.example/a#b#'", "cannot be the beginning of an IRI"),
        ("base = 'https://a.example/\ue000/'", "cannot be the beginning of an IRI"),
        ("fields.x = { kind = 'a', class = 'http://e.example/%zz' }", "fields.x: 'http://e.example/%zz' is not an IRI"),
        ("fields.x = { predicate = 'schema:a b' }", "fields.x: 'schema:a b' is not an IRI"),
        ("fields.x = { datatype = 'http://[' }", "fields.x: 'http://[' is not an IRI"),
        ("not toml", "kg.toml"),
        ("[limits]\ndepth = 0", "depth"),
        ("[glossary]\nmax_concepts = -1", "kg.toml: glossary.max_concepts: Expected `int` >= 0"),
        ("baze = 'https://a.example/'", "kg.toml: baze: unknown setting; did you mean 'base'?"),
        ("[fields.x]\nknd = 'tag'", "kg.toml: fields.x.knd: unknown setting; did you mean 'kind'?"),
        ("[fields]\na.kind = 'tag'\nb.kind = 1", "kg.toml: fields.b.kind: Expected `str`"),
        ("[limits]\ndepht = 1", "kg.toml: limits.depht: unknown setting; did you mean 'depth'?"),
        (
            "severity = {KG201 = 'off', KG301 = 'of'}",
            "severity.KG301: 'of' is not one of error, warning, note, off; did",
        ),
        ("severity = {kg201 = 'off'}", "kg.toml: severity.kg201: no diagnostic has this code; did you mean 'KG201'?"),
        (
            "severity = {KG999 = 'off'}",
            "kg.toml: severity.KG999: no diagnostic has this code; kg explain lists all codes",
        ),
        ("prefer = 'chinese'", "kg.toml: prefer: 'chinese' is not a language tag"),
        ("language = 'zh_CN'", "kg.toml: language: 'zh_CN' is not a language tag"),
        (
            "fields.x.datatype = 'xsd:integr'",
            "fields.x: datatype 'xsd:integr' is not known; did you mean 'xsd:integer'?",
        ),
        ("fields.x.datatype = 'date'", "fields.x: datatype 'date' is not known; did you mean 'xsd:date'?"),
        ("formats = ['ttl', 'docx']", "kg.toml: formats: no format is called 'docx'"),
    ],
)
def test_wrong_settings_are_exit_status_2(settings: str, words: str, content: Path, tmp_path: Path) -> None:
    (content / "kg.toml").write_text(settings)
    ended = running.kg("stats", content, cwd=tmp_path)
    assert ended.returncode == 2
    assert words in ended.stderr


def test_wrong_settings_are_told_once_where_several_processes_read(tmp_path: Path) -> None:
    content = write_posts(tmp_path / "content", {f"p{n}.md": "---\ntags: [t]\n---\n" for n in range(70)})
    (content / "kg.toml").write_text('[fields]\nplaces = { kind = "place" }')
    ended = running.kg("build", content, "--jobs", 2, cwd=tmp_path)
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert "give its class" in ended.stderr


# What a build tells of itself.


def test_formats_are_given_with_commas_or_one_by_one(tmp_path: Path) -> None:
    content, output = write_posts(tmp_path / "content", {"a.md": "# A\n"}), tmp_path / "out"
    running.kg("build", content, "-o", output, "--format", "ttl,json", "--format", "csv")
    assert {path.name for path in output.iterdir() if path.is_file()} == {
        "graph.ttl",
        "graph.json",
        "nodes.csv",
        "edges.csv",
    }


def test_a_profile_leaves_no_time_out(content: Path, tmp_path: Path) -> None:
    printed = running.kg("build", content, "-o", tmp_path / "out", "--format", "ttl,html", "--profile").stderr
    table = printed[printed.index("step ") :].splitlines()[1:]
    found = (re.fullmatch(r"(.+?) +([\d.]+) s +([\d,]+) MiB", line) for line in table)
    rows = [(row[1], float(row[2]), int(row[3].replace(",", ""))) for row in found if row]
    assert [name for name, _, _ in rows] == [
        "read", "links", "resolve", "edges", "glossary", "build", "write", "html", "rest", "in all",
    ]  # fmt: skip
    *steps, (_, seconds, memory) = rows
    assert sum(spent for _, spent, _ in steps) == pytest.approx(seconds, abs=0.01 * len(steps))
    held = [most for _, _, most in steps]
    assert 10 < max(held) == memory


# Outputs appear whole or not at all.


def test_a_failed_export_leaves_the_old_files(content: Path, tmp_path: Path, monkeypatch) -> None:
    from kg import exporters

    output = tmp_path / "out"
    kg.build(content, output, formats=["ttl", "nt"])
    before = files(output)

    def fail(_graph, stream) -> None:
        stream.write(b"half")
        raise OSError(28, "No space left on device")

    broken = exporters.Exporter(title="", media_type="", files=("graph.nt",), spec="", write=fail)
    good = exporters.get
    monkeypatch.setattr(exporters, "get", lambda name: broken if name == "nt" else good(name))
    write_posts(content, {"more.md": "---\ntitle: More\n---\n"})
    with pytest.raises(ExportError, match="No space left"):
        kg.build(content, output, formats=["ttl", "nt"])
    assert files(output) == before
    assert not [path for path in (output / ".kg").iterdir() if path.is_dir()]


def test_output_within_content_is_not_read_again(content: Path) -> None:
    output = content / "public"
    kg.build(content, output, formats=["ttl"])
    (output / "README.md").write_text("# not a post\n")
    assert len(kg.build(content, output, formats=["ttl"]).posts) == 3


def test_export_to_standard_output_and_to_a_file(content: Path, tmp_path: Path) -> None:
    shown = running.kg("export", "nt", content, "-o", "-")
    assert shown.returncode == 0
    ended = running.kg("export", "nt", content, "-o", tmp_path / "deep" / "x.nt")
    assert ended.returncode == 0, ended.stderr
    assert (tmp_path / "deep" / "x.nt").read_text("utf-8") == shown.stdout
    assert running.kg("export", "csv", content, "-o", tmp_path / "csv").returncode == 0
    assert {path.name for path in (tmp_path / "csv").iterdir()} == {"nodes.csv", "edges.csv"}


def test_export_list_names_every_format() -> None:
    from kg import exporters
    from kg.exporters import folders

    listed = CliRunner().invoke(app, ["export", "--list"]).output
    assert [line.split()[0] for line in listed.splitlines()] == sorted([*exporters.names(), *folders.names()])


def test_stats_counts(content: Path) -> None:
    import json

    ended = running.kg("stats", content, "--format", "json")
    found = json.loads(ended.stdout)
    assert found["posts"] == 3
    assert found["nodes"]["person"] == 2
    assert "Ada Lovelace (2)" in running.kg("stats", content).stdout


@pytest.mark.parametrize("options", [(), ("-q",)])
def test_stats_says_why_its_exit_status_is_1(tmp_path: Path, options: tuple[str, ...]) -> None:
    content = write_posts(tmp_path / "content", {"a.md": "---\ndate: 2024-13-01\n---\n"})
    ended = running.kg("stats", content, *options)
    assert ended.returncode == 1
    assert "a.md:2:7: error[KG103]" in ended.stderr


# The cache and the last build: faster, never different.

WORDS = ["maps", "Ada Lovelace", "钱学森", "C++", "no", "0x1D", "图谱"]
TERMS = ["Term", "Well-known Term"]
TAGS = ["term", "terms", "well-known-term", "Well known term", "maps"]


def random_post(source: random.Random) -> str:
    names = source.sample(WORDS, source.randrange(4))
    bad = "\ntags: [open" if source.random() < 0.1 else ""
    fields = f"title: T{source.randrange(99)}\npeople: {names}{bad}"
    links = f"[x](p{source.randrange(12)}.md) [[T{source.randrange(99)}]]"
    return f"---\n{fields}\n---\n**术语{source.randrange(5)}**（{source.choice(TERMS)}: 解释）\n{links}\n"


@pytest.mark.parametrize("seed", range(4))
def test_a_warm_build_equals_a_cold_one(tmp_path: Path, seed: int, monkeypatch) -> None:
    monkeypatch.setattr(chunks, "MEAN_SIZE", 2)  # so that there are chunks to copy
    source = random.Random(seed)
    content = write_posts(tmp_path / "content", {f"p{n}.md": random_post(source) for n in range(8)})
    formats = ("ttl", "graphml", "json") if seed % 2 else ("ttl", "graphml")
    edits = ["edit", "reword", "retitle", "retitle", "name", "name", "category", "tag", "tag", "shift", "decide"]
    edits += ["link", "link", "gloss", "alias", "draft"]
    actions = [*edits, "add", "rename", "delete", "touch", "nothing"]
    for step in range(16):
        action = source.choice(actions)
        paths = sorted(content.glob("*.md"))
        victim = source.choice(paths)
        if action == "edit":
            victim.write_text(random_post(source), encoding="utf-8")
        elif action == "reword":
            victim.write_text(victim.read_text("utf-8") + "In other words.\n", encoding="utf-8")
        elif action == "retitle":
            text = re.sub(r"title: \w+", f"title: T{source.randrange(99)}", victim.read_text("utf-8"))
            victim.write_text(text, encoding="utf-8")
        elif action == "name":
            names = f"people: {source.sample(WORDS, source.randrange(4))}"
            victim.write_text(re.sub("people: .*", names, victim.read_text("utf-8")), encoding="utf-8")
        elif action == "link":
            link = source.choice(["", f"[y](p{source.randrange(12)}.md)", f"[[T{source.randrange(99)}]]", "[[Wanted]]"])
            victim.write_text(re.sub(r"\[\[T.*", link, victim.read_text("utf-8")), encoding="utf-8")
        elif action == "gloss":
            gloss = source.choice(["中央银行（CB）", "术语（Term）", "钱学森（Qian Xuesen）", "Central Bank (CB)"])
            victim.write_text(f"{victim.read_text('utf-8')}{gloss}\n", encoding="utf-8")
        elif action in ("alias", "draft"):
            value = source.choice(["true", "false"]) if action == "draft" else f"T{source.randrange(99)}"
            text = re.sub(rf"\A---\n({action}: .*\n)?", f"---\n{action}: {value}\n", victim.read_text("utf-8"))
            victim.write_text(text, encoding="utf-8")
        elif action in ("category", "tag"):
            named = f"---\n{action}: {source.choice(TAGS if action == 'tag' else WORDS)}\n"
            text = re.sub(rf"\A---\n({action}: .*\n)?", named, victim.read_text("utf-8"))
            victim.write_text(text, encoding="utf-8")
        elif action == "shift":
            victim.write_text(victim.read_text("utf-8").replace("---\n**", "---\n\n**"), encoding="utf-8")
        elif action == "decide":
            one, two = source.sample(WORDS, 2)
            with (content / "kg-ledger.txt").open("a", encoding="utf-8") as ledger:
                ledger.write(f'same person "{one}" = "{two}"\n')
        elif action == "add":
            (content / f"p{source.randrange(100, 200)}.md").write_text(random_post(source), encoding="utf-8")
        elif action == "rename":
            victim.rename(content / f"r{source.randrange(1000)}.md")
        elif action == "delete" and len(paths) > 2:
            victim.unlink()
        elif action == "touch":
            os.utime(victim)
        config = Config(formats=formats, drafts=seed > 1)
        warm, _result = pipeline.update(content, tmp_path / "warm", config=config, whole=False)
        cold = kg.build(content, tmp_path / f"cold{step}", config=config)
        assert files(tmp_path / "warm") == files(tmp_path / f"cold{step}"), action
        assert warm == cold.report
        kept = saved_graph.load(tmp_path / "warm")
        assert not isinstance(kept, saved_graph.Miss)
        assert (kept.nodes, kept.edges) == (cold.knowledge_graph.nodes, cold.knowledge_graph.edges)


def test_other_words_of_the_same_content_need_no_build(content: Path, tmp_path: Path) -> None:
    config = Config(formats=("ttl",))
    made, result = pipeline.update(content, tmp_path, config=config)
    assert result is not None
    for words, same in (("Another paragraph.\n", True), ("**地图**（Map: 画着地方的图）\n", False), ("More.\n", True)):
        with (content / "one.md").open("a", encoding="utf-8") as file:
            file.write(words)
        report, result = pipeline.update(content, tmp_path, config=config)
        assert (result is None) == same
        assert report.diagnostics == made.diagnostics
    # Where bodies are searched for names, any word may be one.
    inferring = config.with_changes(infer_mentions=True)
    for _time in range(2):
        with (content / "one.md").open("a", encoding="utf-8") as file:
            file.write("Words again.\n")
        _report, result = pipeline.update(content, tmp_path, config=inferring)
        assert result is not None


def settle(folder: Path) -> None:
    """Make files look old: stamps of the last two seconds are not trusted."""
    for path in folder.rglob("*"):
        os.utime(path, ns=(10**18, 10**18))


def test_nothing_changed_is_known_without_reading(content: Path, tmp_path: Path, monkeypatch) -> None:
    import time

    from kg import state
    from kg.state import stamps

    monkeypatch.setattr(stamps, "_GRAIN", -(10**12))  # the test's files are seconds old
    config = Config(formats=("ttl",))
    output = tmp_path / "out"
    made, result = pipeline.update(content, output, config=config)
    assert result is not None
    again, result = pipeline.update(content, output, config=config)
    assert result is None
    assert again == made
    time.sleep(0.01)
    for change in (
        lambda: (content / "one.md").write_text(SMALL["two.md"], encoding="utf-8"),
        lambda: (output / "graph.ttl").write_text("overwritten"),
        (output / "graph.ttl").unlink,
        lambda: (content / "new.md").write_text("# New\n"),
        lambda: (content / "kg-ledger.txt").write_text("# a ledger appears\n"),
        lambda: (output / ".kg" / state.BUILD).write_bytes(b"garbage"),
    ):
        change()
        _made, result = pipeline.update(content, output, config=config)
        assert result is not None
        _made, result = pipeline.update(content, output, config=config)
        assert result is None
    _made, result = pipeline.update(content, output, config=config.with_changes(base="https://other.example/"))
    assert result is not None


def test_the_bytes_of_files_that_have_just_changed_are_compared(content: Path, tmp_path: Path, monkeypatch) -> None:
    config, stamp = Config(formats=("ttl",)), Stamp(1, 1, 1, 1)
    monkeypatch.setattr(Stamp, "of", lambda _status: stamp)  # as if two changes within one tick of the clock
    later = time_ns() + 10**12
    for module in ("pipeline.manifest", "reading.folder"):
        monkeypatch.setattr(f"kg.{module}.trusted", lambda _one, _two, begun: begun > later)
    pipeline.update(content, tmp_path, config=config)
    with monkeypatch.context() as patched:
        patched.setattr(pipeline, "read_posts", None)
        assert pipeline.update(content, tmp_path, config=config)[1] is None
    (content / "one.md").write_text(SMALL["two.md"], encoding="utf-8")
    assert pipeline.update(content, tmp_path, config=config)[1] is not None
    later = 0
    assert pipeline.update(content, tmp_path, config=config)[1] is None
    (content / "one.md").write_text("# Not looked at\n", encoding="utf-8")
    assert pipeline.update(content, tmp_path, config=config)[1] is None


@pytest.mark.skipif(sys.platform != "linux", reason="names of files are any bytes on Linux only")
def test_a_file_whose_name_is_not_utf_8_needs_no_second_reading(tmp_path: Path, monkeypatch) -> None:
    from kg.state import stamps

    monkeypatch.setattr(stamps, "_GRAIN", -(10**12))  # the test's files are seconds old
    content = write_posts(tmp_path / "content", {"a.md": "one\n"})
    Path(os.fsdecode(os.fsencode(content) + b"/\xff.md")).write_text("two\n")
    for made in (True, False):
        _report, result = pipeline.update(content, tmp_path / "out", config=Config(formats=("ttl",)))
        assert (result is not None) == made


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")
def test_what_is_no_file_is_not_waited_for(content: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    kg.build(content, output, formats=["ttl"])
    good = files(output)
    for path in (output / ".kg").iterdir():
        for make in (os.mkfifo, lambda path: path.symlink_to(path.name)):
            path.unlink()
            make(path)
            kg.build(content, output, formats=["ttl"])
            assert path.is_file()
            assert files(output) == good


@pytest.mark.parametrize("damage", ["cut", "flip", "empty", "other", "folder"])
def test_a_damaged_cache_is_rebuilt_and_never_believed(content: Path, tmp_path: Path, damage: str) -> None:
    output = tmp_path / "out"
    kg.build(content, output, formats=["ttl"])
    good = (output / "graph.ttl").read_bytes()
    settle(content)
    for path in (output / ".kg").iterdir():
        data = path.read_bytes()
        middle = len(data) // 2
        if damage == "folder":
            path.unlink()
            path.mkdir()
            continue
        path.write_bytes(
            {
                "cut": data[:middle],
                "flip": data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :],
                "empty": b"",
                "other": b"\0" * 4096,
            }[damage]
        )
    kg.build(content, output, formats=["ttl"])
    assert (output / "graph.ttl").read_bytes() == good


def test_another_version_of_a_library_makes_the_last_build_void(content: Path, tmp_path: Path, monkeypatch) -> None:
    from kg.state import keys, stamps

    monkeypatch.setattr(stamps, "_GRAIN", -(10**12))  # the test's files are seconds old
    monkeypatch.syspath_prepend(tmp_path / "site")
    for version, made in (("1.0", True), ("1.0", False), ("1.1", True)):
        (tmp_path / "site" / f"somelib-{version}.dist-info").mkdir(parents=True, exist_ok=True)
        keys.libraries.cache_clear()
        _report, result = pipeline.update(content, tmp_path / "out", config=Config(formats=("ttl",)))
        assert (result is not None) == made
    keys.libraries.cache_clear()


def test_two_builds_at_once_and_one_killed(content: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    arguments = [sys.executable, "-m", "kg", "build", content, "-o", output, "--format", "ttl", "--quiet"]
    both = [subprocess.Popen(arguments) for _ in range(3)]
    both[0].kill()
    assert [process.wait(60) for process in both[1:]] == [0, 0]
    both[0].wait()
    kg.build(content, tmp_path / "alone", formats=["ttl"])
    assert (output / "graph.ttl").read_bytes() == (tmp_path / "alone" / "graph.ttl").read_bytes()


def test_one_process_or_two_make_no_difference(tmp_path: Path) -> None:
    source = random.Random(7)
    content = write_posts(tmp_path / "content", {f"p{n}.md": random_post(source) for n in range(70)})
    for jobs in (1, 2):
        kg.build(content, tmp_path / str(jobs), formats=["nt"], jobs=jobs)
    assert files(tmp_path / "1") == files(tmp_path / "2")


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")
@pytest.mark.parametrize("posts", [1, 300])
def test_one_job_is_one_process(posts: int, content: Path, tmp_path: Path) -> None:
    """The process for the glossary starts before any post is read if there are at least so many."""
    # In a process of its own: other tests may have left threads, beside which nothing is forked.
    script = f"""
import os
import kg
from kg import glossary
from kg.pipeline import build, writing
from kg.reading import folder

build._WORTH_A_PROCESS = {posts}
folder._CHUNK = glossary._WORTH_A_PROCESS = writing._WORTH_A_PROCESS = 1
build.cores = glossary.cores = writing.cores = lambda at_most: at_most or 2
started, fork = [], os.fork
os.fork = lambda: started.append(1) or fork()
for jobs in (1, 2):
    kg.build({str(content)!r}, {str(tmp_path)!r} + f"/{{jobs}}", jobs=jobs)
    print(len(started))
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr) == ("0\n3\n", "")  # one for reading, one for the glossary, one for writing
    assert files(tmp_path / "1") == files(tmp_path / "2")


def test_a_process_that_reads_is_killed(tmp_path: Path) -> None:
    content = write_posts(tmp_path / "content", {f"p{n}.md": "---\ntags: [t]\n---\n" for n in range(70)})
    script = f"""
import os
from kg import cli
from kg.reading import posts

first, read = os.getpid(), posts.Reader.read
posts.Reader.read = lambda *args: read(*args) if os.getpid() == first else os.abort()
import sys
sys.argv = ["kg", "build", {str(content)!r}, "-o", {str(tmp_path / "out")!r}, "--jobs", "2"]
cli.main()
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert run.returncode == 1
    assert "a process was killed" in run.stderr
    assert "Traceback" not in run.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc")
def test_processes_end_with_the_one_that_started_them() -> None:
    script = """
import os, time
from kg.machine.processes import Pool

with Pool(2, int, ()) as pool:
    print(*{job.result() for job in [pool.submit(os.getpid) for _ in range(50)]}, flush=True)
    time.sleep(60)
"""
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE, text=True) as parent:
        assert parent.stdout
        children = parent.stdout.readline().split()
        parent.kill()
    assert children
    for _time in range(100):
        left = [pid for pid in children if Path(f"/proc/{pid}/stat").exists() and state_of(pid) not in "ZX"]
        if not left:
            return
        sleep(0.1)
    raise AssertionError(left)


def state_of(pid: str) -> str:
    """`R` where it runs, `Z` where it has ended and nobody has asked for its status …"""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "X"


def test_a_build_that_is_asked_to_end_leaves_nothing_half_written(tmp_path: Path) -> None:
    content = write_posts(tmp_path / "content", {f"p{n}.md": "---\ntags: [t]\n---\n" for n in range(5)})
    script = f"""
import os, signal
from kg import cli
from kg.rdf import statements
from tests import running

statements.of_chunk = lambda *_: os.kill(os.getpid(), signal.SIGTERM)
import sys
sys.argv = ["kg", "build", {str(content)!r}, "-o", {str(tmp_path / "out")!r}, "--format", "ttl"]
cli.main()
"""
    run = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (143, "")
    kept = {"posts.cache", "names", "terms", "graph"}
    assert {path.name for path in (tmp_path / "out").rglob("*")} == {".kg", *kept}


def test_a_script_that_asks_for_nothing_builds_where_processes_are_spawned(tmp_path: Path) -> None:
    """As on Windows and macOS, where each process would run the script from its beginning."""
    content = write_posts(tmp_path / "content", {f"p{n}.md": f"---\ntags: [t{n % 5}]\n---\n" for n in range(70)})
    script = tmp_path / "script.py"
    script.write_text(
        "from kg.machine import cores\ncores.may_fork = lambda: False\nprint('begun')\n"
        f"import kg\nprint(len(kg.build({str(content)!r}, {str(tmp_path / 'out')!r}, jobs=2).posts), __file__)\n"
    )
    run = subprocess.run([sys.executable, script], capture_output=True, text=True, check=False)
    assert (run.stdout, run.stderr) == (f"begun\n70 {script}\n", "")
    kg.build(content, tmp_path / "forked", jobs=2)
    assert files(tmp_path / "out") == files(tmp_path / "forked")


def test_help_needs_no_heavy_import() -> None:
    code = (
        "import sys, kg.cli; from click.testing import CliRunner; "
        "assert CliRunner().invoke(kg.cli.app, ['--help']).exit_code == 0; print(*sys.modules)"
    )
    loaded = set(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    )
    assert not loaded & {"networkx", "numpy", "scipy", "rdflib", "pyoxigraph", "yaml", "pyvis", "opencc", "rapidfuzz"}


def test_interrupted_output_is_not_a_traceback(content: Path) -> None:
    command = f"{sys.executable} -m kg export nt {content} -o - | head -1"
    ended = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=60, check=False)
    assert "Traceback" not in ended.stderr
    assert ended.stdout.endswith(" .\n")


def test_watching_builds_again(content: Path, tmp_path: Path) -> None:
    output = tmp_path / "out"
    command = [sys.executable, "-m", "kg", "build", content, "-o", output, "--format", "ttl", "--watch"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            for line in process.stderr:
                if line.startswith("watching"):
                    break
            (tmp_path / "next").write_text("---\ntitle: Watched\n---\n", "utf-8")
            (tmp_path / "next").replace(content / "one.md")  # at once: an empty file would be a build of its own
            assert any("posts" in line for line in process.stderr)
            assert '"Watched"' in (output / "graph.ttl").read_text("utf-8")
        finally:
            process.send_signal(2)
            process.wait(20)
        assert process.returncode == 130
        assert process.stderr.read().splitlines()[-1] == "kg: stopped", "a folder may be looked at once more before"


def test_a_watch_tells_what_is_new() -> None:
    def found(path: str, line: int, message: str) -> Diagnostic:
        return Diagnostic(path, line, 1, "KG301", "warning", message)

    news = NewFindings()
    one, twice = found("a.md", 3, "one"), [found("b.md", 1, "two"), found("b.md", 2, "two")]
    assert news.of([one, *twice]) == [one, *twice]
    assert news.of([found("a.md", 4, "one"), *twice]) == [], "it only moved"
    three = found("b.md", 9, "two")
    assert news.of([*twice, three]) == [three], "as often as before, and once more"
    assert news.of([one]) == [one], "it had gone, and is back"


def test_a_watch_prints_no_warning_twice(content: Path, tmp_path: Path) -> None:
    (content / "one.md").write_text("[a](nowhere.md)\n", "utf-8")
    command = [sys.executable, "-m", "kg", "build", content, "-o", tmp_path / "out", "--format", "nt", "--watch"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stderr
            before = "".join(takewhile(lambda line: not line.startswith("watching"), process.stderr))
            (tmp_path / "next").write_text("# New\n\n[a](nowhere.md) [b](elsewhere.md)\n", "utf-8")
            (tmp_path / "next").replace(content / "one.md")  # at once: an empty file would be a build of its own
            after = "".join(takewhile(lambda line: "2 warnings" not in line, process.stderr))
        finally:
            process.send_signal(2)
            process.wait(20)
    assert "'nowhere.md'" in before
    assert "'nowhere.md'" not in after
    assert "'elsewhere.md'" in after


def test_mentions_are_inferred_only_when_asked(tmp_path: Path) -> None:
    listed = "---\npeople: [Grace Hopper]\n---\nGrace Hopper spoke.\n"
    gap = "---\ntitle: Gap\n---\nThen Grace Hopper spoke.\n"
    content = write_posts(tmp_path / "content", {**{f"p{n}.md": listed for n in range(6)}, "gap.md": gap})

    def named(**settings: bool) -> set[float]:
        graph = kg.build(content, config=kg.Config(**settings)).knowledge_graph
        return {edge.confidence for edge in graph.edges if edge.source.endswith("/gap")}

    assert named() == set()
    [confidence] = named(infer_mentions=True)
    assert 0 < confidence < 1


def test_a_device_is_written_to_and_never_replaced(content: Path, tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    with subprocess.Popen(["cat", pipe], stdout=subprocess.PIPE) as reader:
        assert running.kg("export", "nt", content, "-o", pipe).returncode == 0
        assert reader.stdout
        assert reader.stdout.read().endswith(b" .\n")
    assert pipe.is_fifo()
    full = running.kg("export", "nt", content, "-o", "/dev/full")
    assert full.returncode == 1
    assert "No space left" in full.stderr
    assert Path("/dev/full").is_char_device()


def test_a_link_is_followed_and_a_mode_kept(content: Path, tmp_path: Path) -> None:
    target, link = tmp_path / "real.nt", tmp_path / "link.nt"
    target.touch(mode=0o640)
    link.symlink_to(target)
    assert running.kg("export", "nt", content, "-o", link).returncode == 0
    assert link.is_symlink()
    assert target.stat().st_mode & 0o777 == 0o640
    assert target.stat().st_size > 0


def test_more_processes_than_posts_are_not_started(content: Path) -> None:
    assert running.kg("stats", content, "--jobs", "99999999").returncode == 0


def _build_many(content: str) -> int:
    return len(kg.build(content).posts)


@pytest.mark.skipif(sys.platform != "linux", reason="processes are forked on Linux only")
def test_a_build_within_a_pool_starts_no_processes(tmp_path: Path) -> None:
    for number in range(400):
        (tmp_path / f"{number}.md").write_text("**词语**（Term: 一个词）" * 10, encoding="utf-8")
    with multiprocessing.get_context("fork").Pool(1) as pool:
        assert pool.apply(_build_many, (str(tmp_path),)) == 400


def test_where_one_file_cannot_be_put_in_place_none_is(tmp_path: Path) -> None:
    content, output = tmp_path / "content", tmp_path / "output"
    content.mkdir()
    (content / "a.md").write_text("---\ntitle: One\n---\n")
    assert kg.build(content, output, formats=["ttl"]).ok
    before = (output / "graph.ttl").read_bytes()
    (output / "graph.html").mkdir()
    (content / "b.md").write_text("---\ntitle: Two\n---\n")
    with pytest.raises(ExportError, match="folder of that name"):
        kg.build(content, output, formats=["ttl", "html"])
    assert (output / "graph.ttl").read_bytes() == before
