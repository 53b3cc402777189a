"""Starting, watching and stopping the server (uvicorn, https://www.uvicorn.org)."""

from __future__ import annotations

import asyncio
import socket
import sys
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import uvicorn

from kg.errors import ConfigError
from kg.server.app import App
from kg.server.connections import BACKLOG, Connection, allow_many
from kg.server.guard import Guard, is_loopback
from kg.server.site import PAGE, Source, start
from kg.server.workers import Failure
from kg.stores.embedded import BUILT

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import FrameType

    from kg.server.workers import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """Where and for whom to listen."""

    host: str = "127.0.0.1"
    port: int = 8765
    """0 takes a free one."""
    names: tuple[str, ...] = ()
    """Names of reverse proxies that pass requests on to this server."""
    token: str = ""
    watch: bool = False


class Server(uvicorn.Server):
    """One that ends the endless answers first when it is told to stop."""

    def __init__(self, config: uvicorn.Config, app: App) -> None:
        super().__init__(config)
        self._app = app

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Ctrl-C: stop listening, let short answers finish."""
        self._app.events.close()
        super().handle_exit(sig, frame)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Let short answers finish, then hang up on all others; uvicorn would report each as an error."""
        asyncio.get_running_loop().call_later(1, self._hang_up)
        await super().shutdown(sockets)

    def _hang_up(self) -> None:
        for connection in list(self.server_state.connections):
            if isinstance(connection, Connection):
                connection.transport.abort()


def run(source: Source, settings: Settings, limits: Limits, report: Callable[..., None] | None = None) -> None:
    """Serve until Ctrl-C.

    Raises:
        ConfigError: the address cannot be listened on.
    """
    listener = listen(settings.host, settings.port)
    port = listener.getsockname()[1]
    app = App(source.output, limits, ours_first=source.content is not None)

    async def background() -> None:
        builder = Builder(source, report)
        await asyncio.gather(_warm(app), _watch_output(app, source, builder), _watch_content(source, settings, builder))

    proxies = frozenset(name.lower() for name in settings.names)
    guard = Guard(app.asgi(background), known_as(settings), port, settings.token, proxies)
    allow_many()
    config = uvicorn.Config(
        guard,
        http=Connection,
        log_level="error",
        access_log=False,  # an address may hold a token
        server_header=False,
        date_header=True,
        lifespan="on",
        ws="none",
        backlog=BACKLOG,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=3,
        h11_max_incomplete_event_size=64 << 10,
    )
    name = f"[{settings.host}]" if ":" in settings.host else settings.host
    query = f"?token={settings.token}" if settings.token else ""
    sys.stderr.write(f"kg: http://{name}:{port}/{query}  (SPARQL at /sparql; Ctrl-C ends)\n")
    sys.stderr.flush()
    with suppress(KeyboardInterrupt):
        Server(config, app).run([listener])


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens.

    Raises:
        ConfigError: there is no such address here, or the port is taken.
    """
    try:
        family, kind, protocol, _name, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(BACKLOG)  # from now on callers wait for us, and are not refused
    except UnicodeError as error:
        raise ConfigError(f"{host}: is no name of a host; try 127.0.0.1") from error
    except OSError as error:
        raise ConfigError(f"{host}:{port}: {error.strerror}; try another --port") from error
    return listener


def known_as(settings: Settings) -> frozenset[str]:
    """The names by which requests may call this server directly."""
    names = {settings.host.strip("[]").lower()}
    if is_loopback(settings.host) or settings.host in ("0.0.0.0", "::", ""):  # noqa: S104 - compared, not bound
        names |= {"127.0.0.1", "localhost", "::1"}
    if settings.host in ("0.0.0.0", "::", ""):  # noqa: S104
        with suppress(OSError):
            names |= {str(item[4][0]) for item in socket.getaddrinfo(socket.gethostname(), None)}
            names.add(socket.gethostname().lower())
    return frozenset(names)


async def _warm(app: App) -> None:
    """Start the first worker before the first query."""
    with suppress(Failure):
        await app.iri_base()


class Builder:
    """Builds in the background, one build at a time."""

    def __init__(self, source: Source, report: Callable[..., None] | None) -> None:
        self._source = source
        self._report = report
        self._lock = asyncio.Lock()

    @property
    def busy(self) -> bool:
        """Whether a build is going on."""
        return self._lock.locked()

    async def refresh(self) -> None:
        """Build; when the server stops meanwhile, the build is stopped as well."""
        async with self._lock:
            process = await asyncio.to_thread(start, self._source, self._report)
            try:
                await asyncio.to_thread(process.join)
            except asyncio.CancelledError:
                process.terminate()
                raise


async def _watch_output(app: App, source: Source, builder: Builder) -> None:
    """Whoever builds, here or in another terminal: when the graph is another one, tell the pages."""
    from watchfiles import awatch

    graphs = {*BUILT, "graph.html"}

    def counts(_change: object, path: str) -> bool:
        return Path(path).name in graphs or Path(path).name == PAGE

    async for changes in awatch(source.output, watch_filter=counts, debounce=400, rust_timeout=1000):
        if source.content is None or any(Path(path).name == PAGE for _change, path in changes):
            await app.changed()
        elif not builder.busy:
            await builder.refresh()  # somebody else's build: our page has to follow, and then all are told


async def _watch_content(source: Source, settings: Settings, builder: Builder) -> None:
    """Build again when a post changes; `_watch_output` notices the result."""
    if not settings.watch or source.content is None:
        return
    from kg.pipeline.watching import changes

    stop = threading.Event()
    waiting = changes(source.content, source.output, source.config, stop=stop)
    try:
        while await asyncio.to_thread(next, waiting, stop) is not stop:
            await builder.refresh()
    finally:
        stop.set()
