"""Linked data: every IRI of the graph can be requested by its path, as HTML or RDF (https://www.w3.org/TR/cooluris/).

`https://kg.example/person/习近平` is served as `/person/习近平`.
"""

import html
import re
from urllib.parse import quote, quote_from_bytes, unquote_to_bytes, urlencode

from kg.iris import stands
from kg.namespaces import compact

BASE = """
SELECT ?base WHERE {
  ?dataset a void:Dataset ; void:uriSpace ?base .
  FILTER NOT EXISTS { ?whole void:classPartition ?dataset }
}
"""
GRAPHS = "SELECT DISTINCT ?g { GRAPH ?g {} } ORDER BY ?g"
KNOWN = "ASK { { ?this ?p ?o } UNION { ?s ?q ?this } }"
FORMER = "SELECT ?this ?base WHERE { ?this dcterms:isReplacedBy ?base FILTER NOT EXISTS { ?this a ?class } } LIMIT 1"
"""What a thing that was once called `?this` is called now."""
ABOUT = "CONSTRUCT { ?this ?p ?o . ?s ?q ?this } WHERE { { ?this ?p ?o } UNION { ?s ?q ?this } }"
"""All triples with `?this` as subject or object."""
OUTGOING = """
SELECT ?this ?p ?o (MIN(STR(?any)) AS ?label) WHERE { ?this ?p ?o . OPTIONAL { ?o rdfs:label ?any } }
GROUP BY ?this ?p ?o
ORDER BY ?p ?o
LIMIT 500
"""
INCOMING = """
SELECT ?this ?p ?s (MIN(STR(?any)) AS ?label) (MIN(STR(?when)) AS ?date) WHERE {
  ?s ?p ?this .
  OPTIONAL { ?s rdfs:label ?any }
  OPTIONAL { ?s schema:datePublished ?when }
}
GROUP BY ?this ?p ?s
ORDER BY ?p DESC(?date) ?s
LIMIT 500
"""

_ESCAPES = re.compile(r"(?:%[89A-Fa-f][0-9A-Fa-f])+")


def iri_of(base: str, raw_path: str) -> str:
    """The IRI for a request path.

    Browsers percent-encode all non-ASCII characters; our IRIs encode only what an IRI must not contain.

    >>> iri_of("https://kg.example/", "/person/%E4%B9%A0%E8%BF%91%E5%B9%B3")
    'https://kg.example/person/习近平'
    >>> iri_of("https://kg.example/", "/tag/a%5Fb")
    'https://kg.example/tag/a%5Fb'
    """
    path = re.sub(r"%[0-9A-Fa-f]{2}", lambda escape: escape[0].upper(), raw_path.lstrip("/"))
    return base + _ESCAPES.sub(_letters, path)


def _letters(match: re.Match[str]) -> str:
    # Bytes that are not UTF-8, as in a truncated IRI, become surrogates and so stay encoded.
    text = unquote_to_bytes(match[0]).decode("utf-8", "surrogateescape")
    return "".join(c if stands(c) else quote(c.encode("utf-8", "surrogateescape")) for c in text)


def path_of(base: str, iri: str) -> str | None:
    """The path this server serves an IRI under; None for an IRI outside `base`."""
    if not base or not iri.startswith(base):
        return None
    return "/" + quote_from_bytes(iri[len(base) :].encode(), safe="/%:@!$&'()*+,;=~-._")


Rows = list[dict[str, dict[str, str]]]
"""Bindings of SPARQL JSON results (https://www.w3.org/TR/sparql11-results-json/)."""


def document(iri: str, base: str, outgoing: Rows, incoming: Rows) -> str:
    """The HTML page of one IRI: its names, its outgoing statements, and what refers to it."""
    names = [row["o"]["value"] for row in outgoing if row["p"]["value"].endswith("#label")]
    title = html.escape(names[0] if names else iri)
    at = html.escape(urlencode({"at": iri.removeprefix(base)}), quote=True)
    sections = [
        _table("Statements", outgoing, "o", base),
        _table("Referred to by", incoming, "s", base),
    ]
    return (
        "<!doctype html>\n"
        f'<html lang="en"><head><meta charset="utf-8"><title>{title}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head>\n"
        f"<body><main><h1>{title}</h1>"
        f'<p class="iri">{html.escape(iri)}</p>'
        f'<p><a href="/#{at}">Show it on the map</a></p>\n'
        f"{''.join(sections)}</main></body></html>\n"
    )


def _table(heading: str, rows: Rows, other: str, base: str) -> str:
    if not rows:
        return ""
    lines = []
    last = ""
    for row in rows:
        name = compact(row["p"]["value"])
        shown = html.escape(name) if name != last else ""
        last = name
        date = f"<time>{html.escape(row['date']['value'][:10])}</time> " if "date" in row else ""
        lines.append(f"<tr><th scope=row>{shown}</th><td>{date}{_value(row[other], row.get('label'), base)}</td></tr>")
    more = "<p>Only the first 500 are shown.</p>" if len(rows) >= 500 else ""
    return f"<h2>{heading}</h2>\n<table>{''.join(lines)}</table>{more}\n"


def _value(value: dict[str, str], label: dict[str, str] | None, base: str) -> str:
    text = value["value"]
    if value["type"] != "uri":
        language = value.get("xml:lang", "")
        attribute = f' lang="{html.escape(language, quote=True)}"' if language else ""
        return f"<span{attribute} dir=auto>{html.escape(text)}</span>"
    shown = html.escape(label["value"] if label and label.get("value") else compact(text))
    path = path_of(base, text)
    if path is None and not text.startswith(("http://", "https://")):
        return shown
    return f'<a dir=auto href="{html.escape(path or text, quote=True)}">{shown}</a>'


STYLE = (
    ":root{color-scheme:light dark}body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:60rem;padding:1rem}"
    "h1{margin-bottom:0}.iri{color:GrayText;margin-top:0;overflow-wrap:anywhere}table{border-collapse:collapse;width:100%}"
    "th{text-align:left;vertical-align:top;font-weight:normal;color:GrayText;padding:.15rem 1rem .15rem 0;"
    "white-space:nowrap}time{color:GrayText;margin-right:.5rem}td{overflow-wrap:anywhere;padding:.15rem 0;width:100%}"
)
