"""A release that others can cite: one archive of a graph's formats, description, checks and a digest of each file.

An RO-Crate (https://w3id.org/ro/crate/1.2) in a ZIP file, without compression and without times of files, so that the
same posts give the same bytes on every machine.
"""

import json
import zipfile
from collections.abc import Sequence
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from kg import __version__, exporters
from kg.config import DEFAULT_BASE
from kg.errors import ConfigError, ExportError, needing, os_errors
from kg.fields import AUTHOR
from kg.graph.model import KnowledgeGraph
from kg.machine.files import read_plain, replacing
from kg.pipeline.result import Result
from kg.pipeline.run import ledger_path
from kg.pipeline.writing import write_file
from kg.rdf import statements
from kg.text.wording import counted

CRATE = "https://w3id.org/ro/crate/1.2"
METADATA = "ro-crate-metadata.json"
_REPORT = "shacl-report.nt"
_LEDGER = "kg-ledger.txt"
_DESCRIBED = ("ontology", "shapes")
"""Formats that are in every release, because they say what the others mean."""


def release(result: Result, target: Path, formats: Sequence[str], *, date: str = "") -> tuple[bool, list[str]]:
    """Pack a graph.

    Args:
        result: the build.
        target: the archive to write.
        formats: names of the formats that are in it.
        date: when it is published, as xsd:date; by default the date of the newest post.

    Returns:
        Whether the graph conforms to its shapes, and the names of the files in the archive.

    Raises:
        ConfigError: something that a citation needs is not known.
        ExportError: the archive cannot be written; what was there is untouched.
    """
    graph = result.knowledge_graph
    date = date or graph.dataset.newest[:10]
    _check_citable(graph, date)
    with TemporaryDirectory(prefix="kg-release-") as place:
        folder = Path(place)
        described: dict[str, dict[str, Any]] = {}
        for name in dict.fromkeys((*formats, *_DESCRIBED)):
            exporter = exporters.get(name)
            for path in write_file(graph, exporter, folder if len(exporter.files) > 1 else folder / exporter.files[0]):
                described[path.name] = {"name": exporter.title, "encodingFormat": exporter.media_type}
        described["void.ttl"] = {"name": "the graph in numbers (VoID)", "encodingFormat": "text/turtle"}
        (folder / "void.ttl").write_bytes(_void(graph))
        conforms, report = _validated(result, folder / "shapes.ttl")
        described[_REPORT] = {
            "name": "report of the check against shapes.ttl",
            "encodingFormat": "application/n-triples",
        }
        (folder / _REPORT).write_bytes(report)
        ledger = ledger_path(result.content, result.config)
        if ledger.exists():
            described[_LEDGER] = {"name": "decisions about names", "encodingFormat": "text/plain"}
            (folder / _LEDGER).write_bytes(read_plain(ledger))
        for name, about in described.items():
            data = (folder / name).read_bytes()
            about |= {"contentSize": str(len(data)), "sha256": sha256(data).hexdigest()}
        metadata = json.dumps(_metadata(graph, described, date), ensure_ascii=False, indent=1) + "\n"
        (folder / METADATA).write_text(metadata, encoding="utf-8")
        names = [METADATA, *sorted(described)]
        with os_errors(ExportError, f"cannot write {target}"), replacing(target, typed=True) as stream:
            _pack(folder, names, stream)
    return conforms, names


def _check_citable(graph: KnowledgeGraph, date: str) -> None:
    dataset = graph.dataset
    if dataset.base == DEFAULT_BASE:
        raise ConfigError('a release needs IRIs of your own: write base = "https://…" in kg.toml, or give --base')
    for name, value in (("title", dataset.title), ("license", dataset.license)):
        if not value:
            raise ConfigError(f'a release needs a {name}: write {name} = "…" in kg.toml')
    if not date:
        raise ConfigError("a release needs a date, and no post has one: give --date YYYY-MM-DD")


def _void(graph: KnowledgeGraph) -> bytes:
    """The description of the graph, without the terms of the vocabulary."""
    from kg.exporters._rdf import turtle

    others = sum(statements.count(description.resources) for description in statements.of_nodes(graph))
    writer = turtle(graph)
    return (writer.head() + writer.of(statements.about_dataset(graph, others))).encode()


def _validated(result: Result, shapes: Path) -> tuple[bool, bytes]:
    """Whether the graph conforms to the shapes, and the report in canonical order."""
    with needing("release", "kg release"):
        import pyshacl
    import rdflib
    from rdflib.compare import to_canonical_graph

    rules = rdflib.Graph().parse(shapes, format="turtle")
    conforms, report, _text = pyshacl.validate(result.to_rdflib(), shacl_graph=rules)
    lines = to_canonical_graph(report).serialize(format="nt", encoding="utf-8").splitlines(keepends=True)
    return conforms, b"".join(sorted(line for line in lines if line.strip()))


def _metadata(graph: KnowledgeGraph, files: dict[str, dict[str, Any]], date: str) -> dict[str, Any]:
    dataset = graph.dataset
    authors = sorted({edge.target for edge in graph.edges if edge.predicate == AUTHOR})
    posts = graph.count_by_kind().get("post", 0)
    root: dict[str, Any] = {
        "@id": "./",
        "@type": "Dataset",
        "name": dataset.title,
        "description": f"Knowledge graph of {counted(posts, 'post')} with {counted(len(graph.nodes) - posts, 'thing')} "
        f"and {counted(len(graph.edges), 'link')}, built by kg {__version__}.",
        "datePublished": date,
        "license": {"@id": dataset.license},
        "hasPart": [{"@id": name} for name in sorted(files)],
    }
    if authors:
        ids = [{"@id": iri} for iri in authors]
        root["author"] = ids if len(ids) > 1 else ids[0]
    return {
        "@context": f"{CRATE}/context",
        "@graph": [
            {"@id": METADATA, "@type": "CreativeWork", "conformsTo": {"@id": CRATE}, "about": {"@id": "./"}},
            root,
            {"@id": dataset.license, "@type": "CreativeWork", "name": dataset.license},
            *({"@id": iri, "@type": "Person", "name": graph.nodes[iri].label} for iri in authors),
            *({"@id": name, "@type": "File", **about} for name, about in sorted(files.items())),
        ],
    }


def _pack(folder: Path, names: Sequence[str], stream: Any) -> None:
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_STORED) as archive:
        for name in names:
            entry = zipfile.ZipInfo(name)  # of 1980, the first year that a ZIP file knows
            entry.create_system, entry.external_attr = 3, 0o100644 << 16
            archive.writestr(entry, (folder / name).read_bytes())
