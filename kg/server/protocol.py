"""Queries by the SPARQL 1.1 Protocol (https://www.w3.org/TR/sparql11-protocol/), and content negotiation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import parse_qsl

from kg.stores.syntax import query_form, tokens

FORM = "application/x-www-form-urlencoded"
QUERY = "application/sparql-query"
UPDATE = "application/sparql-update"

ROWS = {
    "application/sparql-results+json": "json",
    "application/json": "json",
    "application/sparql-results+xml": "xml",
    "application/xml": "xml",
    "text/xml": "xml",
    "text/csv": "csv",
    "text/tab-separated-values": "tsv",
}
"""Media type → format, for SELECT and ASK, most preferred first."""
TRIPLES = {
    "text/turtle": "ttl",
    "application/n-triples": "nt",
    "application/ld+json": "json",
    "application/rdf+xml": "xml",
    "application/x-turtle": "ttl",
    "application/json": "json",
    "application/xml": "xml",
    "text/plain": "nt",
}
"""Media type → format, for CONSTRUCT and DESCRIBE, most preferred first."""
_REGISTERED = {"application/x-turtle": "text/turtle"}


class BadRequest(Exception):
    """A request the protocol does not allow, with the response to send."""

    def __init__(self, status: int, message: str, headers: Mapping[str, str] | None = None) -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.headers = dict(headers or {})


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """A query, and its RDF dataset."""

    text: str
    """The SPARQL query."""
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()

    @property
    def returns_triples(self) -> bool:
        """Whether the result is a graph rather than rows or a boolean."""
        return query_form(tokens(self.text)) in ("CONSTRUCT", "DESCRIBE")


def read_request(method: str, query_string: str, content_type: str, body: bytes) -> QueryRequest | None:
    """The query of a request; None if it asks for the service description.

    Raises:
        BadRequest: with status 400, 403, 405 or 415.
    """
    if method in ("GET", "HEAD"):
        parameters = form_values(query_string)
        return _request_of(parameters) if any(name in ("query", "update") for name, _value in parameters) else None
    if method != "POST":
        raise BadRequest(405, f"{method} is not supported here", {"Allow": "GET, HEAD, POST"})
    media_type, _, rest = content_type.partition(";")
    media_type = media_type.strip().lower()
    charset = _charset(rest)
    if media_type == UPDATE:
        raise BadRequest(403, "this endpoint is read-only: updates are not accepted")
    if media_type not in (FORM, QUERY):
        raise BadRequest(415, f"send {FORM} or {QUERY}", {"Accept-Post": f"{FORM}, {QUERY}"})
    if charset not in ("utf-8", "utf8", "us-ascii"):
        raise BadRequest(415, "send queries in UTF-8")
    try:
        text = body.decode("utf-8")
    except UnicodeDecodeError:
        raise BadRequest(400, "the body is not UTF-8") from None
    if media_type == FORM:
        return _request_of(form_values(text))
    parameters = form_values(query_string)
    if any(name == "query" for name, _value in parameters):
        raise BadRequest(400, "the query is in the body, so it must not be in the URL as well")
    return _request_of([*parameters, ("query", text)])


def _request_of(parameters: Sequence[tuple[str, str]]) -> QueryRequest:
    def all_of(name: str) -> tuple[str, ...]:
        return tuple(value for key, value in parameters if key == name)

    if all_of("update"):
        raise BadRequest(403, "this endpoint is read-only: updates are not accepted")
    queries = all_of("query")
    if len(queries) != 1:
        raise BadRequest(400, f"expected exactly one 'query' parameter, got {len(queries)}")
    return QueryRequest(queries[0], all_of("default-graph-uri"), all_of("named-graph-uri"))


def form_values(text: str) -> list[tuple[str, str]]:
    """The names and values of a query string or of a form (https://url.spec.whatwg.org/#urlencoded-parsing).

    Raises:
        BadRequest: they are not UTF-8, or too many.
    """
    try:
        return parse_qsl(text, keep_blank_values=True, errors="strict", max_num_fields=1000)
    except UnicodeDecodeError:
        raise BadRequest(400, "the parameters are not UTF-8") from None
    except ValueError as error:
        raise BadRequest(400, f"cannot parse the parameters: {error}") from None


def _charset(rest: str) -> str:
    for part in rest.split(";"):
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"').lower()
    return "utf-8"


def negotiate(accept: str, offered: Sequence[str]) -> str | None:
    """The media type to respond with (RFC 9110 section 12.5.1, https://www.rfc-editor.org/rfc/rfc9110#name-accept).

    Args:
        accept: the Accept header, "" if there is none.
        offered: media types, most preferred first.

    Returns:
        The offered type of the highest quality, the first among equals; None if none is acceptable.
    """
    ranges = [_range(part) for part in accept.split(",") if part.strip()] or [("*/*", 1.0)]
    best: tuple[float, int] | None = None
    for index, media_type in enumerate(offered):
        matching = [(_precision(pattern, media_type), quality) for pattern, quality in ranges]
        precision, quality = max((match for match in matching if match[0]), default=(0, 0.0))
        if precision and quality > 0 and (best is None or quality > best[0]):
            best = (quality, index)
    return offered[best[1]] if best is not None else None


def registered_name(media_type: str) -> str:
    """The IANA name of a media type, which may be given by an older one."""
    return _REGISTERED.get(media_type, media_type)


def _range(part: str) -> tuple[str, float]:
    pattern, _, parameters = part.partition(";")
    quality = 1.0
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                quality = min(max(float(value), 0.0), 1.0)
            except ValueError:
                quality = 0.0
    return pattern.strip().lower(), quality


def _precision(pattern: str, media_type: str) -> int:
    if pattern == media_type:
        return 3
    if pattern == "*/*":
        return 1
    kind = media_type.partition("/")[0]
    return 2 if pattern == f"{kind}/*" else 0
