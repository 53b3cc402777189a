"""The web application: a handful of routes over the worker pool.

/            the page of the build        /graph.ttl …      the files of the build
/sparql      the SPARQL 1.1 endpoint      /person/openai …  what the graph says about an entity
/events      tells open pages to reload  /api/related …  questions by name
/reconcile   the Reconciliation Service API    /review  decisions about names, if asked for
"""

import asyncio
import base64
import hashlib
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from mimetypes import guess_type
from pathlib import Path
from urllib.parse import quote

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from kg import __version__
from kg.errors import ConfigError
from kg.insight.asking import QUESTIONS
from kg.server import entities, protocol, site
from kg.server.answering import AnswerJob, arguments, openapi
from kg.server.description import service_description
from kg.server.events import Events
from kg.server.guard import PAGE_POLICY
from kg.server.protocol import BadRequest, negotiate
from kg.server.reconciling import RECONCILE, SUGGEST, manifest
from kg.server.reviewing import Reviewing
from kg.server.worker import VALUES, Outcome, QueryJob
from kg.server.workers import QueryFailed, QueryLimits, QueryResult, WorkerPool
from kg.state import GRAPH, STATE

METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
"""Methods routed to the endpoint; all but GET, HEAD and POST get 405 with `Allow`."""
CLIENT_GONE = Outcome(499, "the client closed the connection")
"""Never sent; ends the handler when there is no one left to answer."""
DESCRIPTIONS = ("text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml")
_FILES = {".ttl": "text/turtle", ".nt": "application/n-triples", ".nq": "application/n-quads",
          ".trig": "application/trig", ".jsonld": "application/ld+json", ".rdf": "application/rdf+xml",
          ".graphml": "application/graphml+xml", ".gexf": "application/gexf+xml"}  # fmt: skip
_IN_HEADERS = "".join(map(chr, range(0x20, 0x7F)))


class App:
    """The state behind the routes."""

    def __init__(
        self, output: Path, limits: QueryLimits, *, ours_first: bool = False, reviewing: Reviewing | None = None
    ) -> None:
        self.output = output
        self.reviewing = reviewing
        self.ours_first = ours_first
        self.limits = limits
        self.pool = WorkerPool(output, limits)
        self.answering = WorkerPool(output / STATE / GRAPH, replace(limits, workers=1))
        self.events = Events()
        self._base: str | None = None

    def asgi(self, background: Callable[[], Awaitable[None]] | None) -> Starlette:
        """The ASGI application; `background` is a task that runs for its lifetime."""

        @asynccontextmanager
        async def lifespan(_app: Starlette) -> AsyncIterator[None]:
            task = asyncio.ensure_future(background()) if background else None
            try:
                yield
            finally:
                if task:
                    task.cancel()
                    await asyncio.gather(task, return_exceptions=True)
                self.events.close()
                await self.pool.close()
                await self.answering.close()

        routes = [
            Route("/", self.page, methods=["GET"]),
            Route(site.ENDPOINT, self.sparql, methods=METHODS),
            Route(site.EVENTS, self.listen, methods=["GET"]),
            Route("/api/{question}", self.answer, methods=["GET"]),
            Route(RECONCILE, self.reconcile, methods=["GET", "POST"]),
            Route(SUGGEST, self.suggest, methods=["GET"]),
            *(self.reviewing.routes() if self.reviewing else ()),
            Route("/{path:path}", self.resource, methods=["GET"]),
        ]
        return Starlette(
            routes=routes, lifespan=lifespan, exception_handlers={BadRequest: _bad_request, QueryFailed: _failure}
        )

    async def changed(self) -> None:
        """Switch to the new graph and tell open pages."""
        self._base = None
        await self.pool.refresh()
        await self.answering.refresh()
        self.events.reload()

    # --- route handlers

    async def page(self, request: Request) -> Response:
        """Handle `/`: the page of the build."""
        path = site.page(self.output, ours_first=self.ours_first)
        if path is None:
            return PlainTextResponse("no page has been built: run kg build --format ttl,html\n", 404)
        return await _file(request, path, "text/html", {"Content-Security-Policy": PAGE_POLICY})

    async def sparql(self, request: Request) -> Response:
        """Handle `/sparql`: a query, or the service description when there is none."""
        body = await self._body(request) if request.method == "POST" else b""
        content_type = request.headers.get("content-type", "")
        query = protocol.read_request(request.method, request.url.query, content_type, body)
        accept = ", ".join(request.headers.getlist("accept"))
        if query is None:
            media_type = _acceptable(accept, DESCRIPTIONS)
            url = str(request.url.replace(query="", fragment=""))
            graphs = [row["g"]["value"] for row in await self._rows(entities.GRAPHS)]
            return Response(
                service_description(url, protocol.TRIPLES[media_type], graphs),
                media_type=media_type,
                headers={"Vary": "Accept"},
            )
        offered = protocol.TRIPLES if query.returns_triples else protocol.ROWS
        media_type = _acceptable(accept, tuple(offered))
        job = QueryJob(query.text, offered[media_type], query.default_graphs, query.named_graphs)
        result = await self._run_while_connected(request, job)
        return _streamed(result, protocol.registered_name(media_type))

    async def answer(self, request: Request) -> Response:
        """Handle `/api/…`: a question by name, or the description of all of them."""
        question = request.path_params["question"]
        if question == "openapi.json":
            return JSONResponse(openapi(__version__))
        if question not in QUESTIONS:
            raise BadRequest(404, f"there is no such question; there are {', '.join(QUESTIONS)}, and openapi.json")
        pairs = tuple(request.query_params.multi_items())
        if question != "query":
            return await self._answered(request, AnswerJob(question, pairs))
        try:
            job = QueryJob(arguments(question, pairs)[1]["sparql"], VALUES)
        except ConfigError as error:
            raise BadRequest(400, str(error)) from error
        return _streamed(await self._run_while_connected(request, job), "application/json")

    async def reconcile(self, request: Request) -> Response:
        """Handle `/reconcile`: a batch of queries, or the manifest when there is none."""
        given = request.url.query
        if request.method == "POST":
            if request.headers.get("content-type", "").partition(";")[0].strip().lower() != protocol.FORM:
                raise BadRequest(415, f"send {protocol.FORM}", {"Accept-Post": protocol.FORM})
            given = (await self._body(request)).decode("utf-8", "replace")
        queries = [value for name, value in protocol.form_values(given) if name == "queries"]
        if not queries:
            address = str(request.url.replace(path="", query="", fragment=""))
            return JSONResponse(manifest(address, await self.iri_base()))
        if len(queries) > 1:
            raise BadRequest(400, "queries is there twice")
        return await self._answered(request, AnswerJob(RECONCILE, (("queries", queries[0]),)))

    async def suggest(self, request: Request) -> Response:
        """Handle `/reconcile/suggest`: things with a name that begins so."""
        prefix = request.query_params.get("prefix", "")
        return await self._answered(request, AnswerJob(SUGGEST, (("prefix", prefix),)))

    async def _answered(self, request: Request, job: AnswerJob) -> Response:
        if not (self.ours_first or site.is_current(self.output)):
            raise BadRequest(503, "there is no graph for questions of this build: start kg serve with CONTENT")
        return _streamed(await self._run_while_connected(request, job), "application/json")

    async def listen(self, request: Request) -> ASGIApp:
        """Handle `/events`: server-sent events that tell pages to reload."""
        if request.method == "HEAD":
            return Response(media_type="text/event-stream")

        async def answer(scope: Scope, receive: Receive, send: Send) -> None:
            if self.events.full:
                refusal = PlainTextResponse("too many pages are listening\n", 503, {"Retry-After": "10"})
                await refusal(scope, receive, send)
                return
            with self.events.listener() as listener:
                stream = self.events.stream(listener, request.headers.get("last-event-id", ""))
                await StreamingResponse(stream, media_type="text/event-stream")(scope, receive, send)

        return answer

    async def resource(self, request: Request) -> Response:
        """Handle any other path: a file of the build, or what the graph says about an IRI."""
        raw = request.scope["raw_path"].decode("latin-1")
        # Compared with the names directly in OUTPUT, so a path can never lead outside it.
        file = await run_in_threadpool(self._file, raw.removeprefix("/"))
        if file is not None:
            media_type = _FILES.get(file.suffix) or guess_type(file.name)[0] or "application/octet-stream"
            return await _file(request, file, media_type)
        return await self._entity(request, raw)

    def _file(self, name: str) -> Path | None:
        for entry in self.output.iterdir():
            if entry.name == name and not name.startswith(".") and entry.is_file() and not entry.is_symlink():
                return entry
        return None

    async def _entity(self, request: Request, raw: str) -> Response:
        base = await self.iri_base()
        iri = entities.iri_of(base, raw) if base else ""
        if not iri or any(c in iri for c in '<>"{}|\\^` '):
            return PlainTextResponse("there is nothing here\n", 404)
        media_type = _acceptable(
            ", ".join(request.headers.getlist("accept")), ("text/html", *DESCRIPTIONS, "application/json")
        )
        with await self.pool.ask(QueryJob(entities.KNOWN, "json", iris={"this": iri})) as known:
            if not json.load(known)["boolean"]:
                return PlainTextResponse("there is nothing here\n", 404, {"Vary": "Accept"})
        now = await self._rows(entities.FORMER, iri)
        path = entities.path_of(base or "", now[0]["base"]["value"]) if now else None
        if path and not path.startswith("//"):  # which would lead to another host
            return Response(status_code=303, headers={"Location": path, "Vary": "Accept"})
        if media_type != "text/html":
            result = await self.pool.ask(QueryJob(entities.ABOUT, protocol.TRIPLES[media_type], iris={"this": iri}))
            return _streamed(result, protocol.registered_name(media_type))
        outgoing = await self._rows(entities.OUTGOING, iri)
        incoming = await self._rows(entities.INCOMING, iri)
        style = base64.b64encode(hashlib.sha256(entities.STYLE.encode()).digest()).decode()
        return Response(
            entities.document(iri, base, outgoing, incoming),
            media_type="text/html",
            headers={
                "Content-Security-Policy": f"default-src 'none'; style-src 'sha256-{style}'; {PAGE_POLICY}",
                "Vary": "Accept",
            },
        )

    # --- helpers

    async def iri_base(self) -> str:
        """The prefix of the graph's IRIs, as stated in the graph itself; "" if it is not."""
        if self._base is None:
            rows = await self._rows(entities.BASE)
            self._base = rows[0]["base"]["value"] if rows else ""
        return self._base

    async def _rows(self, query: str, iri: str = "") -> entities.Rows:
        with await self.pool.ask(QueryJob(query, "json", iris={"this": iri} if iri else {})) as result:
            rows: entities.Rows = json.load(result)["results"]["bindings"]
        return [{name: term for name, term in row.items() if term} for row in rows if row.keys() & {"p", "base", "g"}]

    async def _body(self, request: Request) -> bytes:
        body = bytearray()
        try:
            async for chunk in request.stream():
                body += chunk
                if len(body) > self.limits.query_bytes:
                    raise BadRequest(413, f"the query is longer than {self.limits.query_bytes:,} bytes")
        except ClientDisconnect:  # or it missed its deadline, see kg.server.connections
            raise QueryFailed(CLIENT_GONE) from None
        return bytes(body)

    async def _run_while_connected(self, request: Request, job: QueryJob | AnswerJob) -> QueryResult:
        """Run a job, and cancel it when the client disconnects."""
        pool = self.pool if isinstance(job, QueryJob) else self.answering
        asking = asyncio.ensure_future(pool.ask(job))
        leaving = asyncio.ensure_future(_disconnected(request))
        try:
            await asyncio.wait((asking, leaving), return_when=asyncio.FIRST_COMPLETED)
            if not asking.done():
                raise QueryFailed(CLIENT_GONE)
            return asking.result()
        finally:
            for task in (asking, leaving):
                if not task.done():
                    task.cancel()
                    await asyncio.gather(task, return_exceptions=True)


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _acceptable(accept: str, offered: tuple[str, ...]) -> str:
    media_type = negotiate(accept, offered)
    if media_type is None:
        raise BadRequest(406, f"available types: {', '.join(dict.fromkeys(map(protocol.registered_name, offered)))}")
    return media_type


async def _file(request: Request, path: Path, media_type: str, headers: dict[str, str] | None = None) -> Response:
    """A file, or 304 if the client has it; always revalidated, since builds replace files."""
    headers = {"Cache-Control": "no-cache", **(headers or {})}
    stat = await run_in_threadpool(path.stat)
    response = FileResponse(path, media_type=media_type, headers=headers, stat_result=stat)
    if response.headers["ETag"] in [tag.strip() for tag in request.headers.get("if-none-match", "").split(",")]:
        return Response(status_code=304, headers={**headers, "ETag": response.headers["ETag"]})
    return response


def _streamed(result: QueryResult, media_type: str) -> Response:
    """A response that streams a result from its file, then closes the file; a note on it is the header `Kg-Note`."""
    length = result.seek(0, 2)
    result.seek(0)

    async def chunks() -> AsyncIterator[bytes]:
        with result:
            while chunk := result.read(1 << 16):
                yield chunk

    headers = {"Content-Length": str(length), "Vary": "Accept"}
    if result.note:
        headers["Kg-Note"] = quote(result.note, safe=_IN_HEADERS)
    return StreamingResponse(chunks(), media_type=media_type, headers=headers)


async def _bad_request(_request: Request, error: Exception) -> Response:
    assert isinstance(error, BadRequest)
    return PlainTextResponse(f"{error.message}\n", error.status, error.headers)


async def _failure(request: Request, error: Exception) -> Response:
    """A failed query as text, or as problem+json for the query editor, which marks the position."""
    assert isinstance(error, QueryFailed)
    outcome = error.outcome
    headers = {"Retry-After": "5"} if outcome.status == 503 else {}
    if "application/problem+json" in request.headers.get("accept", ""):  # RFC 9457
        detail = {"status": outcome.status, "title": outcome.message, "line": outcome.line, "column": outcome.column,
                  "hint": outcome.hint}  # fmt: skip
        return Response(json.dumps(detail), outcome.status, headers, "application/problem+json")
    place = f"query:{outcome.line}:{outcome.column}: " if outcome.line else ""
    hint = f"; {outcome.hint}" if outcome.hint else ""
    return PlainTextResponse(f"{place}{outcome.message}{hint}\n", outcome.status, headers)
