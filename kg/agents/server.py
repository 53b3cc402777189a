"""The Model Context Protocol (https://modelcontextprotocol.io/specification), by the official SDK."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import anyio
import anyio.to_thread
import mcp_types as types
from mcp.server.lowlevel import Server

from kg import __version__
from kg.agents import budget, tools
from kg.agents.quoting import quoted
from kg.errors import KgError, QueryError

if TYPE_CHECKING:
    import socket

    from starlette.applications import Starlette

    from kg.agents.desk import Desk
    from kg.server.workers import WorkerPool


class Agents:
    """A server of the questions of one folder; nothing can be changed through it."""

    def __init__(self, desk: Desk, default: int = budget.DEFAULT) -> None:
        self._desk = desk
        self._budget = default
        """Tokens of an answer whose caller names no budget."""
        self._pool: WorkerPool | None = None
        self.server: Server[Any] = Server(
            "kg",
            version=__version__,
            title="kg",
            instructions=tools.INSTRUCTIONS,
            on_list_tools=self._list,
            on_call_tool=self._call,
        )

    async def stdio(self) -> None:
        """Serve the program that started this one, until it closes standard input."""
        from mcp.server.stdio import stdio_server

        async with stdio_server() as (incoming, outgoing):
            await self.server.run(incoming, outgoing, self.server.create_initialization_options())
        await self.close()

    def app(self) -> Starlette:
        """The streamable HTTP transport at `/mcp`: requests are independent, each answer is one JSON object."""
        return self.server.streamable_http_app(json_response=True, stateless_http=True)

    async def close(self) -> None:
        """End the process that answers SPARQL."""
        if self._pool is not None:
            await self._pool.close()

    async def _list(self, _context: Any, _page: Any) -> types.ListToolsResult:
        return types.ListToolsResult(tools=described())

    async def _call(self, _context: Any, asked: types.CallToolRequestParams) -> types.CallToolResult:
        try:
            call = tools.checked(asked.name, asked.arguments or {}, self._budget)
            if call.tool == "query":
                text = await self._query(call)
            else:
                text = await anyio.to_thread.run_sync(lambda: tools.answer(self._desk.answers(), call))
        except KgError as error:
            text = budget.HEAD + quoted({"error": str(error)[:1200]})
            return types.CallToolResult(content=[types.TextContent(text=text)], is_error=True)
        return types.CallToolResult(content=[types.TextContent(text=text)])

    async def _query(self, call: tools.Call) -> str:
        """The answer to SPARQL, from a process that can be ended, has little memory, and opens no file."""
        from kg.server.worker import QueryJob
        from kg.server.workers import QueryFailed, QueryLimits, WorkerPool

        asked = await anyio.to_thread.run_sync(self._desk.answers)
        if self._pool is None:
            self._pool = WorkerPool(self._desk.output, QueryLimits(workers=1, result_bytes=8 << 20))
        try:
            with await self._pool.ask(QueryJob(call.given["sparql"], "json")) as result:
                found, note = json.load(result), result.note
        except QueryFailed as error:
            outcome = error.outcome
            place = f"query:{outcome.line}:{outcome.column}: " if outcome.line else ""
            raise QueryError(f"{place}{outcome.message}" + (f"; {outcome.hint}" if outcome.hint else "")) from error
        rows = tools.query_rows(asked.knowledge_graph, found)
        return tools.fitted(asked, call, rows, "" if rows else note or self._desk.why_empty(call.given["sparql"]))


def described() -> list[types.Tool]:
    """The tools as they are described to clients."""
    return [
        types.Tool(
            name=name,
            description=text,
            input_schema=tools.schema(name),
            annotations=types.ToolAnnotations(read_only_hint=True),
        )
        for name, text in tools.TOOLS.items()
    ]


def serve_stdio(desk: Desk, default: int) -> None:
    """Serve over standard input and output."""
    anyio.run(Agents(desk, default).stdio)


def serve_http(desk: Desk, default: int, listener: socket.socket, token: str) -> None:
    """Serve over HTTP on this machine, until Ctrl-C.

    Requests of other sites and of other names of this machine are refused (DNS rebinding): see `kg.server.guard`.
    """
    import uvicorn

    from kg.server.guard import Guard
    from kg.server.running import configured

    host, port = listener.getsockname()[:2]
    agents = Agents(desk, default)
    guard = Guard(agents.app(), frozenset({host, "localhost", "127.0.0.1"}), port, token)
    sys.stderr.write(f"kg: http://{host}:{port}/mcp  (Ctrl-C ends)\n")
    sys.stderr.flush()
    uvicorn.Server(configured(guard)).run([listener])
