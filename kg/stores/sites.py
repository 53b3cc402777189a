"""The record that a store keeps of the sites whose graphs it holds.

A site is known by its base. Each one leaves a record in the store: a named graph `{base}site`, which describes the
dataset in VoID (https://www.w3.org/TR/void/) and names the folder that the posts were in. A store that was filled by an
earlier version has no such record, but the graph of the vocabulary describes the dataset as well, without the folder.
"""

from collections.abc import Iterable
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from kg import __version__
from kg.config import DEFAULT_BASE
from kg.errors import ConfigError
from kg.namespaces import DCTERMS, KG, VOID
from kg.rdf.ntriples import document_of, resource, text

BUILT_WITH = KG + "builtWith"
FOLDER = DCTERMS + "source"
URI_SPACE = VOID + "uriSpace"


class SiteRecord(NamedTuple):
    """One description of a site."""

    graph: str
    """The named graph that holds it."""
    base: str
    folder: str = ""
    """The name of the posts' folder and a digest of its whole path; "" if unknown."""


def site_of(content: Path, base: str, into: str = "") -> SiteRecord:
    """The site whose posts are in a folder; what is loaded into one graph has a record of its own."""
    path = content.resolve()
    graph = f"{base}site/{_digest(into)}" if into else f"{base}site"
    return SiteRecord(graph, base, text(f"{path.name} {_digest(str(path))}"))


def _digest(name: str) -> str:
    return sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]


def record(site: SiteRecord) -> bytes:
    """The record of a site as N-Triples."""
    rows = [(URI_SPACE, site.base, "", ""), (FOLDER, site.folder, "", ""), (BUILT_WITH, f"kg {__version__}", "", "")]
    return document_of(resource(f"{site.base}dataset", VOID + "Dataset", rows).statements()).encode()


def is_of_another(graph: str, base: str, sites: Iterable[SiteRecord]) -> bool:
    """Whether a graph belongs to another site than that of a base, whatever its IRI begins with.

    It is where it describes that site itself (`--graph`), and where it lies below a base that is longer.
    """
    return any(
        site.base != base
        and (site.graph == graph or (len(site.base) > len(base) and graph.startswith(f"{site.base}graph/")))
        for site in sites
    )


def is_known(site: SiteRecord, sites: Iterable[SiteRecord]) -> bool:
    """Whether a store records that its graphs below a base belong to this very site.

    A base of its own identifies a site. The placeholder does not: anybody may use it, so the folder decides.

    Raises:
        ConfigError: they are of another folder.
    """
    if site.base != DEFAULT_BASE:
        return True
    folders = [other.folder for other in sites if other.graph == site.graph and other.folder]
    if folders and site.folder not in folders:
        raise ConfigError(
            f"the store's graphs below {site.base} are of another folder, {folders[0].rpartition(' ')[0]!r}; "
            "give this one a base of its own, with --base or in kg.toml"
        )
    return bool(folders)
